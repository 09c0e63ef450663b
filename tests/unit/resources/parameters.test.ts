import { createRequire } from 'node:module';

type Resolver = (variables: { readonly resolveVariable: (name: string) => Promise<unknown> }) => Promise<unknown>;
const load = createRequire(import.meta.url) as (path: string) => Resolver;
const parameters = load('../../../resources/parameters.cjs');
const subscriptions = load('../../../resources/subscriptions.cjs');
const subnets = load('../../../resources/subnets.cjs');

interface Subscription {
  readonly TopicArn: { readonly Ref: string };
  readonly Endpoint: string;
  readonly FilterPolicy?: object;
}

const GIVEN: Readonly<Record<string, unknown>> = {
  nodes: 2,
  fileDeadlineMinutes: 30,
  statementTimeoutMinutes: 720,
  janitorMinutes: 15,
  clusterAliveAlarmMinutes: 480,
  inboxRetentionDays: 90,
  workRetentionDays: 90,
  resultsRetentionDays: 730,
  networkCidr: '10.42.0.0/24',
};

const resolved = (resolver: Resolver, change: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
  resolver({ resolveVariable: async (name) => ({ ...GIVEN, ...change })[name.replace('param:', '')] });

test.each([
  [15, 'rate(15 minutes)', 900],
  ['1', 'rate(1 minute)', 900],
  [240, 'rate(240 minutes)', 14_400],
])('every %s minutes is %s for EventBridge, and %s seconds for its alarms', async (janitorMinutes, rate, seconds) => {
  expect(await resolved(parameters, { janitorMinutes })).toEqual({ janitorRate: rate, janitorPeriodSeconds: seconds });
});

test.each([
  ['ops@example.com', ['ana@example.com all', 'ops@example.com failures', 'ops@example.com alarms']],
  ['ana@example.com', ['ana@example.com all', 'ana@example.com alarms']],
])(
  'analysts are told of every end, the operator %s of those that went wrong, nobody twice',
  async (operators, told) => {
    const { Resources } = (await subscriptions({
      resolveVariable: async (name) => (name === 'param:analystEmails' ? 'ana@example.com' : operators),
    })) as { Resources: Record<string, { Properties: Subscription }> };
    expect(
      Object.values(Resources).map(({ Properties: { TopicArn, Endpoint, FilterPolicy } }) => {
        if (TopicArn.Ref === 'AlarmsTopic') return `${Endpoint} alarms`;
        if (FilterPolicy) expect(FilterPolicy).toEqual({ code: [{ exists: true }] });
        return `${Endpoint} ${FilterPolicy ? 'failures' : 'all'}`;
      }),
    ).toEqual(told);
  },
);

test.each([
  ['janitorMinutes', '0'],
  ['janitorMinutes', '1.5'],
  ['statementTimeoutMinutes', '1441'],
  ['statementTimeoutMinutes', 'twelve hours'],
  ['fileDeadlineMinutes', '-5'],
  ['nodes', ''],
  ['workRetentionDays', 2],
])('%s: %s is told when the service is packaged', async (name, value) => {
  await expect(resolved(parameters, { [name]: value })).rejects.toThrow(
    new RegExp(`^${name}: '${value}' is not a whole number from \\d+ to \\d+\\.$`),
  );
});

test("the network's halves are the subnets", async () => {
  expect(await resolved(subnets)).toEqual({ a: '10.42.0.0/25', b: '10.42.0.128/25' });
});

test.each([
  ['10.42.0.0', 'is not an IPv4 network'],
  ['10.42.0.256/24', 'is not an IPv4 network'],
  ['10.42.0.0/28', 'is not between /16 and /27'],
  ['10.42.0.1/24', 'does not start at a boundary of its own size'],
])('the network %s %s', async (networkCidr, why) => {
  await expect(resolved(subnets, { networkCidr })).rejects.toThrow(why);
});
