/** A column's type as a verbose manifest has it. */
export interface RedshiftColumnType {
  readonly base: string;
  readonly max_length?: number;
  readonly precision?: number;
  readonly scale?: number;
}

const BASES: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'smallint',
  SMALLINT: 'smallint',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  HUGEINT: 'numeric',
  FLOAT: 'real',
  DOUBLE: 'double precision',
  DATE: 'date',
  TIME: 'time without time zone',
  TIMESTAMP: 'timestamp without time zone',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  JSON: 'super',
  BLOB: 'binary varying',
};

const LONGEST_VARCHAR = 65_535;

/** From DuckDB's name of a type. A computed text has no length of its own, so it is as long as texts can be. */
export function redshiftColumnType(duckdb: string): RedshiftColumnType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(duckdb);
  if (decimal) return { base: 'numeric', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const base = BASES[duckdb];
  return base === undefined ? { base: 'character varying', max_length: LONGEST_VARCHAR } : { base };
}
