import type { CreationReason } from './events.ts';
import type { S3 } from './s3.ts';
import type { Incoming } from './store/data-files.ts';
import type { Bucket, NewObject, ObjectVersion, Version } from './store/rows.ts';

/** The moment an object exists: its bytes are in place, the index names them, the event is out. Synchronous as a whole. */
export function commitObject(
  { store, events }: S3,
  bucket: Bucket,
  key: string,
  incoming: Incoming,
  object: Omit<NewObject, 'file'>,
  reason: CreationReason,
  requestId: string,
): ObjectVersion {
  const file = incoming.keep();
  try {
    const { result, orphans } = store.versions.put(bucket, key, { ...object, file });
    for (const orphan of orphans) store.files.remove(orphan);
    events.created(bucket, result, reason, requestId);
    return result;
  } catch (error) {
    store.files.remove(file);
    throw error;
  }
}

/** Deletes an object, or one version of it. Answers the delete marker that was put or what was deleted; nothing if nothing was there. */
export function commitDeletion(
  { store, events }: S3,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  requestId: string,
): Version | undefined {
  const before = versionId === undefined ? store.versions.current(bucket.name, key) : undefined;
  const { result, orphans } =
    versionId === undefined
      ? store.versions.deleteCurrent(bucket, key)
      : store.versions.deleteVersion(bucket.name, key, versionId);
  for (const orphan of orphans) store.files.remove(orphan);
  const deleted = result ?? before;
  // A deleted delete marker brings an object back; S3 tells nobody.
  if (deleted && (versionId === undefined || !deleted.deleteMarker)) events.deleted(bucket, deleted, requestId);
  return result;
}

/** A version's id as answers give it: nothing where the bucket was never versioned. */
export function versionMember(bucket: Bucket, version: Version): { VersionId?: string } {
  return bucket.versioning === undefined && version.versionId === 'null' ? {} : { VersionId: version.versionId };
}
