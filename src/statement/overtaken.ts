import { hasComeBack, type Lease } from '../cluster/lease.ts';
import { BatchOvertaken } from '../errors/errors.ts';
import { overtakenSql } from '../plan/ledger.ts';
import { readUnit, type UnitDocument } from '../run/unit-document.ts';
import type { WorkStore } from '../run/work-store.ts';
import { askWarehouse } from './ledger-lookup.ts';
import { runPrefix } from './statement-name.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * Of a run that had left the cluster and has come back: refuses (BatchOvertaken) to go on where another run has meanwhile replaced a table that
 * this one had loaded. Its loads are in the ledger and would be skipped, and its answer made of the other's rows. Where rows are appended or
 * merged, what it had loaded is there still.
 */
export async function requireNotOvertaken(
  { work, warehouse }: { readonly work: WorkStore; readonly warehouse: Warehouse },
  lease: Lease,
  runId: string,
  { id, kind }: UnitDocument,
): Promise<void> {
  if (kind === 'ddl' || !hasComeBack(lease, runId)) return;
  const overtaken = (await askWarehouse(warehouse, overtakenSql(runId, id), `${runPrefix(runId)}guard`)) ?? [];
  for (const row of overtaken) {
    const { load } = await readUnit(work, runId, String(row['unit_id']));
    if (load !== 'replace') continue;
    const table = `${row['table_schema']}.${row['table_name']}`;
    throw new BatchOvertaken(
      `Since this run had loaded ${table}, run ${row['run_id']} (batch ${row['batch']}) has replaced its rows.`,
      {
        where: { table },
        overtaken: overtaken.map(({ unit_id, run_id, batch }) => ({
          unit: String(unit_id),
          runId: String(run_id),
          batch: String(batch),
        })),
      },
    );
  }
}
