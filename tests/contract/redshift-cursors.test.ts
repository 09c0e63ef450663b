import { startWarehouse, type TestWarehouse } from '../support/warehouse.ts';

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await startWarehouse();
  await warehouse.run('create table log (a int, b varchar(10))');
});

afterAll(async () => {
  expect(warehouse.test.faults).toEqual([]);
  await warehouse[Symbol.asyncDispose]();
});

/** A kept session. */
async function openSession() {
  const { SessionId = '' } = await warehouse.run('select 1', { SessionKeepAliveSeconds: 600 });
  return {
    run: (sql: string) => warehouse.run(sql, { SessionId }),
    rows: (sql: string) => warehouse.rows(sql, { SessionId }),
  };
}

const VALUES = 'select 1 as n, 2 as n union all select 2, 4 union all select 3, 6 union all select 4, 8 order by 1';

describe('a cursor', () => {
  test('gives its rows in order, as many as are fetched', async () => {
    const { run, rows } = await openSession();
    await run('begin');
    expect(await run(`declare c cursor for ${VALUES}`)).toMatchObject({ Status: 'FINISHED' });
    expect(await rows('fetch next from c')).toEqual([[1, 2]]);
    const fetched = await run('fetch forward 2 from c;');
    const { Records, ColumnMetadata } = await warehouse.result(fetched.Id);
    expect(Records).toHaveLength(2);
    expect(ColumnMetadata?.map(({ name, typeName }) => [name, typeName])).toEqual([
      ['n', 'int4'],
      ['n', 'int4'],
    ]);
    expect(await rows('fetch all from c')).toEqual([[4, 8]]);
    expect(await rows('fetch forward all from c')).toEqual([]);
    await run('close c');
    expect((await run('fetch next from c')).Error).toContain('cursor "c" does not exist');
  });

  test('gives as many rows as a number alone says', async () => {
    const { run, rows } = await openSession();
    await run('begin');
    await run(`declare c cursor for ${VALUES}`);
    expect(await rows('fetch 3 from c')).toHaveLength(3);
    expect(await rows('fetch 3 from c')).toEqual([[4, 8]]);
    expect((await run('fetch 1.5 from c')).Error).toContain('syntax error at or near "1.5"');
  });

  test('ends with its transaction, and needs one', async () => {
    const { run } = await openSession();
    expect((await run('declare c cursor for select 1')).Error).toContain(
      'DECLARE CURSOR may only be used in transaction blocks',
    );
    await run('begin');
    await run('declare c cursor for select 1');
    await run('commit');
    await run('begin');
    expect((await run('fetch next from c')).Error).toContain('cursor "c" does not exist');
    await run('rollback');
    await run('begin');
    expect(await run('declare c cursor for select 2')).toMatchObject({ Status: 'FINISHED' });
    expect((await run('declare d cursor for select 2')).Error).toContain(
      'opening multiple cursors from within the same client connection is not allowed',
    );
  });

  test('shows what was there when it was declared', async () => {
    const { run, rows } = await openSession();
    await run('begin');
    await run('create temp table changing (a int)');
    await run('insert into changing values (1)');
    await run('declare c cursor for select a from changing');
    await run('delete from changing');
    expect(await rows('fetch all from c')).toEqual([[1]]);
    await run('commit');
  });
});

describe('a prepared statement', () => {
  test('runs with the values it is given, of the types it was prepared with', async () => {
    const { run, rows } = await openSession();
    expect(await run('prepare add (int, varchar(10)) as insert into log values ($1, $2)')).toMatchObject({
      Status: 'FINISHED',
      HasResultSet: false,
    });
    await run(`execute add (1, 'it''s; $1')`);
    await run(`execute add ('2', null)`);
    await run('prepare read as select a, b from log where a >= $1 order by a');
    expect(await rows('execute read (1)')).toEqual([
      [1, "it's; $1"],
      [2, null],
    ]);
    expect(await rows('execute read (1 + 1)')).toEqual([[2, null]]);
    await run('deallocate prepare read');
    expect((await run('execute read (1)')).Error).toContain('prepared statement "read" does not exist');
  });

  test('takes a text as it is: the type of a parameter has no length', async () => {
    const { run, rows } = await openSession();
    await run('create temp table words (w varchar(10))');
    await run('prepare say (char, varchar(2)) as insert into words values ($1 || $2)');
    await run("execute say ('one', 'two')");
    expect(await rows('select w from words')).toEqual([['onetwo']]);
  });

  test('belongs to one session, is there once, and takes as many values as it has parameters', async () => {
    const { run } = await openSession();
    const other = await openSession();
    await run('prepare p (int) as select $1');
    expect((await run('prepare p as select 1')).Error).toContain('prepared statement "p" already exists');
    expect((await run('execute p')).Error).toContain('wrong number of parameters for prepared statement "p"');
    expect((await other.run('execute p (1)')).Error).toContain('does not exist');
    expect((await run('prepare q as drop table log')).Error).toContain('syntax error at or near "drop"');
    await run('deallocate all');
    expect((await run('execute p (1)')).Error).toContain('does not exist');
  });
});
