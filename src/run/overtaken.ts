import * as z from 'zod';
import { layout } from './layout.ts';
import type { WorkStore } from './work-store.ts';

/** A unit whose table another run has written since. */
const overtakenUnit = z.object({ unit: z.string(), runId: z.string(), batch: z.string() });
export type OvertakenUnit = z.infer<typeof overtakenUnit>;

/** What others have written since the run had, as it was seen last; on one cluster, as the lease counts them. Without units: nobody could look. */
const overtakenDocument = z.object({ generation: z.number(), units: z.array(overtakenUnit).optional() });
export type Overtaken = z.infer<typeof overtakenDocument>;

export async function noteOvertaken(work: WorkStore, runId: string, overtaken: Overtaken): Promise<void> {
  await work.write(layout.overtaken(runId), JSON.stringify(overtaken));
}

export async function readOvertaken(work: WorkStore, runId: string): Promise<Overtaken | undefined> {
  const stored = await work.read(layout.overtaken(runId));
  return stored && overtakenDocument.parse(JSON.parse(stored.text));
}
