import { crc32 as zlibCrc32 } from 'node:zlib';

/** A running digest over bytes. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** The digest of everything so far, most significant byte first. */
  digest(): Buffer;
}

/** Reversed polynomials, as S3 names its checksums. */
const CRC32_POLYNOMIAL = 0xedb88320n;
const CRC32C_POLYNOMIAL = 0x82f63b78n;
const CRC64NVME_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;

export function crc32(): Digest {
  let value = 0;
  return {
    update: (bytes) => {
      value = zlibCrc32(bytes, value);
    },
    digest: () => word(value),
  };
}

export function crc32c(): Digest {
  const table = (crc32cTable ??= Uint32Array.from(byteTable(CRC32C_POLYNOMIAL), Number));
  let value = 0xffffffff;
  return {
    update: (bytes) => {
      // An index, not an iterator: twice as fast.
      for (let at = 0; at < bytes.length; at++) value = (value >>> 8) ^ (table[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
    },
    digest: () => word(~value),
  };
}

let crc32cTable: Uint32Array | undefined;

export function crc64nvme(): Digest {
  const { high: highTable, low: lowTable } = (crc64Tables ??= splitTable());
  // A 64-bit register as two 32-bit halves: BigInt would be forty times slower.
  let high = -1;
  let low = -1;
  return {
    update: (bytes) => {
      let h = high;
      let l = low;
      for (let at = 0; at < bytes.length; at++) {
        const entry = (l ^ (bytes[at] ?? 0)) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ (lowTable[entry] ?? 0);
        h = (h >>> 8) ^ (highTable[entry] ?? 0);
      }
      high = h;
      low = l;
    },
    digest: () => Buffer.concat([word(~high), word(~low)]),
  };
}

let crc64Tables: { readonly high: Int32Array; readonly low: Int32Array } | undefined;

function splitTable(): { readonly high: Int32Array; readonly low: Int32Array } {
  const table = byteTable(CRC64NVME_POLYNOMIAL);
  return {
    high: Int32Array.from(table, (entry) => Number(BigInt.asIntN(32, entry >> 32n))),
    low: Int32Array.from(table, (entry) => Number(BigInt.asIntN(32, entry))),
  };
}

function byteTable(polynomial: bigint): readonly bigint[] {
  return Array.from({ length: 256 }, (_, byte) => {
    let entry = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) entry = entry & 1n ? (entry >> 1n) ^ polynomial : entry >> 1n;
    return entry;
  });
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Joins two CRCs: the CRC of `a` followed by `b`, from theirs and the length of `b`. */
export type Combine = (a: Buffer, b: Buffer, lengthOfB: number) => Buffer;

/**
 * The CRC of a whole multipart object from the CRCs of its parts, without reading them again. Appending zero bytes is a linear
 * map over GF(2); the map for a length is kept, because nearly all parts of an upload have the same length.
 */
function combiner(polynomial: bigint, width: 32 | 64): Combine {
  const maps = new Map<number, readonly bigint[]>();
  const zeroBit = [polynomial, ...Array.from({ length: width - 1 }, (_, at) => 1n << BigInt(at))];
  return (a, b, lengthOfB) => {
    let map = maps.get(lengthOfB);
    if (!map) {
      maps.clear();
      maps.set(lengthOfB, (map = zeroBytes(zeroBit, lengthOfB)));
    }
    const combined = apply(map, toBigInt(a)) ^ toBigInt(b);
    return Buffer.from(combined.toString(16).padStart(width / 4, '0'), 'hex');
  };
}

function zeroBytes(zeroBit: readonly bigint[], length: number): readonly bigint[] {
  let power = zeroBit;
  for (let bits = 1; bits < 8; bits *= 2) power = square(power);
  let map = zeroBit.map((_, at) => 1n << BigInt(at));
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) map = map.map((column) => apply(power, column));
    power = square(power);
  }
  return map;
}

const square = (map: readonly bigint[]): readonly bigint[] => map.map((column) => apply(map, column));

function apply(map: readonly bigint[], vector: bigint): bigint {
  let sum = 0n;
  for (let at = 0, rest = vector; rest > 0n; at++, rest >>= 1n) if (rest & 1n) sum ^= map[at] ?? 0n;
  return sum;
}

const toBigInt = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

export const combineCrc32 = combiner(CRC32_POLYNOMIAL, 32);
export const combineCrc32c = combiner(CRC32C_POLYNOMIAL, 32);
export const combineCrc64nvme = combiner(CRC64NVME_POLYNOMIAL, 64);
