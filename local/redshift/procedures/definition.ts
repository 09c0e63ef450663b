import { identifier, literal, nameOf, type Token } from '../dialect/lexer.ts';
import { qualified, readName, type QualifiedName } from '../dialect/names.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../dialect/redshift-error.ts';
import type { Statement } from '../dialect/statements/statement.ts';
import {
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Node,
} from '../dialect/token-tree.ts';
import type { Database, Step } from '../dialect/translation.ts';
import { readType, wholeType } from '../dialect/types.ts';
import { expectOwner } from '../dialect/statements/users.ts';
import { bareType, overloadsOf } from '../dialect/user-functions.ts';
import { parseBody } from './parse-body.ts';

export interface Argument {
  readonly name: string | undefined;
  readonly mode: 'IN' | 'OUT' | 'INOUT';
  /** As Redshift names it. */
  readonly type: string;
}

/** A stored procedure: a macro of DuckDB's that nobody calls, in its schema, with the procedure as JSON in the comment on it. */
export interface Procedure {
  readonly args: readonly Argument[];
  readonly body: string;
  readonly nonatomic: boolean;
  readonly definer: boolean;
  /** Made with SET: then it may not end the transaction. */
  readonly configured: boolean;
}

export interface PlacedProcedure extends Procedure {
  readonly schema: string;
  readonly name: string;
}

type Steps = (database: Database) => Promise<readonly Step[]>;

const PREFIX = 'rs_proc_';

/** https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-constraints.html */
const MAX_ARGUMENTS = 32;

const inputs = (args: readonly Argument[]): readonly Argument[] => args.filter(({ mode }) => mode !== 'OUT');

const signature = (args: readonly Argument[]): string =>
  inputs(args)
    .map(({ type }) => bareType(type))
    .join(', ');

const macroOf = (schema: string, name: string, args: readonly Argument[]): string =>
  qualified([schema, `${PREFIX}${name}(${signature(args)})`]).sql;

