import { AwsError } from '../../../local/kernel/index.ts';
import { functionArn, jsonata, jsonpath, ROLE, StateMachines } from '../../support/state-machines.ts';

const invoke = (name: string, more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: name, Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  ...more,
});

test('JSONata: output, variables and context, which see the variables as they were when the state began', async () => {
  const machines = new StateMachines();
  const ran = await machines.run(
    jsonata({
      A: { Type: 'Pass', Assign: { n: 1, name: '{% $states.context.State.Name %}' }, Next: 'B' },
      B: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Output: { n: '{% $n %}', list: '{% [1..3] %}' }, Next: 'C' },
      C: {
        Type: 'Succeed',
        Output: {
          before: '{% $states.input.n %}',
          after: '{% $n %}',
          name: '{% $name %}',
          list: '{% $states.input.list[1] %}',
        },
      },
    }),
  );
  expect(ran).toMatchObject({ status: 'SUCCEEDED', output: { before: 1, after: 2, name: 'A', list: 2 } });
});

test.each([
  ['nothing', '{% $states.input.nope %}', /returned nothing \(undefined\)/],
  ['an error', '{% $error("bad") %}', /threw an error during evaluation/],
  ['$eval', '{% $eval("1") %}', /not supported/],
  ['an endless loop', '{% ($f := function($x) { $f($x + 1) }; $f(1)) %}', /timeout/i],
  ['a function', '{% $sum %}', /unsupported result type/],
])('JSONata: an expression that yields %s is a query evaluation error', async (_what, expression, cause) => {
  const machines = new StateMachines();
  const ran = await machines.run(jsonata({ A: { Type: 'Pass', Output: { x: expression }, End: true } }));
  expect(ran).toMatchObject({
    status: 'FAILED',
    error: 'States.QueryEvaluationError',
    cause: expect.stringMatching(cause) as string,
  });
  expect(await machines.types(ran.arn)).toEqual([
    'ExecutionStarted',
    'PassStateEntered',
    'EvaluationFailed',
    'ExecutionFailed',
  ]);
});

test('JSONata: no prototype is reachable, and a member named __proto__ is a member', async () => {
  const machines = new StateMachines();
  const ran = await machines.run(
    jsonata({
      A: {
        Type: 'Pass',
        Output: '{% [$exists("a".constructor), $exists($states.__proto__), $states.input.__proto__.x] %}',
        End: true,
      },
    }),
    JSON.parse('{"__proto__":{"x":1}}'),
  );
  expect(ran.status === 'SUCCEEDED' ? (ran.output as unknown[]).slice(0, 2) : ran).toEqual([false, false]);
  expect(({} as { x?: number }).x).toBeUndefined();
});

test('JSONPath: parameters, result selector, result path and output path work as documented', async () => {
  const machines = new StateMachines({ echo: async (event) => ({ got: event, noise: 1 }) });
  const ran = await machines.run(
    jsonpath({
      A: {
        Type: 'Task',
        Resource: functionArn('echo'),
        InputPath: '$.order',
        Parameters: {
          'id.$': '$.id',
          'text.$': "States.Format('{} of {}', $.id, $$.StateMachine.Name)",
          'two.$': '$.lines[1].sku',
          'all.$': '$.lines[*].sku',
        },
        ResultSelector: { 'got.$': '$.got' },
        ResultPath: '$.answer.deep',
        OutputPath: '$.answer',
        End: true,
      },
    }),
    { order: { id: 7, lines: [{ sku: 'a' }, { sku: 'b' }] } },
  );
  expect(ran.output).toEqual({ deep: { got: { id: 7, text: '7 of machine-1', two: 'b', all: ['a', 'b'] } } });
  expect(await machines.types(ran.arn)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
});

test('retries wait with backoff up to the limit, count for each retrier, and then the catcher gets the error', async () => {
  let calls = 0;
  const machines = new StateMachines({
    flaky: async () => {
      calls++;
      throw Object.assign(new Error(`try ${calls}`), { name: 'Flaky' });
    },
  });
  const ran = await machines.run(
    jsonata({
      A: invoke('flaky', {
        Retry: [
          { ErrorEquals: ['Other'], MaxAttempts: 9 },
          { ErrorEquals: ['Flaky'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 3 },
        ],
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Assign: { why: '{% $states.errorOutput.Error %}' },
            Output: '{% $parse($states.errorOutput.Cause).errorMessage %}',
            Next: 'B',
          },
        ],
        End: true,
      }),
      B: { Type: 'Succeed', Output: '{% [$why, $states.input] %}' },
    }),
  );
  // 2 s, 6 s, then 18 s cut to 10 s.
  expect(ran).toMatchObject({ output: ['Flaky', 'try 4'], seconds: 18 });
  expect(calls).toBe(4);
});

