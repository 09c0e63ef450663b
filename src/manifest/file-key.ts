import { MANIFEST_LIMITS } from './limits.ts';

/** Names that exist only while DistCp or `hadoop fs -put` copies a file; afterwards the file has another name. */
const UNDER_WAY = /(^|\/)\.distcp\.tmp\.|\._COPYING_$/;

/** Why a key cannot be that of a data file, and what to do; undefined when it can. Keys are relative to the manifest's folder. */
export function fileKeyProblem(key: string): { readonly why: string; readonly do: string } | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(key))
    return {
      why: 'Files are named relative to the manifest, not by a URL',
      do: 'Write the path from the folder of the manifest',
    };
  if (key.startsWith('/'))
    return { why: 'Files are named relative to the manifest', do: 'Remove the slash at the start' };
  if (key.endsWith('/'))
    return { why: 'This is a folder, and files are listed one by one', do: 'List the files in it' };
  if (key.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return {
      why: "The parts of a path cannot be empty, '.' or '..'",
      do: 'Write the plain path below the folder of the manifest',
    };
  if (!key.isWellFormed() || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(key))
    return { why: 'It holds a line break or another character that no file name here has', do: 'Rename the file' };
  if (Buffer.byteLength(key) > MANIFEST_LIMITS.keyBytes)
    return { why: `A key in S3 has at most ${MANIFEST_LIMITS.keyBytes} bytes`, do: 'Shorten the path' };
  if (UNDER_WAY.test(key))
    return { why: 'A file has this name only while it is being copied', do: 'Write the name it has afterwards' };
  return undefined;
}
