import type { DuckDbFailure } from './failure-rule.ts';
import { NAME_FAILURES } from './name-failures.ts';
import { QUERY_FAILURES } from './query-failures.ts';
import { calledByUser } from './call-failures.ts';
import { SET_OPERATIONS } from './clause-words.ts';
import { isTrivia, lex, openParentheses } from './lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from './redshift-error.ts';
import { isGroup, isWord, startOf, tree, type Node } from './token-tree.ts';
import { rangeNames } from './unnesting.ts';
import type { Step } from './translation.ts';
import { VALUE_FAILURES } from './value-failures.ts';

/**
 * A DuckDB error as Redshift would have said it, its position in the original statement.
 * `sql` is what the user wrote, `step` what DuckDB was given.
 */
export function redshiftError(error: unknown, sql: string, step?: Step): RedshiftError {
  if (error instanceof RedshiftError) return beforeWhatFollows(error, sql);
  if (error instanceof RangeError)
    return new RedshiftError(SQLSTATE.tooComplex, 'stack depth limit exceeded', { cause: error });
  const failure = parse(error);
  const position =
    failure.position === undefined || step === undefined
      ? undefined
      : Math.min(step.originalOffset(unitOffset(step.sql, failure.position)), sql.length);
  const rule = RULES.map(({ pattern, make }) => {
    const match = pattern.exec(failure.message);
    return match && make(match, failure, position === undefined ? '' : sql.slice(position));
  }).find((said) => said !== null && said !== undefined);
  const [code, message, hint] = rule ?? [SQLSTATE.internal, failure.message.split('\n')[0] ?? ''];
  if (message === END_OF_INPUT) return syntaxError(undefined, sql.length);
  const near = AT_PLACE.exec(message)?.[1];
  if (near !== undefined && !AT_PLACE.test(failure.message))
    return new RedshiftError(code, message, { position: wordFrom(sql, position, near), hint, cause: error });
  if (near !== undefined && position !== undefined) {
    const found = nearest(sql, position);
    return syntaxError(found, found === undefined ? sql.length : position);
  }
  const called =
    code === SQLSTATE.undefinedFunction && OF_ARGUMENTS.test(failure.message)
      ? calledByUser(message, tree(lex(sql)), position)
      : undefined;
  if (called) return new RedshiftError(code, called.message, { position: called.position, hint, cause: error });
  if (code === SQLSTATE.grouping && position !== undefined)
    return new RedshiftError(code, message, { position: callAround(sql, position), hint, cause: error });
  if (code !== SQLSTATE.undefinedTable || position === undefined)
    return new RedshiftError(code, message, { position, hint, cause: error });
  const column = columnOfNamed(message, sql, position);
  if (column !== undefined)
    return new RedshiftError(SQLSTATE.undefinedColumn, column, { position, hint, cause: error });
  return new RedshiftError(code, inItsSchema(message, sql, position), { position, hint, cause: error });
}

const END_OF_INPUT = 'syntax error at end of input';
/** There is a function, but not for such arguments. */
const OF_ARGUMENTS = /No function matches|does not support the supplied arguments/;

const AT_PLACE = /syntax error at or near "([^]*)"/;

/** Where a word that a rule names stands, from a place on. */
function wordFrom(sql: string, position: number | undefined, word: string): number | undefined {
  return lex(sql).find(({ at, text }) => at >= (position ?? 0) && text.toLowerCase() === word)?.at;
}

/** What stands there in the user's words, which DuckDB was given others for; nothing where the statement ends before what is lacking. */
function nearest(sql: string, position: number): string | undefined {
  const tokens = lex(sql).filter((token) => !isTrivia(token));
  const found = tokens.find(({ at, text }) => at + text.length > position);
  return found === tokens.at(-1) && openParentheses(tokens) > 0 ? undefined : found?.text;
}

