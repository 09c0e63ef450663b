import * as z from 'zod';
import { layout } from './layout.ts';
import type { WorkStore } from './work-store.ts';

/** How a run ended, and whether anybody knows. One for each drive of an execution; a later one takes the place of an earlier. */
const outcomeDocument = z.object({
  execution: z.string(),
  /** How often the execution had been redriven. */
  redrive: z.number().default(0),
  status: z.enum(['SUCCEEDED', 'FAILED']),
  code: z.string().optional(),
  round: z.number(),
  at: z.number(),
  told: z.boolean(),
  /** The message is on its way: nobody can keep it back any more. */
  sending: z.boolean().default(false),
  /** When the drive reached its stations, as it says itself; absent when the janitor told for it. */
  marks: z.string().optional(),
});
export type Outcome = z.infer<typeof outcomeDocument>;

/** One end of a run: of an execution, each time it is driven. */
export type End = Pick<Outcome, 'execution' | 'redrive'>;

export interface StoredOutcome {
  readonly outcome: Outcome;
  readonly etag: string;
}

export async function readOutcome(work: WorkStore, runId: string): Promise<StoredOutcome | undefined> {
  const stored = await work.read(layout.outcome(runId));
  return stored && { outcome: outcomeDocument.parse(JSON.parse(stored.text)), etag: stored.etag };
}

/** Notes how the run ended, in the place of what was read; false when somebody has noted something meanwhile. */
export async function swapOutcome(
  work: WorkStore,
  runId: string,
  before: StoredOutcome | undefined,
  outcome: Outcome,
): Promise<boolean> {
  const [key, text] = [layout.outcome(runId), JSON.stringify(outcome)];
  return (await (before ? work.replace(key, text, before.etag) : work.create(key, text))) !== undefined;
}

/** Notes that the end is being sent, or has been told; false where there has been another since. */
export async function noteTelling(
  work: WorkStore,
  runId: string,
  end: End,
  telling: Pick<Outcome, 'sending' | 'told'>,
): Promise<boolean> {
  for (;;) {
    const stored = await readOutcome(work, runId);
    if (!stored || stored.outcome.told || !isEndOf(stored.outcome, end)) return false;
    if (await swapOutcome(work, runId, stored, { ...stored.outcome, ...telling })) return true;
  }
}

/**
 * Whoever has noted an end tells it next, also when the execution that asked for it was stopped: Lambda ends the function after 300 s
 * (functions/functions.yml). To tell it meanwhile would be to tell it twice.
 */
const TELLING_LIMIT_MS = 330_000;

export function isBeingTold({ told, at }: Outcome, now: number): boolean {
  return !told && now - at < TELLING_LIMIT_MS;
}

/** Whether a later drive of the same execution has ended since. */
export function isOvertaken(end: End, by: End): boolean {
  return by.execution === end.execution && by.redrive > end.redrive;
}

export function isEndOf(outcome: End, { execution, redrive }: End): boolean {
  return outcome.execution === execution && outcome.redrive === redrive;
}
