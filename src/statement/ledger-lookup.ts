import { AwsUnavailable } from '../errors/errors.ts';
import { finishedUnitsSql } from '../plan/ledger.ts';
import { runPrefix } from './statement-name.ts';
import { LONG_POLL_SECONDS } from './waiting.ts';
import { isLive, type Row, type Warehouse } from './warehouse.ts';

interface Patience {
  /** Long polls after which a small query that has not ended is given up for now. */
  readonly polls: number;
  readonly seconds: number;
}

const PATIENCE: Patience = { polls: 2, seconds: LONG_POLL_SECONDS };

/** While others wait for the one who asks. */
export const BRIEFLY: Patience = { polls: 1, seconds: 10 };

/** Runs a small query to its end within this call. Undefined when the warehouse refuses it. */
export async function askWarehouse(
  warehouse: Warehouse,
  sql: string,
  name: string,
  { polls, seconds }: Patience = PATIENCE,
): Promise<readonly Row[] | undefined> {
  const id = await warehouse.query(sql, name);
  for (let poll = 0; poll < polls; poll++) {
    const described = await warehouse.describe(id, seconds);
    if (!described) break;
    if (described.status === 'FINISHED') return warehouse.rows(id);
    if (!isLive(described.status)) return undefined;
  }
  throw new AwsUnavailable('A small query did not end in time.');
}

/** What the ledger says of a unit: undefined when it is not in it, or when there is no ledger. */
export async function finishedUnit(
  warehouse: Warehouse,
  runId: string,
  unit: string,
): Promise<{ readonly rows?: number } | undefined> {
  const rows = await askWarehouse(warehouse, finishedUnitsSql(runId, unit), nameOfLookUp(runId));
  return rows?.[0] && countIn(rows[0]);
}

/** What the ledger says of every unit of the run it holds, by the unit's id. */
export async function finishedUnits(
  warehouse: Warehouse,
  runId: string,
): Promise<ReadonlyMap<string, { readonly rows?: number }>> {
  const rows = await askWarehouse(warehouse, finishedUnitsSql(runId), nameOfLookUp(runId), BRIEFLY);
  return new Map((rows ?? []).map((row) => [String(row['unit_id']), countIn(row)]));
}

function nameOfLookUp(runId: string): string {
  return `${runPrefix(runId)}ledger`;
}

function countIn({ rows }: Row): { readonly rows?: number } {
  return rows === null || rows === undefined ? {} : { rows: Number(rows) };
}
