/** What a piece of Redshift SQL is. `punctuation` is one character, or `::`. */
export type TokenKind = 'space' | 'comment' | 'word' | 'quoted name' | 'text' | 'number' | 'parameter' | 'punctuation';

export interface Token {
  readonly kind: TokenKind;
  /** Exactly as written: the texts of all tokens together are the input. */
  readonly text: string;
  readonly offset: number;
}

/** Where SQL stops being SQL: a text, a name or a comment that is opened and never closed. */
export class Unclosed extends Error {
  override readonly name = 'Unclosed';
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} is opened here and never closed`);
    this.offset = offset;
  }
}

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n]*/y],
  ['text', /'(?:[^'\\]|''|\\[\s\S])*'/y],
  ['text', /\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/y],
  ['quoted name', /"(?:[^"]|"")*"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[A-Za-z_\u0080-\uffff#][\w$\u0080-\uffff]*/y],
  ['parameter', /:[A-Za-z_]\w*/y],
  ['punctuation', /::|[\s\S]/uy],
];

/** Splits SQL into tokens without losing a character. Throws Unclosed. */
export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const token = tokenAt(sql, at);
    found.push(token);
    at += token.text.length;
  }
  return found;
}

function tokenAt(sql: string, offset: number): Token {
  if (sql.startsWith('/*', offset))
    return { kind: 'comment', text: sql.slice(offset, endOfComment(sql, offset)), offset };
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = offset;
    const text = pattern.exec(sql)?.[0];
    if (text === undefined) continue;
    if (kind === 'punctuation' && text === "'") throw new Unclosed('A text', offset);
    if (kind === 'punctuation' && text === '"') throw new Unclosed('A quoted name', offset);
    return { kind, text, offset };
  }
  throw new Unclosed('Something', offset);
}

/** Block comments nest, as in PostgreSQL. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  for (let found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  throw new Unclosed('A comment', start);
}

/** Tokens that mean something: no space, no comments. */
export function meaningful(all: readonly Token[]): Token[] {
  return all.filter(({ kind }) => kind !== 'space' && kind !== 'comment');
}