test('States.ALL catches neither runtime errors nor too much data; the data limit can be caught by its name', async () => {
  const machines = new StateMachines({ big: async () => 'x'.repeat(300_000) });
  const all = await machines.run(
    jsonata({
      A: invoke('big', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], End: true }),
      B: { Type: 'Succeed' },
    }),
  );
  expect(all).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  const named = await machines.run(
    jsonata({
      A: invoke('big', { Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'B' }], End: true }),
      B: { Type: 'Succeed' },
    }),
  );
  expect(named.status).toBe('SUCCEEDED');
  const runtime = await machines.run(jsonpath({ A: { Type: 'Pass', InputPath: '$.x', End: true } }));
  expect(runtime).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
});

test('a task past its timeout fails with States.Timeout, an execution past its own is timed out', async () => {
  const machines = new StateMachines({ slow: (_event, _context) => new Promise(() => {}) });
  const task = await machines.run(jsonata({ A: invoke('slow', { TimeoutSeconds: 30, End: true }) }));
  expect(task).toMatchObject({ status: 'FAILED', error: 'States.Timeout', seconds: 30 });
  expect(await machines.types(task.arn)).toContain('TaskTimedOut');
  const whole = await machines.run({
    ...jsonata({ A: { Type: 'Wait', Seconds: 100, End: true } }),
    TimeoutSeconds: 20,
  });
  expect(whole).toMatchObject({ status: 'TIMED_OUT', seconds: 20 });
});

test('a Parallel fails with its first failure and stops its other branches', async () => {
  const machines = new StateMachines();
  const ran = await machines.run(
    jsonata({
      P: {
        Type: 'Parallel',
        Branches: [
          jsonata({ W: { Type: 'Wait', Seconds: 50, End: true } }),
          jsonata({ X: { Type: 'Wait', Seconds: 5, Next: 'Y' }, Y: { Type: 'Fail', Error: 'E', Cause: 'c' } }),
        ],
        Catch: [{ ErrorEquals: ['E'], Next: 'Z' }],
        End: true,
      },
      Z: { Type: 'Succeed' },
    }),
  );
  expect(ran).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'E', Cause: 'c' }, seconds: 5 });
  const types = await machines.types(ran.arn);
  expect(types).toContain('WaitStateAborted');
  expect(types).toContain('ParallelStateFailed');
});

test('an inline Map runs at most 40 at a time, keeps the order of its items, and binds item and index', async () => {
  let running = 0;
  let most = 0;
  const machines = new StateMachines({
    double: async (event) => {
      most = Math.max(most, ++running);
      await machines.clock.sleep(1000);
      running--;
      return event;
    },
  });
  const ran = await machines.run(
    jsonata({
      M: {
        Type: 'Map',
        Items: '{% [1..100] %}',
        ItemSelector: { v: '{% $states.context.Map.Item.Value * 2 %}', i: '{% $states.context.Map.Item.Index %}' },
        ItemProcessor: { StartAt: 'A', States: { A: invoke('double', { End: true }) } },
        End: true,
      },
    }),
  );
  expect(most).toBe(40);
  expect(ran.seconds).toBe(3);
  expect((ran.output as unknown[])[99]).toEqual({ v: 200, i: 99 });
});

