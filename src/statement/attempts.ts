import { LeaseContended } from '../errors/errors.ts';
import { layout } from '../run/layout.ts';
import type { WorkStore } from '../run/work-store.ts';
import { attemptOf, type Submission, unitPrefix } from './statement-name.ts';
import { isLive, type ListedStatement, type Warehouse } from './warehouse.ts';

/** Written before a unit is submitted: without it, nothing was ever submitted. */
interface Attempts {
  readonly generation: number;
  readonly attempt: number;
}

export type NextAttempt =
  /** It runs, or it has finished: nothing to submit. */
  | { readonly adopt: ListedStatement; readonly attempt: number }
  /** To be submitted, with the token of this attempt. `earlier`: something may have been submitted before. */
  | { readonly attempt: number; readonly earlier: boolean };

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
  if (!stored || noted?.generation !== unit.generation) {
    await note(work, key, { generation: unit.generation, attempt: 1 }, stored?.etag);
    return { attempt: 1, earlier: false };
  }
  const listed = await warehouse.list(unitPrefix(unit));
  const adopt = listed.find(({ status }) => isLive(status)) ?? listed.find(({ status }) => status === 'FINISHED');
  if (adopt) return { adopt, attempt: attemptOf(adopt.name) };
  const ended = listed.reduce((latest, { name }) => Math.max(latest, attemptOf(name)), 0);
  if (ended < noted.attempt) return { attempt: noted.attempt, earlier: true };
  await note(work, key, { generation: unit.generation, attempt: ended + 1 }, stored.etag);
  return { attempt: ended + 1, earlier: true };
}

async function note(work: WorkStore, key: string, attempts: Attempts, etag: string | undefined): Promise<void> {
  const text = JSON.stringify(attempts);
  const written = etag === undefined ? await work.create(key, text) : await work.replace(key, text, etag);
  if (written === undefined)
    throw new LeaseContended('Two steps submit the same unit at once; one of them tries again.');
}
