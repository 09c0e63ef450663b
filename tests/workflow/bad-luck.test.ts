import { gzipSync } from 'node:zlib';
import { AwsError, type Call } from '../../local/kernel/index.ts';
import { startService, type ServiceInProcess } from '../support/service-in-process.ts';
import { manifest, projects } from '../fixtures/sales.ts';

let service: ServiceInProcess;
let fault: (call: Call, proceed: () => Promise<unknown>) => Promise<unknown>;

const begun = async (text = manifest()): Promise<string> => {
  service = await startService(projects, (call, proceed) => fault(call, proceed));
  await service.put('inbox', 'drop/sale/part-0.gz', gzipSync('customer|amount\n1|10.50\n2|20.00\n'));
  await service.put('inbox', 'drop/sale/part-1.gz', gzipSync('customer|amount\n1|5.25\n'));
  await service.put('inbox', 'drop/manifest.json', text);
  return service.start({ bucket: service.bucket('inbox'), key: 'drop/manifest.json' });
};

beforeEach(() => {
  fault = (_call, proceed) => proceed();
});

afterEach(async () => {
  await service[Symbol.asyncDispose]();
  expect(service.faults).toEqual([]);
});

/** The answer is lost after the effect, for the first `times` calls of an operation made by the functions. */
function losingAnswers(operation: string, times = 1): void {
  let left = times;
  fault = async (call, proceed) => {
    const answer = await proceed();
    if (call.context.operation === operation && !call.context.caller.principalArn.endsWith(':root') && left-- > 0)
      throw new AwsError('InternalFailure', 'the answer was lost', 500);
    return answer;
  };
}

async function succeeds(execution: string): Promise<void> {
  const ended = await service.ended(execution);
  expect([ended.status, ...service.mails()]).toEqual(['SUCCEEDED', expect.stringMatching(/is done/) as string]);
  const { runId } = ended.output as { runId: string };
  expect(await service.text('results', `results/sales/${runId}/top.csv`)).toBe('customer,amount\n2,20.00\n1,15.75\n');
}

test.each([
  'PutObject',
  'CreateStack',
  'BatchExecuteStatement',
  'DescribeStatement',
  'GetStatementResult',
  'ListStatements',
  'DeleteStack',
])('an answer of %s that is lost after its effect changes nothing', async (operation) => {
  losingAnswers(operation, 3);
  await succeeds(await begun());
  expect(service.calls.filter((call) => call.operation === 'Publish')).toHaveLength(1);
});

test('a describe that is throttled for long abandons nothing', async () => {
  let left = 40;
  fault = async (call, proceed) => {
    if (call.context.operation === 'DescribeStatement' && left-- > 0)
      throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
    return proceed();
  };
  await succeeds(await begun());
});

test('a cluster that is paused by hand in the middle of a run is resumed, and the run goes on', async () => {
  let paused = false;
  fault = async (call, proceed) => {
    const { operation } = call.context;
    if (operation === 'BatchExecuteStatement' && !paused && JSON.stringify(call.input).includes('copy-staging-sale')) {
      paused = true;
      await service.cloud.call(
        'redshift',
        'PauseCluster',
        { ClusterIdentifier: 'sluice-test' },
        { principalArn: 'x:root' },
      );
    }
    return proceed();
  };
  await succeeds(await begun());
  expect(paused).toBe(true);
});

test('SNS that is away fails the execution, and the record still tells how the run ended', async () => {
  fault = async (call, proceed) => {
    if (call.context.operation === 'Publish') throw new AwsError('InternalFailure', 'SNS is away', 500);
    return proceed();
  };
  const execution = await begun();
  const how = await service.ended(execution);
  expect(how).toMatchObject({ status: 'FAILED', error: 'NotificationFailed' });
  const outcome = (await service.keys('work', 'runs/')).find((key) => key.endsWith('outcome.json'));
  expect(JSON.parse(await service.text('work', outcome ?? ''))).toMatchObject({ status: 'SUCCEEDED', told: false });
});