test('a Choice takes the first rule that holds, in either language', async () => {
  const machines = new StateMachines();
  const end = {
    X: { Type: 'Pass', Result: 'X', End: true },
    Y: { Type: 'Pass', Result: 'Y', End: true },
    Z: { Type: 'Pass', Result: 'Z', End: true },
  };
  const path = jsonpath({
    C: {
      Type: 'Choice',
      Choices: [
        {
          And: [{ Variable: '$.n', NumericGreaterThan: 5 }, { Not: { Variable: '$.s', StringMatches: 'a*\\*' } }],
          Next: 'X',
        },
        { Variable: '$.t', IsPresent: true, Next: 'Y' },
      ],
      Default: 'Z',
    },
    ...end,
  });
  expect((await machines.run(path, { n: 6, s: 'abc' })).output).toBe('X');
  expect((await machines.run(path, { n: 6, s: 'abc*', t: null })).output).toBe('Y');
  expect((await machines.run(path, { n: 1, s: '' })).output).toBe('Z');
  const query = jsonata({
    C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n > 5 %}', Output: 'big', Next: 'E' }] },
    E: { Type: 'Succeed' },
  });
  expect((await machines.run(query, { n: 6 })).output).toBe('big');
  expect(await machines.run(query, { n: 1 })).toMatchObject({ error: 'States.NoChoiceMatched' });
});

