import type { Database } from './database.ts';
import type { Bucket, DeleteMarker, NewObject, ObjectMeta, ObjectVersion, Tags, Version } from './rows.ts';

/** What a change left behind: the files no row names any more. */
export interface Change<T> {
  readonly result: T;
  readonly orphans: readonly string[];
}

export interface Versions {
  /** The latest version, which may be a delete marker. */
  current(bucket: string, key: string): Version | undefined;
  find(bucket: string, key: string, versionId: string): Version | undefined;
  /** Makes an object the latest version, under the bucket's versioning state. */
  put(bucket: Bucket, key: string, object: NewObject): Change<ObjectVersion>;
  /** Deletes without naming a version: removes it, or puts a delete marker before it, under the bucket's versioning state. */
  deleteCurrent(bucket: Bucket, key: string): Change<DeleteMarker | undefined>;
  /** Deletes one version for good; the newest that is left becomes the latest. */
  deleteVersion(bucket: string, key: string, versionId: string): Change<Version | undefined>;
  setTags(version: ObjectVersion, tags: Tags): void;
  isEmpty(bucket: string): boolean;
  /** Current objects with `from <= key < before`, in UTF-8 order. */
  objectsFrom(bucket: string, from: string, before: string | undefined, limit: number): readonly ObjectVersion[];
  /** All versions with `from <= key < before`, by key, newest first; of `from` itself only those older than `olderThan`. */
  versionsFrom(
    bucket: string,
    from: string,
    olderThan: number | undefined,
    before: string | undefined,
    limit: number,
  ): readonly Version[];
  files(): readonly string[];
}

/** Sorts after every key: no key is longer than 1024 bytes, and no key starts with this often the last code point. */
const AFTER_ALL_KEYS = '\u{10ffff}'.repeat(257);

export function openVersions(db: Database, newVersionId: () => string, now: () => number): Versions {
  const current = db.prepare('select * from version where bucket = ? and key = ? and latest = 1');
  const find = db.prepare('select * from version where bucket = ? and key = ? and version_id = ?');
  const demote = db.prepare('update version set latest = 0 where bucket = ? and key = ? and latest = 1');
  const promote = db.prepare(
    'update version set latest = 1 where sequence = (select sequence from version where bucket = ? and key = ? order by sequence desc limit 1)',
  );
  const remove = db.prepare('delete from version where bucket = ? and key = ? and version_id = ? returning *');
  const insert = db.prepare(
    'insert into version (sequence, bucket, key, version_id, latest, delete_marker, modified, file, size, etag, meta, tags) values (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)',
  );
  const tag = db.prepare('update version set tags = ? where sequence = ?');
  const any = db.prepare('select 1 from version where bucket = ? limit 1');
  const objects = db.prepare(
    'select * from version where bucket = ? and key >= ? and key < ? and latest = 1 and delete_marker = 0 order by key limit ?',
  );
  const versions = db.prepare(
    'select * from version where bucket = ? and key >= ? and key < ? and (key > ? or sequence < ?) order by key, sequence desc limit ?',
  );
  const files = db.prepare('select file from version where file is not null');
  let sequence = Number(db.prepare('select coalesce(max(sequence), 0) as last from version').get()?.['last']);

  const nextVersionId = (bucket: Bucket): string => (bucket.versioning === 'Enabled' ? newVersionId() : 'null');

  /** Only the null version is ever replaced; a version with an id of its own stays. */
  const makeRoom = (bucket: Bucket, key: string, versionId: string): readonly string[] => {
    const replaced = versionId === 'null' ? remove.get(bucket.name, key, versionId) : undefined;
    demote.run(bucket.name, key);
    return replaced?.['file'] ? [String(replaced['file'])] : [];
  };

  return {
    current: (bucket, key) => toVersion(current.get(bucket, key)),
    find: (bucket, key, versionId) => toVersion(find.get(bucket, key, versionId)),
    put: (bucket, key, { file, size, etag, meta, tags }) =>
      db.transaction(() => {
        const versionId = nextVersionId(bucket);
        const orphans = makeRoom(bucket, key, versionId);
        const modified = now();
        sequence++;
        insert.run(
          sequence,
          bucket.name,
          key,
          versionId,
          0,
          modified,
          file,
          size,
          etag,
          JSON.stringify(meta),
          JSON.stringify(tags),
        );
        return {
          result: {
            bucket: bucket.name,
            key,
            versionId,
            sequence,
            latest: true,
            modified,
            deleteMarker: false,
            file,
            size,
            etag,
            meta,
            tags,
          },
          orphans,
        };
      }),
    deleteCurrent: (bucket, key) =>
      db.transaction(() => {
        if (bucket.versioning === undefined) {
          const row = remove.get(bucket.name, key, 'null');
          return { result: undefined, orphans: row?.['file'] ? [String(row['file'])] : [] };
        }
        const versionId = nextVersionId(bucket);
        const orphans = makeRoom(bucket, key, versionId);
        const modified = now();
        sequence++;
        insert.run(sequence, bucket.name, key, versionId, 1, modified, null, null, null, null, null);
        return {
          result: { bucket: bucket.name, key, versionId, sequence, latest: true, modified, deleteMarker: true },
          orphans,
        };
      }),
    deleteVersion: (bucket, key, versionId) =>
      db.transaction(() => {
        const removed = toVersion(remove.get(bucket, key, versionId));
        if (removed?.latest) promote.run(bucket, key);
        return { result: removed, orphans: removed && !removed.deleteMarker ? [removed.file] : [] };
      }),
    setTags: (version, tags) => void tag.run(JSON.stringify(tags), version.sequence),
    isEmpty: (bucket) => any.get(bucket) === undefined,
    objectsFrom: (bucket, from, before, limit) =>
      objects.all(bucket, from, before ?? AFTER_ALL_KEYS, limit).flatMap((row) => {
        const version = toVersion(row);
        return version && !version.deleteMarker ? [version] : [];
      }),
    versionsFrom: (bucket, from, olderThan, before, limit) =>
      versions
        .all(bucket, from, before ?? AFTER_ALL_KEYS, from, olderThan ?? Number.MAX_SAFE_INTEGER, limit)
        .flatMap((row) => toVersion(row) ?? []),
    files: () => files.all().map((row) => String(row['file'])),
  };
}

function toVersion(row: Record<string, unknown> | undefined): Version | undefined {
  if (!row) return undefined;
  const identity = {
    bucket: String(row['bucket']),
    key: String(row['key']),
    versionId: String(row['version_id']),
    sequence: Number(row['sequence']),
    latest: row['latest'] === 1,
    modified: Number(row['modified']),
  };
  if (row['delete_marker'] === 1) return { ...identity, deleteMarker: true };
  return {
    ...identity,
    deleteMarker: false,
    file: String(row['file']),
    size: Number(row['size']),
    etag: String(row['etag']),
    meta: JSON.parse(String(row['meta'])) as ObjectMeta,
    tags: JSON.parse(String(row['tags'])) as Tags,
  };
}
