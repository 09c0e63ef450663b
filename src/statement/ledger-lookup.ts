import { AwsUnavailable } from '../errors/errors.ts';
import { finishedUnitsSql } from '../plan/ledger.ts';
import { runPrefix } from './statement-name.ts';
import { LONG_POLL_SECONDS } from './waiting.ts';
import { isLive, type Row, type Warehouse } from './warehouse.ts';

/** Long polls after which a small query that has not ended is given up for now. */
const POLLS = 2;

/** Runs a small query to its end within this call. Undefined when the warehouse refuses it. */
export async function askWarehouse(
  warehouse: Warehouse,
  sql: string,
  name: string,
): Promise<readonly Row[] | undefined> {
  const id = await warehouse.query(sql, name);
  for (let poll = 0; poll < POLLS; poll++) {
    const described = await warehouse.describe(id, LONG_POLL_SECONDS);
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
  const rows = await askWarehouse(warehouse, finishedUnitsSql(runId, unit), `${runPrefix(runId)}ledger`);
  const row = rows?.[0];
  if (!row) return undefined;
  return row['rows'] === null || row['rows'] === undefined ? {} : { rows: Number(row['rows']) };
}
