import { PutObjectCommand, GetObjectCommand, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
  type DescribeExecutionOutput,
} from '@aws-sdk/client-sfn';
import { createLambda, type InProcessFunctions } from '../../local/lambda/index.ts';
import { createS3 } from '../../local/s3/index.ts';
import { createStates } from '../../local/states/index.ts';
import { createEvents } from '../../local/events/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';
import { jsonata, ROLE } from '../support/state-machines.ts';

let cloud: TestCloud;
let sfn: SFNClient;
let s3: S3Client;
const functions: Record<string, InProcessFunctions[string]> = {};

const start = (directory?: string): Promise<TestCloud> =>
  startCloud(
    [createS3, (inner) => createLambda(inner, { inProcess: functions }), createEvents, (inner) => createStates(inner)],
    directory === undefined ? {} : { directory },
  );

beforeEach(async () => {
  cloud = await start();
  sfn = new SFNClient(cloud.client);
  s3 = new S3Client({ ...cloud.client, forcePathStyle: true });
});

afterEach(async () => {
  sfn.destroy();
  s3.destroy();
  await cloud[Symbol.asyncDispose]();
});

async function create(definition: object, name = 'machine'): Promise<string> {
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name, roleArn: ROLE, definition: JSON.stringify(definition) }),
  );
  return stateMachineArn ?? '';
}

async function begin(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), ...(name !== undefined && { name }) }),
  );
  return executionArn ?? '';
}

async function ended(executionArn: string): Promise<DescribeExecutionOutput> {
  for (;;) {
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (described.status !== 'RUNNING') return described;
  }
}

const WAITS = jsonata({ W: { Type: 'Wait', Seconds: 1000, End: true } });

test('a name is taken: the same input answers the running execution, another input or an ended one is refused', async () => {
  const machine = await create(WAITS);
  const arn = await begin(machine, { a: 1 }, 'once');
  expect(await begin(machine, { a: 1 }, 'once')).toBe(arn);
  await expect(begin(machine, { a: 2 }, 'once')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  await sfn.send(new StopExecutionCommand({ executionArn: arn, error: 'E', cause: 'c' }));
  expect(await ended(arn)).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'c', redriveStatus: 'REDRIVABLE' });
  await expect(begin(machine, { a: 1 }, 'once')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
});

test('what a client sends wrong is refused with the names AWS gives', async () => {
  const machine = await create(WAITS);
  const startWith = (input: object): Promise<unknown> =>
    sfn.send(new StartExecutionCommand({ stateMachineArn: machine, ...input }));
  await expect(startWith({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  await expect(startWith({ input: JSON.stringify('x'.repeat(262_144)) })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(startWith({ name: 'a b' })).rejects.toMatchObject({ name: 'InvalidName' });
  await expect(startWith({ stateMachineArn: `${machine}x` })).rejects.toMatchObject({
    name: 'StateMachineDoesNotExist',
  });
  await expect(startWith({ stateMachineArn: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidArn' });
  await expect(
    sfn.send(new DescribeExecutionCommand({ executionArn: `${machine.replace('stateMachine', 'execution')}:x` })),
  ).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  await expect(create(jsonata({ A: { Type: 'Succeed' } }))).rejects.toMatchObject({
    name: 'StateMachineAlreadyExists',
  });
  expect(
    await sfn.send(new ValidateStateMachineDefinitionCommand({ definition: '{"StartAt":"A","States":{}}' })),
  ).toMatchObject({ result: 'FAIL' });
});

test('a history is paged, forwards and backwards', async () => {
  const arn = await begin(
    await create(
      jsonata(
        Object.fromEntries(
          Array.from({ length: 10 }, (_, i) => [
            `S${i}`,
            { Type: 'Pass', ...(i < 9 ? { Next: `S${i + 1}` } : { End: true }) },
          ]),
        ),
      ),
    ),
  );
  await ended(arn);
  const read = async (reverseOrder: boolean): Promise<number[]> => {
    const ids: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn: arn, maxResults: 7, reverseOrder, nextToken }),
      );
      ids.push(...(page.events ?? []).map(({ id }) => id ?? 0));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return ids;
  };
  const ids = Array.from({ length: 22 }, (_, i) => i + 1);
  expect(await read(false)).toEqual(ids);
  expect(await read(true)).toEqual(ids.toReversed());
});

test('an update changes later executions, not the ones that are running', async () => {
  const machine = await create(WAITS);
  const arn = await begin(machine);
  const definition = JSON.stringify(jsonata({ A: { Type: 'Succeed', Output: 'new' } }));
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn: machine, definition }));
  expect((await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn: arn }))).definition).toBe(
    JSON.stringify(WAITS),
  );
  expect((await ended(await begin(machine))).output).toBe('"new"');
});

