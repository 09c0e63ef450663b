import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ManifestTooLarge } from '../errors/errors.ts';
import { MANIFEST_LIMITS } from '../manifest/limits.ts';
import type { Inbox } from '../run/open-run.ts';
import type { FoundFile } from '../run/stragglers.ts';
import type { ResultFile, ResultsBucket } from '../notify/end-files.ts';
import type { WorkStore } from '../run/work-store.ts';
import type { ResultFiles } from '../statement/result-name.ts';
import { call, errorName, httpStatus } from './call.ts';
import { type ClientSettings, connectTo, type Sender } from './clients.ts';

export type S3 = Sender<S3Client>;

export function s3Client(settings: ClientSettings): S3 {
  return connectTo('s3', S3Client, settings);
}

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

const TYPES: Readonly<Record<string, string>> = { html: 'text/html', sql: 'text/plain', json: 'application/json' };

const contentType = (key: string): string =>
  `${TYPES[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/json'}; charset=utf-8`;

type Condition = { readonly IfMatch: string } | { readonly IfNoneMatch: '*' };

const put = (s3: S3, bucket: string, key: string, text: string, condition?: Condition) =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType(key), ...condition }));

/** Conflicts that one write meets before whoever asked for it is told to come again. */
const MOST_CONFLICTS = 3;

/**
 * The etag of what was written; undefined when the condition is not met. If-Match asks for s3:GetObject, too. While another write of the key is
 * under way S3 answers 409, of which the SDK does not know that it asks for the same write again.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
function putIf(s3: S3, bucket: string, key: string, text: string, condition: Condition): Promise<string | undefined> {
  const write = async (conflicts: number): Promise<string> => {
    try {
      return (await put(s3, bucket, key, text, condition)).ETag ?? '';
    } catch (error) {
      if (errorName(error) !== 'ConditionalRequestConflict' || conflicts >= MOST_CONFLICTS) throw error;
      return write(conflicts + 1);
    }
  };
  return call(`s3:PutObject ${key}`, () =>
    // If-Match on an object that is gone answers 404: it is not the one with that etag any more.
    orUndefined(
      (error) => preconditionFailed(error) || ('IfMatch' in condition && isMissing(error)),
      () => write(0),
    ),
  );
}

/** The work bucket. */
export function s3WorkStore(s3: S3, bucket: string): WorkStore {
  return {
    read: (key) =>
      call(`s3:GetObject ${key}`, () =>
        orUndefined(isMissing, async () => {
          const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          return { text: (await answer.Body?.transformToString()) ?? '', etag: answer.ETag ?? '' };
        }),
      ),
    write: async (key, text) => {
      await call(`s3:PutObject ${key}`, () => put(s3, bucket, key, text));
    },
    create: (key, text) => putIf(s3, bucket, key, text, { IfNoneMatch: '*' }),
    replace: (key, text, etag) => putIf(s3, bucket, key, text, { IfMatch: etag }),
    list: (prefix) =>
      call(`s3:ListObjectsV2 ${prefix}`, async () => (await listFiles(s3, bucket, prefix)).map(({ key }) => key)),
  };
}

/** What only who forgets something of the work bucket may do. Removing what is gone is no failure. */
export function s3Removing(s3: S3, bucket: string): { readonly remove: (key: string) => Promise<void> } {
  return {
    remove: async (key) => {
      await call(`s3:DeleteObject ${key}`, () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
    },
  };
}

/** What S3 answers for the version of an object in a bucket that keeps none. */
const NO_VERSION = 'null';

function look(s3: S3, bucket: string, key: string): Promise<FoundFile | undefined> {
  return call(`s3:HeadObject ${key}`, () =>
    orUndefined(isMissing, async () => {
      const { ETag, ContentLength, VersionId, LastModified } = await s3.send(
        new HeadObjectCommand({ Bucket: bucket, Key: key }),
      );
      return {
        etag: ETag ?? '',
        bytes: ContentLength ?? 0,
        ...(LastModified === undefined ? {} : { arrivedAt: LastModified.getTime() }),
        ...(VersionId === undefined || VersionId === NO_VERSION ? {} : { versionId: VersionId }),
      };
    }),
  );
}

/** The inbox. The buckets of a run's files come from its event, so the port takes them with each call. */
export function s3Inbox(s3: S3): Inbox {
  return {
    look: (bucket, key) => look(s3, bucket, key),
    readManifest: (bucket, key, version) =>
      call(`s3:GetObject ${key}`, async () => {
        try {
          return { text: await readPinned(s3, bucket, key, version) };
        } catch (error) {
          if (preconditionFailed(error)) return 'changed';
          if (isMissing(error)) return 'missing';
          throw error;
        }
      }),
  };
}

async function readPinned(s3: S3, bucket: string, key: string, version: string): Promise<string> {
  // An etag is quoted; a version id never is.
  const pinned = version.startsWith('"') ? { IfMatch: version } : { VersionId: version };
  const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...pinned }));
  if (ContentLength > MANIFEST_LIMITS.bytes) {
    (Body as { destroy?: () => void } | undefined)?.destroy?.();
    throw new ManifestTooLarge(
      `The manifest has ${ContentLength} bytes; a manifest may have ${MANIFEST_LIMITS.bytes}.`,
      {
        where: { file: key },
      },
    );
  }
  return (await Body?.transformToString()) ?? '';
}

async function listFiles(s3: S3, bucket: string, prefix: string): Promise<ResultFile[]> {
  const files: ResultFile[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token ? { ContinuationToken: token } : {}) }),
    );
    for (const { Key, Size, ETag } of page.Contents ?? [])
      if (Key !== undefined) files.push({ key: Key, bytes: Size ?? 0, etag: ETag ?? '' });
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return files;
}

/** The results bucket, for who writes the report. */
export function s3Results(s3: S3, bucket: string): ResultsBucket {
  return {
    list: (prefix) => call(`s3:ListObjectsV2 ${prefix}`, () => listFiles(s3, bucket, prefix)),
    write: async (key, text) => {
      await call(`s3:PutObject ${key}`, () => put(s3, bucket, key, text));
    },
    swap: async (key, text, etag) =>
      (await putIf(s3, bucket, key, text, etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag })) !== undefined,
  };
}

/** Files an UNLOAD has written, wherever its statement put them. */
export function s3ResultFiles(s3: S3): ResultFiles {
  return {
    list: (bucket, prefix) => call(`s3:ListObjectsV2 ${prefix}`, () => listFiles(s3, bucket, prefix)),
    move: async (bucket, from, to) => {
      const source = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
      await call(`s3:CopyObject ${to}`, () =>
        // A source that is gone was moved before.
        orUndefined(isMissing, () => s3.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source }))),
      );
      await call(`s3:DeleteObject ${from}`, () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: from })));
    },
  };
}
