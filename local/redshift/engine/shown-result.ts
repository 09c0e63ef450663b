import { DuckDBTypeId, type DuckDBType } from '@duckdb/node-api';
import type { NameCases } from '../dialect/lexer.ts';
import type { KnownColumn } from '../dialect/query-ranges.ts';
import type { Database } from '../dialect/translation.ts';
import type { Dialect } from './dialect-port.ts';

/** A result that a statement shows, and the DuckDB query it is of. */
export interface ShownResult {
  readonly query: string;
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
}

/**
 * What is known of a result's columns beside what DuckDB says. The plan is asked only for lengths of texts that neither the statement nor its
 * relations declare.
 */
export async function columnsOfResult(
  dialect: Dialect,
  database: Database,
  { sql, command, cases }: { readonly sql: string; readonly command: string; readonly cases: NameCases },
  { query, names, types }: ShownResult,
): Promise<readonly KnownColumn[]> {
  const known = command === 'SELECT' ? await dialect.knownColumns(database, sql, names, cases) : [];
  const open = (type: DuckDBType, at: number): boolean =>
    type.typeId === DuckDBTypeId.VARCHAR && type.alias !== 'JSON' && known[at]?.text === undefined;
  if (!types.some(open)) return known;
  const texts = await dialect.textTypes(database, query);
  return types.map((_type, at) => ({ ...known[at], text: known[at]?.text ?? texts[at] }));
}
