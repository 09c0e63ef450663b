import { inUtf8Order } from '../../kernel/utf8-order.ts';
import type { Buckets } from './buckets.ts';
import type { Journal } from './journal.ts';
import type { Bucket, Part, Upload } from './rows.ts';
import type { Uploads } from './uploads.ts';

/** Buckets that are gone with the process. */
export function memoryBuckets(): Buckets {
  const buckets = new Map<string, Bucket>();
  const subresources = new Map<string, Map<string, string>>();
  const change = (name: string, to: Partial<Bucket>): void => {
    const bucket = buckets.get(name);
    if (bucket) buckets.set(name, { ...bucket, ...to });
  };
  return {
    get: (name) => buckets.get(name),
    list: () => [...buckets.values()].sort((a, b) => inUtf8Order(a.name, b.name)),
    create: (name, created) => void buckets.set(name, { name, created, versioning: undefined, eventBridge: false }),
    delete: (name) => {
      buckets.delete(name);
      subresources.delete(name);
    },
    setVersioning: (name, versioning) => change(name, { versioning }),
    setEventBridge: (name, eventBridge) => change(name, { eventBridge }),
    subresource: <T>(bucket: string, name: string) => {
      const body = subresources.get(bucket)?.get(name);
      return body === undefined ? undefined : (JSON.parse(body) as T);
    },
    setSubresource: (bucket, name, body) => {
      const all = subresources.get(bucket) ?? new Map<string, string>();
      subresources.set(bucket, all.set(name, JSON.stringify(body)));
    },
    deleteSubresource: (bucket, name) => void subresources.get(bucket)?.delete(name),
  };
}

/** Uploads that are gone with the process. */
export function memoryUploads(journal: Journal): Uploads {
  const uploads = new Map<string, { readonly upload: Upload; readonly parts: Map<number, Part> }>();
  const filesOf = (parts: ReadonlyMap<number, Part> | undefined): readonly string[] =>
    [...(parts?.values() ?? [])].map(({ file }) => file);
  return {
    get: (id) => uploads.get(id)?.upload,
    create: (upload) => void uploads.set(upload.id, { upload, parts: new Map() }),
    delete: (id) => {
      const deleted = uploads.get(id);
      if (deleted) journal.note(() => uploads.set(id, deleted));
      uploads.delete(id);
      return filesOf(deleted?.parts);
    },
    list: (bucket) =>
      [...uploads.values()]
        .flatMap(({ upload }) => (upload.bucket === bucket ? [upload] : []))
        .sort((a, b) => inUtf8Order(a.key, b.key) || a.initiated - b.initiated || inUtf8Order(a.id, b.id)),
    parts: (id) => [...(uploads.get(id)?.parts.values() ?? [])].sort((a, b) => a.number - b.number),
    putPart: (id, part) => {
      const parts = uploads.get(id)?.parts;
      const replaced = parts?.get(part.number)?.file;
      parts?.set(part.number, part);
      return replaced;
    },
    files: () => [...uploads.values()].flatMap(({ parts }) => filesOf(parts)),
  };
}
