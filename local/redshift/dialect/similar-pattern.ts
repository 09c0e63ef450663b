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

/**
 * The regular expression of a pattern of ILIKE that has letters beyond ASCII, which are told apart by their case; undefined for any other.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_patternmatching_condition_like.html
 */
export function foldedPattern(pattern: string, escape: string): string | undefined {
  if (!/[\u0080-\u{10ffff}]/u.test(pattern) || pattern.toLowerCase() === pattern.toUpperCase()) return undefined;
  let regex = '';
  let escaped = false;
  for (const character of pattern) {
    if (!escaped && character === escape) {
      escaped = true;
      continue;
    }
    if (!escaped && character === '%') regex += '.*';
    else if (!escaped && character === '_') regex += '.';
    else if (/[a-z]/i.test(character)) regex += `[${character.toLowerCase()}${character.toUpperCase()}]`;
    else regex += character.replace(/[^\w\s\u0080-\u{10ffff}]/u, '\\$&');
    escaped = false;
  }
  return `(?s:${regex})`;
}
