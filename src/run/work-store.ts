/** An object of the work bucket as it was read. The etag is what a compare-and-swap compares. */
export interface Stored {
  readonly text: string;
  readonly etag: string;
}

/**
 * The work bucket: everything a run keeps, and the only coordination there is. `create` and `replace` are S3's conditional writes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export interface WorkStore {
  read(key: string): Promise<Stored | undefined>;
  write(key: string, text: string): Promise<void>;
  /** The new etag, or undefined when there is an object under the key already. */
  create(key: string, text: string): Promise<string | undefined>;
  /** The new etag, or undefined when the object is not the one with `etag` any more. */
  replace(key: string, text: string, etag: string): Promise<string | undefined>;
  /** All keys that start with `prefix`, in order. */
  list(prefix: string): Promise<readonly string[]>;
}

/** Milliseconds since the Unix epoch, from outside. */
export type Now = () => number;
