import * as fc from 'fast-check';
import { bindParameters, checkParameters, referencedParameters } from '../../../local/redshift-data/parameters.ts';

test.each([
  ['select :a, :b', ['a', 'b']],
  ['select \':a\', ":b", a::int, x[1:2] -- :c\n /* :d */', []],
  ['select :a::int + :a', ['a']],
  ["select 'it\\'s :a' || :b", ['b']],
  ['select $$ :a $$, :b', ['b']],
])('%s refers to %j', (sql, names) => {
  expect([...referencedParameters(sql)]).toEqual(names);
});

test('a position in the bound statement is told in the submitted one', () => {
  const sql = 'select :a, nonsense, :b from t';
  const bound = bindParameters(sql, [
    { name: 'a', value: 'a long value' },
    { name: 'b', value: '' },
  ]);
  expect(bound.sql).toBe("select 'a long value', nonsense, '' from t");
  expect(bound.originalOffset(bound.sql.indexOf('nonsense'))).toBe(sql.indexOf('nonsense'));
  expect(bound.originalOffset(bound.sql.indexOf('long'))).toBe(sql.indexOf(':a'));
  expect(bound.originalOffset(bound.sql.indexOf('from'))).toBe(sql.indexOf('from'));
});

test('no value ever ends the literal it is put into', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const { sql } = bindParameters('select :a from t', [{ name: 'a', value }]);
      const literal = sql.slice('select '.length, -' from t'.length);
      expect(literal).toMatch(/^'(?:[^'\\]|''|\\\\)*'$/s);
      const inner = literal.slice(1, -1).replaceAll("''", "'").replaceAll('\\\\', '\\');
      expect(inner).toBe(value);
    }),
  );
});

test('statements without parameters are left as they are', () => {
  fc.assert(
    fc.property(fc.string(), (sql) => {
      expect(bindParameters(sql, []).sql).toBe(sql);
      expect(bindParameters(sql, [{ name: 'never_named_so', value: 'x' }]).sql).toBe(sql);
    }),
  );
});

test('parameters are checked against all statements of a batch', () => {
  checkParameters([{ name: 'a', value: '1' }], ['select 1', 'select :a']);
  expect(() => checkParameters([{ name: 'b', value: '1' }], ['select :a'])).toThrow(/Unused parameters: \[b\]/);
  expect(() => checkParameters([], ['select 1'])).toThrow(/at least one/);
});
