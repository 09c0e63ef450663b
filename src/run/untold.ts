import * as z from 'zod';
import { layout } from './layout.ts';
import type { WorkStore } from './work-store.ts';

/**
 * An execution of whose end nobody may have been told yet. Noted before it claims a run, or when it is found to have ended; the janitor forgets it
 * once there is nothing left to tell. So an end is told even if nobody saw the event of it, or what was to tell it died.
 */
const untoldDocument = z.object({
  execution: z.string(),
  runId: z.string(),
  at: z.number(),
  /** What was started last to tidy up after a drive of it and to tell, and when, milliseconds since the Unix epoch. */
  tidying: z.object({ name: z.string(), redrive: z.number(), at: z.number() }).optional(),
});
export type Untold = z.infer<typeof untoldDocument>;

export async function noteUntold(work: WorkStore, untold: Untold): Promise<void> {
  await work.write(layout.untold(untold.execution), JSON.stringify(untold));
}

export async function readUntold(
  work: WorkStore,
  execution: string,
): Promise<{ readonly untold: Untold; readonly etag: string } | undefined> {
  return readUntoldAt(work, layout.untold(execution));
}

export async function readUntoldAt(
  work: WorkStore,
  key: string,
): Promise<{ readonly untold: Untold; readonly etag: string } | undefined> {
  const stored = await work.read(key);
  return stored && { untold: untoldDocument.parse(JSON.parse(stored.text)), etag: stored.etag };
}

/** False when somebody else has noted something meanwhile. */
export async function swapUntold(work: WorkStore, etag: string | undefined, untold: Untold): Promise<boolean> {
  const [key, text] = [layout.untold(untold.execution), JSON.stringify(untold)];
  return (await (etag === undefined ? work.create(key, text) : work.replace(key, text, etag))) !== undefined;
}
