/** The parts of a DuckDB error that this reads. A session has `errors_as_json` on. */
export interface DuckDbFailure {
  readonly type: string;
  readonly message: string;
  /** In bytes of the SQL that DuckDB was given. */
  readonly position: number | undefined;
  readonly subtype: string | undefined;
  readonly name: string | undefined;
}

type Said = readonly [code: string, message: string, hint?: string];

/** How Redshift says what DuckDB said, where the pattern matches; undefined leaves it to the next rule. `written` is the statement from the place of the failure on. */
export interface FailureRule {
  readonly pattern: RegExp;
  readonly make: (match: RegExpExecArray, failure: DuckDbFailure, written: string) => Said | undefined;
}

/** `sum(VARCHAR)` as `sum(character varying)`. */
export function inRedshiftsNames(call: string): string {
  const { name, types } = readCall(call);
  return `${name}(${types.join(', ')})`;
}

/** That there is no `sum(VARCHAR)`, or no `-(DECIMAL(18,4), VARCHAR)`, which is an operator. */
export function noSuchCall(call: string): string {
  const { name, types } = readCall(call);
  if (/\w/.test(name)) return `function ${inRedshiftsNames(call)} does not exist`;
  return `operator does not exist: ${types.length > 1 ? types.join(` ${name} `) : `${name} ${types.join('')}`}`;
}

function readCall(call: string): { readonly name: string; readonly types: readonly string[] } {
  const [, name = call, types = ''] = /^([^(]*)\((.*)\)$/.exec(call) ?? [];
  return { name, types: types === '' ? [] : types.split(/, (?![^(]*\))/).map(namedType) };
}

/** A type that a failure of DuckDB's names, by Redshift's name. */
export function namedType(type: string): string {
  return (
    TYPE_NAMES[type] ??
    type
      .toLowerCase()
      .replace(/^decimal\(.*\)$/, 'numeric')
      .replace(/^struct\(.*\)$/, 'record')
  );
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  VARCHAR: 'character varying',
  STRING_LITERAL: 'unknown',
  INTEGER_LITERAL: 'integer',
  DOUBLE: 'double precision',
  FLOAT: 'real',
  TIMESTAMP: 'timestamp without time zone',
  TIME: 'time without time zone',
  JSON: 'super',
  BLOB: 'binary varying',
  HUGEINT: 'numeric',
  UBIGINT: 'bigint',
  BOOLEAN: 'boolean',
};