/** All overloads of a name, in the order of the search path where no schema is given. */
export async function proceduresNamed(
  database: Database,
  { schema, name }: QualifiedName,
): Promise<readonly PlacedProcedure[]> {
  const placed = await overloadsOf<Procedure>(database, PREFIX, schema, name);
  return placed.map((procedure) => ({ ...procedure, name }));
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_PROCEDURE.html */
export function createProcedure({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const replace = isWord(nodes[1], 'OR');
  const { name, end } = readName(nodes, nodes.findIndex((node) => isWord(node, 'PROCEDURE')) + 1);
  const list = nodes[end];
  if (!isParenthesis(list)) throw unexpected(list, sql);
  const args = splitAtCommas(list.items).map((item) => readArgument(item, list));
  const outputs = args.filter(({ mode }) => mode !== 'IN');
  if (Math.max(inputs(args).length, outputs.length) > MAX_ARGUMENTS)
    throw new RedshiftError(SQLSTATE.tooManyArguments, `procedures cannot have more than ${MAX_ARGUMENTS} arguments`, {
      position: name.position,
    });
  const { body, ...options } = readOptions(nodes, end + 1, sql);
  const source = sourceOf(body);
  checkBody(source, options.nonatomic, body.at + body.text.indexOf(source));
  const made: Procedure = { args, body: source, ...options };
  return async (database) => {
    const schema = name.schema ?? (await currentSchema(database));
    const others = await proceduresNamed(database, qualified([schema, name.name]));
    if (!replace && others.some((other) => signature(other.args) === signature(args)))
      throw new RedshiftError(
        SQLSTATE.duplicateFunction,
        `procedure "${name.name}" already exists with same argument types`,
        { position: name.position },
      );
    return written(macroOf(schema, name.name, args), made);
  };
}

/** `DROP PROCEDURE name (types)`. https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_PROCEDURE.html */
export function dropProcedure({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const ifExists = isWord(nodes[2], 'IF') && isWord(nodes[3], 'EXISTS');
  const wanted = readReference(nodes, ifExists ? 4 : 2, sql);
  if (!wanted.args) throw unexpected(nodes[wanted.end], sql);
  return async (database) => {
    const found = await referred(database, wanted, ifExists);
    return found ? finished([`DROP MACRO ${macroOf(found.schema, found.name, found.args)}`]) : [];
  };
}

/** `ALTER PROCEDURE name (types) RENAME TO name | OWNER TO user`. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_PROCEDURE.html */
export function alterProcedure({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const wanted = readReference(nodes, 2, sql);
  const verb = nodes[wanted.end];
  if (!isWord(verb, 'RENAME', 'OWNER')) throw unexpected(verb, sql);
  if (!isWord(nodes[wanted.end + 1], 'TO')) throw unexpected(nodes[wanted.end + 1], sql);
  const { name } = readName(nodes, wanted.end + 2);
  const last = nodes[wanted.end + 2];
  return async (database) => {
    const found = await referred(database, wanted, false);
    if (last && verb.word === 'OWNER') await expectOwner(last, database);
    if (!found || verb.word === 'OWNER') return [];
    const { schema, name: old, ...procedure } = found;
    const dropped = finished([`DROP MACRO ${macroOf(schema, old, found.args)}`]);
    return [...dropped, ...written(macroOf(schema, name.name, found.args), procedure)];
  };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_PROCEDURE.html */
export function showProcedure({ nodes: all, sql }: Statement): Steps {
  const wanted = readReference(significant(all), 2, sql);
  return async (database) => {
    const found = await referred(database, wanted, false);
    if (!found) return [];
    const args = found.args.map(({ name, mode, type }) =>
      [mode === 'IN' ? '' : mode, name, bareType(type)].filter(Boolean).join(' '),
    );
    const text = `CREATE OR REPLACE PROCEDURE ${found.schema}.${found.name}(${args.join(', ')})
${found.nonatomic ? 'NONATOMIC\n' : ''}LANGUAGE plpgsql
AS $_$${found.body}$_$${found.definer ? '\nSECURITY DEFINER' : ''}`;
    return finished([`SELECT ${literal(text)} AS ${identifier('Stored Procedure Definition')}`]);
  };
}

function written(macro: string, procedure: Procedure): readonly Step[] {
  return finished([
    `CREATE OR REPLACE MACRO ${macro}() AS 1`,
    `COMMENT ON MACRO ${macro} IS ${literal(JSON.stringify(procedure))}`,
  ]);
}

/** Nothing in them is the user's own, but in literals: no type has to be asked for, and no place leads back. */
function finished(statements: readonly string[]): readonly Step[] {
  return statements.map((statement) => ({ sql: statement, originalOffset: () => 0 }));
}

interface Reference {
  readonly name: QualifiedName;
  /** Absent where no argument list was written. */
  readonly args: readonly Argument[] | undefined;
  readonly end: number;
}

function readReference(nodes: readonly Node[], start: number, sql: string): Reference {
  if (!nodes[start]) throw unexpected(undefined, sql);
  const { name, end } = readName(nodes, start);
  const list = nodes[end];
  if (!isParenthesis(list)) return { name, args: undefined, end };
  return { name, args: splitAtCommas(list.items).map((item) => readArgument(item, list)), end: end + 1 };
}

async function referred(
  database: Database,
  { name, args }: Reference,
  ifExists: boolean,
): Promise<PlacedProcedure | undefined> {
  const all = await proceduresNamed(database, name);
  const found = args ? all.find((each) => signature(each.args) === signature(args)) : all[0];
  if (found && (args || all.length === 1)) return found;
  if (ifExists && !found) return undefined;
  throw new RedshiftError(
    found ? SQLSTATE.ambiguousFunction : SQLSTATE.undefinedFunction,
    found
      ? `procedure name "${name.name}" is not unique`
      : `procedure ${name.shown}(${args ? signature(args) : ''}) does not exist`,
    { position: name.position },
  );
}

const MODES = ['IN', 'OUT', 'INOUT'];

/** `[name] [mode] type` or `[mode] [name] type` */
function readArgument(item: readonly Node[], list: Node): Argument {
  const words = significant(item);
  const at = words.slice(0, 2).findIndex((word) => isWord(word, ...MODES));
  const mode = at < 0 ? 'IN' : ((words[at] as Token).word as Argument['mode']);
  const rest = words.filter((_word, index) => index !== at);
  const [first] = rest;
  const named = isName(first) && rest.length > 1 ? typeText(rest.slice(1)) : undefined;
  const type = named ?? typeText(rest);
  if (type === undefined) {
    // What is no type says so itself.
    readType(rest, isName(first) && isName(rest[1]) ? 1 : 0);
    throw syntaxError(textOf(item).trim(), startOf(first ?? list));
  }
  return { name: named === undefined ? undefined : nameOf(first as Token), mode, type };
}

/** The type the nodes are, all of them. */
function typeText(nodes: readonly Node[]): string | undefined {
  if (nodes.length === 1 && isWord(nodes[0], 'REFCURSOR')) return 'refcursor';
  const type = wholeType(nodes);
  if (!type) return undefined;
  return type.explicit || type.length === undefined ? textOfType(nodes, type.text) : bareType(type.text);
}

/** A bare NUMERIC takes numbers of any scale. */
function textOfType(nodes: readonly Node[], text: string): string {
  return text.startsWith('numeric') && !nodes.some(isParenthesis) ? 'numeric' : text;
}

function readOptions(
  nodes: readonly Node[],
  start: number,
  sql: string,
): { readonly body: Token } & Pick<Procedure, 'nonatomic' | 'definer' | 'configured'> {
  let body: Token | undefined;
  let nonatomic = false;
  let definer = false;
  let configured = false;
  for (let at = start; at < nodes.length; at++) {
    const [node, next] = [nodes[at], nodes[at + 1]];
    if (isWord(node, 'NONATOMIC')) nonatomic = true;
    else if (isWord(node, 'AS') && (next?.type === 'dollar' || next?.type === 'string')) {
      body = next;
      at++;
    } else if (isWord(node, 'LANGUAGE') && isWord(next, 'PLPGSQL')) at++;
    else if (isWord(node, 'SECURITY') && isWord(next, 'INVOKER', 'DEFINER')) {
      definer = next.word === 'DEFINER';
      at++;
    } else if (isWord(node, 'SET') && isName(next)) {
      configured = true;
      at += 3;
      while (isSymbol(nodes[at + 1], ',')) at += 2;
    } else throw unexpected(node, sql);
  }
  if (!body) throw unexpected(undefined, sql);
  if (nonatomic && (definer || configured))
    throw new RedshiftError(
      SQLSTATE.notSupported,
      `${definer ? 'SECURITY DEFINER' : 'SET'} is not supported for a procedure in NONATOMIC mode`,
    );
  return { body, nonatomic, definer, configured };
}

function sourceOf({ type, text }: Token): string {
  if (type === 'string') return text.slice(1, -1).replaceAll("''", "'");
  const delimiter = /^\$[^$]*\$/.exec(text)?.[0] ?? '$$';
  return text.slice(delimiter.length, text.endsWith(delimiter) ? -delimiter.length : undefined);
}

/** @throws RedshiftError with its position in the statement. */
function checkBody(source: string, nonatomic: boolean, offset: number): void {
  try {
    parseBody(source, nonatomic);
  } catch (error) {
    if (!(error instanceof RedshiftError)) throw error;
    throw new RedshiftError(error.code, error.message, {
      position: offset + (error.position ?? 0),
      hint: error.hint,
      cause: error,
    });
  }
}

async function currentSchema(database: Database): Promise<string> {
  const [row] = await database.query('SELECT current_schema()');
  return String(row?.[0] ?? 'public');
}

function unexpected(node: Node | undefined, sql: string): RedshiftError {
  return node ? syntaxError(textOf([node]).slice(0, 40), startOf(node)) : syntaxError(undefined, sql.length);
}
