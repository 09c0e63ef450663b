import { Buffer } from 'node:buffer';

/** What is compressed is no Snappy, or cut short. */
class InvalidSnappy extends Error {
  override readonly name = 'InvalidSnappy';
}

/**
 * Decompresses one raw Snappy block, `largest` bytes at most.
 *
 * See https://github.com/google/snappy/blob/main/format_description.txt
 * @throws an error for a block that is none.
 */
export function unsnappy(block: Buffer, largest: number): Buffer {
  let at = 0;
  const byte = (): number => {
    const value = block[at++];
    if (value === undefined) throw new InvalidSnappy('the block is cut short');
    return value;
  };
  const littleEndian = (bytes: number): number => {
    let value = 0;
    for (let index = 0; index < bytes; index++) value += byte() * 2 ** (8 * index);
    return value;
  };

  const size = variableLength(byte);
  if (size > largest) throw new InvalidSnappy(`the block has ${size} bytes, more than ${largest}`);
  const output = Buffer.alloc(size);
  let end = 0;
  const room = (length: number): void => {
    if (end + length > size) throw new InvalidSnappy('the block is longer than it says');
  };
  const copy = (length: number, offset: number): void => {
    if (offset === 0 || offset > end) throw new InvalidSnappy('the block refers to what is not there');
    room(length);
    // Byte by byte: what is copied may reach into itself.
    for (const stop = end + length; end < stop; end++) output[end] = output[end - offset] ?? 0;
  };
  while (at < block.length) {
    const tag = byte();
    const upper = tag >> 2;
    switch (tag & 3) {
      case 0: {
        const length = (upper < LONG_LITERAL ? upper : littleEndian(upper - LONG_LITERAL + 1)) + 1;
        room(length);
        if (at + length > block.length) throw new InvalidSnappy('the block is cut short');
        block.copy(output, end, at, at + length);
        at += length;
        end += length;
        break;
      }
      case 1:
        copy((upper & 7) + 4, (tag >> 5) * 256 + byte());
        break;
      case 2:
        copy(upper + 1, littleEndian(2));
        break;
      default:
        copy(upper + 1, littleEndian(4));
    }
  }
  if (end !== size) throw new InvalidSnappy('the block is shorter than it says');
  return output;
}

/** From this number on the length of a literal stands in the bytes that follow. */
const LONG_LITERAL = 60;

function variableLength(byte: () => number): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const next = byte();
    value += (next & 0x7f) * 2 ** shift;
    if (next < 0x80) return value;
  }
  throw new InvalidSnappy('the length is too long');
}
