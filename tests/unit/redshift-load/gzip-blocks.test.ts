import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';
import { gzipBlocks } from '../../../local/redshift/load/gzip-blocks.ts';

async function* each(blocks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* blocks;
}

async function gzipped(blocks: readonly Buffer[]): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(gzipBlocks(each(blocks))));
}

test.each([
  ['nothing', []],
  ['an empty block', [Buffer.alloc(0)]],
  ['one block', [Buffer.from('id|name\n1|é\n')]],
  [
    'more blocks than are compressed at a time',
    Array.from({ length: 9 }, (_each, at) => Buffer.alloc(70_000 + at, at)),
  ],
])('%s is one gzip member, its blocks in their order', async (_what, blocks) => {
  const whole = Buffer.concat(blocks);
  const file = await gzipped(blocks);
  expect(gunzipSync(file).equals(whole)).toBe(true);
  // One stream of deflate between header and trailer: readers that stop after the first member read all of it.
  expect(inflateRawSync(file.subarray(10, -8)).equals(whole)).toBe(true);
  expect(file.readUInt32LE(file.length - 8)).toBe(crc32(whole));
  expect(file.readUInt32LE(file.length - 4)).toBe(whole.length);
});

test('what goes wrong while blocks are read is told, and those under way are left', async () => {
  const broken = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.alloc(100_000);
    throw new Error('cannot be read');
  };
  await expect(Array.fromAsync(gzipBlocks(broken()))).rejects.toThrow('cannot be read');
});
