import * as z from 'zod';
import { layout } from './layout.ts';
import type { WorkStore } from './work-store.ts';

/** How a run ended, and whether anybody knows. One for each drive of an execution; a later one takes the place of an earlier. */
export const outcomeDocument = z.object({
  execution: z.string(),
  /** How often the execution had been redriven. */
  redrive: z.number().default(0),
  status: z.enum(['SUCCEEDED', 'FAILED']),
  code: z.string().optional(),
  round: z.number(),
  at: z.number(),
  told: z.boolean(),
});
export type Outcome = z.infer<typeof outcomeDocument>;

/** One end of a run: of an execution, each time it is driven. */
export type End = Pick<Outcome, 'execution' | 'redrive'>;

export async function readOutcome(work: WorkStore, runId: string): Promise<Outcome | undefined> {
  const stored = await work.read(layout.outcome(runId));
  return stored && outcomeDocument.parse(JSON.parse(stored.text));
}

export function isEndOf(outcome: End, { execution, redrive }: End): boolean {
  return outcome.execution === execution && outcome.redrive === redrive;
}
