import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type CreateFunctionRequest,
} from '@aws-sdk/client-lambda';
import { startLocalCloud, type LocalCloud } from '../../local/index.ts';
import { ROOT } from '../../local/kernel/index.ts';
import { createLambda } from '../../local/lambda/index.ts';
import { createLogs } from '../../local/logs/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';
import { zip } from '../support/zip.ts';

let testCloud: TestCloud;
let lambda: LambdaClient;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  testCloud = await startCloud([createLogs, (cloud) => createLambda(cloud)]);
  lambda = new LambdaClient(testCloud.client);
  logs = new CloudWatchLogsClient(testCloud.client);
});

afterAll(async () => {
  lambda.destroy();
  logs.destroy();
  await testCloud[Symbol.asyncDispose]();
});

const ROLE = 'arn:aws:iam::000000000000:role/worker';
let serial = 0;

async function deploy(
  files: Readonly<Record<string, string>>,
  settings: Partial<CreateFunctionRequest> = {},
): Promise<string> {
  const FunctionName = `function-${++serial}`;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: ROLE,
      Code: { ZipFile: zip(files) },
      Timeout: 10,
      ...settings,
    }),
  );
  return FunctionName;
}

async function invoke(
  FunctionName: string,
  event: unknown = {},
): Promise<{ error: string | undefined; payload: unknown; tail: string }> {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)), LogType: 'Tail' }),
  );
  return {
    error: answer.FunctionError,
    payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString()),
    tail: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
  };
}

const esm = (body: string): Record<string, string> => ({
  'index.mjs': `export const handler = async (event, context) => { ${body} };`,
});

test('a function is its zip: an ES module handler gets the event and answers', async () => {
  const name = await deploy(
    esm('return { got: event, name: context.functionName, left: context.getRemainingTimeInMillis() > 5000 };'),
  );
  expect(await invoke(name, { a: 'é\n😀"' })).toMatchObject({
    error: undefined,
    payload: { got: { a: 'é\n😀"' }, name, left: true },
    tail: expect.stringMatching(/^START RequestId: .*\nEND RequestId: .*\nREPORT RequestId: .*Init Duration/) as string,
  });
});

test('a .js handler without a package.json is CommonJS, with "type": "module" it is an ES module', async () => {
  const common = await deploy(
    { 'dist/app.js': 'exports.run = { main: async () => typeof require };' },
    { Handler: 'dist/app.run.main' },
  );
  expect((await invoke(common)).payload).toBe('function');
  const module = await deploy({
    'package.json': '{"type":"module"}',
    'index.js': 'import { x } from "./x.js"; export const handler = async () => x;',
    'x.js': 'export const x = 5;',
  });
  expect((await invoke(module)).payload).toBe(5);
});

test("a function's environment is Lambda's variables and its own, nothing of the host's", async () => {
  process.env['HOST_SECRET'] = 'x';
  const name = await deploy(esm('return { ...process.env };'), { Environment: { Variables: { STAGE: 'dev' } } });
  const { payload } = (await invoke(name)) as { payload: Record<string, string> };
  delete process.env['HOST_SECRET'];
  expect(payload).toMatchObject({
    STAGE: 'dev',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_ENDPOINT_URL: testCloud.gateway.endpoint,
    _HANDLER: 'index.handler',
  });
  expect(payload).not.toHaveProperty('HOST_SECRET');
  expect(payload).not.toHaveProperty('HOME');
  expect(testCloud.cloud.credentials.callerOf(payload['AWS_ACCESS_KEY_ID'])).toMatchObject({ principalArn: ROLE });
});

test('a thrown error is an unhandled function error with type, message and trace', async () => {
  const name = await deploy(esm('class Bad extends Error { name = "BadBatch" } throw new Bad("row 7");'));
  expect(await invoke(name)).toMatchObject({
    error: 'Unhandled',
    payload: { errorType: 'BadBatch', errorMessage: 'row 7', trace: expect.any(Array) as unknown },
  });
});

test.each([
  [
    'a missing module',
    { 'index.mjs': 'import "not-packaged"; export const handler = async () => 1;' },
    'Runtime.ImportModuleError',
  ],
  [
    'a package left out of the zip, even if a folder above has it',
    { 'index.mjs': 'import "zod"; export const handler = async () => 1;' },
    'Runtime.ImportModuleError',
  ],
  ['no such export', { 'index.mjs': 'export const other = 1;' }, 'Runtime.HandlerNotFound'],
  ['no such file', { 'other.mjs': '' }, 'Runtime.ImportModuleError'],
  ['a syntax error', { 'index.mjs': 'export const handler = async ( => 1;' }, 'Runtime.UserCodeSyntaxError'],
  ['a throw while loading', { 'index.mjs': 'throw new TypeError("no"); export const handler = 1;' }, 'TypeError'],
  ['process.exit', esm('process.exit(3);'), 'Runtime.ExitError'],
  [
    'an unhandled rejection',
    esm('Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 3000));'),
    'Runtime.UnhandledPromiseRejection',
  ],
  [
    'an uncaught exception',
    esm('setTimeout(() => { throw new RangeError("late") }, 1); await new Promise((r) => setTimeout(r, 3000));'),
    'RangeError',
  ],
  [
    'a callback handler',
    { 'index.mjs': 'export const handler = (event, context, done) => done(null, 1);' },
    'Runtime.CallbackHandlerDeprecated',
  ],
])('%s fails the invocation and leaves the cloud alive', async (_what, files, errorType) => {
  const name = await deploy(files);
  expect(await invoke(name)).toMatchObject({ error: 'Unhandled', payload: { errorType } });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: zip(esm('return "mended";')) }));
  expect((await invoke(name)).payload).toBe('mended');
});

