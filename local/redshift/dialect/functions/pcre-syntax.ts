/** Classes of POSIX inside brackets, in ASCII as PCRE has them. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9a-fA-F',
};

const SPACE = ' \\t\\n\\v\\f\\r';

/** Escapes of letters that mean the same in both. */
const SAME = /^[dDwWbBnrtfv1-9]$/;

/**
 * A pattern of PCRE as a regular expression of JavaScript reads it (with the flags `u` and `s` not set), undefined for what that does not
 * have: possessive quantifiers, atomic groups, conditions, recursion.
 */
export function javascriptPattern(pattern: string): string | undefined {
  let out = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      const escaped = escape(pattern, ++at, inClass);
      if (escaped === undefined) return undefined;
      out += escaped.text;
      at = escaped.end;
    } else if (inClass) {
      const name = /^\[:(\^?)([a-z]+):\]/.exec(pattern.slice(at));
      if (name) {
        const members = name[1] === '' ? POSIX[name[2] ?? ''] : undefined;
        if (members === undefined) return undefined;
        out += members.replace('\\s', SPACE);
        at += name[0].length - 1;
      } else {
        out += char === '[' ? '\\[' : char;
        inClass = char !== ']';
      }
    } else if (char === '[') {
      inClass = true;
      const open = /^\[\^?\]?/.exec(pattern.slice(at))?.[0] ?? '[';
      // A bracket that comes first stands for itself.
      out += open.replace(']', '\\]');
      at += open.length - 1;
    } else if (char === '(' && /^\(\?(?![:=!]|<[=!])/.test(pattern.slice(at))) return undefined;
    else if (/[*+?}]/.test(char) && pattern.charAt(at + 1) === '+') return undefined;
    else if (char === '.') out += '[^\\n]';
    else if (char === '$') out += '(?=\\n?(?![^]))';
    else out += char;
  }
  return inClass ? undefined : out;
}

function escape(
  pattern: string,
  at: number,
  inClass: boolean,
): { readonly text: string; readonly end: number } | undefined {
  const char = pattern.charAt(at);
  if (char === '') return undefined;
  if (char === 's') return { text: inClass ? SPACE : `[${SPACE}]`, end: at };
  if (char === 'S' && !inClass) return { text: `[^${SPACE}]`, end: at };
  if (char === 'A' && !inClass) return { text: '(?<![^])', end: at };
  if (char === 'z' && !inClass) return { text: '(?![^])', end: at };
  const code = /^(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/.exec(pattern.slice(at))?.[0];
  if (code !== undefined) return { text: `\\${code}`, end: at + code.length - 1 };
  if (SAME.test(char)) return { text: `\\${char}`, end: at };
  if (/[A-Za-z0-9]/.test(char)) return undefined;
  // What is no letter stands for itself; the flag `u` allows that of characters of the syntax only.
  return { text: /[\^$\\.*+?()[\]{}|/]/.test(char) || (inClass && char === '-') ? `\\${char}` : char, end: at };
}
