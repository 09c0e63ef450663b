import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ManifestTooLarge } from '../errors/errors.ts';
import { MANIFEST_LIMITS } from '../manifest/limits.ts';
import type { Inbox } from '../run/open-run.ts';
import type { FoundFile } from '../run/stragglers.ts';
import type { WorkStore } from '../run/work-store.ts';
import { call, errorName, httpStatus } from './call.ts';

function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound', 'NoSuchVersion'].includes(errorName(error)) || httpStatus(error) === 404;
}

function preconditionFailed(error: unknown): boolean {
  return errorName(error) === 'PreconditionFailed' || httpStatus(error) === 412;
}

async function orUndefined<T>(when: (error: unknown) => boolean, send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (when(error)) return undefined;
    throw error;
  }
}

const contentType = (key: string): string =>
  key.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';

/** The work bucket. */
export function s3WorkStore(s3: S3Client, bucket: string): WorkStore {
  const put = (key: string, text: string, condition: { IfMatch?: string; IfNoneMatch?: string }) =>
    s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType(key), ...condition }),
    );
  const conditional = (key: string, text: string, condition: { IfMatch?: string; IfNoneMatch?: string }) =>
    call(`s3:PutObject ${key}`, () =>
      // If-Match on an object that is gone answers 404: it is not the one with that etag any more.
      orUndefined(
        (error) => preconditionFailed(error) || (condition.IfMatch !== undefined && isMissing(error)),
        async () => (await put(key, text, condition)).ETag ?? '',
      ),
    );
  return {
    read: (key) =>
      call(`s3:GetObject ${key}`, () =>
        orUndefined(isMissing, async () => {
          const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          return { text: (await answer.Body?.transformToString()) ?? '', etag: answer.ETag ?? '' };
        }),
      ),
    write: async (key, text) => {
      await call(`s3:PutObject ${key}`, () => put(key, text, {}));
    },
    create: (key, text) => conditional(key, text, { IfNoneMatch: '*' }),
    replace: (key, text, etag) => conditional(key, text, { IfMatch: etag }),
    list: (prefix) => call(`s3:ListObjectsV2 ${prefix}`, () => listKeys(s3, bucket, prefix)),
  };
}

async function listKeys(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token ? { ContinuationToken: token } : {}) }),
    );
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

/** What S3 answers for the version of an object in a bucket that keeps none. */
const NO_VERSION = 'null';

function look(s3: S3Client, bucket: string, key: string): Promise<FoundFile | undefined> {
  return call(`s3:HeadObject ${key}`, () =>
    orUndefined(isMissing, async () => {
      const { ETag, ContentLength, VersionId } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return {
        etag: ETag ?? '',
        bytes: ContentLength ?? 0,
        ...(VersionId === undefined || VersionId === NO_VERSION ? {} : { versionId: VersionId }),
      };
    }),
  );
}

/** The inbox. The buckets of a run's files come from its event, so the port takes them with each call. */
export function s3Inbox(s3: S3Client): Inbox {
  return {
    look: (bucket, key) => look(s3, bucket, key),
    readManifest: async (bucket, key, version) => {
      // An etag is quoted; a version id never is.
      const pinned = version.startsWith('"') ? { IfMatch: version } : { VersionId: version };
      const read = async (): Promise<string | 'changed'> => {
        const changed = await orUndefined(preconditionFailed, async () => {
          const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...pinned }));
          const bytes = answer.ContentLength ?? 0;
          if (bytes > MANIFEST_LIMITS.bytes) {
            (answer.Body as { destroy?: () => void } | undefined)?.destroy?.();
            throw new ManifestTooLarge(
              `The manifest has ${bytes} bytes; a manifest may have ${MANIFEST_LIMITS.bytes}.`,
              { where: { file: key } },
            );
          }
          return (await answer.Body?.transformToString()) ?? '';
        });
        return changed ?? 'changed';
      };
      return (await call(`s3:GetObject ${key}`, () => orUndefined(isMissing, read))) ?? 'missing';
    },
  };
}

/** A result as it lies in the results bucket. */
export interface ResultFile {
  readonly key: string;
  readonly bytes: number;
}

/** The results bucket. */
export interface ResultsBucket {
  list(prefix: string): Promise<readonly ResultFile[]>;
  write(key: string, text: string): Promise<void>;
  /** Copies within the bucket, then deletes the source. A source that is gone while the target is there was moved before. */
  move(from: string, to: string): Promise<void>;
}

export function s3Results(s3: S3Client, bucket: string): ResultsBucket {
  return {
    list: (prefix) =>
      call(`s3:ListObjectsV2 ${prefix}`, async () => {
        const files: ResultFile[] = [];
        let token: string | undefined;
        do {
          const page = await s3.send(
            new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token ? { ContinuationToken: token } : {}) }),
          );
          for (const { Key, Size } of page.Contents ?? [])
            if (Key !== undefined) files.push({ key: Key, bytes: Size ?? 0 });
          token = page.NextContinuationToken;
        } while (token !== undefined);
        return files;
      }),
    write: async (key, text) => {
      await call(`s3:PutObject ${key}`, () =>
        s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType(key) })),
      );
    },
    move: async (from, to) => {
      const source = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
      await call(`s3:CopyObject ${to}`, () =>
        orUndefined(isMissing, () => s3.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source }))),
      );
      await call(`s3:DeleteObject ${from}`, () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: from })));
    },
  };
}
