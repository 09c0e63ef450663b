import * as fc from 'fast-check';
import { bytes, seconds, table } from '../../../cli/table.ts';
import { fit, plain, width } from '../../../cli/text-width.ts';

test('columns line up whatever is in them, numbers to the right, NULL told apart from empty text', () => {
  expect(
    table(
      ['name', 'n'],
      [
        ['東京', 5],
        ['', 12],
        [null, null],
      ],
    ),
  ).toBe(['name   n', '────  ──', '東京   5', '      12', '∅      ∅'].join('\n'));
});

test('a table of a hundred thousand rows is printed', () => {
  const rows = Array.from({ length: 100_000 }, (_, at) => [at]);
  expect(table(['n'], rows).split('\n')).toHaveLength(100_002);
});

test('line ends, tabs and escape sequences in a value stay inside its cell', () => {
  expect(table(['a'], [['one\r\ntwo\tthree\u001b[2Jfour']]).split('\n')[2]).toBe('one⏎two⇥threefour');
});

test('nothing from outside moves the cursor or turns the direction of writing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(plain(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test('a cut line never is wider than it may be', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, most) => {
      expect(width(fit(text.replaceAll('\n', ' '), most))).toBeLessThanOrEqual(most);
    }),
  );
});

test('sizes and times are rounded once, never to 1000 kB or 60 s', () => {
  expect([999, 999_499, 999_600, 1_500_000].map(bytes)).toEqual(['999 B', '999 kB', '1.0 MB', '1.5 MB']);
  expect([0, 59_940, 59_960, 3_599_900, 7_260_000].map(seconds)).toEqual([
    '0.0 s',
    '59.9 s',
    '1 min 0 s',
    '1 h 0 min',
    '2 h 1 min',
  ]);
});
