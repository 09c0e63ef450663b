import { inUtf8Order } from '../../kernel/utf8-order.ts';
import type { Journal } from './journal.ts';
import type { Bucket, Version } from './rows.ts';
import type { Versions } from './versions.ts';

/** A bucket's versions by key, newest first; and its keys in order, until one comes or goes. */
interface Shelf {
  readonly versions: Map<string, readonly Version[]>;
  keys: readonly string[] | undefined;
}

/** The index of objects, gone with the process: the same answers as the one on disk. */
export function memoryVersions(journal: Journal, newVersionId: () => string, now: () => number): Versions {
  const shelves = new Map<string, Shelf>();
  let sequence = 0;

  const shelfOf = (bucket: string): Shelf => {
    let shelf = shelves.get(bucket);
    if (!shelf) shelves.set(bucket, (shelf = { versions: new Map(), keys: undefined }));
    return shelf;
  };
  const all = (bucket: string, key: string): readonly Version[] => shelves.get(bucket)?.versions.get(key) ?? [];
  const set = (bucket: string, key: string, versions: readonly Version[]): void => {
    const shelf = shelfOf(bucket);
    const before = all(bucket, key);
    journal.note(() => set(bucket, key, before));
    if (versions.length === 0) shelf.versions.delete(key);
    else {
      if (shelf.versions.has(key)) return void shelf.versions.set(key, versions);
      shelf.versions.set(key, versions);
    }
    shelf.keys = undefined;
  };
  /** Keys with `from <= key < before`. */
  const keysBetween = (bucket: string, from: string, before: string | undefined): readonly string[] => {
    const shelf = shelfOf(bucket);
    const keys = (shelf.keys ??= [...shelf.versions.keys()].sort(inUtf8Order));
    return keys.slice(firstAt(keys, from), before === undefined ? undefined : firstAt(keys, before));
  };
  const fileOf = (version: Version | undefined): readonly string[] =>
    version && !version.deleteMarker ? [version.file] : [];

  /** Puts a version before the others of its key. Only the null version is ever replaced. */
  const add = <V extends Version>(bucket: Bucket, version: V): { result: V; orphans: readonly string[] } => {
    const before = all(bucket.name, version.key);
    const replaced = version.versionId === 'null' ? before.find(({ versionId }) => versionId === 'null') : undefined;
    const kept = before.filter((other) => other !== replaced).map((other) => ({ ...other, latest: false }));
    set(bucket.name, version.key, [version, ...kept]);
    return { result: version, orphans: fileOf(replaced) };
  };
  const identity = (bucket: Bucket, key: string) => ({
    bucket: bucket.name,
    key,
    versionId: bucket.versioning === 'Enabled' ? newVersionId() : 'null',
    sequence: ++sequence,
    latest: true,
    modified: now(),
  });
  const remove = (bucket: string, key: string, id: string): Version | undefined => {
    const versions = all(bucket, key);
    const removed = versions.find(({ versionId }) => versionId === id);
    if (!removed) return undefined;
    const left = versions.filter((version) => version !== removed);
    set(
      bucket,
      key,
      left.map((version, at) => ({ ...version, latest: at === 0 })),
    );
    return removed;
  };

  return {
    current: (bucket, key) => all(bucket, key)[0],
    find: (bucket, key, id) => all(bucket, key).find(({ versionId }) => versionId === id),
    put: (bucket, key, object) => add(bucket, { ...identity(bucket, key), deleteMarker: false, ...object }),
    deleteCurrent: (bucket, key) => {
      if (bucket.versioning !== undefined) return add(bucket, { ...identity(bucket, key), deleteMarker: true });
      return { result: undefined, orphans: fileOf(remove(bucket.name, key, 'null')) };
    },
    deleteVersion: (bucket, key, id) => {
      const removed = remove(bucket, key, id);
      return { result: removed, orphans: fileOf(removed) };
    },
    setTags: ({ bucket, key, sequence: at }, tags) =>
      set(
        bucket,
        key,
        all(bucket, key).map((version) => (version.sequence === at ? { ...version, tags } : version)),
      ),
    isEmpty: (bucket) => (shelves.get(bucket)?.versions.size ?? 0) === 0,
    objectsFrom: (bucket, from, before, limit) =>
      keysBetween(bucket, from, before)
        .flatMap((key) => {
          const [version] = all(bucket, key);
          return version && !version.deleteMarker ? [version] : [];
        })
        .slice(0, limit),
    versionsFrom: (bucket, from, olderThan, before, limit) =>
      keysBetween(bucket, from, before)
        .flatMap((key) =>
          all(bucket, key).filter(
            (version) => key !== from || version.sequence < (olderThan ?? Number.MAX_SAFE_INTEGER),
          ),
        )
        .slice(0, limit),
    files: () => [...shelves.values()].flatMap(({ versions }) => [...versions.values()].flat().flatMap(fileOf)),
  };
}

/** Where `key` stands, or would. */
function firstAt(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (inUtf8Order(keys[middle] ?? '', key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
