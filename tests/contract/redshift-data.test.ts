import { startWarehouse, type TestWarehouse } from '../support/warehouse.ts';

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await startWarehouse();
});

afterAll(async () => {
  await warehouse[Symbol.asyncDispose]();
});

test('SELECT 1 is executed, described and fetched', async () => {
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
  expect(await warehouse.result(described.Id)).toMatchObject({
    Records: [[{ longValue: 1 }]],
    ColumnMetadata: [{ name: 'one', label: 'one', typeName: 'int4', precision: 10, isSigned: true }],
    TotalNumRows: 1,
  });
});
