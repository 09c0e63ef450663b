import type { TextType } from '../dialect/text-types.ts';

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
  FLOAT: 'real',
  DOUBLE: 'double precision',
  DATE: 'date',
  TIME: 'time without time zone',
  'TIME WITH TIME ZONE': 'time with time zone',
  INTERVAL: 'interval',
  TIMESTAMP: 'timestamp without time zone',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  JSON: 'super',
  BLOB: 'binary varying',
};

const LONGEST_VARCHAR = 65_535;

/** From DuckDB's name of a type, and of a text the type that is known of it: one without a length is as long as texts can be. */
export function redshiftColumnType(duckdb: string, text: TextType | undefined): RedshiftColumnType {
  if (duckdb === 'VARCHAR' && text)
    return { base: text.name === 'bpchar' ? 'character' : 'character varying', max_length: text.length };
  if (duckdb === 'HUGEINT') return { base: 'numeric', precision: 38, scale: 0 };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(duckdb);
  if (decimal) return { base: 'numeric', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const base = BASES[duckdb];
  return base === undefined ? { base: 'character varying', max_length: LONGEST_VARCHAR } : { base };
}
