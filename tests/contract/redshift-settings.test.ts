import type { DuckDBResult } from '@duckdb/node-api';
import { redshiftDialect } from '../../local/redshift/engine/redshift-dialect.ts';
import type { Session } from '../../local/redshift/engine/session.ts';
import { engineSettings } from '../../local/redshift/engine/settings.ts';
import { Warehouse } from '../../local/redshift/engine/warehouse.ts';

/** Parameters of a session and its transactions: https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html */
let warehouse: Warehouse;
let session: Session;
let queryId = 1;

const noFiles = () => Promise.reject(new Error('no files here'));

beforeAll(async () => {
  warehouse = await Warehouse.open('', 'dev', {
    dialect: redshiftDialect,
    settings: engineSettings({ storage: 'memory', threads: 1 }),
    pool: undefined,
    runCopy: noFiles,
    runUnload: noFiles,
    now: () => 1_700_000_000_000,
  });
});

afterAll(() => warehouse.close());

beforeEach(async () => {
  session = await warehouse.connect('dev', 'admin');
});

afterEach(() => session.close());

async function run(sql: string) {
  let rows: readonly unknown[] = [];
  const read = async (result: DuckDBResult, timeZone: string): Promise<number> => {
    rows = (await result.getRows()).map((row) => row.map((value) => (value === null ? null : String(value))));
    zone = timeZone;
    return rows.length;
  };
  await session.execute(sql, { queryId: queryId++, signal: new AbortController().signal, read });
  return rows;
}

/** In which the last result was shown. */
let zone: string | undefined;

const all = async (...statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await run(statement);
};

const shown = async (name: string): Promise<unknown> => (await run(`show ${name}`)).flat()[0];

test('what a transaction has SET is undone when it is rolled back', async () => {
  await all("set query_group to 'nightly'", "set app.user to 'ada'");
  await all('begin', "set query_group to 'hourly'", "set app.user to 'bob'", "set app.batch to '1'");
  await all('reset app.user', "set timezone to 'America/New_York'", 'set statement_timeout to 1000');
  await run('rollback');
  expect(await shown('query_group')).toBe('nightly');
  expect(await shown('app.user')).toBe('ada');
  await expect(run('show app.batch')).rejects.toMatchObject({ code: '42704' });
  expect(await shown('timezone')).toBe('UTC');
  expect(await shown('statement_timeout')).toBe('0');
  expect(await run("select '2024-06-01 12:00:00'::timestamptz::varchar")).toEqual([['2024-06-01 12:00:00+00']]);
  expect(zone).toBe('UTC');
});

test('what a transaction has SET stays when it is committed', async () => {
  await all('begin', "set query_group to 'hourly'", "set timezone to 'America/New_York'", 'commit');
  expect(await shown('query_group')).toBe('hourly');
  await run('select 1');
  expect(zone).toBe('America/New_York');
});

test('the search path is that of before, with a schema that the transaction made or without', async () => {
  await all('create schema stage', 'create table stage.t (a int)', 'insert into stage.t values (7)');
  await run('set search_path to stage');
  await all('begin', 'create schema passing', 'set search_path to passing, public', 'create table t (b varchar(3))');
  await run('rollback');
  expect(await shown('search_path')).toBe('stage');
  expect(await run('select a from t')).toEqual([['7']]);
  await all('begin', 'reset search_path');
  await expect(run('select a from t')).rejects.toMatchObject({ code: '42P01' });
  await run('rollback');
  expect(await run('select a from t')).toEqual([['7']]);
});

test('after an error a transaction can only be rolled back, and its parameters with it, whatever ends it', async () => {
  for (const end of ['rollback', 'commit']) {
    await all('begin', 'set enable_case_sensitive_identifier to true', "set query_group to 'hourly'");
    await expect(run('select nothing')).rejects.toMatchObject({ code: '42703' });
    await expect(run("set query_group to 'late'")).rejects.toMatchObject({ code: '25P02' });
    await run(end);
    expect(await shown('query_group')).toBe('unset');
    expect(await shown('enable_case_sensitive_identifier')).toBe('off');
    expect(session.cases.identifiers).toBe(false);
  }
});

test('SET LOCAL ends with its transaction, which outside a block is its own', async () => {
  await all('begin', "set query_group to 'kept'", "set local query_group to 'local'", "set local app.run to '1'");
  expect(await shown('query_group')).toBe('local');
  await run('commit');
  expect(await shown('query_group')).toBe('kept');
  await expect(run('show app.run')).rejects.toMatchObject({ code: '42704' });
  await all('begin', "set local query_group to 'local'", "set query_group to 'last'", 'commit');
  expect(await shown('query_group')).toBe('last');
  await run("set local query_group to 'never'");
  expect(await shown('query_group')).toBe('last');
});

