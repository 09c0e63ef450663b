import { gzipSync } from 'node:zlib';
import { manifest, projects } from '../fixtures/sales.ts';
import { startService, type ServiceInProcess } from '../support/service-in-process.ts';

const ROOT = { principalArn: 'x:root' };
const KEEP = { cluster: { afterRun: 'keep' } };

let service: ServiceInProcess;

beforeEach(async () => {
  service = await startService(projects);
});

afterEach(async () => {
  await service[Symbol.asyncDispose]();
  expect(service.faults).toEqual([]);
});

const subjects = (): readonly (string | undefined)[] => service.messages.map(({ Subject }) => Subject);
const stacksMade = (): number => service.calls.filter(({ operation }) => operation === 'CreateStack').length - 1;

async function put(
  text: string,
  folder = 'drop',
  files = ['customer|amount\n1|10.50\n2|20.00\n', 'customer|amount\n1|5.25\n'],
): Promise<void> {
  for (const [at, file] of files.entries()) await service.put('inbox', `${folder}/sale/part-${at}.gz`, gzipSync(file));
  await service.put('inbox', `${folder}/manifest.json`, text);
}

/** The input of a run of the manifest as it is now, as its event would give it. */
async function inputOf(key = 'drop/manifest.json'): Promise<object> {
  const bucket = service.bucket('inbox');
  const { VersionId: versionId } = await service.cloud.call<{ VersionId: string }>(
    's3',
    'HeadObject',
    { Bucket: bucket, Key: key },
    ROOT,
  );
  return { bucket, key, versionId };
}

async function started(key?: string, more: object = {}): Promise<string> {
  return service.start({ ...(await inputOf(key)), ...more });
}

async function succeeded(execution: string): Promise<string> {
  const ended = await service.ended(execution);
  expect([ended.status, service.mails().at(-1)]).toEqual(['SUCCEEDED', expect.stringMatching(/is done/) as string]);
  return (ended.output as { runId: string }).runId;
}

const answer = (runId: string): Promise<string> => service.text('results', `results/sales/${runId}/top.csv`);

/** The only row of a query on the cluster, which must be there. */
async function ask(sql: string): Promise<unknown> {
  const { Id } = await service.cloud.call<{ Id: string }>(
    'redshift-data',
    'ExecuteStatement',
    { ClusterIdentifier: 'sluice-test', Database: 'dev', DbUser: 'sluice_admin', Sql: sql },
    ROOT,
  );
  for (;;) {
    const { Status, Error } = await service.cloud.call<{ Status: string; Error?: string }>(
      'redshift-data',
      'DescribeStatement',
      { Id },
      ROOT,
    );
    if (Status === 'FAILED') throw new TypeError(Error);
    if (Status === 'FINISHED') break;
    await new Promise(setImmediate);
  }
  const { Records } = await service.cloud.call<{ Records: readonly (readonly object[])[] }>(
    'redshift-data',
    'GetStatementResult',
    { Id },
    ROOT,
  );
  return Records[0]?.map((field) => Object.values(field)[0] as unknown);
}

test('five drops of the same batch at once are five runs, one after the other, with one answer', async () => {
  const inputs: object[] = [];
  for (let drop = 0; drop < 5; drop++) {
    await put(manifest(KEEP));
    inputs.push(await inputOf());
  }
  // Only now, or a drop overwrites files an earlier run has begun to load.
  const executions = await Promise.all(inputs.map((input) => service.start(input)));
  const runs = await Promise.all(
    executions.map(
      async (execution) => ((await service.ended(execution)).output as { runId?: string } | undefined)?.runId,
    ),
  );
  expect(new Set(runs).size).toBe(5);
  for (const runId of runs) expect(await answer(runId ?? '')).toBe('customer,amount\n2,20.00\n1,15.75\n');
  expect(subjects()).toEqual(Array(5).fill('OK: sales 2026-11-22 (2 rows)'));
  expect(stacksMade()).toBe(1);
});