test('a function out of memory is reported, and the cloud lives on', async () => {
  const name = await deploy(esm('const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()));'), {
    Timeout: 20,
  });
  expect(await invoke(name)).toMatchObject({ error: 'Unhandled', payload: { errorType: 'Runtime.OutOfMemory' } });
});

test('a function past its timeout is stopped, and the next invocation gets a new sandbox', async () => {
  const name = await deploy(esm('if (event.hang) for (;;); return process.env.AWS_LAMBDA_LOG_STREAM_NAME;'), {
    Timeout: 1,
  });
  const before = await invoke(name);
  const hung = await invoke(name, { hang: true });
  expect(hung).toMatchObject({
    error: 'Unhandled',
    payload: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/) as string,
    },
  });
  const after = await invoke(name);
  expect(after.error).toBeUndefined();
  expect(after.payload).not.toBe(before.payload);
});

test('of invocations that last, no more sandboxes are started at once than there are processors', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'starting-'));
  const name = await deploy(
    {
      'index.mjs': `import { readdirSync, rmSync, writeFileSync } from 'node:fs';
        const own = process.env.FOLDER + '/' + Math.random();
        writeFileSync(own, '');
        await new Promise((r) => setTimeout(r, 60));
        const starting = readdirSync(process.env.FOLDER).length;
        rmSync(own);
        export const handler = async () => { await new Promise((r) => setTimeout(r, 1700)); return starting; };`,
    },
    { Environment: { Variables: { FOLDER: folder } } },
  );
  const invocations = await Promise.all(Array.from({ length: availableParallelism() + 2 }, () => invoke(name)));
  expect(Math.max(...invocations.map(({ payload }) => Number(payload)))).toBeLessThanOrEqual(availableParallelism());
  rmSync(folder, { recursive: true });
});

test('a sandbox stays warm for the next invocation, and invocations that last get sandboxes of their own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'together-'));
  const name = await deploy({
    // Each waits until all of them are there at once.
    'index.mjs': `import { readdirSync, writeFileSync } from 'node:fs';
      let n = 0; const id = Math.random();
      export const handler = async ({ folder, of }) => {
        if (folder) writeFileSync(folder + '/' + id, '');
        while (folder && readdirSync(folder).length < of) await new Promise((r) => setTimeout(r, 5));
        return [id, ++n];
      };`,
  });
  try {
    const [first] = (await invoke(name)).payload as [number, number];
    expect((await invoke(name)).payload).toEqual([first, 2]);
    const together = await Promise.all([1, 2, 3].map(() => invoke(name, { folder, of: 3 })));
    expect(new Set(together.map(({ payload }) => (payload as number[])[0])).size).toBe(3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a burst of short invocations waits for the sandboxes there are, rather than start as many', async () => {
  const name = await deploy({
    'index.mjs': 'const id = Math.random(); export const handler = async () => id;',
  });
  const answers = await Promise.all(Array.from({ length: 24 }, () => invoke(name)));
  expect(answers.every(({ error }) => error === undefined)).toBe(true);
  expect(new Set(answers.map(({ payload }) => payload)).size).toBeLessThan(12);
});

test('what a function prints is read back from its log group, line by line and in order', async () => {
  const name = await deploy(
    esm(
      'console.log("one\\ntwo", { a: 1 }); process.stdout.write("raw\\nli"); process.stdout.write("nes\\n"); console.error("bad"); return 1;',
    ),
  );
  await invoke(name);
  const logGroupName = `/aws/lambda/${name}`;
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  const logStreamName = logStreams?.[0]?.logStreamName ?? '';
  expect(logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  const { events } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }));
  expect(events?.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^START/),
    expect.stringMatching(/^\S+Z\t[0-9a-f-]{36}\tINFO\tone\ntwo \{ a: 1 \}$/),
    'raw',
    'lines',
    expect.stringMatching(/\tERROR\tbad$/),
    expect.stringMatching(/^END/),
    expect.stringMatching(/^REPORT/),
  ]);
  const filtered = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: '"one" -bad' }));
  expect(filtered.events).toHaveLength(1);
});

