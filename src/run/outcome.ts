import * as z from 'zod';
import { LeaseContended } from '../errors/errors.ts';
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
  /** When the drive reached its stations, as it says itself; absent when the janitor told for it. */
  marks: z.string().optional(),
});
export type Outcome = z.infer<typeof outcomeDocument>;

/** One end of a run: of an execution, each time it is driven. */
export type End = Pick<Outcome, 'execution' | 'redrive'>;

export async function readOutcome(work: WorkStore, runId: string): Promise<Outcome | undefined> {
  return (await readStored(work, runId))?.outcome;
}

async function readStored(
  work: WorkStore,
  runId: string,
): Promise<{ readonly outcome: Outcome; readonly etag: string } | undefined> {
  const stored = await work.read(layout.outcome(runId));
  return stored && { outcome: outcomeDocument.parse(JSON.parse(stored.text)), etag: stored.etag };
}

const SWAPS = 10;

/** Notes how the run ended, unless a later drive of the same execution has ended meanwhile; false then. */
export async function noteOutcome(work: WorkStore, runId: string, outcome: Outcome): Promise<boolean> {
  const key = layout.outcome(runId);
  for (let attempt = 0; attempt < SWAPS; attempt++) {
    const stored = await readStored(work, runId);
    if (stored && isOvertaken(outcome, stored.outcome)) return false;
    const text = JSON.stringify(outcome);
    if (await (stored ? work.replace(key, text, stored.etag) : work.create(key, text))) return true;
  }
  throw new LeaseContended('The outcome of the run changed each time it was read.');
}

/** Whether a later drive of the same execution has ended since. */
export function isOvertaken(end: End, by: End): boolean {
  return by.execution === end.execution && by.redrive > end.redrive;
}

export function isEndOf(outcome: End, { execution, redrive }: End): boolean {
  return outcome.execution === execution && outcome.redrive === redrive;
}
