import { isTrivia, lex, nameOf, type Token } from './lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from './redshift-error.ts';
import {
  isName,
  isParenthesis,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  tree,
  type Node,
} from './token-tree.ts';
import { readType } from './types.ts';

/** A statement that waits under a name for its parameters. */
export interface PreparedStatement {
  /** As it was written, with `$1`, `$2`, … */
  readonly sql: string;
  /** Types of the parameters as they were written; PREPARE may leave them out. */
  readonly types: readonly string[];
}

/** PREPARE, EXECUTE or DEALLOCATE as it was written. */
export type PreparedCommand =
  | { readonly command: 'PREPARE'; readonly name: string; readonly statement: PreparedStatement }
  | {
      readonly command: 'EXECUTE';
      readonly name: string;
      readonly values: readonly string[];
      readonly position: number;
    }
  /** Without a name: all of them. */
  | { readonly command: 'DEALLOCATE'; readonly name: string | undefined; readonly position: number };

/** https://docs.aws.amazon.com/redshift/latest/dg/r_PREPARE.html */
const PREPARABLE = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'WITH', 'VALUES']);

/**
 * What a statement does with prepared ones; undefined for every other statement.
 * @throws RedshiftError for one that is not written right.
 */
export function preparedCommand(sql: string): PreparedCommand | undefined {
  if (!/\b(?:prepare|execute|deallocate)\b/i.test(sql)) return undefined;
  const nodes = significant(tree(lex(sql))).filter((node) => !(node.type === 'symbol' && node.text === ';'));
  switch (nodes[0]?.type === 'word' ? nodes[0].word : '') {
    case 'PREPARE':
      return prepare(sql, nodes);
    case 'EXECUTE': {
      const name = named(sql, nodes, 1);
      const list = nodes[2];
      if (list !== undefined && !isParenthesis(list)) throw syntaxError(textOf([list]).slice(0, 40), startOf(list));
      const values = list ? splitAtCommas(list.items).map((item) => textOf(item).trim()) : [];
      return { command: 'EXECUTE', name: nameOf(name), values, position: name.at };
    }
    case 'DEALLOCATE': {
      const name = named(sql, nodes, isWord(nodes[1], 'PREPARE') && nodes.length > 2 ? 2 : 1);
      return { command: 'DEALLOCATE', name: isWord(name, 'ALL') ? undefined : nameOf(name), position: name.at };
    }
    default:
      return undefined;
  }
}

function prepare(sql: string, nodes: readonly Node[]): PreparedCommand {
  const name = named(sql, nodes, 1);
  const list = nodes[2];
  const types = isParenthesis(list) ? splitAtCommas(list.items) : [];
  for (const type of types) {
    const read = readType(significant(type), 0);
    if (!read) throw syntaxError(textOf(type).trim(), name.at);
  }
  const as = nodes[isParenthesis(list) ? 3 : 2];
  if (!isWord(as, 'AS'))
    throw as ? syntaxError(textOf([as]).slice(0, 40), startOf(as)) : syntaxError(undefined, sql.length);
  const statement = sql.slice(as.at + as.text.length).replace(/;\s*$/, '');
  const first = lex(statement).find((token) => !isTrivia(token) && token.text !== '(');
  if (!PREPARABLE.has(first?.word ?? ''))
    throw syntaxError(first?.text.slice(0, 40), first ? as.at + as.text.length + first.at : sql.length);
  return {
    command: 'PREPARE',
    name: nameOf(name),
    statement: { sql: statement.trim(), types: types.map((type) => textOf(type).trim()) },
  };
}

function named(sql: string, nodes: readonly Node[], at: number): Token {
  const name = nodes[at];
  if (isName(name)) return name;
  throw name ? syntaxError(textOf([name]).slice(0, 40), startOf(name)) : syntaxError(undefined, sql.length);
}

/**
 * The statement with the values of EXECUTE in the places of its parameters, of the types PREPARE said.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_EXECUTE.html
 */
export function executed(name: string, { sql, types }: PreparedStatement, values: readonly string[]): string {
  const tokens = lex(sql);
  const used = tokens.flatMap((token) => (token.type === 'parameter' ? [Number(token.text.slice(1))] : []));
  const expected = types.length > 0 ? types.length : Math.max(0, ...used);
  if (values.length !== expected)
    throw new RedshiftError(SQLSTATE.syntaxError, `wrong number of parameters for prepared statement "${name}"`, {
      hint: `Expected ${expected} parameters but got ${values.length}.`,
    });
  return tokens
    .map(({ type, text }) => {
      if (type !== 'parameter') return text;
      const index = Number(text.slice(1)) - 1;
      const value = values[index];
      if (value === undefined) throw new RedshiftError(SQLSTATE.undefinedParameter, `there is no parameter ${text}`);
      const declared = types[index];
      return declared === undefined ? `(${value})` : `CAST(${value} AS ${withoutLength(declared)})`;
    })
    .join('');
}

/** As in PostgreSQL a parameter has a type but no length: `char`, which is `char(1)` for a column, takes a whole text. */
function withoutLength(declared: string): string {
  return readType(significant(tree(lex(declared))), 0)?.type.duckdb === 'VARCHAR' ? 'VARCHAR(MAX)' : declared;
}

export function noSuchStatement(name: string, position: number): RedshiftError {
  return new RedshiftError(SQLSTATE.undefinedPreparedStatement, `prepared statement "${name}" does not exist`, {
    position,
  });
}

export function statementExists(name: string): RedshiftError {
  return new RedshiftError(SQLSTATE.duplicatePreparedStatement, `prepared statement "${name}" already exists`);
}
