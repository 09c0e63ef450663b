import { readFileSync, writeFileSync } from 'node:fs';
import type { Ids } from '../../kernel/index.ts';
import type { DataFiles, Incoming } from './data-files.ts';

/**
 * Bytes that are written at once stay in memory and become a file when somebody asks for its path; what is streamed, joined or adopted
 * is a file from the start.
 */
export function memoryFiles(disk: DataFiles, ids: Ids): DataFiles {
  const held = new Map<string, Uint8Array>();
  const onDisk = new Set<string>();

  const pathOf = (file: string): string => {
    const path = disk.pathOf(file);
    const bytes = held.get(file);
    if (bytes && !onDisk.has(file)) {
      writeFileSync(path, bytes);
      onDisk.add(file);
    }
    return path;
  };
  const arrived = (bytes: Uint8Array): Incoming => {
    const file = ids.uuid();
    return {
      keep: () => {
        held.set(file, bytes);
        return file;
      },
      discard: () => undefined,
    };
  };
  return {
    ...disk,
    pathOf,
    read: (file) => held.get(file) ?? readFileSync(disk.pathOf(file)),
    write: (bytes) => arrived(Buffer.concat(bytes)),
    link: (file) => {
      const bytes = held.get(file);
      return bytes ? arrived(bytes) : disk.link(file);
    },
    join: (parts) => {
      for (const { file } of parts) pathOf(file);
      return disk.join(parts);
    },
    remove: (file) => {
      const mine = held.delete(file);
      if (!mine || onDisk.delete(file)) disk.remove(file);
    },
    // Who holds a file reads it by its path.
    hold: (file) => {
      pathOf(file);
      return disk.hold(file);
    },
  };
}
