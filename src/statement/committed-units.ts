import { concurrently } from '../run/concurrently.ts';
import { layout, unitOfKey } from '../run/layout.ts';
import { readUnit } from '../run/unit-document.ts';
import type { WorkStore } from '../run/work-store.ts';
import { readCounts } from './counts.ts';
import { attemptOf, runPrefix, unitOf } from './statement-name.ts';
import { keepResult } from './unit-result.ts';
import type { ListedStatement, Warehouse } from './warehouse.ts';

interface CommittedPorts {
  readonly work: WorkStore;
  readonly warehouse: Warehouse;
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
  // After a success there is nothing to look for.
  if (submitted.every((key) => kept.has(layout.result(runId, unitOfKey(key))))) return;
  const finished = (await warehouse.list(runPrefix(runId), 'FINISHED')).flatMap((statement) => {
    const of = unitOf(statement.name);
    return of?.generation === generation && !kept.has(layout.result(runId, of.unit))
      ? [{ statement, unit: of.unit }]
      : [];
  });
  await concurrently(finished, AT_ONCE, ({ statement, unit }) => keep(ports, runId, { unit, generation }, statement));
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