describe('a distributed Map', () => {
  const map = (reader: object, more: object = {}): object =>
    jsonata({
      M: {
        Type: 'Map',
        Label: 'Rows',
        ItemReader: reader,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'A',
          States: {
            A: {
              Type: 'Choice',
              Choices: [{ Condition: '{% $exists($states.input.bad) %}', Next: 'F' }],
              Default: 'S',
            },
            F: { Type: 'Fail', Error: 'BadRow' },
            S: { Type: 'Succeed' },
          },
        },
        End: true,
        ...more,
      },
    });
  const object = (Key: string, ReaderConfig: object): object => ({
    Resource: 'arn:aws:states:::s3:getObject',
    Arguments: { Bucket: 'data', Key },
    ReaderConfig,
  });

  beforeEach(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    for (const [Key, Body] of Object.entries({
      'rows.json': '[{"n":1},{"n":2},{"n":3}]',
      'rows.jsonl': '{"n":1}\n{"n":2}\n',
      'rows.csv': 'id,text\n1,"a, ""quoted""\nline"\n2,é😀\n',
      'bad.json': '[{"n":1},{"bad":1},{"n":3}]',
    }))
      await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
  });

  test('reads JSON, JSON lines, CSV and listings from S3', async () => {
    const run = async (reader: object, name: string, more: object = {}): Promise<unknown> =>
      JSON.parse((await ended(await begin(await create(map(reader, more), name)))).output ?? 'null');
    expect(await run(object('rows.json', { InputType: 'JSON' }), 'json')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(await run(object('rows.json', { InputType: 'JSON', MaxItems: 2 }), 'some')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await run(object('rows.jsonl', { InputType: 'JSONL' }), 'jsonl')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await run(object('rows.csv', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }), 'csv')).toEqual([
      { id: '1', text: 'a, "quoted"\nline' },
      { id: '2', text: 'é😀' },
    ]);
    const listing = { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: { Bucket: 'data', Prefix: 'rows' } };
    expect(await run(listing, 'listing')).toMatchObject([
      { Key: 'rows.csv' },
      { Key: 'rows.json', Size: 25 },
      { Key: 'rows.jsonl' },
    ]);
    expect(
      await run(object('rows.json', { InputType: 'JSON' }), 'batches', {
        ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { run: 'r' } },
      }),
    ).toEqual([
      { Items: [{ n: 1 }, { n: 2 }], BatchInput: { run: 'r' } },
      { Items: [{ n: 3 }], BatchInput: { run: 'r' } },
    ]);
  });

  test('runs each item as an execution of its own, tolerates failures, and writes results to S3', async () => {
    const arn = await begin(
      await create(
        map(object('bad.json', { InputType: 'JSON' }), {
          ToleratedFailureCount: 1,
          ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'data', Prefix: 'out' } },
        }),
      ),
    );
    const { status, output } = await ended(arn);
    expect(status).toBe('SUCCEEDED');
    const [run] = (await sfn.send(new ListMapRunsCommand({ executionArn: arn }))).mapRuns ?? [];
    const mapRunArn = run?.mapRunArn ?? '';
    expect(await sfn.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
      status: 'SUCCEEDED',
      itemCounts: { total: 3, succeeded: 2, failed: 1, pending: 0, running: 0 },
    });
    const { executions } = await sfn.send(new ListExecutionsCommand({ mapRunArn }));
    expect(executions).toHaveLength(3);
    const child = executions?.[0]?.executionArn ?? '';
    expect(child).toMatch(/:execution:machine\/Rows:/);
    const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn: child }));
    expect(events?.[0]?.type).toBe('ExecutionStarted');
    const parent = await sfn.send(new GetExecutionHistoryCommand({ executionArn: arn }));
    expect(parent.events?.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    const { Key } = (JSON.parse(output ?? '') as { ResultWriterDetails: { Key: string } }).ResultWriterDetails;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'data', Key }));
    expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({
      MapRunArn: mapRunArn,
      ResultFiles: { SUCCEEDED: [{}], FAILED: [{}] },
    });
  });

  test('fails past the tolerated failures, and a redrive runs only what did not succeed', async () => {
    const arn = await begin(await create(map(object('bad.json', { InputType: 'JSON' }), { MaxConcurrency: 1 })));
    expect(await ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'bad.json', Body: '[{"n":1},{"n":2},{"n":3}]' }));
    await sfn.send(new RedriveExecutionCommand({ executionArn: arn }));
    // The failed child still has the input it was started with.
    expect(await ended(arn)).toMatchObject({ status: 'FAILED', redriveCount: 1 });
    const [run] = (await sfn.send(new ListMapRunsCommand({ executionArn: arn }))).mapRuns ?? [];
    expect(await sfn.send(new DescribeMapRunCommand({ mapRunArn: run?.mapRunArn }))).toMatchObject({
      redriveCount: 1,
      executionCounts: { succeeded: 1, failed: 1 },
    });
  });

  test('a file that is not there fails the reader', async () => {
    const arn = await begin(await create(map(object('none.json', { InputType: 'JSON' }))));
    expect(await ended(arn)).toMatchObject({
      status: 'FAILED',
      error: 'States.ItemReaderFailed',
      cause: expect.stringMatching(/NoSuchKey/) as string,
    });
  });
});

