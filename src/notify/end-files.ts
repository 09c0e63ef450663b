import { LeaseContended } from '../errors/errors.ts';
import type { RunFacts } from '../report/facts.ts';
import { NOTHING_TO_UNDO, UNDO_FILE, undoSql } from '../report/undo.ts';
import { type End, isEndOf, readOutcome } from '../run/outcome.ts';
import type { WorkStore } from '../run/work-store.ts';

export interface ResultFile {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
}

export interface ResultsBucket {
  list(prefix: string): Promise<readonly ResultFile[]>;
  write(key: string, text: string): Promise<void>;
  /** Writes in the place of the object with this etag; without one, where there is none. False when that is not so any more. */
  swap(key: string, text: string, etag: string | undefined): Promise<boolean>;
}

export interface EndPorts {
  readonly work: WorkStore;
  readonly results: ResultsBucket;
}

const SWAPS = 10;

/**
 * Writes what tells of an end, by its key. Of two ends that are told at once the later one's stays: each writes in the place of what it had
 * seen before it noted itself, and where somebody has come between looks whether it still is the latest. Nothing in these files may be equal
 * in two ends. False when there has been another end since.
 */
export async function writeOfEnd(
  { work, results }: EndPorts,
  { runId, ...end }: End & { readonly runId: string },
  texts: Readonly<Record<string, string>>,
  seen: readonly ResultFile[],
): Promise<boolean> {
  const etagOf = (files: readonly ResultFile[], key: string): string | undefined =>
    files.find((file) => file.key === key)?.etag;
  for (const [key, text] of Object.entries(texts)) {
    let etag = etagOf(seen, key);
    for (let swaps = 0; !(await results.swap(key, text, etag)); swaps++) {
      if (swaps >= SWAPS) throw new LeaseContended(`The file ${key} changed each time it was read.`);
      etag = etagOf(await results.list(key), key);
      if (!(await isLatest(work, runId, end))) return false;
    }
  }
  return true;
}

/**
 * Nobody may take out what an earlier end of the run had left, and a later one has made good; two of them can be told at once. Called when the
 * end has been noted: so who comes second sees the other's note, or the other's file.
 */
export async function writeUndo({ results, work }: EndPorts, end: End, facts: RunFacts): Promise<void> {
  const key = `${facts.resultsPrefix}${UNDO_FILE}`;
  const undo = undoSql(facts);
  if (undo === undefined) {
    const there = (await results.list(key)).find((file) => file.key === key);
    // In the place of what was seen: what a later end has written meanwhile is its own.
    if (there && (await isLatest(work, facts.runId, end))) await results.swap(key, NOTHING_TO_UNDO, there.etag);
    return;
  }
  await results.write(key, undo);
  if (!(await isLatest(work, facts.runId, end))) await results.write(key, NOTHING_TO_UNDO);
}

async function isLatest(work: WorkStore, runId: string, end: End): Promise<boolean> {
  const latest = await readOutcome(work, runId);
  return latest !== undefined && isEndOf(latest.outcome, end);
}