test('a run stopped in the middle and redriven the next day begins again on a new cluster, and is done once', async () => {
  let execution = '';
  let stopped = false;
  fault = async (call, proceed) => {
    const answer = await proceed();
    if (
      call.context.operation === 'BatchExecuteStatement' &&
      !stopped &&
      JSON.stringify(call.input).includes('copy-staging')
    ) {
      stopped = true;
      await service.stop(execution);
    }
    return answer;
  };
  execution = await begun();
  expect(await service.ended(execution)).toMatchObject({ status: 'ABORTED' });
  await service.janitor({
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: execution },
  });
  while (service.mails().length === 0) await new Promise(setImmediate);
  service.clock.jump(86_400_000);
  await service.cloud.call('states', 'RedriveExecution', { executionArn: execution }, { principalArn: 'x:root' });
  expect(await service.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  expect(service.messages.map(({ Subject }) => Subject)).toEqual([
    'FAILED: sales 2026-11-22: RunCancelled',
    'OK: sales 2026-11-22 (2 rows)',
  ]);
});

test.each([
  ['replaced', 'replace', { status: 'FAILED', error: 'BatchOvertaken' }],
  ['added to', 'append', { status: 'SUCCEEDED' }],
] as const)('a run stopped before it was done, to whose rows another has %s since', async (_what, load, ended) => {
  let [execution, stopped] = ['', false];
  fault = async (call, proceed) => {
    const sent =
      call.context.operation === 'BatchExecuteStatement' && JSON.stringify(call.input).includes('transform-');
    if (sent && !stopped) {
      stopped = true;
      await service.stop(execution);
    }
    return proceed();
  };
  const keep = { cluster: { afterRun: 'keep' } };
  execution = await begun(manifest(keep, { load }));
  expect(await service.ended(execution)).toMatchObject({ status: 'ABORTED' });
  await service.janitor({
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: execution },
  });
  while (service.mails().length === 0) await new Promise(setImmediate);
  await service.put('inbox', 'next/sale/part-0.gz', gzipSync('customer|amount\n7|70.00\n8|80.00\n'));
  await service.put('inbox', 'next/sale/part-1.gz', gzipSync('customer|amount\n9|90.00\n'));
  await service.put('inbox', 'next/manifest.json', manifest({ ...keep, batch: 'next' }, { load }));
  const other = await service.ended(
    await service.start({ bucket: service.bucket('inbox'), key: 'next/manifest.json' }),
  );
  expect(other).toMatchObject({ status: 'SUCCEEDED' });
  const redriven = async (): Promise<void> =>
    void (await service.cloud.call(
      'states',
      'RedriveExecution',
      { executionArn: execution },
      { principalArn: 'x:root' },
    ));
  const { runId } = other.output as { runId: string };
  const since = `written since by run ${runId} (batch next)`;
  // It submits nothing, so it does not meet what another has written.
  const told = service.mails().length;
  await redriven();
  await service.stop(execution);
  await service.janitor({
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: execution },
  });
  while (service.mails().length === told) await new Promise(setImmediate);
  expect(service.messages.at(-1)?.Subject).toBe('FAILED: sales 2026-11-22: RunCancelled');
  expect(service.mails().at(-1)).toContain(
    load === 'append'
      ? `staging.sale: 3 rows from 2 files, appended; ${since}`
      : `staging.sale: ${since}\nNo table holds anything of this batch.\n`,
  );
  await redriven();
  expect(await service.ended(execution)).toMatchObject(ended);
  if (load === 'append') return;
  expect(service.mails().at(-1)).toContain(`run ${runId} (batch next) has replaced its rows`);
  expect(service.mails().at(-1)).toContain('Drop the manifest again');
  expect(service.mails().at(-1)).toContain(
    `had written:\n  staging.sale: ${since}\nNo table holds anything of this batch.\n`,
  );
});
