import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { AwsError, ROOT } from '../../local/kernel/index.ts';
import { createS3, type S3Service } from '../../local/s3/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';

const Bucket = 'a-bucket';

describe.each(['disk', 'memory'] as const)('S3 with its index kept in %s', (storage) => {
  let host: TestCloud;
  let service: S3Service;
  let client: s3.S3Client;
  const MIB = 1024 * 1024;

  beforeEach(async () => {
    host = await startCloud([(cloud) => (service = createS3(cloud, { storage }))]);
    client = new s3.S3Client({ ...host.client, forcePathStyle: true });
    await client.send(new s3.CreateBucketCommand({ Bucket }));
  });

  afterEach(async () => {
    client.destroy();
    await host[Symbol.asyncDispose]();
  });

  const put = (Key: string, Body = 'x', more: Partial<s3.PutObjectCommandInput> = {}) =>
    client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = async (Key: string, more: Partial<s3.GetObjectCommandInput> = {}) => {
    const { Body, ...rest } = await client.send(new s3.GetObjectCommand({ Bucket, Key, ...more }));
    return { ...rest, text: await Body?.transformToString() };
  };
  const version = (Status: 'Enabled' | 'Suspended') =>
    client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  const eventsOn = () =>
    client.send(
      new s3.PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );
  const files = (folder: string): string[] => readdirSync(join(host.directory, 's3', folder));

  test.each(['plain', 'a b/ü😀+&<>"\'%25', '../dots', 'line\nend\r', ' ', '__proto__', 'a//b/', 'x?y#z=1'])(
    'an object under the key %j comes back with its bytes, type and metadata, and lists under that key',
    async (Key) => {
      await put(Key, 'héllo', { ContentType: 'text/csv', Metadata: { Who: 'me' }, CacheControl: 'no-store' });
      expect(await get(Key)).toMatchObject({
        text: 'héllo',
        ContentType: 'text/csv',
        Metadata: { who: 'me' },
        CacheControl: 'no-store',
        ContentLength: 6,
      });
      const listed = await client.send(new s3.ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
      expect(listed.Contents?.map(({ Key: found }) => decodeURIComponent(found ?? ''))).toEqual([Key]);
      const deleted = await client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
      expect(deleted.Deleted).toEqual([{ Key }]);
    },
  );

  test('a stream of several megabytes comes back byte for byte', async () => {
    const bytes = Buffer.alloc(7 * MIB + 13, 'abcdefg');
    await client.send(
      new s3.PutObjectCommand({
        Bucket,
        Key: 'k',
        Body: Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]),
        ContentLength: bytes.length,
      }),
    );
    const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
    expect(Buffer.compare(Buffer.from((await Body?.transformToByteArray()) ?? []), bytes)).toBe(0);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'a wrong %s is refused and leaves nothing',
    async (algorithm) => {
      const right = await put('k', '123456789', { ChecksumAlgorithm: algorithm });
      const value = right[`Checksum${algorithm}`] ?? '';
      const known: Partial<Record<string, string>> = {
        CRC32: 'y/Q5Jg==',
        CRC32C: '4waSgw==',
        CRC64NVME: 'rosUhgp5mIg=',
      };
      if (known[algorithm]) expect(value).toBe(known[algorithm]);
      const wrong = `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`;
      await expect(put('other', '123456789', { [`Checksum${algorithm}`]: wrong })).rejects.toMatchObject({
        name: 'BadDigest',
      });
      await expect(put('other', '123456789', { ContentMD5: 'XrY7u+Ae7tCTyyK7j1rNww==' })).rejects.toMatchObject({
        name: 'BadDigest',
      });
      await expect(get('other')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
      expect(files('incoming')).toEqual([]);
      expect(files('objects')).toHaveLength(storage === 'disk' ? 1 : 0);
    },
  );

  test('a client that goes away in the middle of a body leaves nothing', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(3 * MIB);
      await Promise.resolve();
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    const answer = await host.cloud.dispatch({
      method: 'PUT',
      path: `/${Bucket}/k`,
      query: new URLSearchParams(),
      headers: { 'content-length': String(8 * MIB) },
      body: broken(),
    });
    expect(answer.status).toBe(400);
    expect([...files('incoming'), ...files('objects')]).toEqual([]);
    expect(host.faults).toEqual([]);
  });

  test('HEAD errors have a status and no body; a missing bucket and a missing key are told apart', async () => {
    await expect(client.send(new s3.HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(client.send(new s3.HeadBucketCommand({ Bucket: 'no-bucket' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(client.send(new s3.ListObjectsV2Command({ Bucket: 'no-bucket' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
      message: 'The specified bucket does not exist',
    });
  });

  test('ranges give 206 and the right bytes; one past the end is refused', async () => {
    await put('k', '0123456789');
    expect(await get('k', { Range: 'bytes=2-4' })).toMatchObject({
      text: '234',
      ContentRange: 'bytes 2-4/10',
      $metadata: { httpStatusCode: 206 },
    });
    expect(await get('k', { Range: 'bytes=7-' })).toMatchObject({ text: '789' });
    expect(await get('k', { Range: 'bytes=-3' })).toMatchObject({ text: '789' });
    expect(await get('k', { Range: 'nonsense' })).toMatchObject({
      text: '0123456789',
      $metadata: { httpStatusCode: 200 },
    });
    await expect(get('k', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  test('a conditional write happens once, and a compare-and-swap needs the right ETag', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) => put('claim', `${at}`, { IfNoneMatch: '*' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    const { ETag = '' } = await get('claim');
    const swaps = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) => put('claim', `swap ${at}`, { IfMatch: ETag })),
    );
    expect(swaps.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(put('none', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { ETag: now } = await get('claim');
    await expect(get('claim', { IfNoneMatch: now })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get('claim', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('a copy takes metadata and tags along, honours conditions on its source, and is refused onto itself', async () => {
    const { ETag } = await put('from/ü', 'x', { Metadata: { a: '1' }, Tagging: 'k=v' });
    const CopySource = `${Bucket}/${encodeURIComponent('from/ü')}`;
    await client.send(new s3.CopyObjectCommand({ Bucket, Key: 'to', CopySource, CopySourceIfMatch: ETag }));
    expect(await get('to')).toMatchObject({ text: 'x', Metadata: { a: '1' }, TagCount: 1 });
    await client.send(
      new s3.CopyObjectCommand({ Bucket, Key: 'to', CopySource, MetadataDirective: 'REPLACE', Metadata: { b: '2' } }),
    );
    expect((await get('to')).Metadata).toEqual({ b: '2' });
    await expect(
      client.send(new s3.CopyObjectCommand({ Bucket, Key: 'to', CopySource, CopySourceIfNoneMatch: ETag })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(client.send(new s3.CopyObjectCommand({ Bucket, Key: 'from/ü', CopySource }))).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'from/ü' }));
    expect((await get('to')).text).toBe('x');
  });

  test('tags are a resource of their own and leave the object alone', async () => {
    await put('k', 'body');
    await client.send(
      new s3.PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet: [{ Key: 'a', Value: '<1>' }] } }),
    );
    expect((await client.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'k' }))).TagSet).toEqual([
      { Key: 'a', Value: '<1>' },
    ]);
    expect((await get('k')).text).toBe('body');
  });

  test('listing follows UTF-8 order, groups by delimiter and pages without loss or repetition', async () => {
    const keys = ['a/1', 'a/2', 'a0', 'b', 'c/x/1', 'c/y', '\uffee', '😀', '~'];
    for (const key of keys) await put(key);
    const page = async (more: Partial<s3.ListObjectsV2CommandInput>): Promise<string[]> => {
      const found: string[] = [];
      for (let ContinuationToken: string | undefined; ;) {
        const answer = await client.send(new s3.ListObjectsV2Command({ Bucket, ContinuationToken, ...more }));
        found.push(
          ...(answer.Contents ?? []).map(({ Key }) => Key ?? ''),
          ...(answer.CommonPrefixes ?? []).map(({ Prefix }) => `prefix ${Prefix}`),
        );
        if (!answer.IsTruncated) return found;
        ContinuationToken = answer.NextContinuationToken;
      }
    };
    const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await page({ MaxKeys: 2 })).toEqual(sorted);
    expect((await page({ MaxKeys: 1, Delimiter: '/' })).toSorted()).toEqual(
      ['prefix a/', 'a0', 'b', 'prefix c/', '~', '\uffee', '😀'].toSorted(),
    );
    expect(await page({ Prefix: 'c/', Delimiter: '/' })).toEqual(['c/y', 'prefix c/x/']);
    expect(await page({ StartAfter: 'b', Prefix: 'c' })).toEqual(['c/x/1', 'c/y']);
    const v1 = await client.send(new s3.ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: '/' }));
    expect(v1).toMatchObject({ IsTruncated: true, NextMarker: 'a/' });
    const next = await client.send(
      new s3.ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: '/', Marker: v1.NextMarker }),
    );
    expect(next.Contents?.[0]?.Key).toBe('a0');
  });

  test('versions stay readable, delete markers hide them, and deleting the marker brings the object back', async () => {
    await put('k', 'null version');
    await version('Enabled');
    const first = await put('k', 'one');
    const second = await put('k', 'two');
    const { VersionId: marker, DeleteMarker } = await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(DeleteMarker).toBe(true);
    await expect(get('k')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect((await get('k', { VersionId: first.VersionId })).text).toBe('one');
    expect((await get('k', { VersionId: 'null' })).text).toBe('null version');
    await expect(get('k', { VersionId: marker })).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    const listed = await client.send(new s3.ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([second.VersionId, first.VersionId, 'null']);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: marker, IsLatest: true }]);
    const paged: (string | undefined)[] = [];
    for (let KeyMarker: string | undefined, VersionIdMarker: string | undefined; ;) {
      const answer = await client.send(
        new s3.ListObjectVersionsCommand({ Bucket, MaxKeys: 1, KeyMarker, VersionIdMarker }),
      );
      paged.push(...[...(answer.Versions ?? []), ...(answer.DeleteMarkers ?? [])].map(({ VersionId }) => VersionId));
      if (!answer.IsTruncated) break;
      ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = answer);
    }
    expect(paged).toEqual([marker, second.VersionId, first.VersionId, 'null']);
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'k', VersionId: marker }));
    expect((await get('k')).text).toBe('two');
    await version('Suspended');
    await put('k', 'null again');
    expect((await get('k', { VersionId: 'null' })).text).toBe('null again');
    await expect(client.send(new s3.DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });

  test('a multipart upload by lib-storage is one object with a composite checksum and one event', async () => {
    await eventsOn();
    const bytes = Buffer.alloc(11 * MIB, 'xyz');
    await new Upload({
      client,
      params: { Bucket, Key: 'big', Body: Readable.from([bytes]) },
      partSize: 5 * MIB,
    }).done();
    const head = await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'big', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ContentLength: bytes.length, ChecksumType: 'COMPOSITE' });
    expect(head.ETag).toMatch(/-3"$/);
    const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'big' }));
    expect(Buffer.compare(Buffer.from((await Body?.transformToByteArray()) ?? []), bytes)).toBe(0);
    expect((await get('big', { PartNumber: 3 })).ContentLength).toBe(MIB);
    expect(host.events).toMatchObject([
      { detail: { reason: 'CompleteMultipartUpload', object: { key: 'big', size: bytes.length } } },
    ]);
    expect(files('objects')).toHaveLength(1);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    'the full-object %s of a multipart upload is that of its bytes',
    async (ChecksumAlgorithm) => {
      const { UploadId } = await client.send(
        new s3.CreateMultipartUploadCommand({ Bucket, Key: 'm', ChecksumAlgorithm, ChecksumType: 'FULL_OBJECT' }),
      );
      const bodies = [Buffer.alloc(5 * MIB, 'a1'), Buffer.alloc(5 * MIB + 1, 'b'), Buffer.from('the end')];
      const Parts: s3.CompletedPart[] = [];
      for (const [at, Body] of bodies.entries()) {
        const { ETag } = await client.send(
          new s3.UploadPartCommand({ Bucket, Key: 'm', UploadId, PartNumber: at * 2 + 1, Body, ChecksumAlgorithm }),
        );
        Parts.push({ ETag, PartNumber: at * 2 + 1 });
      }
      const done = await client.send(
        new s3.CompleteMultipartUploadCommand({ Bucket, Key: 'm', UploadId, MultipartUpload: { Parts } }),
      );
      const whole = await client.send(
        new s3.PutObjectCommand({ Bucket, Key: 'w', Body: Buffer.concat(bodies), ChecksumAlgorithm }),
      );
      expect(done[`Checksum${ChecksumAlgorithm}`]).toBe(whole[`Checksum${ChecksumAlgorithm}`]);
    },
  );

  test('a multipart upload refuses small parts, wrong parts and wrong order, lists its parts in pages, copies ranges, and aborts clean', async () => {
    await put('source', '0123456789');
    const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: 'm' }));
    const upload = { Bucket, Key: 'm', UploadId };
    const one = await client.send(new s3.UploadPartCommand({ ...upload, PartNumber: 1, Body: 'small' }));
    const two = await client.send(
      new s3.UploadPartCopyCommand({
        ...upload,
        PartNumber: 2,
        CopySource: `${Bucket}/source`,
        CopySourceRange: 'bytes=3-5',
      }),
    );
    const complete = (Parts: s3.CompletedPart[]) =>
      client.send(new s3.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const first = { PartNumber: 1, ETag: one.ETag };
    const second = { PartNumber: 2, ETag: two.CopyPartResult?.ETag };
    await expect(complete([first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ ...first, ETag: 'no' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    const page = await client.send(new s3.ListPartsCommand({ ...upload, MaxParts: 1 }));
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1' });
    const rest = await client.send(new s3.ListPartsCommand({ ...upload, PartNumberMarker: page.NextPartNumberMarker }));
    expect(rest.Parts).toMatchObject([{ PartNumber: 2, Size: 3 }]);
    expect((await client.send(new s3.ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([
      { Key: 'm', UploadId },
    ]);
    await client.send(new s3.AbortMultipartUploadCommand(upload));
    await expect(complete([first])).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(files('objects')).toHaveLength(1);
  });

  test('events carry the key as it is, the version and the reason; without the configuration there are none', async () => {
    await put('silent');
    await eventsOn();
    await version('Enabled');
    const { VersionId, ETag = '' } = await put('in/ü +.json', 'abc');
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'in/ü +.json' }));
    expect(host.events).toMatchObject([
      {
        source: 'aws.s3',
        detailType: 'Object Created',
        resources: [`arn:aws:s3:::${Bucket}`],
        detail: {
          version: '0',
          bucket: { name: Bucket },
          object: { key: 'in/ü +.json', size: 3, etag: ETag.replaceAll('"', ''), 'version-id': VersionId },
          requester: '000000000000',
          reason: 'PutObject',
        },
      },
      { detailType: 'Object Deleted', detail: { reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' } },
    ]);
  });

  test('bucket settings come back as they were put', async () => {
    const send = client.send.bind(client) as (command: unknown) => Promise<Record<string, unknown>>;
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    const cases: [object, object, Record<string, unknown>][] = [
      [new s3.PutBucketPolicyCommand({ Bucket, Policy }), new s3.GetBucketPolicyCommand({ Bucket }), { Policy }],
      [
        new s3.PutPublicAccessBlockCommand({
          Bucket,
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: false },
        }),
        new s3.GetPublicAccessBlockCommand({ Bucket }),
        { PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: false } },
      ],
      [
        new s3.PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: {
            Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: 'a/' }, Expiration: { Days: 3 } }],
          },
        }),
        new s3.GetBucketLifecycleConfigurationCommand({ Bucket }),
        { Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: 'a/' }, Expiration: { Days: 3 } }] },
      ],
      [
        new s3.PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' } }],
          },
        }),
        new s3.GetBucketEncryptionCommand({ Bucket }),
        {
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' } }],
          },
        },
      ],
      [
        new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }),
        new s3.GetBucketTaggingCommand({ Bucket }),
        { TagSet: [{ Key: 'a', Value: 'b' }] },
      ],
      [
        new s3.PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        }),
        new s3.GetBucketOwnershipControlsCommand({ Bucket }),
        { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
      ],
    ];
    for (const [write, read, expected] of cases) {
      await send(write);
      expect(await send(read)).toMatchObject(expected);
    }
    expect((await put('k')).ServerSideEncryption).toBe('aws:kms');
    await expect(send(new s3.PutBucketPolicyCommand({ Bucket, Policy: '{' }))).rejects.toMatchObject({
      name: 'MalformedPolicy',
    });
  });

  test('what is not there answers 501 with its name, and bad names are refused', async () => {
    await expect(client.send(new s3.GetBucketAclCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('GetBucketAcl') as string,
    });
    await expect(put('k', 'x', { WebsiteRedirectLocation: '/y' })).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('WebsiteRedirectLocation') as string,
    });
    await expect(client.send(new s3.CreateBucketCommand({ Bucket: 'Not-Lower' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
    await expect(put('k'.repeat(1025))).rejects.toMatchObject({ name: 'KeyTooLongError' });
    await expect(put('k', 'x', { ACL: 'public-read' })).rejects.toMatchObject({
      name: 'AccessControlListNotSupported',
    });
  });

  test('a presigned request needs no headers and dies with its time', async () => {
    await put('k', 'signed');
    const url = (date: string): string =>
      `${host.gateway.endpoint}/${Bucket}/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20200101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${date}&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0`;
    const now = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    expect(await (await fetch(url(now))).text()).toBe('signed');
    const late = await fetch(url('20200101T000000Z'));
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('Request has expired');
  });

  test('a fault around a call reaches the client as an S3 error', async () => {
    await using faulty = await startCloud([createS3], {
      intercept: () => Promise.reject(new AwsError('SlowDown', 'Please reduce your request rate.', 503)),
    });
    const victim = new s3.S3Client({ ...faulty.client, forcePathStyle: true });
    await expect(victim.send(new s3.ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'SlowDown',
      $metadata: { httpStatusCode: 503 },
    });
    victim.destroy();
  });

  test('objects are files: listed, read in place, moved in with an event, held while they are read', async () => {
    await eventsOn();
    await version('Enabled');
    const { objects } = service;
    const path = join(host.directory, 'made.csv');
    writeFileSync(path, 'a,b\n');
    const [made] = await objects.change(Bucket, { put: [{ key: 'out/ü.csv', path, contentType: 'text/csv' }] });
    expect(await get('out/ü.csv')).toMatchObject({
      text: 'a,b\n',
      ContentType: 'text/csv',
      VersionId: made?.versionId,
    });
    expect(host.events).toHaveLength(1);
    expect(objects.list(Bucket, 'out/')).toEqual([made]);
    const file = objects.file(Bucket, 'out/ü.csv');
    if (!file) throw new Error('no file');
    const release = objects.hold(file);
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: file.key, VersionId: file.versionId }));
    expect(readFileSync(file.path, 'utf8')).toBe('a,b\n');
    release();
    expect(files('objects')).toEqual([]);
    expect(objects.file(Bucket, file.key)).toBeUndefined();
    const large = join(host.directory, 'large');
    writeFileSync(large, '');
    truncateSync(large, 17 * 1024 * 1024);
    const [parts] = await objects.change(Bucket, { put: [{ key: 'large', path: large }] });
    expect(parts?.etag).toMatch(/^[0-9a-f]{32}-2$/);
  });

  test('objects change together or not at all', async () => {
    await eventsOn();
    await put('old', 'old');
    await put('kept', 'kept');
    const told = host.events.length;
    const { objects } = service;
    const made = (name: string): { readonly key: string; readonly path: string } => {
      const path = join(host.directory, `made-${name}`);
      writeFileSync(path, name);
      return { key: name, path };
    };
    const names = (): readonly string[] => objects.list(Bucket, '').map(({ key }) => key);
    const here = [made('a'), made('b')];
    await objects.change(Bucket, { put: here, remove: ['old', 'never there', 'b'] });
    expect(names()).toEqual(['a', 'b', 'kept']);
    expect(host.events.slice(told).map(({ detailType }) => detailType)).toEqual([
      'Object Deleted',
      'Object Created',
      'Object Created',
    ]);
    const missing = { key: 'd', path: join(host.directory, 'nowhere') };
    await expect(objects.change(Bucket, { put: [made('c'), missing], remove: ['kept'] })).rejects.toThrow(/ENOENT/);
    await expect(objects.change(Bucket, { put: [made('c'), { ...made('x'), key: '' }] })).rejects.toThrow(/./);
    expect(names()).toEqual(['a', 'b', 'kept']);
    expect(files('incoming')).toEqual([]);
  });

  test('calls in this process take text and answer bytes', async () => {
    const { cloud } = host;
    await cloud.call('s3', 'PutObject', { Bucket, Key: 'k', Body: 'text', Metadata: { a: 'b' } }, ROOT);
    const { Body } = await cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', { Bucket, Key: 'k' }, ROOT);
    expect(Buffer.from(Body).toString()).toBe('text');
    await expect(cloud.call('s3', 'GetObject', { Bucket, Key: 'none' }, ROOT)).rejects.toMatchObject({
      code: 'NoSuchKey',
    });
  });
});

test('the store opens again with what was in it, and sweeps what a crash left', async () => {
  await using host = await startCloud([createS3]);
  const files = (folder: string): string[] => readdirSync(join(host.directory, 's3', folder));
  await host.cloud.call('s3', 'CreateBucket', { Bucket }, ROOT);
  await host.cloud.call('s3', 'PutObject', { Bucket, Key: 'k', Body: 'kept' }, ROOT);
  writeFileSync(join(host.directory, 's3', 'incoming', 'half'), 'x');
  writeFileSync(join(host.directory, 's3', 'objects', 'unnamed'), 'x');
  const again = createS3(host.cloud);
  expect(readFileSync(again.objects.file(Bucket, 'k')?.path ?? '', 'utf8')).toBe('kept');
  expect([...files('incoming'), ...files('objects')]).toHaveLength(1);
  await again.close?.();
});
