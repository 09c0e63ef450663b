import type { Buffer } from 'node:buffer';
import { crc32, inflateRaw } from 'node:zlib';
import { unsnappy } from './snappy.ts';

type Decompressed = (error: Error | null, block?: Buffer) => void;

/** https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-avro */
const LARGEST_BLOCK_BYTES = 4 * 1024 * 1024;

/** The codecs COPY reads, by the name the file's header has for them. */
export const AVRO_CODECS: Readonly<Record<string, (block: Buffer, done: Decompressed) => void>> = {
  null: (block, done) =>
    block.length > LARGEST_BLOCK_BYTES ? done(new RangeError('a data block is larger than 4 MB')) : done(null, block),
  deflate: (block, done) => inflateRaw(block, { maxOutputLength: LARGEST_BLOCK_BYTES }, done),
  snappy: (block, done) => {
    try {
      done(null, checkedSnappy(block));
    } catch (error) {
      done(error as Error);
    }
  },
};

const CHECKSUM_BYTES = 4;

/** A block of Avro's: raw Snappy, and the checksum of what is in it. https://avro.apache.org/docs/1.11.1/specification/#snappy */
function checkedSnappy(block: Buffer): Buffer {
  const end = block.length - CHECKSUM_BYTES;
  if (end < 0) throw new RangeError('a data block is cut short');
  const content = unsnappy(block.subarray(0, end), LARGEST_BLOCK_BYTES);
  if (crc32(content) !== block.readUInt32BE(end)) throw new RangeError('the checksum of a data block is wrong');
  return content;
}