test('versions and aliases keep the code they were made of', async () => {
  const name = await deploy(esm('return 1;'));
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: name }));
  await lambda.send(new CreateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: Version }));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: zip(esm('return 2;')) }));
  expect((await invoke(name)).payload).toBe(2);
  expect((await invoke(`${name}:live`)).payload).toBe(1);
  expect((await invoke(`arn:aws:lambda:us-east-1:000000000000:function:${name}:1`)).payload).toBe(1);
});

test('reserved concurrency throttles, a large payload is refused, a dry run runs nothing', async () => {
  const name = await deploy(esm('return 1;'));
  await expect(
    lambda.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify('x'.repeat(6_300_000))) })),
  ).rejects.toMatchObject({ name: 'RequestTooLargeException' });
  await expect(lambda.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from('{') }))).rejects.toMatchObject(
    {
      name: 'InvalidRequestContentException',
    },
  );
  expect((await lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'DryRun' }))).StatusCode).toBe(204);
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }));
  await expect(lambda.send(new InvokeCommand({ FunctionName: name }))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
  });
});

test('a package that leads outside its folder, or is none, is refused', async () => {
  for (const ZipFile of [zip({ '../evil.js': 'x' }), zip({ '/etc/evil.js': 'x' }), Buffer.from('not a zip'), zip({})])
    await expect(
      lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'bad',
          Runtime: 'nodejs24.x',
          Handler: 'i.h',
          Role: ROLE,
          Code: { ZipFile },
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('configuration, permissions and deletion answer as Lambda does', async () => {
  const name = await deploy(esm('return process.env.XY;'));
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: name,
      Environment: { Variables: { XY: 'y' } },
      MemorySize: 256,
    }),
  );
  expect((await invoke(name)).payload).toBe('y');
  await expect(
    lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment: { Variables: { AWS_REGION: 'x' } } }),
    ),
  ).rejects.toThrow(/reserved keys/);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: name,
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    }),
  );
  const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: name }));
  expect(JSON.parse(Policy ?? '')).toMatchObject({ Statement: [{ Principal: { Service: 'events.amazonaws.com' } }] });
  expect((await lambda.send(new GetFunctionCommand({ FunctionName: name }))).Configuration).toMatchObject({
    State: 'Active',
    MemorySize: 256,
  });
  expect(
    (await lambda.send(new ListFunctionsCommand({}))).Functions?.map(({ FunctionName }) => FunctionName),
  ).toContain(name);
  await expect(lambda.send(new ListFunctionsCommand({ Marker: 'made up' }))).rejects.toThrow('Invalid Marker');
  await lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
  await expect(lambda.send(new InvokeCommand({ FunctionName: name }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  expect(testCloud.faults).toEqual([]);
});

test('a function that is invoked as soon as the cloud is there again finds its endpoint, and not AWS', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  const call = <Output>(local: LocalCloud, service: string, operation: string, input: unknown): Promise<Output> =>
    local.cloud.call<Output>(service, operation, input, ROOT);
  const first = await startLocalCloud({ directory });
  const trusted = ['lambda', 'states'].map((service) => ({
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: 'sts:AssumeRole',
  }));
  const { Role } = await call<{ Role: { Arn: string } }>(first, 'iam', 'CreateRole', {
    RoleName: 'worker',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: trusted }),
  });
  const { FunctionArn } = await call<{ FunctionArn: string }>(first, 'lambda', 'CreateFunction', {
    FunctionName: 'told',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: Role.Arn,
    Code: { ZipFile: zip(esm('console.log("told by " + process.env.AWS_ENDPOINT_URL);')) },
  });
  await call(first, 'lambda', 'AddPermission', {
    FunctionName: 'told',
    StatementId: 'events',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
  });
  await call(first, 'events', 'PutRule', { Name: 'ends', EventPattern: '{"source":["aws.states"]}' });
  const { stateMachineArn } = await call<{ stateMachineArn: string }>(first, 'states', 'CreateStateMachine', {
    name: 'waits',
    roleArn: Role.Arn,
    definition: JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3600, End: true } } }),
  });
  await call(first, 'states', 'StartExecution', { stateMachineArn });
  await call(first, 'events', 'PutTargets', { Rule: 'ends', Targets: [{ Id: 'told', Arn: FunctionArn }] });
  await first.close();

  const again = await startLocalCloud({ directory });
  try {
    for (;;) {
      const { events = [] } = await call<{ events?: readonly { readonly message: string }[] }>(
        again,
        'logs',
        'FilterLogEvents',
        { logGroupName: '/aws/lambda/told' },
      ).catch(() => ({ events: [] }));
      const told = events.find(({ message }) => message.includes('told by'))?.message;
      if (told !== undefined) {
        expect(told).toContain(`told by ${again.endpoint}`);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await again.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