test('SET_CONFIG is of the transaction or of the session, as its last argument says', async () => {
  await run('begin');
  expect(await run("select set_config('query_group', 'local', true)")).toEqual([['local']]);
  expect(await run("select set_config('app.run', '2', false)")).toEqual([['2']]);
  expect(await shown('query_group')).toBe('local');
  await run('commit');
  expect(await shown('query_group')).toBe('unset');
  expect(await shown('app.run')).toBe('2');
});

test('TRUNCATE commits what was SET before it', async () => {
  await run('create table emptied (a int)');
  await all('begin', "set query_group to 'kept'", "set local app.run to '1'", 'truncate emptied');
  expect(await shown('query_group')).toBe('kept');
  await expect(run('show app.run')).rejects.toMatchObject({ code: '42704' });
});

test('a database that is USEd is the one of before, too', async () => {
  await all('create database other', 'use other', 'create table there (a int)', 'reset use');
  await all('begin', 'use other', 'rollback');
  expect(await shown('use')).toBe('');
  await expect(run('select a from there')).rejects.toMatchObject({ code: '42P01' });
  await all('use other', 'begin', 'reset use', 'rollback');
  expect(await shown('use')).toBe('other');
  expect(await run('select a from there')).toEqual([]);
});

test('a procedure that fails, or rolls back, leaves the parameters as they were', async () => {
  await run(`create procedure failing() as $$ begin
    set query_group to 'inside'; raise exception 'no'; end $$ language plpgsql`);
  await run(`create procedure undoing() as $$ begin
    set query_group to 'inside'; rollback; set app.step to '2'; end $$ language plpgsql`);
  await expect(run('call failing()')).rejects.toMatchObject({ message: 'no' });
  expect(await shown('query_group')).toBe('unset');
  await run('call undoing()');
  expect(await shown('query_group')).toBe('unset');
  expect(await shown('app.step')).toBe('2');
});

test('RESET ALL is undone with its transaction, and takes what was SET LOCAL', async () => {
  await all("set query_group to 'nightly'", "set timezone to 'America/New_York'");
  await all('begin', 'reset all', 'rollback');
  expect(await shown('query_group')).toBe('nightly');
  expect(await shown('timezone')).toBe('America/New_York');
  await all('begin', "set local query_group to 'local'", 'reset all', 'commit');
  expect(await shown('query_group')).toBe('unset');
  await run('select 1');
  expect(zone).toBe('UTC');
});

test('variables whose names differ by the place of the dot are two', async () => {
  await all("set app.user_id to '1'", "set app_user.id to '2'");
  expect(await shown('app.user_id')).toBe('1');
  expect(await shown('app_user.id')).toBe('2');
});

// https://docs.aws.amazon.com/redshift/latest/dg/r_statement_timeout.html
describe('statement_timeout', () => {
  const slow = 'select count(*) from many a, many b, many c where a.n * b.n % 7 = c.n % 5';
  const timesOut = { code: '57014', message: expect.stringMatching(/^Query \(\d+\) canceled on user's request$/) };

  beforeEach(() =>
    all(
      'create temp table ten as select 1 as n union all select 2 union all select 3 union all select 4 union all select 5',
      'insert into ten select n + 5 from ten',
      'create temp table many as select row_number() over () as n from ten a, ten b, ten c, ten d',
    ),
  );

  test('a statement that takes longer is cancelled, and the session goes on', async () => {
    await run('set statement_timeout to 50');
    await expect(run(slow)).rejects.toMatchObject(timesOut);
    expect(await run('select count(*) from ten')).toEqual([['10']]);
    expect(
      await run("select status from sys_query_history where query_text like 'select count(*) from many%'"),
    ).toEqual([['canceled']]);
  });

  test('a transaction has failed by it', async () => {
    await all('begin', 'set local statement_timeout to 50');
    await expect(run(slow)).rejects.toMatchObject(timesOut);
    await expect(run('select 1')).rejects.toMatchObject({ code: '25P02' });
    await all('rollback', 'select 1');
    expect(await run('show statement_timeout')).toEqual([['0']]);
  });

  test('so is a procedure as a whole', async () => {
    await all(
      `create or replace procedure again() as $$
       begin
         for i in 1..1000000 loop perform count(*) from ten; end loop;
       end $$ language plpgsql`,
      'set statement_timeout to 100',
    );
    await expect(run('call again()')).rejects.toMatchObject(timesOut);
  });
});
