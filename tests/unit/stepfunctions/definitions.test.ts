import { createRequire } from 'node:module';
import { CATALOGUE } from '../../../src/errors/catalogue.ts';
import { machineDefinition, readYaml } from '../../support/declared.ts';

/** The validator `sls package` uses; it ships no types. */
const validate = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
  readonly isValid: boolean;
  errorsText(): string;
};

const MACHINES = ['etl', 'statement', 'cluster'] as const;

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly TimeoutSeconds?: number;
  readonly MaxConcurrency?: number;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly JitterStrategy?: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
  readonly Resource?: string;
}

interface Machine {
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

const definition = (name: string): Machine =>
  machineDefinition(
    name,
    'work-bucket',
    (machine) => `arn:aws:states:us-east-1:000000000000:stateMachine:${machine}`,
  ) as Machine;

function everyState({ States }: Pick<Machine, 'States'>): readonly (readonly [string, State])[] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.ItemProcessor ? everyState(state.ItemProcessor) : []),
  ]);
}

test.each(MACHINES)('the definition of %s is valid', (name) => {
  const outcome = validate(definition(name));
  expect(outcome.errorsText()).toBe('');
  expect(outcome.isValid).toBe(true);
});

test.each(MACHINES)('every error %s names is of AWS, of Lambda, or of the catalogue', (name) => {
  for (const [, state] of everyState(definition(name)))
    for (const { ErrorEquals } of [...(state.Retry ?? []), ...(state.Catch ?? [])])
      for (const error of ErrorEquals)
        if (!/^(States|Lambda|StepFunctions|Sandbox|Runtime)\./.test(error))
          expect(Object.keys(CATALOGUE)).toContain(error);
});

test.each(MACHINES)('%s retries only what can pass, with jitter', (name) => {
  for (const [state, { Retry = [] }] of everyState(definition(name)))
    for (const { ErrorEquals, JitterStrategy } of Retry) {
      expect(JitterStrategy).toBe('FULL');
      for (const error of ErrorEquals) {
        const entry = (CATALOGUE as Readonly<Record<string, { readonly retryable: boolean }>>)[error];
        if (entry) expect([error, entry.retryable]).toEqual([error, true]);
        // A second e-mail is better than none.
        if (error === 'States.ALL') expect(state).toBe('Notify');
      }
    }
});

test.each(MACHINES)('%s and each of its calls to a function end in time', (name) => {
  const machine = definition(name);
  expect(machine.TimeoutSeconds).toBeGreaterThan(0);
  for (const [, state] of everyState(machine))
    if (state.Resource?.includes(':function:')) expect(state.TimeoutSeconds).toBeGreaterThan(0);
});

test('whatever fails once the cluster is asked for leads through its release to the notification', () => {
  const { States } = definition('etl');
  const after = ['AcquireCluster', 'CreateTables', 'CopyTables', 'Transforms', 'Checks', 'Unload', 'InspectCluster'];
  for (const name of after) {
    const [caught] = States[name]?.Catch ?? [];
    expect(caught?.ErrorEquals).toEqual(['States.ALL']);
    expect(['ReleaseCluster', 'InspectCluster']).toContain(caught?.Next);
  }
  expect(States['ReleaseCluster']).toMatchObject({
    Next: 'Notify',
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Notify' }],
  });
});

test('a run that could not be opened looks at what an earlier execution of it has left before it is told, and is told without', () => {
  const { States } = definition('etl');
  expect(States['OpenRun']?.Catch?.[0]?.Next).toBe('LookBack');
  expect(States['LookBack']).toMatchObject({
    Next: 'LookAtTables',
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Notify' }],
  });
  expect(States['LookAtTables']).toMatchObject({
    Next: 'Notify',
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Notify' }],
  });
});

test('at most 20 units run at a time', () => {
  for (const [, state] of everyState(definition('etl')))
    if (state.Type === 'Map') expect(state.MaxConcurrency).toBe(20);
});

interface Alarm {
  readonly Type: string;
  readonly Properties: {
    readonly MetricName?: string;
    readonly Dimensions?: readonly { readonly Value: { readonly Ref?: string } }[];
    readonly AlarmActions?: unknown;
  };
}

test('an end of a run that nobody could be told of by e-mail is told by an alarm, however the run ended', () => {
  const { Resources } = readYaml('resources/observability.yml') as {
    readonly Resources: Readonly<Record<string, Alarm>>;
  };
  const alarms = Object.values(Resources)
    .filter(({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties.AlarmActions !== undefined)
    .map(({ Properties: { MetricName, Dimensions } }) => `${MetricName} ${Dimensions?.[0]?.Value.Ref}`);
  // Of one that was stopped, the janitor tells: with the cluster machine, or not at all.
  expect(alarms).toEqual(
    expect.arrayContaining([
      'ExecutionsFailed EtlStateMachine',
      'ExecutionsTimedOut EtlStateMachine',
      'ExecutionsFailed ClusterStateMachine',
      'Errors JanitorLambdaFunction',
    ]),
  );
});
