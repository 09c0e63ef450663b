import type { CreationReason } from './events.ts';
import type { S3 } from './s3.ts';
import type { Incoming } from './store/data-files.ts';
import type { Bucket, NewObject, ObjectVersion, Version } from './store/rows.ts';
import type { Store } from './store/store.ts';

/** An object whose bytes have arrived. */
export interface ArrivedObject {
  readonly key: string;
  readonly incoming: Incoming;
  readonly object: Omit<NewObject, 'file'>;
}

/** The moment an object exists: its bytes are in place, the index names them, the event is out. Synchronous as a whole. */
export function commitObject(
  s3: S3,
  bucket: Bucket,
  key: string,
  incoming: Incoming,
  object: Omit<NewObject, 'file'>,
  reason: CreationReason,
  requestId: string,
): ObjectVersion {
  const [made] = commitTogether(s3, bucket, { put: [{ key, incoming, object }], remove: [] }, reason, requestId);
  if (!made) throw new RangeError('one object was put, none was made');
  return made;
}

/** The moment several objects exist and others are gone: all of it, or nothing has changed. Synchronous as a whole. */
export function commitTogether(
  { store, events }: S3,
  bucket: Bucket,
  { put, remove }: { readonly put: readonly ArrivedObject[]; readonly remove: readonly string[] },
  reason: CreationReason,
  requestId: string,
): readonly ObjectVersion[] {
  const files: string[] = [];
  let change: { readonly made: readonly ObjectVersion[]; readonly deletions: readonly Deletion[] };
  const orphans: string[] = [];
  try {
    for (const { incoming } of put) files.push(incoming.keep());
    change = store.transaction(() => ({
      deletions: remove.map((key) => deleteVersion(store, bucket, key, undefined, orphans)),
      made: put.map(({ key, object }, at) => {
        const made = store.versions.put(bucket, key, { ...object, file: files[at] ?? '' });
        orphans.push(...made.orphans);
        return made.result;
      }),
    }));
  } catch (error) {
    for (const file of files) store.files.remove(file);
    for (const { incoming } of put.slice(files.length)) incoming.discard();
    throw error;
  }
  for (const orphan of orphans) store.files.remove(orphan);
  for (const { told } of change.deletions) if (told) events.deleted(bucket, told, requestId);
  for (const made of change.made) events.created(bucket, made, reason, requestId);
  return change.made;
}

/** Deletes an object, or one version of it. Answers the delete marker that was put or what was deleted; nothing if nothing was there. */
export function commitDeletion(
  { store, events }: S3,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  requestId: string,
): Version | undefined {
  const orphans: string[] = [];
  const { result, told } = deleteVersion(store, bucket, key, versionId, orphans);
  for (const orphan of orphans) store.files.remove(orphan);
  if (told) events.deleted(bucket, told, requestId);
  return result;
}

interface Deletion {
  readonly result: Version | undefined;
  /** What an event tells of. */
  readonly told: Version | undefined;
}

/** The files nobody names any more are added to `orphans`. */
function deleteVersion(
  { versions }: Store,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  orphans: string[],
): Deletion {
  const before = versionId === undefined ? versions.current(bucket.name, key) : undefined;
  const change =
    versionId === undefined ? versions.deleteCurrent(bucket, key) : versions.deleteVersion(bucket.name, key, versionId);
  orphans.push(...change.orphans);
  const deleted = change.result ?? before;
  // A deleted delete marker brings an object back; S3 tells nobody.
  const told = deleted && (versionId === undefined || !deleted.deleteMarker) ? deleted : undefined;
  return { result: change.result, told };
}

/** A version's id as answers give it: nothing where the bucket was never versioned. */
export function versionMember(bucket: Bucket, version: Version): { VersionId?: string } {
  return bucket.versioning === undefined && version.versionId === 'null' ? {} : { VersionId: version.versionId };
}
