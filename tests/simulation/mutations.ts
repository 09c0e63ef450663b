import { type Call, type Cloud } from '../../local/kernel/index.ts';
import { STACK, type MachineName } from './functions.ts';
import { randomOf } from './random.ts';
import { batchOf } from './batch.ts';
import { changedAndDroppedAgain, stoppedUnderWay } from './goals.ts';
import { type Incident, type Scenario, TABLES } from './scenario.ts';

type Definitions = Readonly<Record<MachineName, unknown>>;
type States = Record<string, Record<string, unknown>>;

/** A defect put in by hand, to show that the simulation sees it. */
export interface Mutation {
  readonly name: string;
  /** The rule that has to catch it. */
  readonly caughtAs: string;
  readonly definitions?: (shipped: Definitions) => Definitions;
  /** Changes a call of the product, or its answer. */
  readonly intercept?: (call: Call, proceed: () => Promise<unknown>, cloud: Cloud) => Promise<unknown>;
  /** Where the defect shows at all: what a seed means for this mutation. */
  readonly scenario: (seed: number) => Scenario;
}

function withStates(shipped: Definitions, machine: MachineName, change: (states: States) => void): Definitions {
  const definition = structuredClone(shipped[machine]) as { States: States };
  change(definition.States);
  return { ...shipped, [machine]: definition };
}

/** Batches one after another on one cluster that is kept, with these incidents. */
function staged(seed: number, batches: number, incidents: readonly Incident[]): Scenario {
  return {
    seed,
    goal: 'a defect',
    alone: false,
    tables: TABLES,
    batches: Array.from({ length: batches }, (_none, index) =>
      batchOf(index, randomOf(seed, 'batch'), {
        at: { stage: 'arrival', nth: 0, after: index * 600_000 },
        afterRun: 'keep',
      }),
    ),
    incidents,
  };
}

let tokens = 0;

const isCopy = (input: unknown): input is { Sqls: string[] } =>
  /:copy-/.test((input as { readonly StatementName?: string }).StatementName ?? '');

function changeCopy(call: Call, change: (sql: string) => string): void {
  const { input } = call;
  if (call.context.operation === 'BatchExecuteStatement' && isCopy(input)) input.Sqls = input.Sqls.map(change);
}

