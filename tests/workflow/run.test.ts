import { gzipSync } from 'node:zlib';
import { manifest, projects } from '../fixtures/sales.ts';
import { startService, type ServiceInProcess } from '../support/service-in-process.ts';

let service: ServiceInProcess;

beforeEach(async () => {
  service = await startService(projects);
});

afterEach(async () => {
  await service[Symbol.asyncDispose]();
  expect(service.faults).toEqual([]);
});

async function drop(text = manifest(), first = 'customer|amount\n1|10.50\n2|20.00\n'): Promise<void> {
  await service.put('inbox', 'drop/sale/part-0.gz', gzipSync(first));
  await service.put('inbox', 'drop/sale/part-1.gz', gzipSync('customer|amount\n1|5.25\n'));
  await service.put('inbox', 'drop/manifest.json', text);
}

const input = (): object => ({ bucket: service.bucket('inbox'), key: 'drop/manifest.json' });
const subjects = (): readonly (string | undefined)[] => service.messages.map(({ Subject }) => Subject);

test('a batch becomes an answer, a report and one e-mail, and the cluster goes', async () => {
  await drop();
  const ended = await service.ended(await service.start(input()));
  expect([ended.status, ...service.mails()]).toEqual(['SUCCEEDED', expect.stringMatching(/is done/) as string]);
  const { runId } = ended.output as { runId: string };
  expect(await service.text('results', `results/sales/${runId}/top.csv`)).toBe('customer,amount\n2,20.00\n1,15.75\n');
  expect(JSON.parse(await service.text('results', `results/sales/${runId}/summary.json`))).toMatchObject({
    status: 'SUCCEEDED',
    rowsLoaded: 3,
    answer: { rows: 2 },
  });
  expect(await service.text('results', `results/sales/${runId}/report.html`)).toContain('staging.sale');
  expect(subjects()).toEqual(['OK: sales 2026-11-22 (2 rows)']);
  expect(service.calls.filter(({ operation }) => operation === 'CreateStack')).toHaveLength(2);
  expect(await service.stackStatus()).toMatch(/^(DELETE_IN_PROGRESS|NONE|DELETE_COMPLETE)$/);
});

test('the same event twice is one run', async () => {
  await drop();
  const [first, second] = await Promise.all([service.start(input()), service.start(input())]);
  const ended = await Promise.all([service.ended(first), service.ended(second)]);
  expect(ended.map(({ output }) => (output as { status: string }).status).sort()).toEqual(['DUPLICATE', 'SUCCEEDED']);
  expect(subjects()).toHaveLength(1);
});

test('a letter in a number fails the run with file, line, column and value, and the cluster goes', async () => {
  await drop(manifest(), 'customer|amount\n1|10.50\n2x|20.00\n');
  const ended = await service.ended(await service.start(input()));
  expect(ended).toMatchObject({ status: 'FAILED', error: 'LoadFailed' });
  expect(ended.cause).not.toContain('2x');
  expect(subjects()).toEqual(['FAILED: sales 2026-11-22: LoadFailed staging.sale']);
  const mail = service.mails()[0] ?? '';
  for (const line of ['Step: CopyTables', 'Table: staging.sale', 'Line: 3', 'Column: customer', 'Value: 2x'])
    expect(mail).toContain(line);
  expect(mail).toContain('No table holds anything of this batch.');
  expect(await service.stackStatus()).not.toBe('CREATE_COMPLETE');
});

test('rows that are not as promised stop the run before any transform, and the e-mail says which file has how many', async () => {
  const files = [
    { key: 'sale/part-0.gz', rows: 3 },
    { key: 'sale/part-1.gz', rows: 1 },
  ];
  await drop(manifest({}, { files }));
  expect(await service.ended(await service.start(input()))).toMatchObject({ status: 'FAILED', error: 'RowsDiffer' });
  const file = `s3://${service.bucket('inbox')}/drop/sale/part-0.gz`;
  expect(service.mails()[0]).toContain(
    `load staging.sale: the files have 3 rows instead of the 4 that the manifest promises: ${file} has 2 instead of 3.`,
  );
  expect(service.mails()[0]).toContain(`File: ${file}\n`);
});

test('a data check stops the run before the answer is written', async () => {
  await drop(manifest(), 'customer|amount\n1|-99.00\n2|20.00\n');
  const ended = await service.ended(await service.start(input()));
  expect(ended).toMatchObject({ status: 'FAILED', error: 'DataCheckFailed' });
  expect(service.mails()[0]).toContain('customer 1');
});

test('a manifest that is wrong is told, and no cluster is made', async () => {
  await drop('{"version": 1, "project": "sales", "btach": "x"}');
  expect(await service.ended(await service.start(input()))).toMatchObject({
    status: 'FAILED',
    error: 'ManifestInvalid',
  });
  expect(subjects()[0]).toMatch(/^FAILED: /);
  expect(service.calls.filter(({ operation }) => operation === 'CreateStack')).toHaveLength(1);
});

test('a straggler is waited for; files that never come end the run at its deadline', async () => {
  await service.put('inbox', 'drop/sale/part-0.gz', gzipSync('customer|amount\n1|10.50\n2|20.00\n'));
  await service.put('inbox', 'drop/manifest.json', manifest());
  const ended = await service.ended(await service.start(input()));
  expect(ended).toMatchObject({ status: 'FAILED', error: 'FilesNotThere' });
});

test('two batches at once share one cluster, and it goes when both are done', async () => {
  await drop();
  await service.put('inbox', 'other/sale/part-0.gz', gzipSync('customer|amount\n1|10.50\n2|20.00\n'));
  await service.put('inbox', 'other/sale/part-1.gz', gzipSync('customer|amount\n1|5.25\n'));
  await service.put('inbox', 'other/manifest.json', manifest({ batch: '2026-11-23' }));
  const executions = await Promise.all([
    service.start(input()),
    service.start({ ...input(), key: 'other/manifest.json' }),
  ]);
  for (const execution of executions) expect(await service.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  expect(subjects()).toHaveLength(2);
});

test('a run that is stopped is tidied up after by the janitor, who tells the analysts', async () => {
  await drop();
  const execution = await service.start(input());
  while ((await service.stackStatus()) !== 'CREATE_COMPLETE') await new Promise(setImmediate);
  await service.stop(execution);
  const event = { 'detail-type': 'Step Functions Execution Status Change', detail: { executionArn: execution } };
  expect(await service.janitor(event)).toMatchObject({ freed: [expect.stringContaining('ABORTED') as string] });
  while (subjects().length === 0) await new Promise(setImmediate);
  expect(subjects()).toEqual(['FAILED: sales 2026-11-22: RunCancelled']);
  expect(await service.stackStatus()).not.toBe('CREATE_COMPLETE');
});
