import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../kernel/index.ts';
import { s3Error } from '../errors.ts';
import { openBuckets, type Buckets } from './buckets.ts';
import { openDataFiles, type DataFiles } from './data-files.ts';
import { openDatabase, type Database } from './database.ts';
import type { Bucket } from './rows.ts';
import { openUploads, type Uploads } from './uploads.ts';
import { openVersions, type Versions } from './versions.ts';

/** One folder: `index.sqlite` names the objects, `objects/` holds their bytes. */
export interface Store {
  readonly buckets: Buckets;
  readonly versions: Versions;
  readonly uploads: Uploads;
  readonly files: DataFiles;
  readonly transaction: Database['transaction'];
  /** @throws AwsError `NoSuchBucket`. */
  bucket(name: string): Bucket;
  close(): void;
}

const VERSION_ID_DIGITS = 32;

export function openStore(cloud: Cloud, directory: string): Store {
  mkdirSync(directory, { recursive: true });
  const db = openDatabase(join(directory, 'index.sqlite'));
  const files = openDataFiles(directory, cloud.ids);
  const buckets = openBuckets(db);
  const versions = openVersions(
    db,
    () => cloud.ids.hex(VERSION_ID_DIGITS),
    () => cloud.clock.now(),
  );
  const uploads = openUploads(db);
  files.sweep(new Set([...versions.files(), ...uploads.files()]));
  return {
    buckets,
    versions,
    uploads,
    files,
    transaction: (work) => db.transaction(work),
    bucket: (name) => {
      const bucket = buckets.get(name);
      if (!bucket) throw s3Error('NoSuchBucket', { BucketName: name });
      return bucket;
    },
    close: () => db.close(),
  };
}
