import * as fc from 'fast-check';
import { decodeAwsChunked } from '../../../local/s3/wire/aws-chunked.ts';

async function decode(
  pieces: readonly Buffer[],
): Promise<{ readonly body: Buffer; readonly trailers: Map<string, string> }> {
  const trailers = new Map<string, string>();
  // oxlint-disable-next-line typescript/require-await -- an async iterable of what is there already
  async function* source(): AsyncGenerator<Buffer> {
    yield* pieces;
  }
  const body = Buffer.concat(await Array.fromAsync(decodeAwsChunked(source(), trailers)));
  return { body, trailers };
}

/** The same bytes, cut at the given places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const edges = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, at) => bytes.subarray(edges[at], edge));
}

test('a body comes out as it went in, however the network cuts it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })),
      fc.array(fc.nat()),
      fc.boolean(),
      async (chunks, places, signed) => {
        const header = (size: number): string =>
          `${size.toString(16)}${signed ? `;chunk-signature=${'0'.repeat(64)}` : ''}\r\n`;
        const wire = Buffer.concat([
          ...chunks.flatMap((chunk) => [Buffer.from(header(chunk.length)), chunk, Buffer.from('\r\n')]),
          Buffer.from(`${header(0)}x-amz-checksum-crc32:AAAAAA==\r\n\r\n`),
        ]);
        const { body, trailers } = await decode(cut(wire, places));
        expect(Buffer.compare(body, Buffer.concat(chunks))).toBe(0);
        expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']]);
      },
    ),
  );
});

test.each(['', '5\r\nhel', '5\r\nhello', '5\r\nhello\r\n', 'zz\r\n', '5\r\nhelloX\r\n0\r\n\r\n', 'a'.repeat(5000)])(
  '%j is an incomplete body',
  async (wire) => {
    await expect(decode([Buffer.from(wire)])).rejects.toMatchObject({ code: 'IncompleteBody' });
  },
);
