import { LeaseContended } from '../errors/errors.ts';
import { layout, unitOfKey } from '../run/layout.ts';
import { concurrently } from '../run/concurrently.ts';
import type { WorkStore } from '../run/work-store.ts';
import { attemptOf, statementName, type Submission, unitPrefix } from './statement-name.ts';
import { isLive, type ListedStatement, type Warehouse } from './warehouse.ts';

/** Written before a unit is submitted: without it, nothing was ever submitted. */
interface Attempts {
  readonly generation: number;
  readonly attempt: number;
  /** When the submission began, milliseconds since the Unix epoch: its statement may not be there yet. Absent when it was withdrawn. */
  readonly begun?: number;
}

export type NextAttempt =
  /** It runs, or it has finished: nothing to submit. */
  | { readonly adopt: ListedStatement; readonly attempt: number }
  /** To be submitted, with the token of this attempt. `earlier`: something may have been submitted before. */
  | { readonly attempt: number; readonly earlier: boolean; readonly begin: Begin };

/** Notes that the submission begins. What it gives back notes that nothing is on its way after all. */
export type Begin = (now: number) => Promise<() => Promise<void>>;

/**
 * Finds out which attempt is next. An earlier statement that lives or has finished is adopted by its name, so a token that expired never doubles
 * anything. An attempt whose fate is unknown (the answer was lost, the function died) is submitted again under the same token.
 */
export async function nextAttempt(
  work: WorkStore,
  warehouse: Warehouse,
  unit: Omit<Submission, 'attempt'>,
): Promise<NextAttempt> {
  const key = layout.attempts(unit.runId, unit.unit);
  const stored = await work.read(key);
  const noted = stored && (JSON.parse(stored.text) as Attempts);
  const begin =
    (attempt: number): Begin =>
    (begun) =>
      note(work, key, { generation: unit.generation, attempt, begun }, stored?.etag);
  if (noted?.generation !== unit.generation) return { attempt: 1, earlier: false, begin: begin(1) };
  const listed = await warehouse.list(unitPrefix(unit));
  const adopt = listed.find(({ status }) => isLive(status)) ?? listed.find(({ status }) => status === 'FINISHED');
  if (adopt) return { adopt, attempt: attemptOf(adopt.name) };
  const ended = listed.reduce((latest, { name }) => Math.max(latest, attemptOf(name)), 0);
  const attempt = Math.max(ended + 1, noted.attempt);
  return { attempt, earlier: true, begin: begin(attempt) };
}

async function note(
  work: WorkStore,
  key: string,
  { begun, ...attempts }: Attempts,
  etag: string | undefined,
): Promise<() => Promise<void>> {
  const text = JSON.stringify({ ...attempts, begun });
  const written = etag === undefined ? await work.create(key, text) : await work.replace(key, text, etag);
  if (written === undefined)
    throw new LeaseContended('Two steps submit the same unit at once; one of them tries again.');
  return async () => void (await work.replace(key, JSON.stringify(attempts), written));
}

/** Lambda ends a submission after 300 s (functions/functions.yml); what it has sent by then arrives within seconds, or never. */
const SUBMISSION_LIMIT_MS = 330_000;

const READS_AT_ONCE = 16;

/** How many submissions of the run have begun whose statement may still come to be, for its function died or has not come back yet. */
export async function submissionsOnTheirWay(
  work: WorkStore,
  warehouse: Warehouse,
  runId: string,
  now: number,
): Promise<number> {
  const [begun, kept] = await Promise.all([work.list(layout.allAttempts(runId)), work.list(layout.results(runId))]);
  const units = begun.map(unitOfKey);
  const done = new Set(kept.map(unitOfKey));
  const open = units.filter((unit) => !done.has(unit));
  const found = await concurrently(open, READS_AT_ONCE, async (unit) => {
    const stored = await work.read(layout.attempts(runId, unit));
    const noted = stored && (JSON.parse(stored.text) as Attempts);
    if (noted?.begun === undefined || now - noted.begun >= SUBMISSION_LIMIT_MS) return false;
    const name = statementName({ runId, unit, generation: noted.generation, attempt: noted.attempt });
    const statement = (await warehouse.list(name)).find((one) => one.name === name);
    return statement === undefined || isLive(statement.status);
  });
  return found.filter(Boolean).length;
}
