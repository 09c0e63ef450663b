import { join } from 'node:path';
import type { GetObjectRequest } from '@aws-sdk/client-s3';
import type { Cloud, Operation, Operations, Service } from '../kernel/index.ts';
import { createObjectEvents } from './events.ts';
import { createObjectFiles, type ObjectFiles } from './object-files.ts';
import { bucketSettings } from './operations/bucket-settings.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './operations/buckets.ts';
import { copyObject } from './operations/copy-object.ts';
import { deleteObject, deleteObjects } from './operations/delete-object.ts';
import { getObjectBytes, getObjectStream, headObject } from './operations/get-object.ts';
import { listObjects, listObjectsV2 } from './operations/list-objects.ts';
import { listObjectVersions } from './operations/list-object-versions.ts';
import { multipartOperations } from './operations/multipart.ts';
import { getObjectAttributes } from './operations/object-attributes.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './operations/object-tagging.ts';
import { putObject } from './operations/put-object.ts';
import type { S3 } from './s3.ts';
import { openStore, type StoreKind } from './store/store.ts';
import { createWireHandler } from './wire/handler.ts';

export type { ListedObject, ObjectFile, ObjectFiles } from './object-files.ts';

export interface S3Service extends Service {
  readonly objects: ObjectFiles;
}

export interface S3Options {
  /** Where objects and their index live; `s3` in the cloud's directory. May be on a RAM disk. */
  readonly directory?: string;
  /** `disk` unless given. */
  readonly storage?: StoreKind;
}

/**
 * S3: `operations` for calls in this process (SDK shapes; `Body` is bytes or text, GetObject answers bytes), `wire` for REST-XML with
 * streaming bodies, `objects` for an engine that reads and writes files. All over one store.
 */
export function createS3(cloud: Cloud, options: S3Options = {}): S3Service {
  const store = openStore(cloud, options.directory ?? join(cloud.directory, 's3'), options.storage ?? 'disk');
  const s3: S3 = { cloud, store, events: createObjectEvents(cloud) };
  // Each operation takes what all of them share first.
  const bind =
    <Input, Output>(
      run: (s3: S3, input: Input, context: Parameters<Operation<Input, Output>>[1]) => Promise<Output> | Output,
    ): Operation<Input, Output> =>
    (input, context) =>
      run(s3, input, context);
  const operations: Operations = {
    CreateBucket: bind(createBucket),
    DeleteBucket: bind(deleteBucket),
    HeadBucket: bind(headBucket),
    GetBucketLocation: bind(getBucketLocation),
    ListBuckets: bind(listBuckets),
    ...bucketSettings(s3),
    PutObject: bind(putObject),
    GetObject: bind(getObjectBytes),
    HeadObject: bind(headObject),
    CopyObject: bind(copyObject),
    DeleteObject: bind(deleteObject),
    DeleteObjects: bind(deleteObjects),
    GetObjectAttributes: bind(getObjectAttributes),
    GetObjectTagging: bind(getObjectTagging),
    PutObjectTagging: bind(putObjectTagging),
    DeleteObjectTagging: bind(deleteObjectTagging),
    ListObjects: bind(listObjects),
    ListObjectsV2: bind(listObjectsV2),
    ListObjectVersions: bind(listObjectVersions),
    ...multipartOperations(s3),
  };
  return {
    name: 's3',
    operations,
    wire: createWireHandler(s3, { ...operations, GetObject: (input: GetObjectRequest) => getObjectStream(s3, input) }),
    objects: createObjectFiles(s3, cloud),
    close: () => store.close(),
  };
}
