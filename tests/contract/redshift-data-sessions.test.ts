import {
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListSessionsCommand,
} from '@aws-sdk/client-redshift-data';
import { PauseClusterCommand, waitUntilClusterAvailable, ResumeClusterCommand } from '@aws-sdk/client-redshift';
import { ADMIN, CLUSTER, startWarehouse, type TestWarehouse } from '../support/warehouse.ts';

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await startWarehouse();
});

afterAll(async () => {
  expect(warehouse.test.faults).toEqual([]);
  await warehouse[Symbol.asyncDispose]();
});

const TARGET = { ClusterIdentifier: CLUSTER, Database: 'dev', DbUser: ADMIN };
const ENDLESS = 'select count(*) from generate_series(1, 100000000000) a';

/** A kept session, and statements in it. */
async function openSession() {
  const first = await warehouse.run('select 1', { SessionKeepAliveSeconds: 600 });
  const SessionId = first.SessionId ?? '';
  return { SessionId, run: (sql: string) => warehouse.run(sql, { SessionId }) };
}

describe('a session', () => {
  test('keeps temporary tables and the process id from statement to statement', async () => {
    const { SessionId, run } = await openSession();
    const created = await run('create temp table kept as select 42 as a');
    const read = await run('select a from kept');
    expect(read).toMatchObject({ Status: 'FINISHED', SessionId, ResultRows: 1 });
    expect(read.RedshiftPid).toBe(created.RedshiftPid);
    expect(await warehouse.run('select a from kept')).toMatchObject({ Status: 'FAILED' });
  });

  test('shows TIMESTAMPTZ in the time zone it has set', async () => {
    const { run } = await openSession();
    const shown = async (): Promise<unknown> => {
      const { Id } = await run("select timestamptz '2020-01-01 00:00:00+00' as at");
      return (await warehouse.data.send(new GetStatementResultCommand({ Id }))).Records;
    };
    expect(await shown()).toEqual([[{ stringValue: '2020-01-01 00:00:00+00' }]]);
    await run("set timezone to 'America/New_York'");
    expect(await shown()).toEqual([[{ stringValue: '2019-12-31 19:00:00-05' }]]);
    await run('reset timezone');
    expect(await shown()).toEqual([[{ stringValue: '2020-01-01 00:00:00+00' }]]);
  });

  test('shows what was granted until that is taken back', async () => {
    const { run } = await openSession();
    const shown = async (): Promise<unknown> => {
      const { Id } = await run("select relacl is null as nobody from pg_class where relname = 'granted'");
      return (await warehouse.data.send(new GetStatementResultCommand({ Id }))).Records?.[0]?.[0]?.booleanValue;
    };
    await run('create table granted (a int)');
    expect(await shown()).toBe(true);
    await run('begin');
    await run('grant select on granted to public');
    expect(await shown()).toBe(false);
    await run('rollback');
    expect(await shown()).toBe(true);
  });

  test('refuses a statement while another one runs in it', async () => {
    const { SessionId } = await openSession();
    const { Id } = await warehouse.data.send(new ExecuteStatementCommand({ Sql: ENDLESS, SessionId }));
    await expect(warehouse.data.send(new ExecuteStatementCommand({ Sql: 'select 1', SessionId }))).rejects.toThrow(
      /busy/,
    );
    const { Sessions } = await warehouse.data.send(new ListSessionsCommand({ SessionId }));
    expect(Sessions).toMatchObject([{ SessionId, Status: 'BUSY', CurrentStatementId: Id, Database: 'dev' }]);
    await warehouse.data.send(new CancelStatementCommand({ Id }));
    expect(await warehouse.run('select 1', { SessionId })).toMatchObject({ Status: 'FINISHED' });
  });

  test('ends after its keep-alive time, and nothing runs in it then', async () => {
    const first = await warehouse.run('select 1', { SessionKeepAliveSeconds: 0 });
    const SessionId = first.SessionId;
    await expect(warehouse.data.send(new ExecuteStatementCommand({ Sql: 'select 1', SessionId }))).rejects.toThrow(
      /closed/,
    );
    const { Sessions } = await warehouse.data.send(new ListSessionsCommand({ Status: 'CLOSED' }));
    expect(Sessions?.map((session) => session.SessionId)).toContain(SessionId);
  });

  test('that does not exist, or belongs to another cluster, is refused', async () => {
    const execute = (input: object) => warehouse.data.send(new ExecuteStatementCommand({ Sql: 'select 1', ...input }));
    await expect(execute({ SessionId: '70662acc-f334-46f8-b953-3a9546796d7e' })).rejects.toThrow(/does not exist/);
    const { SessionId } = await openSession();
    await expect(execute({ SessionId, Database: 'other' })).rejects.toThrow(/does not match/);
    await expect(execute({ SessionId, DbUser: ADMIN })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a transaction across statements', () => {
  test('shows its changes to others only after COMMIT', async () => {
    await warehouse.run('create table seen (a int)');
    const { run } = await openSession();
    await run('begin');
    await run('insert into seen values (1)');
    expect(await warehouse.rows('select count(*) from seen')).toEqual([[0]]);
    await run('commit');
    expect(await warehouse.rows('select count(*) from seen')).toEqual([[1]]);
  });

  test('accepts nothing but its end after a failure', async () => {
    await warehouse.run('create table spoilt (a int)');
    const { run } = await openSession();
    await run('begin');
    await run('insert into spoilt values (1)');
    await run('select * from nowhere');
    expect(await run('insert into spoilt values (2)')).toMatchObject({
      Status: 'FAILED',
      Error: 'ERROR: current transaction is aborted, commands ignored until end of transaction block',
    });
    await run('commit');
    expect(await run('select count(*) from spoilt')).toMatchObject({ Status: 'FINISHED' });
    expect(await warehouse.rows('select count(*) from spoilt')).toEqual([[0]]);
  });

  test('makes a second writer of its table wait, and readers not', async () => {
    await warehouse.run('create table contended (a int)');
    const { run } = await openSession();
    await run('begin');
    await run('insert into contended values (1)');
    const { Id } = await warehouse.data.send(
      new ExecuteStatementCommand({
        Sql: 'update contended set a = a + 1',
        ClusterIdentifier: CLUSTER,
        Database: 'dev',
        DbUser: ADMIN,
      }),
    );
    expect(await warehouse.rows('select count(*) from contended')).toEqual([[0]]);
    expect(await warehouse.data.send(new DescribeStatementCommand({ Id }))).toMatchObject({ Status: 'PICKED' });
    await run('commit');
    expect(await warehouse.ended(Id)).toMatchObject({ Status: 'FINISHED', ResultRows: 1 });
    expect(await warehouse.rows('select a from contended')).toEqual([[2]]);
  });

  test('fails with 1023 where it changes what another changed after it began', async () => {
    await warehouse.run('create table conflict as select 1 as a');
    const { run } = await openSession();
    await run('begin');
    await run('select a from conflict');
    await warehouse.run('update conflict set a = 2');
    const described = await run('update conflict set a = 3');
    expect(described.Status).toBe('FAILED');
    expect(described.Error).toMatch(/1023.*\n.*Serializable isolation violation on table - public\.conflict/s);
    await run('rollback');
    expect(await warehouse.rows('select a from conflict')).toEqual([[2]]);
  });

  test('in a circle with another one ends with a deadlock for the one that closes it', async () => {
    await warehouse.runBatch(['create table d1 (a int)', 'create table d2 (a int)']);
    const one = await openSession();
    const two = await openSession();
    await one.run('begin');
    await two.run('begin');
    await one.run('delete from d1');
    await two.run('delete from d2');
    const waiting = one.run('delete from d2');
    const described = await two.run('delete from d1');
    const first = described.Status === 'FAILED' ? described : await waiting;
    expect(first.Error).toMatch(/deadlock detected/);
    await two.run('rollback');
    expect((await waiting).Status).toBe('FINISHED');
    await one.run('rollback');
  });
});

describe('the types of a statement', () => {
  /** The quotient of two columns: its type is asked of the catalogue. */
  const half = async (run: (sql: string) => Promise<{ readonly Id?: string | undefined }>): Promise<unknown> => {
    const { Id } = await run('select a / 2 as half from halved');
    const { ColumnMetadata: columns, Records } = await warehouse.data.send(new GetStatementResultCommand({ Id }));
    return [columns?.[0]?.typeName, Object.values(Records?.[0]?.[0] ?? {})[0]];
  };
  const anywhere = (sql: string) => warehouse.run(sql);

  test('follow the table through every change of it', async () => {
    await anywhere('create table halved as select 3 as a');
    expect(await half(anywhere)).toEqual(['int4', 1]);
    expect(await half(anywhere)).toEqual(['int4', 1]);
    await anywhere('drop table halved');
    await anywhere('create table halved as select cast(3 as double precision) as a');
    expect(await half(anywhere)).toEqual(['float8', 1.5]);
    await anywhere('alter table halved rename to renamed');
    await anywhere('create view halved as select cast(3 as smallint) as a');
    expect(await half(anywhere)).toEqual(['int4', 1]);
    await anywhere('drop view halved');
    await anywhere('alter table renamed rename to halved');
    expect(await half(anywhere)).toEqual(['float8', 1.5]);
  });

  test('are those of the transaction, whatever others change meanwhile, and of all after it', async () => {
    await anywhere('create table other (a int)');
    const mine = await openSession();
    expect(await half(mine.run)).toEqual(['float8', 1.5]);
    await mine.run('begin');
    expect(await half(mine.run)).toEqual(['float8', 1.5]);
    await anywhere('drop table halved');
    await anywhere('create table halved as select 5 as a');
    expect(await half(anywhere)).toEqual(['int4', 2]);
    expect(await half(mine.run)).toEqual(['float8', 1.5]);
    await mine.run('commit');
    expect(await half(mine.run)).toEqual(['int4', 2]);
  });

  test('are the own ones of whoever changed them, until that is taken back', async () => {
    const { run } = await openSession();
    await run('begin');
    await run('drop table halved');
    await run('create table halved as select cast(7 as double precision) as a');
    expect(await half(run)).toEqual(['float8', 3.5]);
    expect(await half(anywhere)).toEqual(['int4', 2]);
    await run('rollback');
    expect(await half(run)).toEqual(['int4', 2]);
    await run('create temp table halved as select cast(9 as double precision) as a');
    expect(await half(run)).toEqual(['float8', 4.5]);
    expect(await half(anywhere)).toEqual(['int4', 2]);
    await run('create schema elsewhere');
    await run('drop table halved');
    await run('create table elsewhere.halved as select cast(11 as double precision) as a');
    await run('set search_path to elsewhere');
    expect(await half(run)).toEqual(['float8', 5.5]);
    expect(await half(anywhere)).toEqual(['int4', 2]);
  });
});

test('a view of the system views shows what ran up to now', async () => {
  await warehouse.run(
    'create view busy as select count(*) as n from sys_query_history where query_text like $$%busy%$$',
  );
  const [[before] = []] = await warehouse.rows('select n from busy');
  const [[after] = []] = await warehouse.rows('select n from busy');
  expect(Number(after)).toBe(Number(before) + 1);
});

test('a statement that waits for a table can be cancelled, and is then out of the way', async () => {
  await warehouse.run('create table awaited (a int)');
  const { run } = await openSession();
  await run('begin');
  await run('insert into awaited values (1)');
  const submit = async (Sql: string) => (await warehouse.data.send(new ExecuteStatementCommand({ Sql, ...TARGET }))).Id;
  const first = await submit('delete from awaited');
  const second = await submit('insert into awaited values (2)');
  await warehouse.data.send(new CancelStatementCommand({ Id: first }));
  expect(await warehouse.ended(first)).toMatchObject({ Status: 'ABORTED' });
  await run('commit');
  expect(await warehouse.ended(second)).toMatchObject({ Status: 'FINISHED' });
  expect(await warehouse.rows('select count(*) from awaited')).toEqual([[2]]);
});

test('rows are added to one table from several transactions side by side', async () => {
  await warehouse.run('create table added (a int)');
  const one = await openSession();
  const two = await openSession();
  for (const { run } of [one, two]) {
    await run('begin');
    await run('insert into added values (1)');
  }
  await two.run('commit');
  await one.run('commit');
  expect(await warehouse.rows('select count(*) from added')).toEqual([[2]]);
});

test('LOCK holds other writers off until the transaction ends', async () => {
  await warehouse.run('create table locked (a int)');
  const { run } = await openSession();
  await run('begin');
  await run('lock table locked');
  const { Id } = await warehouse.data.send(
    new ExecuteStatementCommand({ Sql: 'insert into locked values (1)', ...TARGET }),
  );
  expect(await warehouse.rows('select count(*) from locked')).toEqual([[0]]);
  await run('end');
  expect(await warehouse.ended(Id)).toMatchObject({ Status: 'FINISHED' });
});

test('databases are made, connected to, read across and dropped', async () => {
  expect(await warehouse.run('create database "Sales" with owner admin')).toMatchObject({ Status: 'FINISHED' });
  expect(await warehouse.run('create database sales')).toMatchObject({
    Status: 'FAILED',
    Error: 'ERROR: database "sales" already exists',
  });
  const inSales = { Database: 'sales' };
  await warehouse.run('create table orders as select 5 as n', inSales);
  expect(await warehouse.rows('select n from sales.public.orders')).toEqual([[5]]);
  expect(await warehouse.run('select n from orders')).toMatchObject({ Status: 'FAILED' });
  expect(await warehouse.runBatch(['select 1', 'create database other'])).toMatchObject({
    Status: 'FAILED',
    Error: expect.stringContaining('CREATE DATABASE cannot run inside a transaction block') as string,
  });
  expect(await warehouse.run('drop database sales', inSales)).toMatchObject({ Status: 'FAILED' });
  expect(await warehouse.run('drop database sales')).toMatchObject({ Status: 'FINISHED' });
  expect(await warehouse.run('select 1', inSales)).toMatchObject({ Status: 'FAILED' });
});

// https://docs.aws.amazon.com/redshift/latest/dg/r_USE_command.html
test('USE chooses the database that names are looked up in, until another is chosen or RESET USE', async () => {
  await warehouse.run('create database pdb');
  await warehouse.run('create table used_t as select 1 as c');
  await warehouse.run('create table pdb.public.used_t as select 2 as id');
  const { run, SessionId } = await openSession();
  const rows = (sql: string): Promise<unknown> => warehouse.rows(sql, { SessionId });
  await run('use pdb');
  expect(await rows('show use')).toEqual([['pdb']]);
  expect(await rows('select * from used_t')).toEqual([[2]]);
  expect(await rows('select * from dev.public.used_t')).toEqual([[1]]);
  await run('create schema s1');
  await run('create table s1.used_t (id int)');
  await run('insert into s1.used_t values (3)');
  await run('set search_path to s1, public');
  expect(await rows('select * from used_t')).toEqual([[3]]);
  await run('reset use');
  expect(await rows('show search_path')).toEqual([['$user, public']]);
  expect(await rows('select * from used_t')).toEqual([[1]]);
  for (const sql of ['begin', 'use pdb', 'use dev', 'select * from used_t'])
    expect(await run(sql)).toMatchObject({ Status: 'FINISHED' });
  expect(await run('use pdb')).toMatchObject({
    Status: 'FAILED',
    Error: 'ERROR: USEd Database cannot be set or reset inside a transaction after another command.',
  });
  await run('rollback');
  expect(await rows('select count(*) from pdb.s1.used_t')).toEqual([[1]]);
});

test('a column gets its size outside of a transaction only, which a batch is', async () => {
  await warehouse.run('create table sized (v varchar(5))');
  const alter = 'alter table sized alter column v type varchar(9)';
  expect(await warehouse.runBatch(['select 1', alter])).toMatchObject({
    Status: 'FAILED',
    Error: expect.stringContaining('ALTER TABLE ALTER COLUMN cannot run inside a transaction block') as string,
  });
  expect(await warehouse.runBatch(['select 1', alter], { ExecutionMode: 'AUTO_COMMIT' })).toMatchObject({
    Status: 'FINISHED',
  });
});

test('writers of one table follow each other, whatever they do', async () => {
  await warehouse.run('create table serial (a int)');
  await warehouse.run('insert into serial values (0)');
  const all = await Promise.all(
    Array.from({ length: 20 }, (_each, index) =>
      index % 2
        ? warehouse.run('update serial set a = a + 1')
        : warehouse.runBatch(['update serial set a = a + 1', 'insert into serial select a from serial where false']),
    ),
  );
  expect(all.map(({ Status, Error }) => Error ?? Status)).toEqual(all.map(() => 'FINISHED'));
  expect(await warehouse.rows('select a from serial')).toEqual([[20]]);
});

test('batches that write the same tables in another order do not wait for each other for ever', async () => {
  await warehouse.runBatch(['create table x1 (a int)', 'create table x2 (a int)']);
  const orders = [
    ['insert into x1 values (1)', 'insert into x2 values (1)'],
    ['insert into x2 values (1)', 'insert into x1 values (1)'],
  ];
  const all = await Promise.all(
    Array.from({ length: 10 }, (_each, index) => warehouse.runBatch(orders[index % 2] ?? [])),
  );
  expect(all.map(({ Status }) => Status)).toEqual(all.map(() => 'FINISHED'));
  expect(await warehouse.rows('select (select count(*) from x1) + (select count(*) from x2)')).toEqual([[20]]);
});

test('pausing the cluster ends its sessions and fails what runs', async () => {
  const { SessionId } = await openSession();
  const { Id } = await warehouse.data.send(new ExecuteStatementCommand({ Sql: ENDLESS, SessionId }));
  await warehouse.run('create table survives (a int)');
  await warehouse.redshift.send(new PauseClusterCommand({ ClusterIdentifier: CLUSTER }));
  expect(await warehouse.ended(Id)).toMatchObject({ Status: 'FAILED' });
  await expect(warehouse.run('select 1')).rejects.toThrow('Redshift endpoint is not available.');
  await expect(warehouse.run('select 1', { SessionId })).rejects.toThrow(/closed/);
  for (;;) {
    const resumed = await warehouse.redshift.send(new ResumeClusterCommand({ ClusterIdentifier: CLUSTER })).then(
      () => true,
      () => false,
    );
    if (resumed) break;
  }
  await waitUntilClusterAvailable(
    { client: warehouse.redshift, maxWaitTime: 20, minDelay: 0.005, maxDelay: 0.01 },
    { ClusterIdentifier: CLUSTER },
  );
  expect(await warehouse.rows('select count(*) from survives')).toEqual([[0]]);
});
