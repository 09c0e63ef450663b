import * as fc from 'fast-check';
import {
  RedshiftError,
  stringValue,
  translate,
  type Database,
  type Step,
} from '../../../local/redshift/dialect/index.ts';

/** Every value whose type it is asked for is an INTEGER. */
const ofIntegers: Database = {
  query: async (sql) => {
    if (!sql.startsWith('SELECT json_serialize_plan')) return [];
    const asked = stringValue(/^SELECT json_serialize_plan\(('(?:[^']|'')*')/.exec(sql)?.[1] ?? "''");
    const expressions = [...asked.matchAll(/greatest\(/g)].map(({ index }) => ({
      expression_class: 'BOUND_FUNCTION',
      name: 'greatest',
      query_location: Buffer.byteLength(asked.slice(0, index)),
      return_type: { id: 'INTEGER' },
    }));
    return [[JSON.stringify({ error: false, plans: [{ expressions }] })]];
  },
};

async function stepsOf(sql: string): Promise<readonly Step[]> {
  const translation = translate(sql);
  if (translation.kind !== 'run') throw new Error(`${sql} is not run`);
  return typeof translation.steps === 'function' ? translation.steps(ofIntegers) : translation.steps;
}

const word = fc.constantFrom('alpha', 'beta', 'gamma', '"quoted name"', 't.col', 's.t.c', 'x1', '"select"', 'ünïcode');
const space = fc.constantFrom(' ', '\n', '\t ', ' /* a; comment */ ', ' -- to the end\n');
const value = fc.oneof(
  word,
  fc.integer({ min: 0 }).map(String),
  fc.constantFrom("'text'", "'it''s'", '1.25', 'NULL', 'true', '(x)'),
);
const condition = fc
  .tuple(value, space, fc.constantFrom('=', '<', '>=', '<>', '!=', 'is not distinct from'), space, value)
  .map((parts) => parts.join(''));

/** A query of nothing but constructs that mean the same in both dialects: `t.col` is a column, and no path into a SUPER value, of a table t. A column to be sorted by means the same if it is no SUPER value: it is looked at. */
const sameInBoth = fc
  .tuple(
    fc.array(
      fc.tuple(value, word).map(([expression, alias]) => `${expression} AS ${alias.split('.').at(-1)}`),
      { minLength: 1, maxLength: 4 },
    ),
    space,
    word,
    fc.array(condition, { maxLength: 3 }),
    fc.constantFrom('', ' ORDER BY (1 < 2) DESC', ' GROUP BY ', ' LIMIT 10'),
  )
  .map(
    ([columns, gap, table, conditions, tail]) =>
      `SELECT ${columns.join(`,${gap}`)}${gap}FROM ${table}, s.t${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}${tail}${
        tail === ' GROUP BY ' ? columns.map((_column, index) => index + 1).join(', ') : ''
      }`,
  );

describe('the rewriter', () => {
  test('returns byte for byte what it has no need to change', async () => {
    await fc.assert(
      fc.asyncProperty(sameInBoth, async (sql) => {
        expect((await stepsOf(sql)).map((step) => step.sql)).toEqual([sql]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('leads every place in untouched SQL back to itself', async () => {
    await fc.assert(
      fc.asyncProperty(sameInBoth, async (sql) => {
        const [step] = await stepsOf(sql);
        for (let at = 0; at < sql.length; at += 7) expect(step?.originalOffset(at)).toBe(at);
      }),
    );
  });

  test('never crashes and never hangs on broken SQL', () => {
    const pieces = fc.array(
      fc.constantFrom(
        ...'select from where ( ) [ ] , ; + - * / % ^ :: . ~ like similar to case when then else end cast( as int over partition by within group order interval date timestamp create table view temp if not exists identity(1,1) default distkey sortkey insert into values update set delete merge using matched alter add column drop rename type varchar( 10 #t "q" \'s\' :p $1 -- /* */ $$ top minus union pivot( sum( avg( listagg( dateadd( datediff( extract( decode( nvl( trim( both at zone , null'.split(
          ' ',
        ),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(pieces, (words) => {
        try {
          translate(words.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(RedshiftError);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test('refuses a function that is not Redshift’s, whatever DuckDB may have under that name', async () => {
    await expect(stepsOf('select list_aggregate(1, b) from t')).rejects.toMatchObject({
      code: '42883',
      message: 'function list_aggregate(integer, integer) does not exist',
      position: 7,
    });
  });

  test('refuses parentheses too deep for it by name instead of overflowing', () => {
    expect(() => translate(`select ${'('.repeat(100_000)}`)).toThrow('stack depth limit exceeded');
    expect(() => translate(`select ${'('.repeat(300)}1${')'.repeat(300)}`)).not.toThrow();
  });

  test('points at the place in the original statement', () => {
    expect(() => translate('select a from t where x = y (+)')).toThrow(
      expect.objectContaining({ code: '0A000', position: 26 }) as Error,
    );
    expect(() => translate('create table t (a int, b nosuch)')).toThrow(
      expect.objectContaining({ code: '42704', position: 25 }) as Error,
    );
  });

  test.each([
    ['begin', 'begin'],
    ['START TRANSACTION', 'begin'],
    ['end', 'commit'],
    ['commit work', 'commit'],
    ['abort', 'rollback'],
    ["copy t from 's3://b/k'", 'copy'],
    ["unload ('select 1') to 's3://b/k'", 'unload'],
    ['alter default privileges grant select on tables to public', 'nothing'],
    ['vacuum full t', 'run'],
    ['grant select on t to public', 'run'],
  ])('%s is of kind %s', (sql, kind) => {
    expect(translate(sql).kind).toBe(kind);
  });

  test('says that TRUNCATE commits, and nothing else does', () => {
    expect(translate('truncate t').commits).toBe(true);
    expect(translate('delete from t').commits).toBe(false);
  });

  test('takes one statement at a time', () => {
    expect(() => translate('select 1; select 2')).toThrow('syntax error at or near "select"');
    expect(() => translate(' -- nothing')).toThrow('syntax error at end of input');
  });
});

test('the types in a query that is inserted are asked for once, and its places stay those of the statement', async () => {
  const sql = 'insert into w select a + 1, b / 2 from t';
  const asked: string[] = [];
  const database: Database = {
    query: async (question) => {
      asked.push(question);
      if (question.startsWith('SELECT json_serialize_plan')) return ofIntegers.query(question);
      if (question.startsWith("SELECT 'TABLE'")) return [['TABLE', 'dev', 'public', 'w', null]];
      if (question.startsWith('DESCRIBE')) return ['one', 'two'].map((name) => [name, 'INTEGER']);
      return ['one', 'two'].map((name) => [name, 'INTEGER', true, null]);
    },
  };
  const { steps } = translate(sql) as { readonly steps: (database: Database) => Promise<readonly Step[]> };
  const [step] = await steps(database);
  expect(asked.filter((question) => question.includes('json_serialize_plan'))).toHaveLength(1);
  expect(step?.sql).toMatch(/^INSERT INTO "w" select a/);
  for (const text of ['select', 'b ', 'from t'])
    expect(step?.originalOffset(step.sql.indexOf(text, 'INSERT INTO "w"'.length))).toBe(sql.indexOf(text));
});
