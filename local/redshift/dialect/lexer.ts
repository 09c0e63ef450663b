/** A token of Redshift SQL. The texts of all tokens of a statement, one after the other, are the statement. */
export interface Token {
  readonly type: TokenType;
  readonly text: string;
  /** Offset in the statement. */
  readonly at: number;
  /** In upper case for a `word`, else the text: what keywords are compared with. */
  readonly word: string;
  /** A name in quotes that keeps its case, or a word that does as an attribute of a SUPER value. */
  readonly exact?: boolean;
  /** A text literal that is read as what it is united with: united-literals.ts. */
  readonly besideOthers?: boolean;
}

/**
 * Which names keep their case: those in quotes, with `enable_case_sensitive_identifier`, and those of a path into a SUPER value, with
 * `enable_case_sensitive_super_attribute`.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_enable_case_sensitive_identifier.html
 */
export interface NameCases {
  readonly identifiers: boolean;
  readonly attributes: boolean;
}

export const FOLDED: NameCases = { identifiers: false, attributes: false };

export type TokenType =
  'space' | 'comment' | 'word' | 'quoted' | 'string' | 'dollar' | 'number' | 'parameter' | 'symbol';

const SYMBOLS = [
  '!~~*',
  '!~*',
  '!~~',
  '~~*',
  '->>',
  '::',
  '<=',
  '>=',
  '<>',
  '!=',
  '||',
  '!~',
  '~*',
  '~~',
  '->',
  ':=',
  '<<',
  '>>',
];
/** Square and cube root; `||` before a comment is none. */
const ROOT = /\|{1,2}\/(?!\*)/y;
const SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n]*/y;
const STRING = /[exbnEXBN]?'(?:[^'\\]+|\\[^]|'')*(?:'|\\?$)/y;
const QUOTED = /"(?:[^"]+|"")*(?:"|$)/y;
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const PARAMETER = /\$\d+|:[A-Za-z_]\w*/y;
/** `#` begins the name of a temporary table; before anything but a letter it is an operator. https://docs.aws.amazon.com/redshift/latest/dg/r_names.html */
const WORD = /(?:[A-Za-z_\u0080-\uffff]|#(?=[A-Za-z_\u0080-\uffff]))[\w$#\u0080-\uffff]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;

/** Begins nothing but a word: before a quotation mark the others are prefixes of a literal. */
const PLAIN_WORD = /[ac-df-mo-wyzAC-DF-MO-WYZ_]/;

/** Begins no longer symbol, and nothing else. */
const PLAIN_SYMBOL = /[(),;[\]=+%]/;

/** Cuts a statement, or several, into tokens. Never fails: what is not terminated runs to the end. */
export function lex(sql: string, cases: NameCases = FOLDED): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const matches = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(sql)?.[0];
  };
  while (at < sql.length) {
    const [type, text] = tokenAt(sql, at, matches);
    const word = type === 'word' ? inUpperCase(text) : text;
    const exact =
      (type === 'quoted' && cases.identifiers) || (type === 'word' && cases.attributes && tokens.at(-1)?.text === '.');
    tokens.push({ type, text, at, word: meant(word, tokens), ...(exact && { exact }) });
    at += text.length;
  }
  return tokens;
}

const upperCases = new Map<string, string>();
const MOST_UPPER_CASES = 4096;

/** Few words come again and again, and one text of each is compared much faster than many that are alike. */
function inUpperCase(word: string): string {
  const known = upperCases.get(word);
  if (known !== undefined) return known;
  // The text of a property's name is the same as that of a word of this program.
  const [upper = ''] = Object.keys({ [word.toUpperCase()]: true });
  if (upperCases.size >= MOST_UPPER_CASES) upperCases.clear();
  upperCases.set(word, upper);
  return upper;
}

/** The word of the FROM of `IS [NOT] DISTINCT FROM`, which begins no clause. */
export const DISTINCT_FROM = 'DISTINCT FROM';