/** What was read ends where something is lacking, but the statement may go on behind it. */
function beforeWhatFollows(error: RedshiftError, sql: string): RedshiftError {
  const { message, position } = error;
  if (message !== END_OF_INPUT || position === undefined) return error;
  const next = lex(sql).find((token) => token.at >= position && !isTrivia(token) && token.text !== ';');
  return syntaxError(next?.text, next?.at ?? sql.length);
}

/** The place of the aggregate whose argument begins at a place: its name is new to DuckDB. */
function callAround(sql: string, position: number): number {
  return /\w+\s*\(\s*(?:distinct\s+)?$/i.exec(sql.slice(0, position))?.index ?? position;
}

/** In a subquery DuckDB looks for `s.x` in the query around it, too, and says that there is no `s` there: it is the column that is missing. */
function columnOfNamed(message: string, sql: string, position: number): string | undefined {
  const name = MISSING.exec(message)?.[1] ?? '';
  const [path, relation = '', column = ''] = COLUMN.exec(sql.slice(position)) ?? [];
  if (path === undefined || plain(relation) !== name.toLowerCase()) return undefined;
  return inScope(tree(lex(sql)), position).includes(plain(relation))
    ? `column ${plain(relation)}.${plain(column)} does not exist`
    : undefined;
}

/** What the queries around a place call the rows of their tables, their common table expressions apart. */
function inScope(nodes: readonly Node[], position: number): readonly string[] {
  const at = nodes.findLastIndex((node) => startOf(node) <= position);
  const around = nodes[at];
  const first = nodes.slice(0, at + 1).findLastIndex((node) => isWord(node, ...SET_OPERATIONS)) + 1;
  const length = nodes.slice(at + 1).findIndex((node) => isWord(node, ...SET_OPERATIONS));
  const query = nodes.slice(first, length < 0 ? undefined : at + 1 + length);
  return [...rangeNames(query), ...(isGroup(around) ? inScope(around.items, position) : [])];
}

/** A relation that is not there, with the schema it was asked for in. */
function inItsSchema(message: string, sql: string, position: number): string {
  const name = MISSING.exec(message)?.[1];
  const [path, schema, relation] = PATH.exec(sql.slice(position)) ?? [];
  return path === undefined || name === undefined || plain(relation) !== name.toLowerCase()
    ? message
    : `relation "${plain(schema)}.${name}" does not exist`;
}

const plain = (part = ''): string => (part.startsWith('"') ? part.slice(1, -1) : part).toLowerCase();

const MISSING = /^relation "([^]*)" does not exist$/;
const PART = String.raw`("[^"]+"|[\p{L}_][\p{L}\w$]*)`;
const PATH = new RegExp(String.raw`^(?:${PART.replace('(', '(?:')}\s*\.\s*)?${PART}\s*\.\s*${PART}`, 'u');

const COLUMN = new RegExp(String.raw`^${PART}\s*\.\s*${PART}(?!\s*[.(])`, 'u');

function unitOffset(sql: string, bytes: number): number {
  // oxlint-disable-next-line no-control-regex
  return /^[\u0000-\u007f]*$/.test(sql) ? bytes : Buffer.from(sql).subarray(0, bytes).toString().length;
}

function parse(error: unknown): DuckDbFailure {
  const given = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const message = String(given['message'] ?? given['error_message'] ?? error);
  const json = /\{"exception_type".*\}\s*$/s.exec(message)?.[0];
  const fields = json === undefined ? given : (JSON.parse(json) as Record<string, unknown>);
  const text = (name: string): string | undefined => (fields[name] === undefined ? undefined : String(fields[name]));
  const position = text('position');
  return {
    type: text('exception_type') ?? text('error_type') ?? '',
    message: text('exception_message') ?? text('error_message') ?? message,
    position: position === undefined ? undefined : Number(position),
    subtype: text('error_subtype'),
    name: text('name'),
  };
}

/** The first rule whose pattern matches decides. */
const RULES = [...NAME_FAILURES, ...VALUE_FAILURES, ...QUERY_FAILURES];