test('errors of SDK integrations are named as AWS names them, and calls are made with the machine’s role', async () => {
  const fail = (code: string) => () => {
    throw new AwsError(code, 'what went wrong', 404);
  };
  const machines = new StateMachines(
    {},
    {
      s3: { GetObject: fail('NoSuchKey'), HeadBucket: fail('Odd') },
      'redshift-data': {
        DescribeStatement: fail('ResourceNotFoundException'),
        ListStatements: () => ({ At: new Date(0), Statements: [] }),
      },
      cloudformation: { DescribeStacks: fail('ValidationError') },
    },
  );
  const call = (service: string): object =>
    jsonata({
      A: { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${service}`, Arguments: { Id: 'x' }, End: true },
    });
  expect(await machines.run(call('s3:getObject'))).toMatchObject({
    error: 'S3.NoSuchKeyException',
    cause: expect.stringMatching(/^what went wrong \(Service: S3, Status Code: 404, Request ID: \S+\)$/) as string,
  });
  expect(await machines.run(call('s3:headBucket'))).toMatchObject({ error: 'S3.S3Exception' });
  expect(await machines.run(call('redshiftdata:describeStatement'))).toMatchObject({
    error: 'RedshiftData.ResourceNotFoundException',
  });
  expect(await machines.run(call('cloudformation:describeStacks'))).toMatchObject({
    error: 'CloudFormation.CloudFormationException',
  });
  expect((await machines.run(call('redshiftdata:listStatements'))).output).toEqual({
    At: '1970-01-01T00:00:00.000Z',
    Statements: [],
  });
  expect(machines.calls.filter(({ service }) => service === 's3').map(({ caller }) => caller)).toEqual([ROLE, ROLE]);
});

test('startExecution.sync:2 waits for the other machine and answers its output; its failure is States.TaskFailed', async () => {
  const machines = new StateMachines();
  const good = await machines.create(
    jsonata({
      W: { Type: 'Wait', Seconds: 9, Next: 'S' },
      S: { Type: 'Succeed', Output: { n: '{% $states.input.a %}' } },
    }),
  );
  const bad = await machines.create(jsonata({ F: { Type: 'Fail', Error: 'Inner', Cause: 'why' } }));
  const parent = (arn: string): object =>
    jsonata({
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Arguments: { StateMachineArn: arn, Input: { a: 1 } },
        Output: '{% $states.result.Output %}',
        End: true,
      },
    });
  expect(await machines.run(parent(good))).toMatchObject({ status: 'SUCCEEDED', output: { n: 1 }, seconds: 9 });
  const failed = await machines.run(parent(bad));
  expect(failed.error).toBe('States.TaskFailed');
  expect(JSON.parse(failed.cause ?? '')).toMatchObject({
    Status: 'FAILED',
    Error: 'Inner',
    Cause: 'why',
    Input: { a: 1 },
  });
});

test('stopping an execution stops the nested one it waits for', async () => {
  const machines = new StateMachines();
  const inner = await machines.create(jsonata({ W: { Type: 'Wait', Seconds: 1000, End: true } }));
  const outer = await machines.create(
    jsonata({
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Arguments: { StateMachineArn: inner },
        End: true,
      },
    }),
  );
  const arn = await machines.start(outer);
  const stop = machines.clock
    .sleep(10_000)
    .then(() => machines.call('StopExecution', { executionArn: arn, error: 'Enough', cause: 'by hand' }));
  expect(await machines.ended(arn)).toMatchObject({
    status: 'ABORTED',
    error: 'Enough',
    cause: 'by hand',
    seconds: 10,
  });
  await stop;
  const { executions } = await machines.call<{ executions: { status: string }[] }>('ListExecutions', {
    stateMachineArn: inner,
  });
  expect(executions.map(({ status }) => status)).toEqual(['ABORTED']);
});

test('a task waits for its token; heartbeats keep it alive and their absence ends it', async () => {
  let token = '';
  const machines = new StateMachines({
    ask: async (event) => {
      token = (event as { token: string }).token;
      return {};
    },
  });
  const definition = jsonata({
    A: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
      HeartbeatSeconds: 60,
      End: true,
    },
  });
  const arn = await machines.start(await machines.create(definition));
  for (let i = 0; i < 3; i++) {
    await machines.clock.sleep(50_000);
    await machines.call('SendTaskHeartbeat', { taskToken: token });
  }
  await machines.call('SendTaskSuccess', { taskToken: token, output: '{"ok":true}' });
  expect(await machines.ended(arn)).toMatchObject({ output: { ok: true }, seconds: 150 });
  await expect(machines.call('SendTaskSuccess', { taskToken: token, output: '1' })).rejects.toMatchObject({
    code: 'TaskTimedOut',
  });
  await expect(machines.call('SendTaskSuccess', { taskToken: 'junk', output: '1' })).rejects.toMatchObject({
    code: 'InvalidToken',
  });
  expect(await machines.run(definition)).toMatchObject({ error: 'States.HeartbeatTimeout', seconds: 60 });
});

test('a history holds 25,000 events at most, and the execution fails at the limit', async () => {
  const machines = new StateMachines();
  const ran = await machines.run(
    jsonata({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'C' }], Default: 'A' },
      C: { Type: 'Succeed' },
    }),
  );
  expect(ran).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: expect.stringMatching(/25000/) as string,
  });
  const { events } = await machines.call<{ events: { id: number; type: string }[] }>('GetExecutionHistory', {
    executionArn: ran.arn,
    reverseOrder: true,
    maxResults: 1,
  });
  expect(events).toMatchObject([{ id: 25_000, type: 'ExecutionFailed' }]);
});

test('a redrive goes on from the failed states only', async () => {
  const calls: string[] = [];
  let broken = true;
  const machines = new StateMachines({
    work: async (event) => {
      calls.push(String(event));
      if (broken && event === 'b') throw Object.assign(new Error('not yet'), { name: 'Broken' });
      return `${String(event)}!`;
    },
  });
  const ran = await machines.run(
    jsonata({
      V: { Type: 'Pass', Assign: { kept: 'yes' }, Next: 'First' },
      First: invoke('work', { Arguments: { FunctionName: 'work', Payload: 'first' }, Next: 'M' }),
      M: {
        Type: 'Map',
        Items: ['a', 'b', 'c'],
        MaxConcurrency: 1,
        ItemProcessor: { StartAt: 'W', States: { W: invoke('work', { End: true }) } },
        Next: 'End',
      },
      End: { Type: 'Succeed', Output: '{% [$kept, $states.input] %}' },
    }),
  );
  expect(ran).toMatchObject({ status: 'FAILED', error: 'Broken' });
  broken = false;
  await machines.call('RedriveExecution', { executionArn: ran.arn });
  expect(await machines.ended(ran.arn)).toMatchObject({ status: 'SUCCEEDED', output: ['yes', 'a!', 'b!', 'c!'] });
  expect(calls).toEqual(['first', 'a', 'b', 'b', 'c']);
  expect(await machines.types(ran.arn)).toContain('ExecutionRedriven');
  await expect(machines.call('RedriveExecution', { executionArn: ran.arn })).rejects.toMatchObject({
    code: 'ExecutionNotRedrivable',
  });
});

test('status changes are emitted as EventBridge events', async () => {
  const machines = new StateMachines();
  const ran = await machines.run(jsonata({ F: { Type: 'Fail', Error: 'E' } }), { a: 1 });
  expect(machines.events.map(({ detail }) => detail['status'])).toEqual(['RUNNING', 'FAILED']);
  expect(machines.events[1]).toMatchObject({
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [ran.arn],
    detail: { executionArn: ran.arn, input: '{"a":1}', output: null, error: 'E', redriveStatus: 'REDRIVABLE' },
  });
});

test.each([
  ['no states', {}],
  ['a target that is not there', jsonata({ A: { Type: 'Pass', Next: 'Nowhere' } })],
  ['broken JSONata', jsonata({ A: { Type: 'Pass', Output: '{% $x[ %}', End: true } })],
  ['a broken intrinsic', jsonpath({ A: { Type: 'Pass', Parameters: { 'x.$': 'States.Nope(1)' }, End: true } })],
  [
    'States.ALL not alone',
    jsonata({
      A: { ...invoke('x'), Catch: [{ ErrorEquals: ['States.ALL', 'E'], Next: 'B' }], End: true },
      B: { Type: 'Succeed' },
    }),
  ],
  [
    'a variable assigned again inside',
    jsonata({
      A: { Type: 'Pass', Assign: { v: 1 }, Next: 'P' },
      P: { Type: 'Parallel', Branches: [jsonata({ X: { Type: 'Pass', Assign: { v: 2 }, End: true } })], End: true },
    }),
  ],
  ['a variable whose name is too long', jsonata({ A: { Type: 'Pass', Assign: { ['v'.repeat(81)]: 1 }, End: true } })],
])('a definition with %s is refused', async (_what, definition) => {
  const machines = new StateMachines();
  await expect(machines.create(definition)).rejects.toMatchObject({ code: 'InvalidDefinition' });
});

test('expressions may span lines and need no spaces; texts may be empty, a whole Output, or hold line breaks', async () => {
  const machines = new StateMachines();
  const ran = await machines.run(
    jsonata({
      A: {
        Type: 'Pass',
        Output: { two: '{%\n  1 +\n  1\n%}', three: '{%3%}', empty: '', lines: 'a\nb "é😀"' },
        Next: 'B',
      },
      B: { Type: 'Pass', Assign: { all: '{% $states.input %}' }, Output: 'text', Next: 'C' },
      C: { Type: 'Succeed', Output: '{% [$all, $states.input] %}' },
    }),
  );
  expect(ran.output).toEqual([{ two: 2, three: 3, empty: '', lines: 'a\nb "é😀"' }, 'text']);
});

test('an execution is logged to the group its machine names, without the data unless asked', async () => {
  const written: { message: string }[] = [];
  const machines = new StateMachines(
    {},
    {
      logs: {
        CreateLogStream: () => ({}),
        PutLogEvents: (input: { logEvents: { message: string }[] }) => {
          written.push(...input.logEvents);
          return {};
        },
      },
    },
  );
  const stateMachineArn = await machines.create(jsonata({ F: { Type: 'Fail', Error: 'E' } }));
  await machines.call('UpdateStateMachine', {
    stateMachineArn,
    loggingConfiguration: {
      level: 'ALL',
      destinations: [
        { cloudWatchLogsLogGroup: { logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/machines:*' } },
      ],
    },
  });
  const { arn } = await machines.ended(await machines.start(stateMachineArn, { secret: 1 }));
  await new Promise(setImmediate);
  const lines = written.map(({ message }) => JSON.parse(message) as Record<string, unknown>);
  expect(lines.map(({ type }) => type)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  expect(lines[2]).toMatchObject({ execution_arn: arn, details: { error: 'E' }, redrive_count: '0' });
  expect(JSON.stringify(written)).not.toContain('secret');
});
