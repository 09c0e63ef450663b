import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { unsnappy } from '../../../local/redshift/load/snappy.ts';

const LARGEST = 1 << 20;

/** A literal, or bytes from as far back. */
type Element = { readonly bytes: Buffer } | { readonly length: number; readonly back: number };

const element = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes): Element => ({ bytes: Buffer.from(bytes) })),
  fc.record({ length: fc.integer({ min: 1, max: 64 }), back: fc.integer({ min: 1, max: 3000 }) }),
);

/** What the elements stand for, and their Snappy form; copies that reach before the start are left out. */
function encoded(elements: readonly Element[]): { readonly plain: Buffer; readonly block: Buffer } {
  let plain = Buffer.alloc(0);
  const parts: Buffer[] = [];
  for (const part of elements) {
    if ('bytes' in part) {
      const { bytes } = part;
      const length = Buffer.alloc(2);
      length.writeUInt16LE(bytes.length - 1);
      parts.push(
        bytes.length <= 60 ? Buffer.from([(bytes.length - 1) << 2]) : Buffer.concat([Buffer.from([61 << 2]), length]),
      );
      parts.push(bytes);
      plain = Buffer.concat([plain, bytes]);
    } else if (part.back <= plain.length) {
      const short = part.length >= 4 && part.length <= 11 && part.back < 2048;
      parts.push(
        short
          ? Buffer.from([1 | ((part.length - 4) << 2) | ((part.back >> 8) << 5), part.back & 0xff])
          : Buffer.from([2 | ((part.length - 1) << 2), part.back & 0xff, part.back >> 8]),
      );
      for (let index = 0; index < part.length; index++)
        plain = Buffer.concat([plain, plain.subarray(plain.length - part.back).subarray(0, 1)]);
    }
  }
  const size = Buffer.from([(plain.length & 0x7f) | 0x80, ((plain.length >> 7) & 0x7f) | 0x80, plain.length >> 14]);
  return { plain, block: Buffer.concat([size, ...parts]) };
}

test('literals and copies of every form give what they stand for', () => {
  fc.assert(
    fc.property(fc.array(element, { maxLength: 12 }), (elements) => {
      const { plain, block } = encoded(elements);
      expect(unsnappy(block, LARGEST).equals(plain)).toBe(true);
    }),
  );
});

test('a block cut short, or any other bytes, end in an error or in as many bytes as they say', () => {
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 6 }), fc.nat(), (elements, at) => {
      const { block } = encoded(elements);
      const cut = block.subarray(0, at % block.length);
      if (cut.length < block.length && block.length > 3) expect(() => unsnappy(cut, LARGEST)).toThrow(/./);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        expect(unsnappy(Buffer.from(bytes), LARGEST).length).toBeLessThanOrEqual(LARGEST);
      } catch (error) {
        expect((error as Error).name).toBe('InvalidSnappy');
      }
    }),
  );
});

test('a block that says it is larger than is allowed is not even tried', () => {
  expect(() => unsnappy(Buffer.from([0xff, 0xff, 0xff, 0x7f]), LARGEST)).toThrow(/more than/);
});
