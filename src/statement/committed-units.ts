import { concurrently } from '../run/concurrently.ts';
import { layout, unitOfKey } from '../run/layout.ts';
import { readUnit } from '../run/unit-document.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { readCounts } from './counts.ts';
import { finishedUnits } from './ledger-lookup.ts';
import { attemptOf, runPrefix, unitOf } from './statement-name.ts';
import { keepResult, ledgerResult } from './unit-result.ts';
import type { ListedStatement, Warehouse } from './warehouse.ts';

interface CommittedPorts {
  readonly work: WorkStore;
  readonly warehouse: Warehouse;
  readonly now: Now;
}

const AT_ONCE = 8;

/**
 * Keeps the results of units that were committed when nobody looked at them any more: a run is stopped as soon as one of its units has failed,
 * and another may commit in that moment. Without this the e-mail would say that a table is as it was before, and it is not.
 */
export async function keepCommitted(ports: CommittedPorts, runId: string, generation: number): Promise<void> {
  const { work, warehouse } = ports;
  const [submitted, kept] = await Promise.all([
    work.list(layout.allAttempts(runId)),
    work.list(layout.results(runId)).then((keys) => new Set(keys)),
  ]);
  const open = new Set(submitted.map(unitOfKey).filter((unit) => !kept.has(layout.result(runId, unit))));
  // After a success there is nothing to look for.
  if (open.size === 0) return;
  const listed = (await warehouse.list(runPrefix(runId))).flatMap((statement) => {
    const of = unitOf(statement.name);
    return of?.generation === generation && open.has(of.unit) ? [{ statement, unit: of.unit }] : [];
  });
  const finished = listed.filter(({ statement }) => statement.status === 'FINISHED');
  await concurrently(finished, AT_ONCE, ({ statement, unit }) => keep(ports, runId, { unit, generation }, statement));
  const unlisted = open.difference(new Set(listed.map(({ unit }) => unit)));
  if (unlisted.size > 0) await keepFromLedger(ports, runId, generation, unlisted);
}

/** The Data API forgets a statement after 24 hours; the ledger knows what was committed for as long as the cluster lives. */
async function keepFromLedger(
  { work, warehouse, now }: CommittedPorts,
  runId: string,
  generation: number,
  units: ReadonlySet<string>,
): Promise<void> {
  const done = [...(await finishedUnits(warehouse, runId))].filter(([unit]) => units.has(unit));
  await concurrently(done, AT_ONCE, async ([id, { rows }]) =>
    keepResult(work, runId, ledgerResult(await readUnit(work, runId, id), rows, generation, now())),
  );
}

async function keep(
  { work, warehouse }: CommittedPorts,
  runId: string,
  { unit: id, generation }: { readonly unit: string; readonly generation: number },
  { id: statementId, name, createdAt }: ListedStatement,
): Promise<void> {
  const [unit, described] = await Promise.all([readUnit(work, runId, id), warehouse.describe(statementId, 0)]);
  if (described?.status !== 'FINISHED') return;
  await keepResult(work, runId, {
    unit: id,
    generation,
    submittedAt: createdAt,
    finishedAt: described.updatedAt,
    durationMs: described.durationMs,
    attempt: attemptOf(name),
    statementId,
    ...(described.queryId === undefined ? {} : { queryId: described.queryId }),
    ...(await readCounts(warehouse, unit, described)),
  });
}
