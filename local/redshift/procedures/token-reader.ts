import { isTrivia, lex, nameOf, type Token } from '../dialect/lexer.ts';
import { syntaxError } from '../dialect/redshift-error.ts';
import type { Sql } from './body.ts';

interface Around {
  readonly label: string | undefined;
  readonly loop: boolean;
}

/** Reads the tokens of a procedure's body from left to right. */
export class TokenReader {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  /** Of a NONATOMIC procedure, which has a few words more. */
  readonly nonatomic: boolean;
  /** The blocks and loops that are being read, the innermost first. */
  around: readonly Around[] = [];
  #at = 0;

  constructor(source: string, nonatomic: boolean) {
    this.#source = source;
    this.nonatomic = nonatomic;
    this.#tokens = lex(source);
  }

  /** The next token that is neither space nor comment. */
  peek(ahead = 0): Token | undefined {
    let left = ahead;
    for (let at = this.#at; at < this.#tokens.length; at++) {
      const token = this.#tokens[at] as Token;
      if (!isTrivia(token) && left-- === 0) return token;
    }
    return undefined;
  }

  take(): Token {
    const token = this.peek();
    if (!token) throw this.unexpected();
    this.#at = this.#tokens.indexOf(token, this.#at) + 1;
    return token;
  }

  /** Takes the next token if it is one of these words or symbols. */
  accept(...texts: readonly string[]): Token | undefined {
    const token = this.peek();
    return token && texts.includes(token.word) ? this.take() : undefined;
  }

  expect(...texts: readonly string[]): Token {
    return this.accept(...texts) ?? this.#fail();
  }

  /** A name, folded. */
  name(): string {
    const token = this.peek();
    return token?.type === 'word' || token?.type === 'quoted' ? nameOf(this.take()) : this.#fail();
  }

  /** Everything before one of these words or symbols outside parentheses, which stays. A CASE of SQL counts as parentheses. */
  until(...stops: readonly string[]): Sql {
    const taken: Token[] = [];
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at] as Token;
      if (depth === 0 && stops.includes(token.word)) break;
      if (token.word === '(' || token.word === '[' || token.word === 'CASE') depth++;
      else if (token.word === ')' || token.word === ']' || (token.word === 'END' && depth > 0)) depth--;
      taken.push(token);
    }
    if (this.#at >= this.#tokens.length) throw this.unexpected();
    if (!taken.some((token) => !isTrivia(token))) this.#fail();
    return taken;
  }

  /** Reads what is in a block or a loop. */
  within<T>(around: Around, read: () => T): T {
    const outside = this.around;
    this.around = [around, ...outside];
    const inside = read();
    this.around = outside;
    return inside;
  }

  /** 1 for the first line. */
  get line(): number {
    const start = this.peek()?.at ?? this.#source.length;
    return this.#source.slice(0, start).trimStart().split('\n').length;
  }

  unexpected(token: Token | undefined = this.peek()): Error {
    return token ? syntaxError(token.text.slice(0, 40), token.at) : syntaxError(undefined, this.#source.length);
  }

  #fail(): never {
    throw this.unexpected();
  }
}

/** Without spaces and comments. */
export function solid(sql: Sql): readonly Token[] {
  return sql.filter((token) => !isTrivia(token));
}

/** The lists between commas outside parentheses. */
export function listed(sql: Sql): readonly Sql[] {
  const lists: Token[][] = [[]];
  let depth = 0;
  for (const token of sql) {
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    if (depth === 0 && token.text === ',') lists.push([]);
    else lists.at(-1)?.push(token);
  }
  return lists.filter((list) => solid(list).length > 0);
}