/** Clouds in which the defect has been played: once is enough. */
const created = new WeakSet<Cloud>();

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'copy-without-ledger',
    caughtAs: 'rows-of-no-run',
    intercept: (call, proceed) => {
      changeCopy(call, (sql) => (sql.includes('sluice.ledger') ? 'select 1' : sql));
      return proceed();
    },
    scenario: (seed) => staged(seed, 1, []),
  },
  {
    name: 'truncate-in-a-load',
    caughtAs: 'load-incomplete',
    intercept: (call, proceed) => {
      changeCopy(call, (sql) => sql.replace(/^delete from ("?staging"?\."?price"?)$/, 'truncate table $1'));
      return proceed();
    },
    scenario: (seed) =>
      staged(seed, 2, [{ type: 'statement', kind: 'statement-times-out', of: 'copy', nth: 3, times: 3 }]),
  },
  {
    name: 'released-before-the-statement-ended',
    caughtAs: 'released-while-running',
    definitions: (shipped) =>
      withStates(shipped, 'cluster', (states) => {
        states['WhichWish'] = { Type: 'Pass', Next: 'Reconcile' };
      }),
    scenario: (seed) =>
      staged(seed, 1, [
        { type: 'statement', kind: 'statement-slow', of: 'copy', nth: 0, times: 1 },
        { type: 'hand', kind: 'stop', moment: { stage: 'copies', nth: 0, after: 600_000 } },
      ]),
  },
  {
    name: 'create-without-the-lease',
    caughtAs: 'create-without-lease',
    intercept: async (call, proceed, cloud) => {
      const { operation, caller } = call.context;
      if (operation === 'DescribeStacks' && caller.session === 'FUNCTION-reconcile-cluster' && !created.has(cloud)) {
        created.add(cloud);
        await cloud
          .call(
            'cloudformation',
            'CreateStack',
            { StackName: STACK, TemplateBody: JSON.stringify({ Resources: { Nothing: { Type: 'AWS::SNS::Topic' } } }) },
            caller,
          )
          .catch(() => undefined);
      }
      return proceed();
    },
    scenario: (seed) => staged(seed, 1, []),
  },
  {
    name: 'aborted-treated-as-running',
    caughtAs: 'too-long',
    intercept: async (call, proceed) => {
      const answer = await proceed();
      if (call.context.operation !== 'DescribeStatement') return answer;
      const { Status } = answer as { readonly Status?: string };
      return { ...(answer as object), Status: Status === 'ABORTED' ? 'STARTED' : Status };
    },
    scenario: (seed) =>
      staged(seed, 1, [
        { type: 'statement', kind: 'statement-slow', of: 'copy', nth: 0, times: 1 },
        { type: 'hand', kind: 'cancel-statements', moment: { stage: 'copies', nth: 0, after: 600_000 } },
      ]),
  },
  {
    name: 'told-before-the-release',
    caughtAs: 'told-before-release',
    definitions: (shipped) =>
      withStates(shipped, 'etl', (states) => {
        const swapped = JSON.parse(
          JSON.stringify(states)
            .replaceAll('"Next":"ReleaseCluster"', '"Next":"Notify"')
            .replaceAll('"Default":"ReleaseCluster"', '"Default":"Notify"'),
        ) as States;
        Object.assign(states, swapped);
        const { Catch: _caught, ...release } = states['ReleaseCluster'] ?? {};
        states['ReleaseCluster'] = { ...release, Output: '{% $states.input %}', Next: 'HasSucceeded' };
        states['Notify'] = { ...states['Notify'], Next: 'ReleaseCluster' };
      }),
    scenario: (seed) => staged(seed, 1, []),
  },
  {
    name: 'throttled-look-treated-as-failure',
    caughtAs: 'passing-fault-fails-run',
    definitions: (shipped) =>
      withStates(shipped, 'statement', (states) => {
        const { Retry: _retry, ...check } = states['Check'] ?? {};
        states['Check'] = check;
      }),
    scenario: (seed) =>
      staged(seed, 1, [
        { type: 'statement', kind: 'statement-slow', of: 'copy', nth: 0, times: 1 },
        {
          type: 'call',
          site: 'check-statement redshift-data:DescribeStatement',
          nth: randomOf(seed, 'throttle').between(0, 6),
          times: 5,
          kind: 'throttle',
        },
      ]),
  },
  {
    name: 'retry-with-a-new-token',
    caughtAs: 'submitted-twice',
    intercept: (call, proceed) => {
      const input = call.input as { ClientToken?: string };
      if (call.context.operation === 'BatchExecuteStatement') input.ClientToken = `another-${String(tokens++)}`;
      return proceed();
    },
    scenario: (seed) =>
      staged(seed, 1, [
        { type: 'statement', kind: 'statement-slow', of: 'copy', nth: 0, times: 3 },
        {
          type: 'call',
          site: 'submit-statement redshift-data:BatchExecuteStatement',
          nth: 0,
          times: 8,
          kind: 'timeout-after',
        },
      ]),
  },
  {
    name: 'manifest-not-pinned',
    caughtAs: 'another-manifest',
    intercept: (call, proceed) => {
      const { caller, operation } = call.context;
      if (caller.session === 'FUNCTION-open-run' && operation === 'GetObject') {
        const input = call.input as { query?: URLSearchParams; VersionId?: string };
        input.query?.delete('versionId');
        delete input.VersionId;
      }
      return proceed();
    },
    scenario: (seed) =>
      staged(seed, 1, [
        {
          type: 'file',
          kind: 'manifest-overwritten',
          batch: 0,
          file: 0,
          moment: { stage: 'arrival', nth: 0, after: 100 },
        },
      ]),
  },
  {
    name: 'only-the-planned-version-remembered',
    caughtAs: 'appended-twice',
    intercept: (call, proceed) => {
      changeCopy(call, (sql) => sql.replace(' or incoming.arrived <= loaded.loaded_at', ''));
      return proceed();
    },
    scenario: (seed) => staged(seed, 1, changedAndDroppedAgain()),
  },
  {
    name: 'release-forgets-submissions',
    caughtAs: 'statement-abandoned',
    intercept: async (call, proceed) => {
      const { caller, operation } = call.context;
      const { Prefix = '' } = call.input as { readonly Prefix?: string };
      if (
        caller.session === 'FUNCTION-cancel-statement' &&
        operation === 'ListObjectsV2' &&
        Prefix.endsWith('/attempts/')
      )
        return { Contents: [] };
      return proceed();
    },
    scenario: (seed) => staged(seed, 1, stoppedUnderWay()),
  },
  {
    name: 'overtaken-goes-on',
    caughtAs: 'answer-of-another-batch',
    intercept: (call, proceed) => {
      const input = call.input as { Sql?: string };
      if (call.context.operation === 'ExecuteStatement' && input.Sql?.includes('from sluice.ledger mine'))
        input.Sql = input.Sql.replace('nth = 1', 'nth = 0');
      return proceed();
    },
    scenario: (seed) =>
      staged(seed, 2, [
        { type: 'hand', kind: 'stop-and-redrive-next-day', moment: { stage: 'transforms', nth: 0, after: 0 } },
      ]),
  },
  {
    name: 'event-taken-for-a-wish',
    caughtAs: 'event-starts-again',
    definitions: (shipped) =>
      withStates(shipped, 'etl', (states) => {
        const { Arguments: given, ...open } = states['OpenRun'] ?? {};
        const input =
          "{% $states.context.Execution.Input.detail.{'bucket': bucket.name, 'key': object.key, 'versionId': object.`version-id`} %}";
        states['OpenRun'] = { ...open, Arguments: { ...(given as object), input } };
      }),
    scenario: (seed) =>
      staged(seed, 1, [
        { type: 'data', kind: 'malformed', batch: 0, table: 'price' },
        { type: 'event', kind: 'event-twice', batch: 0, after: 7 * 3_600_000 },
      ]),
  },
  {
    name: 'table-left-behind',
    caughtAs: 'table-left-over',
    intercept: (call, proceed) => {
      const { Sqls = [], StatementName = '' } = call.input as { Sqls?: string[]; readonly StatementName?: string };
      if (call.context.operation === 'BatchExecuteStatement' && StatementName.includes(':transform-'))
        Sqls.push('create table if not exists staging.incoming (customer integer)');
      return proceed();
    },
    scenario: (seed) => staged(seed, 1, []),
  },
  {
    name: 'check-not-read',
    caughtAs: 'reason-wrong',
    intercept: async (call, proceed) => {
      const answer = await proceed();
      const { ColumnMetadata = [] } = answer as { ColumnMetadata?: readonly { label?: string; name?: string }[] };
      const counts = ColumnMetadata.some(({ label, name }) => (label ?? name) === 'offending');
      if (call.context.operation !== 'GetStatementResult' || !counts) return answer;
      return { ...(answer as object), Records: [[{ longValue: 0 }, { isNull: true }]] };
    },
    scenario: (seed) => staged(seed, 1, [{ type: 'data', kind: 'offending', batch: 0, table: 'sale' }]),
  },
  {
    name: 'rows-not-reconciled',
    caughtAs: 'reason-wrong',
    intercept: (call, proceed) => {
      changeCopy(call, (sql) => (/rows_as_promised/.test(sql) ? 'select 1' : sql));
      return proceed();
    },
    scenario: (seed) => staged(seed, 1, [{ type: 'data', kind: 'cut-short', batch: 0, table: 'price' }]),
  },
  {
    name: 'janitor-starts-nothing',
    caughtAs: 'nobody-told',
    intercept: async (call, proceed) =>
      call.context.operation === 'StartExecution' && call.context.caller.session === 'FUNCTION-janitor'
        ? { executionArn: 'none', startDate: new Date(0) }
        : proceed(),
    scenario: (seed) =>
      staged(seed, 1, [
        { type: 'statement', kind: 'statement-slow', of: 'copy', nth: 0, times: 1 },
        { type: 'hand', kind: 'stop', moment: { stage: 'copies', nth: 0, after: 30_000 } },
      ]),
  },
];
