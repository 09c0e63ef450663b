import * as fc from 'fast-check';
import jsonata from 'jsonata';
import type { Json, JsonObject } from '../../../local/states/json.ts';
import { plainPath } from '../../../local/states/jsonata/plain-path.ts';

const name = fc.constantFrom('a', 'b', 'and', 'in', 'null', 'x1', '__proto__', 'constructor');
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, false, 0, 1, -1, 'yes', '', 'a'),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
  ),
})).value;
const source = fc
  .tuple(fc.array(name, { maxLength: 3 }), fc.constantFrom('', " = 'yes'", '=1', ' = 0', " = ''", ' = true', ' > 0'))
  .map(([fields, end]) => ['$v', ...fields].join('.') + end);

test('a plain path says what JSONata says, wherever it says anything', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(source, json, async (text, v) => {
      const mine = plainPath(text, (variable) => (variable === 'v' ? v : undefined));
      if (mine === undefined) return;
      answered++;
      const theirs: unknown = await jsonata(text).evaluate(undefined, { v } as JsonObject);
      expect(mine).toEqual(theirs);
    }),
    { numRuns: 2_000 },
  );
  expect(answered).toBeGreaterThan(100);
});

test('what is no path is left to JSONata', () => {
  const variable = (): Json => ({ list: [1], a: { b: 1 } });
  for (const text of ['$v.list', '$v.a.b + 1', '$v[0]', '$count($v)', '$v.a.*', '$v.missing', '$v.a = 1', '$$.a', '$'])
    expect(plainPath(text, variable)).toBeUndefined();
});
