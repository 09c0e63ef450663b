import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../kernel/index.ts';
import { s3Error } from '../errors.ts';
import { openBuckets, type Buckets } from './buckets.ts';
import { openDataFiles, type DataFiles } from './data-files.ts';
import { openDatabase } from './database.ts';
import { createJournal } from './journal.ts';
import { memoryFiles } from './memory-files.ts';
import { memoryBuckets, memoryUploads } from './memory-index.ts';
import { memoryVersions } from './memory-versions.ts';
import type { Bucket } from './rows.ts';
import { openUploads, type Uploads } from './uploads.ts';
import { openVersions, type Versions } from './versions.ts';

/** What names the objects. */
interface Index {
  readonly buckets: Buckets;
  readonly versions: Versions;
  readonly uploads: Uploads;
  /** All or nothing. Synchronous, so no other change can come between. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** One folder: `index.sqlite` names the objects, `objects/` holds their bytes. */
export interface Store extends Index {
  readonly files: DataFiles;
  /** @throws AwsError `NoSuchBucket`. */
  bucket(name: string): Bucket;
}

const VERSION_ID_DIGITS = 32;

/** `memory`: the index and small objects are gone with the process; only who asks for an object's path finds a file. */
export type StoreKind = 'disk' | 'memory';

export function openStore(cloud: Cloud, directory: string, kind: StoreKind): Store {
  mkdirSync(directory, { recursive: true });
  const newVersionId = (): string => cloud.ids.hex(VERSION_ID_DIGITS);
  const now = (): number => cloud.clock.now();
  const onDisk = openDataFiles(directory, cloud.ids);
  const index =
    kind === 'disk' ? openIndex(join(directory, 'index.sqlite'), newVersionId, now) : memoryIndex(newVersionId, now);
  if (kind === 'disk') onDisk.sweep(new Set([...index.versions.files(), ...index.uploads.files()]));
  return {
    ...index,
    files: kind === 'disk' ? onDisk : memoryFiles(onDisk, cloud.ids),
    bucket: (name) => {
      const bucket = index.buckets.get(name);
      if (!bucket) throw s3Error('NoSuchBucket', { BucketName: name });
      return bucket;
    },
  };
}

function openIndex(file: string, newVersionId: () => string, now: () => number): Index {
  const db = openDatabase(file);
  return {
    buckets: openBuckets(db),
    versions: openVersions(db, newVersionId, now),
    uploads: openUploads(db),
    transaction: (work) => db.transaction(work),
    close: () => db.close(),
  };
}

function memoryIndex(newVersionId: () => string, now: () => number): Index {
  const journal = createJournal();
  return {
    buckets: memoryBuckets(),
    versions: memoryVersions(journal, newVersionId, now),
    uploads: memoryUploads(journal),
    transaction: (work) => journal.transaction(work),
    close: () => undefined,
  };
}
