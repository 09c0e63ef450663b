import {
  DescribeTableCommand,
  ExecuteStatementCommand,
  ListDatabasesCommand,
  ListSchemasCommand,
  ListStatementsCommand,
  ListTablesCommand,
} from '@aws-sdk/client-redshift-data';
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  DeleteNamespaceCommand,
  DeleteWorkgroupCommand,
  GetCredentialsCommand,
  GetNamespaceCommand,
  GetWorkgroupCommand,
  ListNamespacesCommand,
  ListTagsForResourceCommand,
  ListWorkgroupsCommand,
  RedshiftServerlessClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateWorkgroupCommand,
} from '@aws-sdk/client-redshift-serverless';
import type { GetSecretValueRequest } from '@aws-sdk/client-secrets-manager';
import { AwsError, type Service } from '../../local/kernel/index.ts';
import { ADMIN, CLUSTER, PASSWORD, startWarehouse, type TestWarehouse } from '../support/warehouse.ts';

const SECRETS: Readonly<Record<string, string>> = {
  good: JSON.stringify({ username: ADMIN, password: PASSWORD }),
  named: JSON.stringify({ username: ADMIN, password: PASSWORD, dbClusterIdentifier: CLUSTER }),
  elsewhere: JSON.stringify({ username: ADMIN, password: PASSWORD, dbClusterIdentifier: 'other' }),
  wrong: JSON.stringify({ username: ADMIN, password: 'Wrong-horse1' }),
  text: 'not json',
};

/** Just enough of Secrets Manager to see what the Data API asks it, and as whom. */
const asked: { id: string | undefined; principal: string }[] = [];
const secrets: Service = {
  name: 'secretsmanager',
  operations: {
    GetSecretValue: ({ SecretId: id }: GetSecretValueRequest, { caller }) => {
      asked.push({ id, principal: caller.principalArn });
      if (id === 'forbidden') throw new AwsError('AccessDeniedException', 'not authorized', 400);
      const text = SECRETS[id ?? ''];
      if (text === undefined)
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      return { SecretString: text };
    },
  },
};

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await startWarehouse({ services: [() => secrets] });
});

afterAll(async () => {
  await warehouse[Symbol.asyncDispose]();
});

const target = { ClusterIdentifier: CLUSTER, Database: 'dev', DbUser: ADMIN };

test("a secret with the admin's name and password lets a statement run, read as the caller", async () => {
  const described = await warehouse.run('select current_user', { SecretArn: 'good' });
  expect(described).toMatchObject({ Status: 'FINISHED', SecretArn: 'good' });
  expect(described.DbUser).toBeUndefined();
  expect(asked.at(-1)).toEqual({ id: 'good', principal: 'arn:aws:iam::000000000000:user/local' });
});

test('a secret may name its cluster instead of the request, but not another one', async () => {
  const execute = (input: object) =>
    warehouse.data.send(new ExecuteStatementCommand({ Sql: 'select 1', Database: 'dev', ...input }));
  const { Id } = await execute({ SecretArn: 'named' });
  expect(await warehouse.ended(Id)).toMatchObject({ Status: 'FINISHED', ClusterIdentifier: CLUSTER });
  await expect(execute({ SecretArn: 'elsewhere', ClusterIdentifier: CLUSTER })).rejects.toThrow(/does not match/);
});

test('a wrong password fails the statement as the database would', async () => {
  expect(await warehouse.run('select 1', { SecretArn: 'wrong' })).toMatchObject({
    Status: 'FAILED',
    Error: 'FATAL: password authentication failed for user "admin"',
  });
});

