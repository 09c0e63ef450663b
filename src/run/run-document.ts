import * as z from 'zod';
import { layout } from './layout.ts';
import type { WorkStore } from './work-store.ts';

const clusterWishes = z.object({
  existing: z.enum(['reuse', 'replace']),
  afterRun: z.enum(['delete', 'pause', 'keep']),
  nodeType: z.string().optional(),
  nodes: z.number().optional(),
});

/** What the steps of a run need to know of its manifest. Written when the manifest has been read, and again when the run is opened: then the schemas are all it writes. */
const runDocument = z.object({
  runId: z.string(),
  execution: z.string(),
  bucket: z.string(),
  key: z.string(),
  version: z.string(),
  project: z.string(),
  batch: z.string(),
  openedAt: z.number(),
  cluster: clusterWishes,
  tables: z.number(),
  files: z.number(),
  bytes: z.number(),
  /** Schemas the run writes. */
  schemas: z.array(z.string()),
});
export type RunDocument = z.infer<typeof runDocument>;

export async function readRun(work: WorkStore, runId: string): Promise<RunDocument | undefined> {
  const stored = await work.read(layout.run(runId));
  return stored && runDocument.parse(JSON.parse(stored.text));
}
