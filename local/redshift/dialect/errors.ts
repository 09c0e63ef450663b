import type { DuckDbFailure } from './failure-rule.ts';
import { NAME_FAILURES } from './name-failures.ts';
import { QUERY_FAILURES } from './query-failures.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { Step } from './translation.ts';
import { VALUE_FAILURES } from './value-failures.ts';

/**
 * A DuckDB error as Redshift would have said it, its position in the original statement.
 * `sql` is what the user wrote, `step` what DuckDB was given.
 */
export function redshiftError(error: unknown, sql: string, step?: Step): RedshiftError {
  if (error instanceof RedshiftError) return error;
  if (error instanceof RangeError)
    return new RedshiftError(SQLSTATE.tooComplex, 'stack depth limit exceeded', { cause: error });
  const failure = parse(error);
  const position =
    failure.position === undefined || step === undefined
      ? undefined
      : Math.min(step.originalOffset(unitOffset(step.sql, failure.position)), sql.length);
  const rule = RULES.map(({ pattern, make }) => {
    const match = pattern.exec(failure.message);
    return match && make(match, failure);
  }).find((said) => said !== null && said !== undefined);
  const [code, message, hint] = rule ?? [SQLSTATE.internal, failure.message.split('\n')[0] ?? ''];
  if (code !== SQLSTATE.undefinedTable || position === undefined)
    return new RedshiftError(code, message, { position, hint, cause: error });
  const column = columnOfNamed(message, sql, position);
  if (column !== undefined)
    return new RedshiftError(SQLSTATE.undefinedColumn, column, { position, hint, cause: error });
  return new RedshiftError(code, inItsSchema(message, sql, position), { position, hint, cause: error });
}

/** In a subquery DuckDB looks for `s.x` in the query around it, too, and says that there is no `s` there: it is the column that is missing. */
function columnOfNamed(message: string, sql: string, position: number): string | undefined {
  const name = MISSING.exec(message)?.[1] ?? '';
  const [path, relation = '', column = ''] = COLUMN.exec(sql.slice(position)) ?? [];
  if (path === undefined || plain(relation) !== name.toLowerCase() || !/^\w+$/.test(name)) return undefined;
  const before = sql.slice(Math.max(0, position - 10_000), position);
  const inScope = [...before.matchAll(new RegExp(NAMED.replaceAll('NAME', name), 'giu'))].some(
    ({ index, 0: text }) => !closes(before.slice(index + text.length)),
  );
  return inScope ? `column ${plain(relation)}.${plain(column)} does not exist` : undefined;
}

/** Of a table in FROM, or of what it is called there. */
const NAMED = String.raw`(?:\b(?:from|join)|,)\s*(?:(?:[\w".]+|\([^]*?\))\s+(?:as\s+)?NAME\b|(?:[\w"]+\.)*NAME(?=\s*,|\s+(?:where|join|on|using|left|right|full|inner|cross)\b))`;

/** Whether a text closes parentheses that it does not open. */
function closes(text: string): boolean {
  let depth = 0;
  return (text.match(/[()]/g) ?? []).some((parenthesis) => {
    depth += parenthesis === '(' ? 1 : -1;
    return depth < 0;
  });
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
