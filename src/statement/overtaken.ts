import { hasComeBack, type Lease, mayHaveBeenForgotten } from '../cluster/lease.ts';
import { BatchOvertaken } from '../errors/errors.ts';
import { overtakenSql } from '../plan/ledger.ts';
import { readOutcome } from '../run/outcome.ts';
import { noteOvertaken, type OvertakenUnit } from '../run/overtaken.ts';
import { readUnit, type UnitDocument } from '../run/unit-document.ts';
import type { WorkStore } from '../run/work-store.ts';
import { askWarehouse, BRIEFLY } from './ledger-lookup.ts';
import { runPrefix } from './statement-name.ts';
import type { Row, Warehouse } from './warehouse.ts';

interface OvertakenPorts {
  readonly work: WorkStore;
  readonly warehouse: Warehouse;
}

/**
 * Of a run that had left the cluster and has come back: refuses (BatchOvertaken) to go on where another run has meanwhile replaced a table that
 * this one had loaded. Its loads are in the ledger and would be skipped, and its answer made of the other's rows. Where rows are appended or
 * merged, what it had loaded is there still.
 */
export async function requireNotOvertaken(
  { work, warehouse }: OvertakenPorts,
  lease: Lease,
  runId: string,
  { id, kind }: UnitDocument,
): Promise<void> {
  if (kind === 'ddl' || !(await isBack(work, lease, runId))) return;
  const rows = (await askWarehouse(warehouse, overtakenSql(runId, id), nameOfLook(runId))) ?? [];
  for (const row of rows) {
    const { load } = await readUnit(work, runId, String(row['unit_id']));
    if (load !== 'replace') continue;
    const table = `${row['table_schema']}.${row['table_name']}`;
    await noteOvertaken(work, runId, { generation: lease.generation, units: rows.map(unitOf) });
    throw new BatchOvertaken(
      `Since this run had loaded ${table}, run ${row['run_id']} (batch ${row['batch']}) has replaced its rows.`,
      { where: { table } },
    );
  }
}

/**
 * Notes what others have written since, of a run that ends: one that has come back and submits nothing more finds out nowhere else, and would
 * say that tables hold its batch which another has replaced.
 */
export async function lookForOvertaken(
  { work, warehouse }: OvertakenPorts,
  lease: Lease,
  runId: string,
): Promise<void> {
  if (!(await isBack(work, lease, runId))) return;
  const rows = await askWarehouse(warehouse, overtakenSql(runId), nameOfLook(runId), BRIEFLY);
  await noteOvertaken(work, runId, { generation: lease.generation, ...(rows && { units: rows.map(unitOf) }) });
}

/** Notes that nobody could look, so that the end is told with that reservation. */
export async function noteUnseen(work: WorkStore, lease: Lease, runId: string): Promise<void> {
  if (await isBack(work, lease, runId)) await noteOvertaken(work, runId, { generation: lease.generation });
}

/** Whether the run has left the cluster that is there. What the lease has forgotten is told by the run's own record: it has had an end. */
async function isBack(work: WorkStore, lease: Lease, runId: string): Promise<boolean> {
  if (hasComeBack(lease, runId)) return true;
  return mayHaveBeenForgotten(lease) && (await readOutcome(work, runId)) !== undefined;
}

function unitOf({ unit_id, run_id, batch }: Row): OvertakenUnit {
  return { unit: String(unit_id), runId: String(run_id), batch: String(batch) };
}

function nameOfLook(runId: string): string {
  return `${runPrefix(runId)}guard`;
}
