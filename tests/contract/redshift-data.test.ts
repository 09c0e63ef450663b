import {
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  GetStatementResultV2Command,
  ListStatementsCommand,
  BatchExecuteStatementCommand,
  RedshiftDataClient,
  type ExecuteStatementInput,
} from '@aws-sdk/client-redshift-data';
import { ADMIN, CLUSTER, startWarehouse, type TestWarehouse } from '../support/warehouse.ts';

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await startWarehouse();
});

afterAll(async () => {
  expect(warehouse.test.faults).toEqual([]);
  await warehouse[Symbol.asyncDispose]();
});

const target = { ClusterIdentifier: CLUSTER, Database: 'dev', DbUser: ADMIN };
const execute = (input: Partial<ExecuteStatementInput> & { Sql: string }) =>
  warehouse.data.send(new ExecuteStatementCommand({ ...target, ...input }));

describe('a single statement', () => {
  test('is executed, described and fetched', async () => {
    const described = await warehouse.run('select 1 as one');
    expect(described).toMatchObject({
      Status: 'FINISHED',
      HasResultSet: true,
      ResultRows: 1,
      QueryString: 'select 1 as one',
      ClusterIdentifier: 'analytics',
      Database: 'dev',
      DbUser: 'admin',
      ResultFormat: 'JSON',
    });
    expect(described.RedshiftPid).toBeGreaterThan(0);
    expect(described.RedshiftQueryId).toBeGreaterThan(0);
    expect(described.UpdatedAt?.getTime()).toBeGreaterThanOrEqual(described.CreatedAt?.getTime() ?? Infinity);
    expect(await warehouse.result(described.Id)).toMatchObject({
      Records: [[{ longValue: 1 }]],
      ColumnMetadata: [{ name: 'one', label: 'one', typeName: 'int4', precision: 10, isSigned: true }],
      TotalNumRows: 1,
    });
  });

  test('is written otherwise when what is quick meets what it cannot do: alone, and in a transaction', async () => {
    await warehouse.run('create table padded (a varchar(5))');
    await warehouse.run("insert into padded values ('x'), ('x '), ('y')");
    await warehouse.run('create table huge (a decimal(18,2), b decimal(18,2))');
    await warehouse.run('insert into huge values (9999999999999999.99, 9999999999999999.99)');
    const grouped = 'select trim(a), count(*) from padded group by a order by 2';
    const sum = 'select sum(a * b) from huge';
    const product = { stringValue: '99999999999999999800000000000000.0001' };
    const groups = [
      [{ stringValue: 'y' }, { longValue: 1 }],
      [{ stringValue: 'x' }, { longValue: 2 }],
    ];
    expect((await warehouse.result((await warehouse.run(grouped)).Id)).Records).toEqual(groups);
    expect((await warehouse.result((await warehouse.run(sum)).Id)).Records).toEqual([[product]]);
    const { Id, Status, Error: error } = await warehouse.runBatch([grouped, sum]);
    expect({ Status, error }).toEqual({ Status: 'FINISHED', error: undefined });
    expect((await warehouse.result(`${Id}:1`)).Records).toEqual(groups);
    expect((await warehouse.result(`${Id}:2`)).Records).toEqual([[product]]);
  });

  test('says how long texts may be: columns, and what is made of them', async () => {
    await warehouse.run('create table lengths (a int, b varchar(10), c varchar(5), d char(4))');
    const { Id } = await warehouse.run(
      `with q as (select b, c, d from lengths) select b, b || c as both, d, upper(c) as u, coalesce(b, c) as e, 'lit' as l, b::varchar(7) as v, max(d) over () as m,
        md5(b) as h, replace(b, 'x', 'yy') as r from q union all select c, b, 'ab', 'c', c, 'x', 'y', d, c, c from lengths`,
    );
    const { ColumnMetadata } = await warehouse.result(Id);
    expect(ColumnMetadata?.map(({ name, typeName, precision }) => `${name} ${typeName}(${precision})`)).toEqual([
      'b varchar(10)',
      'both varchar(15)',
      'd varchar(4)',
      'u varchar(5)',
      'e varchar(10)',
      'l varchar(3)',
      'v varchar(7)',
      'm bpchar(4)',
      'h varchar(32)',
      // Nobody says how long REPLACE makes it.
      'r varchar(65535)',
    ]);
    const cast = await warehouse.run(
      "select d as e, b, c::char(3) as f, cast('é' as varchar(20)) as g, 'x' || 'y'::varchar(9) as h, x.f from (select *, a::char(2) as f from lengths) x",
    );
    const { ColumnMetadata: casts } = await warehouse.result(cast.Id);
    expect(casts?.map(({ name, typeName, precision }) => `${name} ${typeName}(${precision})`)).toEqual([
      'e bpchar(4)',
      'b varchar(10)',
      'f bpchar(3)',
      'g varchar(20)',
      'h varchar(2)',
      'f bpchar(2)',
    ]);
  });

  test('answers with its id at once, and with its end when asked to wait', async () => {
    const submitted = await execute({ Sql: 'select 1' });
    expect(submitted.Status).toBe('SUBMITTED');
    const waited = await execute({ Sql: 'select 1', WaitTimeSeconds: 30 });
    expect(waited).toMatchObject({ Status: 'FINISHED', HasResultSet: true });
  });

  test('that fails says so in words of the database', async () => {
    const described = await warehouse.run('select * from nowhere');
    expect(described).toMatchObject({ Status: 'FAILED', HasResultSet: false });
    expect(described.Error).toMatch(/^ERROR: .*nowhere.* does not exist/);
    // As the management guide's example of a parameter that cannot be.
    expect((await warehouse.run('select 1, from nowhere')).Error).toBe(
      'ERROR: syntax error at or near "from"\n  Position: 11',
    );
    await expect(warehouse.result(described.Id)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Query does not have result. Please check query status with DescribeStatement.',
    });
  });

  test('has no column for a whole row, which a table that is named like a column would be', async () => {
    const table = await warehouse.run('select sale from (select 1 as id) sale');
    expect(table.Error).toMatch(/^ERROR: a row as a value \(column "sale"\) is not supported/);
    const written = await warehouse.run('select (1, 2) as sale');
    expect(written.Error).toMatch(/^ERROR: a row as a value is not supported/);
  });

  test('counts the rows it changes', async () => {
    await warehouse.run('create table counted (a int)');
    expect(await warehouse.run('insert into counted values (1), (2), (3)')).toMatchObject({
      Status: 'FINISHED',
      HasResultSet: false,
      ResultRows: 3,
    });
    expect(await warehouse.run('delete from counted where a > 1')).toMatchObject({ ResultRows: 2 });
  });

  test('keeps every digit of a long on the wire', async () => {
    const { Id } = await warehouse.run('select 9223372036854775807::bigint');
    const answer = await fetch(warehouse.test.client.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'RedshiftData.GetStatementResult',
        authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/redshift-data/aws4_request',
      },
      body: JSON.stringify({ Id }),
    });
    expect(await answer.text()).toContain('[[{"longValue":9223372036854775807}]]');
  });

  test('that has a semicolon, comments and blank lines around it runs as one', async () => {
    expect(await warehouse.rows('\n -- a comment; with a semicolon\n select 7 ; \n')).toEqual([[7]]);
  });

  test('with another statement behind it is refused', async () => {
    await expect(execute({ Sql: 'select 1; select 2' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(execute({ Sql: ' -- nothing\n' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('with a NUL in it fails, instead of ending there', async () => {
    for (const sql of ['select 1\0 from nowhere', "select 'a\0b'"])
      expect(await warehouse.run(sql)).toMatchObject({
        Status: 'FAILED',
        Error: 'ERROR: invalid byte sequence for encoding "UTF8": 0x00',
      });
  });

  test('has a duration and a query id once it has finished, and no rows where it counts none', async () => {
    expect(await warehouse.run('create table if not exists timed (a int)')).toMatchObject({
      Status: 'FINISHED',
      ResultRows: 0,
      ResultSize: 0,
    });
    expect(await warehouse.run('select 1/0')).toMatchObject({
      Status: 'FAILED',
      Duration: -1,
      RedshiftQueryId: 0,
      ResultRows: -1,
      ResultSize: -1,
    });
    const { Id } = await execute({ Sql: 'select count(*) from generate_series(1, 100000000000) a' });
    let running = await warehouse.data.send(new DescribeStatementCommand({ Id }));
    while (running.Status !== 'STARTED') running = await warehouse.data.send(new DescribeStatementCommand({ Id }));
    expect(running).toMatchObject({ Duration: -1, RedshiftQueryId: 0, ResultRows: -1, ResultSize: -1 });
    await warehouse.data.send(new CancelStatementCommand({ Id }));
  });

  test('longer than 100 KB is refused', async () => {
    await expect(execute({ Sql: `select '${'é'.repeat(52_000)}'` })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(await warehouse.run(`select length('${'e'.repeat(102_000)}')`)).toMatchObject({ Status: 'FINISHED' });
  });
});

describe('results', () => {
  test('types and values are those of the database driver', async () => {
    const { Id } = await warehouse.run(
      "select true as b, 2::smallint as s, 3::bigint as l, 1.5::float8 as d, 12.30::decimal(10,2) as n, 'é\"\n😀'::varchar(20) as v," +
        " date '2024-02-29' as day, timestamp '2022-02-22 00:00:00' as at, timestamp '2020-08-21 17:33:51.88712' as precise, null::int as nothing",
    );
    const { Records, ColumnMetadata } = await warehouse.result(Id);
    expect(Records).toEqual([
      [
        { booleanValue: true },
        { longValue: 2 },
        { longValue: 3 },
        { doubleValue: 1.5 },
        { stringValue: '12.30' },
        { stringValue: 'é"\n😀' },
        { stringValue: '2024-02-29' },
        { stringValue: '2022-02-22 00:00:00.0' },
        { stringValue: '2020-08-21 17:33:51.88712' },
        { isNull: true },
      ],
    ]);
    expect(ColumnMetadata?.map(({ typeName }) => typeName)).toEqual([
      'bool',
      'int2',
      'int8',
      'float8',
      'numeric',
      'varchar',
      'date',
      'timestamp',
      'timestamp',
      'int4',
    ]);
  });

  test('a value cast to TIME may have an alias without AS', async () => {
    expect(await warehouse.rows("select '01:02:03'::time at_, '02:03'::time with time zone is not null b")).toEqual([
      ['01:02:03', true],
    ]);
  });

  test('columns name the relation they are of, through subqueries and views, and what is computed names none', async () => {
    await warehouse.runBatch([
      'create schema origins',
      'create table origins.t (k int not null, "Col A" varchar(10))',
      'create table origins.u (k int not null, y date)',
      'create view origins.v as select k, "Col A" from origins.t',
      'create table origins.w (start int)',
    ]);
    const origins = async (sql: string) => {
      const { Id } = await warehouse.run(sql);
      const { ColumnMetadata } = await warehouse.result(Id);
      return ColumnMetadata?.map(
        ({ name, schemaName, tableName, nullable }) => `${name} ${schemaName}.${tableName} ${nullable}`,
      );
    };
    expect(await origins('select k, (k) as kk, k + 1 as n, k::bigint as b, max(y) over () from origins.u')).toEqual([
      'k origins.u 0',
      'kk origins.u 0',
      'n . 1',
      'b . 1',
      'max . 1',
    ]);
    expect(
      await origins(
        'with q as (select "Col A" as a, k from origins.t x) select q.*, u.y from q left join origins.u using (k)',
      ),
    ).toEqual(['a origins.t 1', 'k origins.t 0', 'y origins.u 1']);
    expect(await origins('select * from origins.t join origins.u using (k)')).toEqual([
      'k origins.t 0',
      'col a origins.t 1',
      'y origins.u 1',
    ]);
    expect(await origins('select * from (select v.* from origins.v) as s (key)')).toEqual([
      'key origins.v 1',
      'col a origins.v 1',
    ]);
    expect(await origins('select k from origins.t union all select k from origins.u')).toEqual(['k . 1']);
    expect(await origins('select start from origins.w')).toEqual(['start origins.w 1']);
    expect(await origins('select relname from pg_class limit 1')).toEqual(['relname pg_catalog.pg_class 1']);
    const { SubStatements } = await warehouse.runBatch(['create temp table o as select 1 as x', 'select * from o']);
    expect((await warehouse.result(SubStatements?.[1]?.Id)).ColumnMetadata).toMatchObject([
      { tableName: 'o', schemaName: 'pg_temp_1' },
    ]);
  });

  test('an empty result set has columns and no rows', async () => {
    const described = await warehouse.run('select 1 as a where false');
    expect(described).toMatchObject({ HasResultSet: true, ResultRows: 0 });
    expect(await warehouse.result(described.Id)).toMatchObject({
      Records: [],
      TotalNumRows: 0,
      ColumnMetadata: [{ name: 'a' }],
    });
  });

  test('large results come in pages, in order, without gaps', async () => {
    await warehouse.run(
      'create table digits as select 0 as d union all select 1 union all select 2 union all select 3',
    );
    const five = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const { Id, ResultRows } = await warehouse.run(
      `select row_number() over () as n, repeat('x', 100) as filler from ${five.map((name) => `digits ${name}`).join(', ')} order by 1`,
    );
    expect(ResultRows).toBe(4 ** 7);
    let token: string | undefined;
    let next = 1;
    let pages = 0;
    do {
      const page = await warehouse.data.send(new GetStatementResultCommand({ Id, NextToken: token }));
      for (const [number] of page.Records ?? []) expect(number?.longValue).toBe(next++);
      token = page.NextToken;
      pages++;
    } while (token);
    expect(next - 1).toBe(4 ** 7);
    expect(pages).toBeGreaterThan(1);
    await expect(
      warehouse.data.send(new GetStatementResultCommand({ Id, NextToken: 'made up' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a row larger than 64 KB fails the statement', async () => {
    const described = await warehouse.run("select repeat('x', 65535) as a, repeat('y', 10) as b");
    expect(described).toMatchObject({ Status: 'FAILED' });
    expect(described.Error).toMatch(/Packet for query is too large/);
  });

  test('CSV is fetched with the second version of the operation, and only with it', async () => {
    const { Id } = await warehouse.run("select 1 as a, 'x,\"y\"' as b, null as c, '' as d", { ResultFormat: 'CSV' });
    const page = await warehouse.data.send(new GetStatementResultV2Command({ Id }));
    expect(page).toMatchObject({ ResultFormat: 'CSV', TotalNumRows: 1 });
    expect(page.Records).toEqual([{ CSVRecords: 'a,b,c,d\r\n1,"x,""y""",,""\r\n' }]);
    await expect(warehouse.result(Id)).rejects.toMatchObject({ name: 'ValidationException' });
    const empty = await warehouse.run('select 1 as a, 2 as "b,c" limit 0', { ResultFormat: 'CSV' });
    expect(await warehouse.data.send(new GetStatementResultV2Command({ Id: empty.Id }))).toMatchObject({
      Records: [{ CSVRecords: 'a,"b,c"\r\n' }],
      TotalNumRows: 0,
    });
    const json = await warehouse.run('select 1');
    await expect(warehouse.data.send(new GetStatementResultV2Command({ Id: json.Id }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('a batch', () => {
  test('is one transaction with a result for each statement', async () => {
    const described = await warehouse.runBatch([
      'create table b1 (a int)',
      'insert into b1 values (1)',
      'select a from b1',
    ]);
    expect(described).toMatchObject({
      Status: 'FINISHED',
      HasResultSet: true,
      RedshiftQueryId: 0,
      ExecutionMode: 'TRANSACTION',
      SubStatements: [
        { Id: `${described.Id}:1`, Status: 'FINISHED', HasResultSet: false },
        { Id: `${described.Id}:2`, Status: 'FINISHED', ResultRows: 1 },
        { Id: `${described.Id}:3`, Status: 'FINISHED', HasResultSet: true, QueryString: 'select a from b1' },
      ],
    });
    expect(described.QueryString).toBeUndefined();
    expect((await warehouse.result(`${described.Id}:3`)).Records).toEqual([[{ longValue: 1 }]]);
    await expect(warehouse.result(described.Id)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'BatchExecuteStatement result can only be retrieved with sub-statement id.',
    });
    const third = await warehouse.data.send(new DescribeStatementCommand({ Id: `${described.Id}:3` }));
    expect(third).toMatchObject({ QueryString: 'select a from b1', ResultRows: 1, Status: 'FINISHED' });
    await expect(warehouse.data.send(new DescribeStatementCommand({ Id: `${described.Id}:4` }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('that fails leaves nothing behind', async () => {
    const described = await warehouse.runBatch([
      'create table b2 (a int)',
      'insert into nowhere values (1)',
      'select 1',
    ]);
    expect(described).toMatchObject({
      Status: 'FAILED',
      SubStatements: [{ Status: 'FINISHED' }, { Status: 'FAILED' }, { Status: 'ABORTED' }],
    });
    expect(described.Error).toMatch(/^Query #2 failed with ERROR: /);
    expect(await warehouse.run('select * from b2')).toMatchObject({ Status: 'FAILED' });
  });

  test('in AUTO_COMMIT mode keeps what worked', async () => {
    const described = await warehouse.runBatch(
      ['create table b3 (a int)', 'insert into nowhere values (1)', 'insert into b3 values (1)'],
      { ExecutionMode: 'AUTO_COMMIT' },
    );
    expect(described.SubStatements?.map(({ Status }) => Status)).toEqual(['FINISHED', 'FAILED', 'FINISHED']);
    expect(await warehouse.rows('select count(*) from b3')).toEqual([[1]]);
  });

  test('of 41 statements, or of none, is refused', async () => {
    const batch = (Sqls: string[]) => warehouse.data.send(new BatchExecuteStatementCommand({ ...target, Sqls }));
    await expect(batch(Array.from({ length: 41 }, () => 'select 1'))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(batch([])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('shares a temporary table between its statements, and nobody else sees it', async () => {
    const described = await warehouse.runBatch(['create temp table t1 as select 1 as a', 'select a from t1']);
    expect(described).toMatchObject({ Status: 'FINISHED' });
    expect(await warehouse.run('select a from t1')).toMatchObject({ Status: 'FAILED' });
  });

  test('commits what came before a TRUNCATE', async () => {
    await warehouse.runBatch(['create table b4 (a int)', 'create table b5 (a int)', 'insert into b5 values (1)']);
    const described = await warehouse.runBatch([
      'insert into b4 values (1)',
      'truncate b5',
      'insert into b4 values (2)',
      'select * from nowhere',
    ]);
    expect(described.Status).toBe('FAILED');
    expect(await warehouse.rows('select a from b4')).toEqual([[1]]);
    expect(await warehouse.rows('select count(*) from b5')).toEqual([[0]]);
  });
});

describe('parameters', () => {
  test('bind values, as often as they are named, and never SQL', async () => {
    await warehouse.run('create table people (id int, name varchar(100))');
    const nasty = "O'Brien\\'); drop table people; --😀";
    await warehouse.run('insert into people values (:id, :name)', {
      Parameters: [
        { name: 'id', value: '7' },
        { name: 'name', value: nasty },
      ],
    });
    const described = await warehouse.run(
      "select id, name, ':n' from people where id = :n and name = :name /* :other */",
      {
        Parameters: [
          { name: 'n', value: '7' },
          { name: 'name', value: nasty },
        ],
      },
    );
    expect(described.Error).toBeUndefined();
    expect(described).toMatchObject({
      Status: 'FINISHED',
      QueryParameters: [{ name: 'n' }, { name: 'name', value: nasty }],
    });
    expect((await warehouse.result(described.Id)).Records).toEqual([
      [{ longValue: 7 }, { stringValue: nasty }, { stringValue: ':n' }],
    ]);
  });

  test('that no statement names, or that come twice, are refused', async () => {
    const parameter = { name: 'a', value: '1' };
    await expect(execute({ Sql: "select ':a'", Parameters: [parameter] })).rejects.toThrow(/Unused parameters: \[a\]/);
    await expect(execute({ Sql: 'select :a', Parameters: [parameter, parameter] })).rejects.toThrow(/duplicate/);
  });

  test('without a value, or with a name that is none, are refused', async () => {
    await expect(execute({ Sql: 'select :a', Parameters: [{ name: 'a', value: undefined }] })).rejects.toThrow(
      /Value null at 'parameters\.1\.member\.value'/,
    );
    await expect(execute({ Sql: 'select :a', Parameters: [{ name: 'a-b', value: '1' }] })).rejects.toThrow(
      /'parameters\.1\.member\.name' failed to satisfy constraint/,
    );
  });

  test('of zero length fail the statement', async () => {
    const described = await warehouse.run('select :a', { Parameters: [{ name: 'a', value: '' }] });
    expect(described).toMatchObject({ Status: 'FAILED' });
  });
});

describe('asking about statements', () => {
  test('a client token makes a submit idempotent', async () => {
    const input = { Sql: 'select 1', ClientToken: 'token-1' };
    const [first, second] = await Promise.all([execute(input), execute(input)]);
    expect(second.Id).toBe(first.Id);
    await expect(execute({ ...input, Sql: 'select 2' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('statements are listed by name, status and cluster, the newest first, in pages', async () => {
    for (const name of ['load-1', 'load-2', 'Load-3']) await warehouse.run('select 1', { StatementName: name });
    await warehouse.run('select * from nowhere', { StatementName: 'load-4' });
    const list = async (input: object) =>
      (await warehouse.data.send(new ListStatementsCommand({ StatementName: 'load', ...input }))).Statements?.map(
        ({ StatementName }) => StatementName,
      );
    expect(await list({})).toEqual(['load-2', 'load-1']);
    expect(await list({ Status: 'ALL' })).toEqual(['load-4', 'load-2', 'load-1']);
    expect(await list({ Status: 'FAILED' })).toEqual(['load-4']);
    expect(await list({ ClusterIdentifier: 'other' })).toEqual([]);
    expect(await list({ RoleLevel: false, Status: 'ALL' })).toHaveLength(3);
    await expect(list({ Status: 'DONE' })).rejects.toThrow(/Value 'DONE' at 'status' failed to satisfy constraint/);
    const all = { StatementName: 'load', Status: 'ALL', MaxResults: 2 } as const;
    const page = await warehouse.data.send(new ListStatementsCommand(all));
    expect(page.Statements).toHaveLength(2);
    // What is submitted between two pages pushes nothing onto the next one again.
    await warehouse.run('select 1', { StatementName: 'load-5' });
    const rest = await warehouse.data.send(new ListStatementsCommand({ ...all, NextToken: page.NextToken }));
    expect(rest.Statements).toMatchObject([{ StatementName: 'load-1' }]);
    expect(rest.NextToken).toBeUndefined();
    await expect(list({ NextToken: 'made up' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('another principal does not see them', async () => {
    const { Id } = await warehouse.run('select 1');
    const { accessKeyId, secretAccessKey } = warehouse.test.cloud.credentials.issue(
      'arn:aws:iam::000000000000:role/other',
      'session',
    );
    const other = new RedshiftDataClient({ ...warehouse.test.client, credentials: { accessKeyId, secretAccessKey } });
    await expect(other.send(new DescribeStatementCommand({ Id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(other.send(new GetStatementResultCommand({ Id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect((await other.send(new ListStatementsCommand({}))).Statements).toEqual([]);
    const own = await other.send(
      new ExecuteStatementCommand({ ClusterIdentifier: CLUSTER, Database: 'dev', Sql: 'select 1' }),
    );
    expect(own.DbUser).toBe('IAMR:other');
    other.destroy();
  });

  test('what is not an id, or nobody submitted, is told apart', async () => {
    const describe = (Id: string) => warehouse.data.send(new DescribeStatementCommand({ Id }));
    await expect(describe('nonsense')).rejects.toThrow(/id must satisfy regex pattern/);
    const { Id } = await warehouse.run('select 1', { StatementName: 'n'.repeat(2048) });
    await expect(describe(`${Id}:1`)).rejects.toThrow('Query does not exist.');
    await expect(warehouse.result(`${Id}:1`)).rejects.toThrow('Query does not exist.');
    await expect(execute({ Sql: 'select 1', StatementName: 'n'.repeat(2049) })).rejects.toThrow(/StatementName/);
    await expect(execute({ Sql: 'select 1', Database: '' })).rejects.toThrow('Database is required.');
    await expect(describe('70662acc-f334-46f8-b953-3a9546796d7e')).rejects.toThrow('Query does not exist.');
  });
});

describe('cancelling', () => {
  const ENDLESS = 'select count(*) from generate_series(1, 100000000000) a';

  test('stops a running statement', async () => {
    const { Id } = await execute({ Sql: ENDLESS });
    await warehouse.data.send(new DescribeStatementCommand({ Id }));
    expect(await warehouse.data.send(new CancelStatementCommand({ Id }))).toMatchObject({ Status: true });
    expect(await warehouse.ended(Id)).toMatchObject({ Status: 'ABORTED', HasResultSet: false });
    await expect(warehouse.data.send(new CancelStatementCommand({ Id }))).rejects.toThrow(
      `Could not cancel a query that is already in ABORTED state with ID: ${Id}`,
    );
  });

  test('rolls back a batch that is under way', async () => {
    await warehouse.run('create table c1 (a int)');
    const { Id } = await warehouse.data.send(
      new BatchExecuteStatementCommand({ ...target, Sqls: ['insert into c1 values (1)', ENDLESS, 'select 1'] }),
    );
    const second = async (): Promise<string | undefined> =>
      (await warehouse.data.send(new DescribeStatementCommand({ Id }))).SubStatements?.[1]?.Status;
    while ((await second()) !== 'STARTED');
    await warehouse.data.send(new CancelStatementCommand({ Id }));
    const described = await warehouse.ended(Id);
    expect(described.Status).toBe('ABORTED');
    expect(described.SubStatements?.map(({ Status }) => Status)).toEqual(['FINISHED', 'ABORTED', 'ABORTED']);
    expect(await warehouse.rows('select count(*) from c1')).toEqual([[0]]);
  });
});

test('too many requests waiting for one statement are refused', async () => {
  const { Id } = await execute({ Sql: 'select count(*) from generate_series(1, 100000000000) a' });
  const waiting = Array.from({ length: 5 }, () =>
    warehouse.data.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 })),
  );
  const refused = async (): Promise<string> =>
    warehouse.data.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 1 })).then(
      () => 'served',
      (error: Error) => error.name,
    );
  let answer = 'served';
  while (answer === 'served') answer = await refused();
  expect(answer).toBe('ActiveWaitingRequestsExceededException');
  await warehouse.data.send(new CancelStatementCommand({ Id }));
  for (const described of await Promise.all(waiting)) expect(described.Status).toBe('ABORTED');
});

test('a statement asked to tell its end emits an event', async () => {
  const { Id, RedshiftQueryId: redshiftQueryId } = await warehouse.run('select 1', {
    WithEvent: true,
    StatementName: 'told',
  });
  expect(warehouse.test.events.filter(({ source }) => source === 'aws.redshift-data')).toEqual([
    expect.objectContaining({
      detailType: 'Redshift Data Statement Status Change',
      resources: [`arn:aws:redshift:us-east-1:000000000000:cluster:${CLUSTER}`],
      detail: {
        principal: 'arn:aws:iam::000000000000:user/local',
        statementName: 'told',
        statementId: Id,
        redshiftQueryId,
        state: 'FINISHED',
        rows: 1,
        expireAt: expect.any(Number) as number,
      },
    }),
  ]);
});
