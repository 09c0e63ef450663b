import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { held, type Cloud } from '../kernel/index.ts';
import { commitTogether, versionMember, type ArrivedObject } from './commit.ts';
import { s3Error } from './errors.ts';
import { checkKey, afterPrefix } from './names.ts';
import { metaOf, type MetaInput } from './object-meta.ts';
import type { S3 } from './s3.ts';
import type { Bucket, ObjectVersion } from './store/rows.ts';

export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Where the bucket is or was versioned. */
  readonly versionId?: string;
}

export interface ObjectFile extends ListedObject {
  /**
   * The object's bytes on disk. The file is immutable: read it, never write it. It is there as long as its version is; whoever reads it
   * for longer than one turn of the event loop holds it with {@link ObjectFiles.hold}.
   */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly contentType: string;
}

/**
 * The store's objects as files, for an engine in this process that reads and writes files itself (an embedded warehouse). No socket and
 * no copy: what is read are the store's own files, what is written is moved in. Everything else is as over the wire: versions, events,
 * errors (`NoSuchBucket`, …).
 */
export interface ObjectFiles {
  /** Current objects whose key starts with `prefix`, in UTF-8 order. All of them: there are no pages. */
  list(bucket: string, prefix: string): readonly ListedObject[];
  /** The current object, or one version of it; undefined where there is none (also where it is a delete marker). */
  file(bucket: string, key: string, versionId?: string): ObjectFile | undefined;
  /** Keeps a file in place, whatever happens to its object, until the function it answers is called. */
  hold(file: ObjectFile): () => void;
  /**
   * Makes files objects and deletes others, each as a PutObject or a DeleteObject with its version and event, and all of it at one moment:
   * whoever looks, also after a crash, sees the whole change or nothing of it. Answers the new objects.
   */
  change(bucket: string, change: ObjectsChange): Promise<readonly ListedObject[]>;
}

export interface ObjectsChange {
  readonly put: readonly FileToPut[];
  /** Keys; nothing there is not an error. What is put stays, whatever else is removed. */
  readonly remove?: readonly string[];
}

/**
 * A file to become an object. It is moved, so it must lie on the same file system (anywhere under `cloud.directory`), closed and complete.
 * It may be larger than a PutObject over the wire. `kmsKeyId` is as `SSEKMSKeyId` there; without it the bucket's default encryption holds.
 */
export interface FileToPut {
  readonly key: string;
  readonly path: string;
  readonly contentType?: string;
  readonly kmsKeyId?: string;
}

const PAGE = 1000;
const READ_BYTES = 1024 * 1024;

export function createObjectFiles(s3: S3, cloud: Cloud): ObjectFiles {
  const { store } = s3;
  return {
    list: (name, prefix) => {
      const bucket = store.bucket(name);
      const before = afterPrefix(prefix);
      const found: ListedObject[] = [];
      for (let from: string | undefined = prefix; from !== undefined;) {
        const page: readonly ObjectVersion[] = store.versions.objectsFrom(name, from, before, PAGE);
        for (const object of page) found.push(listed(bucket, object));
        const last = page.at(-1);
        from = last && page.length === PAGE ? `${last.key}\0` : undefined;
      }
      return found;
    },
    file: (name, key, versionId) => {
      const bucket = store.bucket(name);
      const version =
        versionId === undefined ? store.versions.current(name, key) : store.versions.find(name, key, versionId);
      if (!version || version.deleteMarker) return undefined;
      return {
        ...listed(bucket, version),
        path: store.files.pathOf(version.file),
        modified: version.modified,
        contentType: version.meta.ContentType,
      };
    },
    hold: (file) => store.files.hold(basename(file.path)),
    change: async (name, { put, remove = [] }) => {
      const objects: (FileToPut & Pick<ArrivedObject, 'object'>)[] = [];
      for (const file of put) {
        const { key, path, contentType, kmsKeyId } = file;
        checkKey(key);
        if (key === '') throw s3Error('InvalidURI');
        const input: MetaInput = {
          ContentType: contentType,
          ...(kmsKeyId !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }),
        };
        const meta = metaOf(s3, store.bucket(name).name, input);
        const { size } = statSync(path);
        const etag = size > LARGEST_PART_BYTES ? etagOfParts(cloud, size) : await held(cloud.clock, md5Of(path));
        objects.push({ ...file, object: { size, etag, meta, tags: [] } });
      }
      const bucket = store.bucket(name);
      const arrived = objects.map(({ key, path, object }) => ({ key, object, incoming: store.files.adopt(path) }));
      const made = commitTogether(s3, bucket, { put: arrived, remove }, 'PutObject', cloud.ids.uuid());
      return made.map((version) => listed(bucket, version));
    },
  };
}

function listed(bucket: Bucket, version: ObjectVersion): ListedObject {
  const { VersionId } = versionMember(bucket, version);
  return {
    key: version.key,
    size: version.size,
    etag: version.etag,
    ...(VersionId === undefined ? {} : { versionId: VersionId }),
  };
}

/** What AWS's own tools put in one part at most. */
const LARGEST_PART_BYTES = 16 * 1024 * 1024;

/**
 * Larger files come in parts, and what comes in parts has an ETag that says nothing of the bytes: computing one takes longer than all the rest
 * of an UNLOAD. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
function etagOfParts({ ids }: Cloud, size: number): string {
  return `${createHash('md5').update(ids.uuid()).digest('hex')}-${Math.ceil(size / LARGEST_PART_BYTES)}`;
}

async function md5Of(path: string): Promise<string> {
  const md5 = createHash('md5');
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>)
    md5.update(chunk);
  return md5.digest('hex');
}
