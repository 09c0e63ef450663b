/** Objects, as far as naming a result needs them. */
export interface ResultFiles {
  list(bucket: string, prefix: string): Promise<readonly { readonly key: string; readonly bytes: number }[]>;
  /** Copies within the bucket, then deletes the source. */
  move(bucket: string, from: string, to: string): Promise<void>;
}

/** CopyObject takes objects up to 5 GB. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const LARGEST_COPY_BYTES = 5 * 1024 ** 3;

/**
 * UNLOAD names its only file `<name>000.csv`; people look for `<name>.csv`. Several parts, or one that is too large to copy, keep their names.
 * Doing it twice is harmless.
 */
export async function nameSingleResult(results: ResultFiles, unloadTo: string): Promise<void> {
  const [, , bucket = '', ...path] = unloadTo.split('/');
  const prefix = path.join('/');
  const parts = (await results.list(bucket, prefix)).filter(({ key }) =>
    /^\d+(_part_\d+)?\.csv/.test(key.slice(prefix.length)),
  );
  const [only] = parts;
  if (parts.length !== 1 || !only || only.bytes > LARGEST_COPY_BYTES) return;
  await results.move(bucket, only.key, `${prefix}${only.key.slice(prefix.length).replace(/^\d+(_part_\d+)?/, '')}`);
}
