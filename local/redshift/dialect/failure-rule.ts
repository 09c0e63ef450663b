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

/** How Redshift says what DuckDB said, where the pattern matches; undefined leaves it to the next rule. */
export interface FailureRule {
  readonly pattern: RegExp;
  readonly make: (match: RegExpExecArray, failure: DuckDbFailure) => Said | undefined;
}

/** `sum(VARCHAR)` as `sum(character varying)`. */
export function inRedshiftsNames(call: string): string {
  const [, name = call, types = ''] = /^([^(]*)\((.*)\)$/.exec(call) ?? [];
  const names = types === '' ? [] : types.split(/, (?![^(]*\))/).map((type) => TYPE_NAMES[type] ?? type.toLowerCase());
  return `${name}(${names.join(', ')})`;
}

export const TYPE_NAMES: Readonly<Record<string, string>> = {
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