test('a secret that is not there, not readable or not JSON is refused at once', async () => {
  await expect(warehouse.run('select 1', { SecretArn: 'missing' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(warehouse.run('select 1', { SecretArn: 'forbidden' })).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  await expect(warehouse.run('select 1', { SecretArn: 'text' })).rejects.toThrow(/username and password/);
});

test('a database that is not there fails the statement', async () => {
  expect(await warehouse.run('select 1', { Database: 'nowhere' })).toMatchObject({
    Status: 'FAILED',
    Error: 'FATAL: database "nowhere" does not exist',
  });
});

test('a cluster that is not there is refused', async () => {
  await expect(warehouse.run('select 1', { ClusterIdentifier: 'nowhere' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: "Redshift endpoint doesn't exist in this region.",
  });
});

test('a request names a cluster or a workgroup, one that is there, and not both', async () => {
  const execute = (input: object) =>
    warehouse.data.send(new ExecuteStatementCommand({ Sql: 'select 1', Database: 'dev', ...input }));
  await expect(execute({ WorkgroupName: 'nowhere' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: "Redshift endpoint doesn't exist in this region.",
  });
  await expect(execute({ WorkgroupName: 'wg1', ClusterIdentifier: CLUSTER })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(execute({})).rejects.toThrow('Either ClusterIdentifier or WorkgroupName needs to be specified.');
});

describe('a serverless workgroup', () => {
  let serverless: RedshiftServerlessClient;
  const names = { namespaceName: 'analysts', workgroupName: 'reports' };
  const workgroup = { WorkgroupName: names.workgroupName, Database: 'dev' };
  const status = async () =>
    (await serverless.send(new GetWorkgroupCommand({ workgroupName: names.workgroupName }))).workgroup?.status;
  const settled = async () => {
    while ((await status()) !== 'AVAILABLE');
  };
  const execute = async (Sql: string, input: object = {}) => {
    const submitted = await warehouse.data.send(
      new ExecuteStatementCommand({ Sql, ...workgroup, WaitTimeSeconds: 30, ...input }),
    );
    return warehouse.ended(submitted.Id);
  };

  beforeAll(async () => {
    serverless = new RedshiftServerlessClient(warehouse.test.client);
    await serverless.send(
      new CreateNamespaceCommand({
        namespaceName: names.namespaceName,
        adminUsername: ADMIN,
        adminUserPassword: PASSWORD,
        tags: [{ key: 'team', value: 'sales' }],
      }),
    );
    const { workgroup: created } = await serverless.send(new CreateWorkgroupCommand({ ...names, baseCapacity: 8 }));
    expect(created).toMatchObject({ status: 'CREATING', baseCapacity: 8, namespaceName: 'analysts', port: 5439 });
    await settled();
  });

  afterAll(() => serverless.destroy());

  test('runs statements as the IAM identity, and answers with its own name and no cluster', async () => {
    const described = await execute('create table who as select current_user as name');
    expect(described).toMatchObject({ Status: 'FINISHED', WorkgroupName: 'reports', DbUser: 'IAM:local' });
    expect(described.ClusterIdentifier).toBeUndefined();
    const { workgroup: shown } = await serverless.send(new GetWorkgroupCommand({ workgroupName: names.workgroupName }));
    const byArn = await execute('select name from who', { WorkgroupName: shown?.workgroupArn, WithEvent: true });
    expect((await warehouse.result(byArn.Id)).Records).toEqual([[{ stringValue: 'IAM:local' }]]);
    expect(warehouse.test.events.at(-1)?.resources).toEqual([shown?.workgroupArn]);
    const listed = await warehouse.data.send(
      new ListStatementsCommand({ WorkgroupName: shown?.workgroupArn, Status: 'ALL' }),
    );
    expect(listed.Statements).toHaveLength(2);
    expect(
      (await warehouse.data.send(new ListTablesCommand({ ...workgroup, SchemaPattern: 'public' }))).Tables,
    ).toEqual([{ name: 'who', schema: 'public', type: 'TABLE' }]);
  });

  test('takes the secret of the admin of its namespace, and no DbUser', async () => {
    expect(await execute('select 1', { SecretArn: 'good' })).toMatchObject({ Status: 'FINISHED', SecretArn: 'good' });
    expect(await execute('select 1', { SecretArn: 'wrong' })).toMatchObject({ Status: 'FAILED' });
    await expect(execute('select 1', { DbUser: ADMIN })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('keeps sessions, which end with it, and whose data stays in the namespace', async () => {
    const { SessionId } = await execute('create temp table mine as select 7 as a', { SessionKeepAliveSeconds: 60 });
    const again = { SessionId, Database: undefined, WorkgroupName: undefined };
    const { Id } = await execute('select a from mine', again);
    expect((await warehouse.result(Id)).Records).toEqual([[{ longValue: 7 }]]);
    await execute('create table kept as select 1 as a');
    await serverless.send(new DeleteWorkgroupCommand({ workgroupName: names.workgroupName }));
    const gone = async (): Promise<boolean> =>
      status().then(
        () => false,
        (error: Error) => error.name === 'ResourceNotFoundException',
      );
    while (!(await gone()));
    await expect(execute('select 1', again)).rejects.toThrow(/closed/);
    await expect(execute('select 1')).rejects.toThrow("Redshift endpoint doesn't exist in this region.");
    await serverless.send(new CreateWorkgroupCommand(names));
    await settled();
    expect(await execute('select a from kept')).toMatchObject({ ResultRows: 1 });
  });

  test('is changed, and its namespace deleted only without it', async () => {
    const { workgroupName, namespaceName } = names;
    const refusal = (name: string) => expect.objectContaining({ name }) as unknown;
    await expect(serverless.send(new DeleteNamespaceCommand({ namespaceName }))).rejects.toEqual(
      refusal('ConflictException'),
    );
    await expect(serverless.send(new CreateWorkgroupCommand({ ...names, workgroupName: 'other' }))).rejects.toEqual(
      refusal('ConflictException'),
    );
    await expect(serverless.send(new UpdateWorkgroupCommand({ workgroupName, baseCapacity: 9 }))).rejects.toEqual(
      refusal('ValidationException'),
    );
    expect(await serverless.send(new UpdateWorkgroupCommand({ workgroupName, baseCapacity: 16 }))).toMatchObject({
      workgroup: { status: 'MODIFYING', baseCapacity: 128 },
    });
    await settled();
    const { workgroups } = await serverless.send(new ListWorkgroupsCommand({}));
    expect(workgroups).toMatchObject([{ workgroupName, baseCapacity: 16 }]);
    const { namespaces } = await serverless.send(new ListNamespacesCommand({ maxResults: 1 }));
    expect(namespaces).toMatchObject([{ namespaceName, dbName: 'dev', adminUsername: ADMIN, status: 'AVAILABLE' }]);
    const resourceArn = namespaces?.[0]?.namespaceArn;
    await serverless.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'cost', value: '1' }] }));
    await serverless.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
    expect((await serverless.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
      { key: 'cost', value: '1' },
    ]);
    expect(await serverless.send(new GetCredentialsCommand({ workgroupName }))).toMatchObject({ dbUser: 'IAM:local' });
    await expect(serverless.send(new GetNamespaceCommand({ namespaceName: 'nowhere' }))).rejects.toEqual(
      refusal('ResourceNotFoundException'),
    );
    await expect(serverless.send(new CreateWorkgroupCommand({ workgroupName: 'No', namespaceName }))).rejects.toEqual(
      refusal('ValidationException'),
    );
  });
});

test('databases, schemas, tables and columns are listed', async () => {
  await warehouse.runBatch([
    'create schema sales',
    'create table sales.orders (id bigint not null, amount decimal(12,2), placed timestamp, name varchar(20), code char(3))',
    'create table sales.order_lines (id int)',
  ]);
  expect((await warehouse.data.send(new ListDatabasesCommand(target))).Databases).toEqual(['dev']);
  expect((await warehouse.data.send(new ListSchemasCommand(target))).Schemas).toEqual(
    expect.arrayContaining(['information_schema', 'pg_catalog', 'public', 'sales']),
  );
  expect((await warehouse.data.send(new ListSchemasCommand({ ...target, SchemaPattern: 'sa%' }))).Schemas).toEqual([
    'sales',
  ]);
  const tables = await warehouse.data.send(
    new ListTablesCommand({ ...target, SchemaPattern: 'sales', TablePattern: 'order%' }),
  );
  expect(tables.Tables).toEqual([
    { name: 'order_lines', schema: 'sales', type: 'TABLE' },
    { name: 'orders', schema: 'sales', type: 'TABLE' },
  ]);
  const page = await warehouse.data.send(new ListTablesCommand({ ...target, SchemaPattern: 'sales', MaxResults: 1 }));
  expect(page.Tables).toHaveLength(1);
  const rest = await warehouse.data.send(
    new ListTablesCommand({ ...target, SchemaPattern: 'sales', MaxResults: 1, NextToken: page.NextToken }),
  );
  expect(rest.Tables).toEqual([{ name: 'orders', schema: 'sales', type: 'TABLE' }]);
  const { ColumnList } = await warehouse.data.send(
    new DescribeTableCommand({ ...target, Schema: 'sales', Table: 'orders' }),
  );
  expect(ColumnList).toMatchObject([
    { name: 'id', typeName: 'int8', nullable: 0, schemaName: 'sales', tableName: 'orders' },
    { name: 'amount', typeName: 'numeric', precision: 12, scale: 2, nullable: 1 },
    { name: 'placed', typeName: 'timestamp' },
    { name: 'name', typeName: 'varchar', precision: 20, length: 20 },
    { name: 'code', typeName: 'bpchar', precision: 3 },
  ]);
});

test('a pattern takes a wildcard after a backslash as itself', async () => {
  await warehouse.runBatch([
    'create schema patterns',
    'create table patterns.a_b (a int)',
    'create table patterns.axb (a int)',
  ]);
  const list = async (TablePattern: string) =>
    (
      await warehouse.data.send(new ListTablesCommand({ ...target, SchemaPattern: 'patterns', TablePattern }))
    ).Tables?.map(({ name }) => name);
  expect(await list('a_b')).toEqual(['a_b', 'axb']);
  expect(await list(String.raw`a\_b`)).toEqual(['a_b']);
  expect(await list('A_B')).toEqual([]);
  expect(await list('a.b')).toEqual([]);
});

test("the catalogue's own tables are listed and described, too", async () => {
  const { Tables } = await warehouse.data.send(new ListTablesCommand({ ...target, TablePattern: 'stl_load_errors' }));
  expect(Tables).toEqual([{ name: 'stl_load_errors', schema: 'pg_catalog', type: 'SYSTEM TABLE' }]);
  const { ColumnList } = await warehouse.data.send(
    new DescribeTableCommand({ ...target, Schema: 'information_schema', Table: 'schemata' }),
  );
  expect(ColumnList?.[1]).toMatchObject({ name: 'schema_name', typeName: 'varchar', schemaName: 'information_schema' });
});

test('a database is listed through a connection to another one', async () => {
  await warehouse.run('create database elsewhere');
  await warehouse.run('create table only_there (a int)', { Database: 'elsewhere' });
  const list = async (input: object) =>
    (await warehouse.data.send(new ListTablesCommand({ ...target, SchemaPattern: 'public', ...input }))).Tables;
  expect(await list({ Database: 'elsewhere', ConnectedDatabase: 'dev' })).toMatchObject([{ name: 'only_there' }]);
  await expect(list({ ConnectedDatabase: 'nowhere' })).rejects.toMatchObject({ name: 'DatabaseConnectionException' });
});
