import * as fc from 'fast-check';
import { scanJson } from '../../../src/manifest/json-text.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('it agrees with JSON.parse about what is JSON', () => {
  const broken = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', ':', '1', '\\', '\n', 'e', '-', '\u0000', '\u007f'),
    )
    .map(
      ([text, at, insert]) => text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + 1),
    );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), broken), (text) => {
      expect(scanJson(text).problem === undefined).toBe(isJson(text));
    }),
    { numRuns: 2_000 },
  );
});

test('it finds exactly the keys that stand twice', () => {
  expect(
    scanJson('{"a":{"b":1,"c":[{"d":1},{"d":1,"d":2}]},"a":2,"\\u0061":3}').repeated.map(({ path }) => path),
  ).toEqual(['a.c[1].d', 'a', 'a']);
  fc.assert(fc.property(fc.json(), (text) => scanJson(text).repeated.length === 0));
});

test('a hundred thousand brackets cost no stack', () => {
  expect(scanJson('['.repeat(100_000)).problem).toMatchObject({ line: 1, column: 100_001 });
});