/** The word of the OFFSET of `UNNEST(…) WITH OFFSET`, which begins no clause. */
export const WITH_OFFSET = 'WITH OFFSET';

function meant(word: string, tokens: readonly Token[]): string {
  if (word === 'FROM' && compares(tokens)) return DISTINCT_FROM;
  if (word === 'OFFSET' && tokens[last(tokens)]?.word === 'WITH') return WITH_OFFSET;
  return word;
}

function compares(tokens: readonly Token[]): boolean {
  const distinct = last(tokens);
  if (tokens[distinct]?.word !== 'DISTINCT') return false;
  return ['IS', 'NOT'].includes(tokens[last(tokens, distinct)]?.word ?? '');
}

/** Where the last token before a place is that is no space and no comment. */
function last(tokens: readonly Token[], before = tokens.length): number {
  return tokens.findLastIndex((token, at) => at < before && !isTrivia(token));
}

function tokenAt(
  sql: string,
  at: number,
  matches: (pattern: RegExp) => string | undefined,
): readonly [type: TokenType, text: string] {
  // What most tokens are is told by how they begin.
  if (PLAIN_WORD.test(sql.charAt(at))) return ['word', matches(WORD) ?? ''];
  const space = matches(SPACE);
  if (space !== undefined) return ['space', space];
  if (PLAIN_SYMBOL.test(sql.charAt(at))) return ['symbol', sql.charAt(at)];
  const comment = matches(LINE_COMMENT) ?? blockComment(sql, at);
  if (comment !== undefined) return ['comment', comment];
  const string = matches(STRING);
  if (string !== undefined) return ['string', string];
  const quoted = matches(QUOTED);
  if (quoted !== undefined) return ['quoted', quoted];
  const dollar = matches(DOLLAR);
  if (dollar !== undefined) {
    const end = sql.indexOf(dollar, at + dollar.length);
    return ['dollar', end < 0 ? sql.slice(at) : sql.slice(at, end + dollar.length)];
  }
  const parameter = matches(PARAMETER);
  if (parameter !== undefined) return ['parameter', parameter];
  const word = matches(WORD);
  if (word !== undefined) return ['word', word];
  const number = matches(NUMBER);
  if (number !== undefined) return ['number', number];
  const root = matches(ROOT);
  if (root !== undefined) return ['symbol', root];
  return ['symbol', SYMBOLS.find((symbol) => sql.startsWith(symbol, at)) ?? sql.charAt(at)];
}

/** Block comments nest, as in PostgreSQL. */
function blockComment(sql: string, at: number): string | undefined {
  if (!sql.startsWith('/*', at)) return undefined;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  let depth = 0;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return sql.slice(at, edge.lastIndex);
  }
  return sql.slice(at);
}

/** How many parentheses of a statement are never closed. */
export function openParentheses(tokens: readonly Token[]): number {
  return tokens.reduce((depth, { text }) => depth + (text === '(' ? 1 : text === ')' ? -1 : 0), 0);
}

/** Space or comment. */
export function isTrivia(token: { readonly type: string }): boolean {
  return token.type === 'space' || token.type === 'comment';
}

/** The text a string literal stands for. Redshift reads backslash escapes in every plain literal. */
export function stringValue(literal: string): string {
  const body = literal.slice(literal.indexOf("'") + 1, literal.endsWith("'") ? -1 : undefined).replaceAll("''", "'");
  if (!body.includes('\\')) return body;
  return body.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[^])/g, (_all, escape: string) => {
    const control = CONTROL[escape];
    if (control !== undefined) return control;
    if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8) & 0xff);
    if (/^[ux]./.test(escape)) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return escape;
  });
}

const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** A DuckDB string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A DuckDB identifier, always quoted. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The name a word or a quoted identifier stands for: Redshift folds both to lower case, unless those in quotes keep theirs. */
export function nameOf(token: Token): string {
  if (token.type !== 'quoted') return token.text.toLowerCase();
  const text = token.text.replace(/^"|"$/g, '').replaceAll('""', '"');
  return token.exact ? text : text.toLowerCase();
}
