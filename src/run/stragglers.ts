import type { PlannedFile } from '../plan/plan.ts';
import { concurrently } from './concurrently.ts';

/** A file as it is in a bucket. */
export interface FoundFile {
  readonly versionId?: string;
  readonly etag: string;
  readonly bytes: number;
  /** When S3 began to take this version, milliseconds since the Unix epoch. */
  readonly arrivedAt?: number;
}

/** The inbox, as far as looking at files goes. */
export interface Files {
  /** Undefined when there is no such object. */
  look(bucket: string, key: string): Promise<FoundFile | undefined>;
}

/** A file a manifest lists, with its whole key. */
export interface ListedFile {
  readonly bucket: string;
  readonly key: string;
  readonly bytes?: number;
  readonly rows?: number;
}

export interface Straggler {
  readonly key: string;
  /** The size it has, when it is there but of another size than the manifest gives. */
  readonly bytes?: number;
  readonly expectedBytes?: number;
}

export interface BatchState {
  readonly found: readonly PlannedFile[];
  readonly missing: readonly Straggler[];
}

/**
 * S3 takes 5,500 reads a second and prefix; a function's sockets are the narrower limit.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 */
const LOOKS_AT_ONCE = 64;

/** Looks at every file; what is there and of the right size is found, with the etag and version seen. */
export async function lookForFiles(files: Files, listed: readonly ListedFile[]): Promise<BatchState> {
  const looks = await concurrently(listed, LOOKS_AT_ONCE, async (file) => ({
    file,
    seen: await files.look(file.bucket, file.key),
  }));
  const found: PlannedFile[] = [];
  const missing: Straggler[] = [];
  for (const { file, seen } of looks) {
    if (seen && (file.bytes === undefined || file.bytes === seen.bytes))
      found.push({
        bucket: file.bucket,
        key: file.key,
        ...seen,
        ...(file.rows === undefined ? {} : { rows: file.rows }),
      });
    else
      missing.push({
        key: file.key,
        ...(seen ? { bytes: seen.bytes } : {}),
        ...(file.bytes === undefined ? {} : { expectedBytes: file.bytes }),
      });
  }
  return { found, missing };
}

const LONGEST_WAIT_S = 120;

/** How long to wait before looking again: short at first, then a tenth of what was waited already. */
export function stragglerWaitSeconds(waitedMs: number): number {
  return Math.min(LONGEST_WAIT_S, Math.max(1, Math.round(waitedMs / 10_000)));
}

/** For people: at most `most` files, then how many more. */
export function describeStragglers(missing: readonly Straggler[], most = 10): string {
  const lines = missing
    .slice(0, most)
    .map(({ key, bytes, expectedBytes }) =>
      bytes === undefined ? `${key} is missing` : `${key} has ${bytes} bytes instead of ${expectedBytes}`,
    );
  if (missing.length > most) lines.push(`and ${missing.length - most} more`);
  return lines.join('; ');
}