test('a run that was done is repeated only on purpose', async () => {
  await put(manifest());
  const runId = await succeeded(await started());
  expect((await service.ended(await started())).output).toMatchObject({ status: 'DUPLICATE', runId });
  expect(await succeeded(await started('drop/manifest.json', { repeat: true }))).toBe(`${runId}-2`);
  expect(await succeeded(await started('drop/manifest.json', { repeat: true }))).toBe(`${runId}-3`);
  expect(subjects()).toHaveLength(3);
});

test('append refuses files it has loaded, unless doubling is meant', async () => {
  await put(manifest(KEEP, { load: 'append' }));
  const first = await succeeded(await started());
  await service.put('inbox', 'drop/manifest.json', manifest({ ...KEEP, batch: 'again' }, { load: 'append' }));
  expect(await service.ended(await started())).toMatchObject({ status: 'FAILED', error: 'FilesLoadedBefore' });
  expect(service.mails().at(-1)).toContain(
    ['part-0.gz', 'part-1.gz']
      .map((name) => `s3://${service.bucket('inbox')}/drop/sale/${name} by run ${first}`)
      .join(', '),
  );
  expect(await ask('select count(*) from staging.sale')).toEqual([3]);
  await service.put('inbox', 'drop/manifest.json', manifest(KEEP, { load: 'append', loadAgain: true }));
  await succeeded(await started());
  expect(await ask('select count(*) from staging.sale')).toEqual([6]);
});

test('merge takes rows that are equal once, replaces by key, and refuses rows that share a key and differ', async () => {
  const merge = manifest(KEEP, { load: 'merge', key: ['customer'], files: [{ key: 'sale/part-0.gz' }] });
  await put(merge, 'drop', ['customer|amount\n1|10.50\n1|10.50\n2|20.00\n']);
  await succeeded(await started());
  await put(merge, 'drop', ['customer|amount\n1|7.00\n3|1.00\n']);
  expect(await answer(await succeeded(await started()))).toBe('customer,amount\n2,20.00\n1,7.00\n3,1.00\n');
  await put(merge, 'drop', ['customer|amount\n2|1.00\n2|2.00\n']);
  expect(await service.ended(await started())).toMatchObject({ status: 'FAILED', error: 'KeysNotUnique' });
  expect(service.mails().at(-1)).toContain('load staging.sale: rows that differ share (customer 2).');
  expect(await ask('select count(*), sum(amount) from staging.sale')).toEqual([3, '28.00']);
});

test('a table that is there with other columns is named with the columns it has', async () => {
  await put(manifest(KEEP));
  await succeeded(await started());
  const columns = [
    { name: 'customer', type: 'integer' },
    { name: 'amount', type: 'decimal(14,2)' },
  ];
  await put(manifest(KEEP, { columns }));
  expect(await service.ended(await started())).toMatchObject({ status: 'FAILED', error: 'TableDiffers' });
  expect(service.mails().at(-1)).toContain(
    "the table is there with other columns than the manifest's: customer integer, amount numeric(12,2).",
  );
});

test('a table that fails is as it was before, and so says the e-mail; a table beside it holds the batch whole', async () => {
  const columns = [
    { name: 'customer', type: 'integer' },
    { name: 'amount', type: 'decimal(12,2)' },
  ];
  const tables = [
    { name: 'sale', columns, files: [{ key: 'sale/part-0.gz' }] },
    { name: 'other', columns, files: [{ key: 'sale/part-1.gz' }] },
  ];
  const both = manifest({ ...KEEP, schemas: [{ name: 'staging', tables }] });
  await put(both);
  await succeeded(await started());
  await put(both, 'drop', ['customer|amount\n8|8.00\n9x|9.00\n', 'customer|amount\n4|4.00\n5|5.00\n']);
  expect(await service.ended(await started())).toMatchObject({ status: 'FAILED', error: 'LoadFailed' });
  expect(await ask('select count(*), sum(amount) from staging.sale')).toEqual([2, '30.50']);
  const other = (await ask('select count(*) from staging.other')) as readonly number[];
  const mail = service.mails().at(-1) ?? '';
  // Whether it had begun when the other failed is chance; half done it never is.
  expect([other[0], mail]).toEqual([
    expect.any(Number),
    other[0] === 2
      ? (expect.stringContaining('staging.other: 2 rows from 1 file') as string)
      : (expect.not.stringContaining('staging.other: ') as string),
  ]);
  expect(await service.stackStatus()).toBe('CREATE_COMPLETE');
});

