import { Buffer } from 'node:buffer';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectFiles } from '../../local/redshift/load/index.ts';

/** A store of objects in a folder: enough for COPY and UNLOAD without the services around them. */
export interface FolderObjects extends ObjectFiles {
  readonly keys: () => readonly string[];
  readonly put: (key: string, content: string | Buffer) => void;
  readonly bytes: (key: string) => Buffer;
  readonly text: (key: string) => string;
  readonly clear: () => void;
}

/** One bucket, `bucket`, of files named by the hexadecimal of their keys. */
export function folderObjects(directory: string): FolderObjects {
  mkdirSync(directory, { recursive: true });
  const paths = new Map<string, string>();
  let taken = 0;
  const take = (key: string, path: string): void => {
    const kept = join(directory, `${taken++}-${Buffer.from(key).toString('hex').slice(0, 100)}`);
    renameSync(path, kept);
    paths.set(key, kept);
  };
  const inBucket = (bucket: string): void => {
    if (bucket !== 'bucket')
      throw Object.assign(new Error('The specified bucket does not exist'), { code: 'NoSuchBucket' });
  };
  const keys = (): readonly string[] => [...paths.keys()].sort();
  const pathOf = (key: string): string => {
    const path = paths.get(key);
    if (path === undefined) throw new Error(`no object ${key}: ${keys().join(', ')}`);
    return path;
  };
  return {
    keys,
    put: (key, content) => {
      const path = join(directory, 'new');
      writeFileSync(path, content);
      take(key, path);
    },
    bytes: (key) => readFileSync(pathOf(key)),
    text: (key) => readFileSync(pathOf(key), 'utf8'),
    clear: () => paths.clear(),
    list: (bucket, prefix) => {
      inBucket(bucket);
      return keys()
        .filter((key) => key.startsWith(prefix))
        .map((key) => ({ key, size: statSync(paths.get(key) ?? '').size }));
    },
    file: (bucket, key) => {
      inBucket(bucket);
      const path = paths.get(key);
      return path === undefined ? undefined : { key, path, size: statSync(path).size };
    },
    hold: () => () => undefined,
    change: async (bucket, { put, remove }) => {
      inBucket(bucket);
      for (const key of remove) paths.delete(key);
      for (const { key, path } of put) take(key, path);
    },
  };
}
