import { createHash } from 'node:crypto';

/** What makes a run: one version of one manifest. */
export interface ManifestVersion {
  readonly bucket: string;
  readonly key: string;
  /** The version id, or the etag where the bucket keeps no versions. */
  readonly version: string;
}

const DIGITS = 16;

/**
 * The run's id: the same for the same version of the same manifest, however often its event is delivered. A repetition on purpose is a
 * run of its own: `repeat` counts from 2. Made of `[0-9a-f-]`, so it is safe in keys, names and SQL.
 */
export function runIdOf({ bucket, key, version }: ManifestVersion, repeat = 1): string {
  // Lengths in front: no two triples are one text.
  const text = [bucket, key, version].map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
  const base = createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
  return repeat === 1 ? base : `${base}-${repeat}`;
}

export const RUN_ID = /^[0-9a-f]{16}(-\d{1,4})?$/;

/** Whether a run repeats another on purpose. */
export function isRepeat(runId: string): boolean {
  return runId.includes('-');
}