test.each([
  ['keep', 'reuse', 1],
  ['keep', 'replace', 2],
  ['pause', 'reuse', 1],
  ['pause', 'replace', 2],
  ['delete', 'reuse', 2],
  ['delete', 'replace', 2],
] as const)(
  'a cluster after %s, then %s: the second batch finds what it asks for',
  async (afterRun, existing, stacks) => {
    await put(manifest({ cluster: { afterRun } }));
    await succeeded(await started());
    await put(manifest({ batch: 'second', cluster: { existing, afterRun: 'keep' } }));
    await succeeded(await started());
    expect(stacksMade()).toBe(stacks);
    expect(await service.stackStatus()).toBe('CREATE_COMPLETE');
    expect(await ask('select count(distinct run_id) from sluice.ledger')).toEqual([stacks === 1 ? 2 : 1]);
  },
);

test('a data file overwritten while the cluster is made fails the run', async () => {
  await put(manifest());
  const execution = await started();
  while ((await service.stackStatus()) !== 'CREATE_COMPLETE') await new Promise(setImmediate);
  await service.put('inbox', 'drop/sale/part-0.gz', gzipSync('customer|amount\n9|9\n8|8\n'));
  expect(await service.ended(execution)).toMatchObject({ status: 'FAILED', error: 'FileChanged' });
});

test('names of anything break out of nothing: keys, schemas, tables, columns, values', async () => {
  const folder = `dröp '"$\${x}{%1+1%}\\ 🎉--`;
  const file = `sa'le"/pa%20rt+0 🎉 \${} $$.gz`;
  const columns = [
    { name: 'customer', type: 'integer' },
    { name: 'amount', type: 'decimal(12,2)' },
    { name: 'a"; drop table staging.sale; --', type: 'varchar(100)' },
    { name: "b'$$🎉{%1%}\\", type: 'varchar(100)' },
  ];
  const [, , key, sort] = columns.map(({ name }) => name);
  const odd = { columns, files: [{ key: file, rows: 2 }], key: [key], distKey: key, sortKey: [sort] };
  const document = manifest({
    ...KEEP,
    schemas: [
      { name: 'staging', tables: [{ ...odd, name: 'sale' }] },
      {
        name: `sch"e'ma ; --$$`,
        tables: [
          { ...odd, name: `t"x'; $$ -- {% 🎉 \\`, load: 'merge' },
          { ...odd, name: `t"x'; $$ -- {% 🎉 \\2`, load: 'append' },
        ],
      },
    ],
  });
  const values = ["x'; drop table staging.sale; --", '<script>alert(1)</script>', '{% $$ ${} %}', '🎉\\'];
  await service.put(
    'inbox',
    `${folder}/${file}`,
    gzipSync(`a|b|c|d\n1|10.50|${values[0]}|${values[1]}\n2|20.00|${values[2]}|${values[3]}\n`),
  );
  await service.put('inbox', `${folder}/manifest.json`, document);
  const runId = await succeeded(await started(`${folder}/manifest.json`));
  expect(await answer(runId)).toBe('customer,amount\n2,20.00\n1,10.50\n');
  const report = await service.text('results', `results/sales/${runId}/report.html`);
  expect(report).toContain('sch&quot;e&#39;ma ; --$$.t&quot;x&#39;; $$ -- {% 🎉 \\');
  expect(subjects()).toEqual(['OK: sales 2026-11-22 (2 rows)']);
  expect(
    await ask(
      `select count(*), min("${key?.replaceAll('"', '""')}"), max("${sort}") from "sch""e'ma ; --$$"."t""x'; $$ -- {% 🎉 \\2"`,
    ),
  ).toEqual([2, values[0], values[3]]);
});
