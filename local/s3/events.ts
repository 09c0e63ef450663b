import type { Cloud } from '../kernel/index.ts';
import type { Bucket, ObjectVersion, Version } from './store/rows.ts';

export type CreationReason = 'PutObject' | 'POST Object' | 'CopyObject' | 'CompleteMultipartUpload';

/** Tells EventBridge about objects, for buckets whose notification configuration asks for it. */
export interface ObjectEvents {
  created(bucket: Bucket, version: ObjectVersion, reason: CreationReason, requestId: string): void;
  /** `version` is the delete marker that was put, or what was deleted for good. */
  deleted(bucket: Bucket, version: Version, requestId: string): void;
}

const SEQUENCER_DIGITS = 18;

/** A delete marker's ETag in an event is that of no bytes. */
const EMPTY_ETAG = 'd41d8cd98f00b204e9800998ecf8427e';

/** The events' shape: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html. */
export function createObjectEvents(cloud: Cloud): ObjectEvents {
  const emit = (
    bucket: Bucket,
    version: Version,
    detailType: string,
    requestId: string,
    object: Record<string, unknown>,
    detail: Record<string, unknown>,
  ): void => {
    if (!bucket.eventBridge) return;
    cloud.emit({
      source: 'aws.s3',
      detailType,
      resources: [`arn:aws:s3:::${bucket.name}`],
      detail: {
        version: '0',
        bucket: { name: bucket.name },
        object: {
          key: version.key,
          ...object,
          ...(version.versionId === 'null' ? {} : { 'version-id': version.versionId }),
          sequencer: version.sequence.toString(16).toUpperCase().padStart(SEQUENCER_DIGITS, '0'),
        },
        'request-id': requestId,
        requester: cloud.accountId,
        'source-ip-address': '127.0.0.1',
        ...detail,
      },
    });
  };
  return {
    created: (bucket, version, reason, requestId) =>
      emit(bucket, version, 'Object Created', requestId, { size: version.size, etag: version.etag }, { reason }),
    deleted: (bucket, version, requestId) =>
      emit(
        bucket,
        version,
        'Object Deleted',
        requestId,
        { etag: version.deleteMarker ? EMPTY_ETAG : version.etag },
        {
          reason: 'DeleteObject',
          'deletion-type': version.deleteMarker ? 'Delete Marker Created' : 'Permanently Deleted',
        },
      ),
  };
}
