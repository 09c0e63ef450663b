import * as z from 'zod';
import { DataCheckFailed } from '../errors/errors.ts';
import { concurrently } from '../run/concurrently.ts';
import { layout } from '../run/layout.ts';
import type { UnitDocument } from '../run/unit-document.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { counted } from '../report/words.ts';

/** What a unit left behind, for the report. */
const unitResult = z.object({
  unit: z.string(),
  /** On which cluster, as the lease counts them: what was done on one is nothing to the next. */
  generation: z.number().optional(),
  submittedAt: z.number().optional(),
  finishedAt: z.number(),
  /** Time on the cluster; absent when an earlier attempt of which nothing else is known did the work. */
  durationMs: z.number().optional(),
  attempt: z.number().optional(),
  statementId: z.string().optional(),
  queryId: z.number().optional(),
  rows: z.number().optional(),
  /** Rows COPY refused, as the manifest allows; the first of them are kept as load errors. */
  refused: z.number().optional(),
  fileRows: z.array(z.object({ file: z.string(), lines: z.number() })).optional(),
  offending: z.number().optional(),
  example: z.string().optional(),
});
export type UnitResult = z.infer<typeof unitResult>;

const READS_AT_ONCE = 64;

export async function keepResult(work: WorkStore, runId: string, result: UnitResult): Promise<void> {
  await work.write(layout.result(runId, result.unit), JSON.stringify(result));
}

/** The unit was done by an earlier attempt: keeps what the ledger knows, unless that attempt has kept more of the same cluster. */
export async function keepLedgerResult(
  ports: { readonly work: WorkStore; readonly now: Now },
  runId: string,
  unit: UnitDocument,
  rows: number | undefined,
  generation: number | undefined,
): Promise<void> {
  const result = ledgerResult(unit, rows, generation, ports.now());
  const key = layout.result(runId, unit.id);
  const kept = await ports.work.read(key);
  if (!kept || unitResult.parse(JSON.parse(kept.text)).generation !== generation)
    await ports.work.write(key, JSON.stringify(result));
  requireNoOffence(unit, result);
}

/** All that is known of a unit when the ledger is all that knows of it. */
export function ledgerResult(
  unit: UnitDocument,
  rows: number | undefined,
  generation: number | undefined,
  finishedAt: number,
): UnitResult {
  const counted = rows === undefined ? {} : unit.kind === 'check' ? { offending: rows } : { rows };
  return { unit: unit.id, ...(generation === undefined ? {} : { generation }), finishedAt, ...counted };
}

/** What of the results is on the cluster the run had last. Which that was is known, or told by the latest of them. */
export function onCluster(results: readonly UnitResult[], generation: number | undefined): readonly UnitResult[] {
  const latest = generation ?? Math.max(...results.map((result) => result.generation ?? 0));
  return results.filter((result) => result.generation === undefined || result.generation === latest);
}

export async function readResults(work: WorkStore, runId: string): Promise<readonly UnitResult[]> {
  const keys = await work.list(layout.results(runId));
  const stored = await concurrently(keys, READS_AT_ONCE, (key) => work.read(key));
  return stored.flatMap((document) => (document ? [unitResult.parse(JSON.parse(document.text))] : []));
}

/** Throws DataCheckFailed when rows break a rule that stops the run. */
export function requireNoOffence(
  unit: UnitDocument,
  { offending = 0, example }: Pick<UnitResult, 'offending' | 'example'>,
): void {
  if (unit.check?.severity !== 'stop' || offending === 0) return;
  throw new DataCheckFailed(
    `${unit.title}: ${counted(offending, 'offending row')}${example ? `, for example: ${example}` : ''}.`,
    { why: unit.check.means, where: { unit: unit.id, ...(unit.source === undefined ? {} : { file: unit.source }) } },
  );
}
