import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/**
 * The ETags S3 may give a file's content, depending on how it came: MD5 of the whole for one request (also of a copy of up to 5 GB), and for
 * parts MD5 of the parts' MD5s with their number. Holds for SSE-S3, which the inbox has; anything else looks like other content.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
export async function contentTags(path: string, partSizes: readonly number[]): Promise<ReadonlySet<string>> {
  const whole = createHash('md5');
  const inParts = partSizes.map((size) => new PartsHash(size));
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    whole.update(chunk);
    for (const parts of inParts) parts.update(chunk);
  }
  return new Set([whole.digest('hex'), ...inParts.map((parts) => parts.tag())]);
}

class PartsHash {
  readonly #size: number;
  readonly #parts: Buffer[] = [];
  #part: Hash = createHash('md5');
  #filled = 0;

  constructor(size: number) {
    this.#size = size;
  }

  update(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const end = Math.min(chunk.length, at + this.#size - this.#filled);
      this.#part.update(chunk.subarray(at, end));
      this.#filled += end - at;
      at = end;
      if (this.#filled === this.#size) this.#endPart();
    }
  }

  tag(): string {
    if (this.#filled > 0) this.#endPart();
    return `${createHash('md5').update(Buffer.concat(this.#parts)).digest('hex')}-${this.#parts.length}`;
  }

  #endPart(): void {
    this.#parts.push(this.#part.digest());
    this.#part = createHash('md5');
    this.#filled = 0;
  }
}
