import type { Call } from '../../../local/kernel/index.ts';
import { type Found, tablesHolding, toldWrong } from '../../simulation/held-tables.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { Violations } from '../../simulation/violations.ts';
import { Witness } from '../../simulation/witness.ts';
import type { World } from '../../simulation/world.ts';

const lease = { generation: 1, holders: [{ runId: 'run', execution: 'e' }], creating: { runId: 'run', token: 't' } };
const world = {
  clock: { now: () => 0 },
  cloud: { call: async () => ({ Body: Buffer.from(JSON.stringify(lease)) }) },
} as unknown as World;

test('a create whose answer was lost and that is repeated under its token creates one stack', async () => {
  const violations = new Violations();
  const witness = new Witness(world, { incidents: [] } as unknown as Scenario, violations, () => undefined);
  const call = {
    context: { service: 'cloudformation', operation: 'CreateStack' },
    input: { ClientRequestToken: 't' },
  } as unknown as Call;
  const site = 'reconcile-cluster cloudformation:CreateStack';
  for (const StackId of ['stack-1', 'stack-1', 'stack-2']) await witness.around(call, site, async () => ({ StackId }));
  expect([...witness.stacks]).toEqual(['stack-1', 'stack-2']);
  expect(violations.all).toEqual([]);
});

test.each<[Found, string, string, string, boolean]>([
  ['there', 'price', 'price', '', true],
  ['there', '', 'price', '', false],
  ['there', 'price', '', 'price', false],
  ['gone', '', 'price', '', true],
  ['gone', 'price', 'price', 'price', false],
  ['out of reach', 'price', '', '', true],
  ['going', 'price', 'price', '', true],
  ['going', '', 'price', '', true],
  ['going', 'price sale', 'price', '', false],
  // A later drive goes on: what it has committed meanwhile may be told or not, what was there before has to be.
  ['taken over', 'price', 'price', 'price', true],
  ['taken over', 'price', 'price', 'price sale', true],
  ['taken over', 'price sale', 'price', 'price sale', true],
  ['taken over', 'sale', 'price', 'price sale', false],
  ['taken over', 'price sale', 'price', 'price', false],
])('cluster %s, told [%s], held [%s] when left and [%s] now: right is %s', (found, told, left, now, right) => {
  const list = (tables: string): readonly string[] => tables.split(' ').filter(Boolean);
  expect(toldWrong(found, list(told), list(left), list(now)) === undefined).toBe(right);
});

test("the ledger says which tables hold a run's batch", () => {
  const row = (runId: string, unit: string) => ({ runId, unit, rows: 1 });
  const ledger = [row('a', 'copy-staging-price'), row('a', 'ddl-ledger'), row('b', 'transform-spend')];
  const contents = {
    ledger,
    loadedFiles: [],
    rows: { sale: [], customer: [], price: [] },
    spend: [],
    spent: [],
    tables: [],
  };
  expect(tablesHolding('a', contents)).toEqual(['staging.price']);
  expect(tablesHolding('a', undefined)).toEqual([]);
  const overtaken = {
    ...contents,
    ledger: [
      ...ledger,
      row('a', 'copy-staging-sale'),
      ...['price', 'sale'].map((table) => row('b', `copy-staging-${table}`)),
    ],
  };
  expect(tablesHolding('a', overtaken, false)).toEqual(['staging.price', 'staging.sale']);
  // Prices are replaced, sales appended.
  expect(tablesHolding('a', overtaken)).toEqual(['staging.sale']);
  expect(tablesHolding('b', overtaken)).toEqual(['mart.spend', 'staging.price', 'staging.sale']);
});
