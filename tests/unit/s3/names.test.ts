import * as fc from 'fast-check';
import { afterPrefix, checkBucketName } from '../../../local/s3/names.ts';

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const text = fc.string({ unit: 'binary' });

test('what follows a prefix sorts after every text that starts with it, and before nothing else that follows', () => {
  fc.assert(
    fc.property(text, text, text, (prefix, rest, other) => {
      const after = afterPrefix(prefix);
      if (after === undefined) return;
      expect(compare(prefix + rest, after)).toBeLessThan(0);
      if (compare(other, prefix) > 0 && !other.startsWith(prefix))
        expect(compare(other, after)).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(afterPrefix('')).toBeUndefined();
  expect(afterPrefix('\u{10ffff}')).toBeUndefined();
  expect(afterPrefix('a\u{10ffff}')).toBe('b');
  expect(afterPrefix('\ud7ff')).toBe('\ue000');
});

test.each(['ab', 'Upper', 'a_b', 'a..b', '192.168.0.1', '-ab', 'ab-', 'xn--abc', 'abc-s3alias', 'a'.repeat(64)])(
  '%s is no bucket name',
  (name) => {
    expect(() => checkBucketName(name)).toThrow('The specified bucket is not valid.');
  },
);
