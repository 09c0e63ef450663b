import { isTrivia, lex, type TokenType } from '../dialect/lexer.ts';
import { syntaxError } from '../dialect/redshift-error.ts';

export interface StatementToken {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'sign';
  /** A word as written; a quoted name and a string without their quotes; backslashes stay as they are. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Reads a COPY or UNLOAD statement from left to right. Options keep backslashes: `'\t'` and `'\N'` are two characters each. */
export class StatementReader {
  readonly sql: string;
  readonly #tokens: readonly StatementToken[];
  #at = 0;

  constructor(sql: string) {
    this.sql = sql;
    this.#tokens = tokensOf(sql);
  }

  get done(): boolean {
    return this.peek === undefined;
  }

  get peek(): StatementToken | undefined {
    return this.#tokens[this.#at];
  }

  get position(): number {
    return this.peek?.start ?? this.sql.length;
  }

  fail(): never {
    const { peek } = this;
    throw syntaxError(peek ? this.sql.slice(peek.start, peek.end) : undefined, this.position);
  }

  /** The next token's word in upper case, if it is one. */
  keyword(): string | undefined {
    return this.peek?.kind === 'word' ? this.peek.text.toUpperCase() : undefined;
  }

  /** Takes the word if it comes next. */
  accept(...words: readonly string[]): boolean {
    if (!words.includes(this.keyword() ?? '')) return false;
    this.#at++;
    return true;
  }

  sign(text: string): boolean {
    if (this.peek?.kind !== 'sign' || this.peek.text !== text) return false;
    this.#at++;
    return true;
  }

  expect(word: string): void {
    if (!this.accept(word)) this.fail();
  }

  take(...kinds: readonly StatementToken['kind'][]): StatementToken {
    const { peek } = this;
    if (!peek || !kinds.includes(peek.kind)) this.fail();
    this.#at++;
    return peek;
  }

  string(): string {
    this.accept('AS');
    return this.take('string').text;
  }

  integer(): number {
    this.accept('AS');
    const negative = this.sign('-');
    const { text } = this.take('number', 'string');
    if (!/^\d+$/.test(text)) this.fail();
    return negative ? -Number(text) : Number(text);
  }

  /** An identifier, folded to lower case as Redshift folds it. */
  identifier(): string {
    return this.take('word', 'name').text.toLowerCase();
  }

  /** Everything between a parenthesis and its partner. */
  parenthesised(): { readonly text: string; readonly start: number } {
    const { peek } = this;
    if (!this.sign('(') || !peek) this.fail();
    for (let depth = 1; ;) {
      const token = this.take('word', 'name', 'string', 'number', 'sign');
      if (token.kind !== 'sign') continue;
      if (token.text === '(') depth++;
      if (token.text === ')' && --depth === 0) return { text: this.sql.slice(peek.end, token.start), start: peek.end };
    }
  }

  /** `(a, b, "c")`, or undefined where no parenthesis comes next. */
  names(): readonly string[] | undefined {
    if (!this.sign('(')) return undefined;
    const names = [this.identifier()];
    while (this.sign(',')) names.push(this.identifier());
    if (!this.sign(')')) this.fail();
    return names;
  }
}

const KINDS: Readonly<Partial<Record<TokenType, StatementToken['kind']>>> = {
  word: 'word',
  quoted: 'name',
  string: 'string',
  dollar: 'string',
  number: 'number',
};

function tokensOf(sql: string): readonly StatementToken[] {
  const tokens = lex(sql)
    .filter((token) => !isTrivia(token))
    .map((token): StatementToken => {
      const { type, text, at } = token;
      const kind = KINDS[type] ?? 'sign';
      return { kind, text: textOf(type, text, at), start: at, end: at + text.length };
    });
  while (tokens.at(-1)?.kind === 'sign' && tokens.at(-1)?.text === ';') tokens.pop();
  return tokens;
}

function textOf(type: TokenType, text: string, at: number): string {
  if (type === 'string') {
    if (!/'(?:[^'\\]|\\[^]|'')*'$/.test(text)) throw syntaxError(text.slice(0, 20), at);
    return text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'");
  }
  if (type === 'quoted') return text.replaceAll(/^"|"$/g, '').replaceAll('""', '"');
  if (type === 'dollar') return text.slice(text.indexOf('$', 1) + 1, text.lastIndexOf('$', text.length - 2));
  return text;
}