test('an execution that was running when the cloud stopped is failed with the reason, and can be redriven', async () => {
  const machine = await create(
    jsonata({
      A: { Type: 'Pass', Assign: { v: 'kept' }, Next: 'W' },
      W: { Type: 'Wait', Seconds: '{% $states.input.wait %}', Next: 'E' },
      E: { Type: 'Succeed', Output: '{% $v %}' },
    }),
  );
  const arn = await begin(machine, { wait: 1 });
  await cloud.stop();
  const again = await start(cloud.directory);
  const client = new SFNClient(again.client);
  const describeAgain = (): Promise<DescribeExecutionOutput> =>
    client.send(new DescribeExecutionCommand({ executionArn: arn }));
  expect(await describeAgain()).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: expect.stringMatching(/local cloud stopped/) as string,
  });
  expect(again.events.map(({ detail }) => detail['status'])).toEqual(['FAILED']);
  await client.send(new RedriveExecutionCommand({ executionArn: arn }));
  let described = await describeAgain();
  while (described.status === 'RUNNING') described = await describeAgain();
  expect(described).toMatchObject({ status: 'SUCCEEDED', output: '"kept"', redriveCount: 1 });
  client.destroy();
  await again.stop();
});

test('S3 objects are read and written through the SDK integration', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
  const task = (action: string, args: object, next: object): object => ({
    Type: 'Task',
    Resource: `arn:aws:states:::aws-sdk:s3:${action}`,
    Arguments: { Bucket: 'data', Key: 'k', ...args },
    ...next,
  });
  const arn = await begin(
    await create(
      jsonata({
        Put: task('putObject', { Body: { text: 'é"\n' }, IfNoneMatch: '*' }, { Next: 'Get' }),
        Get: task('getObject', {}, { Output: '{% $parse($states.result.Body).text %}', Next: 'Again' }),
        Again: task(
          'putObject',
          { Body: 'x', IfNoneMatch: '*' },
          { Catch: [{ ErrorEquals: ['S3.S3Exception'], Output: '{% $states.input %}', Next: 'Done' }], End: true },
        ),
        Done: { Type: 'Succeed' },
      }),
    ),
  );
  expect(await ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify('é"\n') });
  expect(cloud.faults).toEqual([]);
});
