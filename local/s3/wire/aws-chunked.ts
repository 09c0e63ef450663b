import { s3Error } from '../errors.ts';

/** No chunk header, with its signature, and no trailer is longer. */
const LONGEST_LINE_BYTES = 4096;
const LINE_END = Buffer.from('\r\n');

type Expecting = 'size' | 'data' | 'data end' | 'trailer';

/**
 * Decodes `aws-chunked`, signed or not, with or without trailers, which are put into `trailers` (names in lower case).
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @throws AwsError `IncompleteBody` for a body that ends early or does not follow the encoding.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  let expecting: Expecting = 'size';
  let rest: Buffer = Buffer.alloc(0);
  let left = 0;
  for await (const chunk of source) {
    const arrived = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    rest = rest.length > 0 ? Buffer.concat([rest, arrived]) : arrived;
    for (;;) {
      if (expecting === 'data') {
        if (rest.length === 0) break;
        const data = rest.subarray(0, left);
        rest = rest.subarray(data.length);
        left -= data.length;
        if (left === 0) expecting = 'data end';
        yield data;
        continue;
      }
      const end = rest.indexOf(LINE_END);
      if (end < 0) {
        if (rest.length > LONGEST_LINE_BYTES) throw s3Error('IncompleteBody');
        break;
      }
      const line = rest.toString('latin1', 0, end);
      rest = rest.subarray(end + LINE_END.length);
      if (expecting === 'data end') {
        if (line !== '') throw s3Error('IncompleteBody');
        expecting = 'size';
      } else if (expecting === 'size') {
        const size = /^([0-9a-f]{1,12})(?:;|$)/i.exec(line)?.[1];
        if (size === undefined) throw s3Error('IncompleteBody');
        left = Number.parseInt(size, 16);
        expecting = left === 0 ? 'trailer' : 'data';
      } else {
        const colon = line.indexOf(':');
        if (colon > 0) trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
      }
    }
  }
  // Assigned in the loop, where the compiler does not look.
  if ((expecting as Expecting) !== 'trailer') throw s3Error('IncompleteBody');
}
