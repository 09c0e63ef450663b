import {
  DescribeTableCommand,
  ExecuteStatementCommand,
  ListDatabasesCommand,
  ListSchemasCommand,
  ListTablesCommand,
} from '@aws-sdk/client-redshift-data';
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

test('a serverless workgroup does not exist', async () => {
  const execute = (input: object) =>
    warehouse.data.send(new ExecuteStatementCommand({ Sql: 'select 1', Database: 'dev', ...input }));
  await expect(execute({ WorkgroupName: 'wg1' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: "Redshift endpoint doesn't exist in this region.",
  });
  await expect(execute({ WorkgroupName: 'wg1', ClusterIdentifier: CLUSTER })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(execute({})).rejects.toThrow(/ClusterIdentifier, WorkgroupName or SessionId/);
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
