import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import type { CallContext } from '../../kernel/index.ts';
import { ALGORITHMS, checksumMembers, type Checksum } from '../checksums/algorithms.ts';
import { commitObject, versionMember } from '../commit.ts';
import { checkWrite } from '../conditions.ts';
import { checkKey } from '../names.ts';
import { encryptionMembers, META_MEMBERS, metaOf, tagsOf } from '../object-meta.ts';
import { receive, type Body } from '../receive.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';

export type PutObjectInput = Omit<PutObjectRequest, 'Body'> & { readonly Body?: Body };

export const CHECKSUM_MEMBERS = ALGORITHMS.map((algorithm) => `Checksum${algorithm}`);

const MEMBERS = ['Key', 'Body', 'IfMatch', 'IfNoneMatch', ...META_MEMBERS, ...CHECKSUM_MEMBERS];

export async function putObject(s3: S3, input: PutObjectInput, { requestId }: CallContext): Promise<PutObjectOutput> {
  accept('PutObject', input, MEMBERS);
  const { store, cloud } = s3;
  const { name } = bucketOf(s3, input);
  const key = input.Key ?? '';
  checkKey(key);
  const tags = tagsOf(input.Tagging);
  const meta = metaOf(s3, name, input);
  // Before the body, to spare the client a long upload, and again when it is there: only the second one counts.
  checkWrite(input, store.versions.current(name, key), key);
  const { Body: body, ContentMD5, ChecksumAlgorithm, ...rest } = input;
  const received = await receive(store.files, cloud.clock, {
    ...rest,
    ...(body === undefined ? {} : { Body: body }),
    ...(ContentMD5 === undefined ? {} : { ContentMD5 }),
    ...(ChecksumAlgorithm === undefined ? {} : { ChecksumAlgorithm }),
  });
  try {
    const bucket = store.bucket(name);
    checkWrite(input, store.versions.current(name, key), key);
    const checksum: Checksum | undefined = received.checksum && { ...received.checksum, type: 'FULL_OBJECT' };
    const version = commitObject(
      s3,
      bucket,
      key,
      received.incoming,
      {
        size: received.size,
        etag: received.md5.toString('hex'),
        meta: { ...meta, ...(checksum ? { checksum } : {}) },
        tags,
      },
      'PutObject',
      requestId,
    );
    return {
      ETag: `"${version.etag}"`,
      ...versionMember(bucket, version),
      ...encryptionMembers(meta),
      ...checksumMembers(checksum),
    };
  } catch (error) {
    received.incoming.discard();
    throw error;
  }
}
