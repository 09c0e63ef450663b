/** A SIMILAR TO pattern as a regular expression for the whole text. */
export function similarPattern(pattern: string, escape: string): string {
  let out = '';
  let inBrackets = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === escape && escape !== '' && at + 1 < pattern.length) {
      at++;
      out += pattern.charAt(at).replace(/[^\w\s]/u, '\\$&');
    } else if (inBrackets) {
      if (character === ']') inBrackets = false;
      out += character;
    } else if (character === '[') {
      inBrackets = true;
      out += character;
    } else if (character === '%') out += '.*';
    else if (character === '_') out += '.';
    else out += '.^$\\'.includes(character) ? `\\${character}` : character;
  }
  return `(?s:${out})`;
}
