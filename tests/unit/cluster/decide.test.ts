import { StackStatus } from '@aws-sdk/client-cloudformation';
import * as fc from 'fast-check';
import { CLUSTER_STATUSES, clusterStateOf } from '../../../src/cluster/cluster-status.ts';
import { type Decision, decide, type Observation, type Wish } from '../../../src/cluster/decide.ts';
import {
  ahead,
  FREE_LEASE,
  generationLeft,
  holds,
  joined,
  type Lease,
  type Party,
  releasing,
} from '../../../src/cluster/lease.ts';
import { STACK_STATUSES, stackStateOf } from '../../../src/cluster/stack-status.ts';

const parties: readonly Party[] = ['a', 'b', 'c'].map((name) => ({
  redrive: 0,
  runId: `run-${name}`,
  execution: `execution-${name}`,
}));
const [alice, bob] = parties as [Party, Party];

const party = fc.constantFrom(...parties);
const stackId = fc.constantFrom('stack-1', 'stack-2');
const schemas = fc.subarray(['mart', 'staging']);
const afterRun = fc.constantFrom('delete' as const, 'pause' as const, 'keep' as const);

/** Leases as they can come about: draining and kept only while nobody holds the cluster. */
const lease: fc.Arbitrary<Lease> = fc
  .record({
    holders: fc.uniqueArray(fc.record({ who: party, afterRun, schemas, releasing: fc.boolean() }), {
      maxLength: 3,
      selector: ({ who }) => who.runId,
    }),
    replacing: fc.option(party, { nil: undefined }),
    creating: fc.option(fc.record({ who: party, stackId: fc.option(stackId, { nil: undefined }) }), { nil: undefined }),
    draining: fc.option(fc.constantFrom('delete' as const, 'pause' as const), { nil: undefined }),
    kept: fc.boolean(),
    left: fc.subarray([...parties]),
  })
  .map(({ holders, replacing, creating, draining, kept, left }) => ({
    ...FREE_LEASE,
    left: left.filter((one) => holders.every(({ who }) => who.runId !== one.runId)),
    holders: holders.map(({ who, ...rest }) => ({ ...who, ...rest, since: 0 })),
    ...(replacing ? { replacing } : {}),
    ...(creating && holders.length > 0
      ? {
          creating: {
            runId: creating.who.runId,
            token: 'token',
            ...(creating.stackId === undefined ? {} : { stackId: creating.stackId }),
          },
        }
      : {}),
    ...(draining && holders.length === 0 ? { draining: { to: draining, since: 0 } } : {}),
    ...(kept && holders.length === 0 && !draining ? { kept: { by: 'x', as: 'running' as const } } : {}),
  }));

const observation: fc.Arbitrary<Observation> = fc.record({
  lease,
  stack: fc.oneof(
    fc.constant({ status: 'NONE' }),
    fc.record({
      status: fc.constantFrom(...STACK_STATUSES.filter((status) => status !== 'NONE'), 'A_STATUS_OF_2030'),
      id: stackId,
    }),
  ),
  cluster: fc.record({ status: fc.constantFrom(...CLUSTER_STATUSES, 'a status of 2030') }),
  now: fc.constant(1),
});

const wish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({
    kind: fc.constant('acquire' as const),
    me: party,
    existing: fc.constantFrom('reuse' as const, 'replace' as const),
    afterRun,
    schemas,
  }),
  fc.record({ kind: fc.constantFrom('release' as const, 'inspect' as const), me: party }),
  fc.constant({ kind: 'tidy' as const }),
);

test('every status of CloudFormation has a meaning', () => {
  for (const status of Object.values(StackStatus)) expect(STACK_STATUSES).toContain(status);
});

test('a status nobody knows yet is waited for', () => {
  expect(stackStateOf('A_STATUS_OF_2030')).toBe('changing');
  expect(clusterStateOf('a status of 2030')).toBe('changing');
});

test('there is a decision for every wish, lease, stack and cluster', () => {
  fc.assert(
    fc.property(wish, observation, (wanted, seen) => decide(wanted, seen).because.length > 0),
    { numRuns: 3_000 },
  );
});

test('a cluster is deleted or paused only while nobody holds it and it is draining', () => {
  fc.assert(
    fc.property(wish, observation, (wanted, seen) => {
      const decision = decide(wanted, seen);
      if (decision.do !== 'delete-stack' && decision.do !== 'pause-cluster') return;
      expect(seen.lease.holders).toEqual([]);
      expect(seen.lease.draining).toBeDefined();
    }),
    { numRuns: 5_000 },
  );
});

test('a stack is created only by the holder the lease names, and only when there is none', () => {
  fc.assert(
    fc.property(wish, observation, (wanted, seen) => {
      if (decide(wanted, seen).do !== 'create-stack') return;
      const me = (wanted as { me: Party }).me;
      expect(seen.lease.creating?.runId).toBe(me.runId);
      expect(holds(seen.lease, me)).toBe(true);
      expect(stackStateOf(seen.stack.status)).toBe('absent');
      expect(seen.cluster.status).toBe('none');
    }),
    { numRuns: 5_000 },
  );
});

test('a change never removes another run from the lease, and never lets two things be decided about the cluster', () => {
  fc.assert(
    fc.property(wish, observation, (wanted, seen) => {
      const decision = decide(wanted, seen);
      if (decision.do !== 'swap') return;
      const mine = 'me' in wanted ? wanted.me.runId : undefined;
      for (const holder of seen.lease.holders)
        if (holder.runId !== mine) expect(decision.lease.holders).toContainEqual(holder);
      if (decision.lease.holders.length > 0) {
        expect(decision.lease.draining).toBeUndefined();
        expect(decision.lease.kept).toBeUndefined();
      }
      if (decision.lease.draining) expect(decision.lease.kept).toBeUndefined();
    }),
    { numRuns: 5_000 },
  );
});

test('a run begins only when nobody who came before it writes what it writes', () => {
  fc.assert(
    fc.property(observation, wish, (observed, wanted) => {
      const decision = decide(wanted, observed);
      if (wanted.kind !== 'acquire' || decision.do !== 'done') return;
      const at = observed.lease.holders.findIndex(({ runId }) => runId === wanted.me.runId);
      const mine = observed.lease.holders[at]?.schemas ?? [];
      const before = observed.lease.holders.slice(0, at).flatMap((holder) => holder.schemas);
      expect(before.filter((schema) => mine.includes(schema))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('inspecting changes nothing', () => {
  fc.assert(
    fc.property(party, observation, (me, seen) => {
      expect(decide({ kind: 'inspect', me }, seen).do).toBe('done');
    }),
  );
});

/** AWS as far as the decisions see it: what is begun ends when time passes. */
class Aws {
  stack: { status: string; id?: string } = { status: 'NONE' };
  cluster = { status: 'none' };
  lease: Lease = FREE_LEASE;
  created = 0;

  perform(decision: Decision): void {
    switch (decision.do) {
      case 'swap':
        this.lease = { ...decision.lease, revision: this.lease.revision + 1 };
        break;
      case 'create-stack':
        this.created++;
        this.stack = { status: 'CREATE_IN_PROGRESS', id: `stack-${this.created}` };
        this.cluster = { status: 'creating' };
        break;
      case 'delete-stack':
        if (this.stack.id === decision.stackId) {
          this.stack = { ...this.stack, status: 'DELETE_IN_PROGRESS' };
          this.cluster = { status: 'deleting' };
        }
        break;
      case 'pause-cluster':
        this.cluster = { status: 'pausing' };
        break;
      case 'resume-cluster':
        this.cluster = { status: 'resuming' };
        break;
      case 'wait':
        this.pass();
        break;
      case 'done':
      case 'fail':
        break;
    }
  }

  pass(): void {
    const next: Readonly<Record<string, readonly [string, string]>> = {
      CREATE_IN_PROGRESS: ['CREATE_COMPLETE', 'available'],
      DELETE_IN_PROGRESS: ['NONE', 'none'],
    };
    const settled = next[this.stack.status];
    if (settled) {
      this.stack = settled[0] === 'NONE' ? { status: 'NONE' } : { ...this.stack, status: settled[0] };
      this.cluster = { status: settled[1] };
    } else if (this.cluster.status === 'pausing') this.cluster = { status: 'paused' };
    else if (this.cluster.status === 'resuming') this.cluster = { status: 'available' };
  }

  look(wanted: Wish): Decision {
    const decision = decide(wanted, { lease: this.lease, stack: this.stack, cluster: this.cluster, now: 0 });
    this.perform(decision);
    return decision;
  }

  reach(wanted: Wish, steps = 40): Decision {
    for (let step = 0; step < steps; step++) {
      const decision = this.look(wanted);
      if (decision.do === 'done' || decision.do === 'fail') return decision;
    }
    throw new Error(`${wanted.kind} never ends: ${JSON.stringify(this)}`);
  }
}

const acquire = (
  me: Party,
  existing: 'reuse' | 'replace' = 'reuse',
  after: 'delete' | 'pause' | 'keep' = 'delete',
  written: readonly string[] = [me.runId],
): Wish => ({
  kind: 'acquire',
  me,
  existing,
  afterRun: after,
  schemas: written,
});

test('two runs share one cluster, and the last one out takes it down', () => {
  const aws = new Aws();
  expect(aws.reach(acquire(alice))).toMatchObject({ phase: 'READY' });
  expect(aws.reach(acquire(bob))).toMatchObject({ phase: 'READY' });
  expect(aws.created).toBe(1);
  expect(aws.reach({ kind: 'release', me: alice })).toMatchObject({ phase: 'RELEASED' });
  expect(aws.cluster.status).toBe('available');
  aws.reach({ kind: 'release', me: bob });
  expect(aws.stack.status).toBe('DELETE_IN_PROGRESS');
});

test('runs that write the same schema take turns, in the order in which they came', () => {
  const aws = new Aws();
  const carol = parties[2] as Party;
  expect(aws.reach(acquire(alice, 'reuse', 'delete', ['mart', 'staging']))).toMatchObject({ phase: 'READY' });
  const second = acquire(bob, 'reuse', 'delete', ['staging']);
  for (let look = 0; look < 3; look++) aws.look(second);
  expect(aws.look(second)).toMatchObject({ do: 'wait', for: 'others' });
  expect(aws.reach(acquire(carol, 'reuse', 'delete', ['elsewhere']))).toMatchObject({ phase: 'READY' });
  aws.reach({ kind: 'release', me: alice });
  expect(aws.reach(second)).toMatchObject({ phase: 'READY' });
  expect(aws.created).toBe(1);
});

test('whoever comes while the cluster goes waits until it is gone, and gets a new one', () => {
  const aws = new Aws();
  aws.reach(acquire(alice));
  aws.reach({ kind: 'release', me: alice });
  expect(aws.reach(acquire(bob))).toMatchObject({ phase: 'READY' });
  expect(aws.created).toBe(2);
  expect(aws.lease.generation).toBe(2);
});

test('a lease that somebody has deleted does not count from the beginning again: the numbers are of clusters that are gone', () => {
  const alone = { kind: 'acquire', me: alice, existing: 'reuse', afterRun: 'delete', schemas: [] } as const;
  const nothing = { stack: { status: 'NONE' }, cluster: { status: 'none' } };
  const begun = (now: number): Lease | undefined => {
    const decision = decide(alone, { lease: FREE_LEASE, ...nothing, now });
    return decision.do === 'swap' ? decision.lease : undefined;
  };
  const [first, again] = [begun(1_000_000), begun(1_000_000 + 60_000)];
  expect(first?.generation).toBe(1_000);
  expect(again?.generation).toBeGreaterThan(first?.generation ?? 0);
  expect(again?.creating?.token).not.toBe(first?.creating?.token);
});

test('a paused cluster is resumed, and holds what it held', () => {
  const aws = new Aws();
  aws.reach(acquire(alice, 'reuse', 'pause'));
  aws.reach({ kind: 'release', me: alice });
  aws.pass();
  expect(aws.cluster.status).toBe('paused');
  aws.reach(acquire(bob));
  expect(aws.cluster.status).toBe('available');
  expect(aws.created).toBe(1);
  expect(aws.lease.generation).toBe(1);
});

test('a replacement waits for the other users, keeps newcomers waiting, and comes first', () => {
  const aws = new Aws();
  aws.reach(acquire(alice, 'reuse', 'keep'));
  aws.look(acquire(bob, 'replace'));
  expect(aws.look(acquire(bob, 'replace'))).toMatchObject({ do: 'wait', for: 'others' });
  const carol = parties[2] as Party;
  expect(aws.look(acquire(carol))).toMatchObject({ do: 'wait', for: 'others' });
  aws.reach({ kind: 'release', me: alice });
  expect(aws.reach(acquire(bob, 'replace'))).toMatchObject({ phase: 'READY' });
  expect(aws.created).toBe(2);
  expect(aws.reach(acquire(carol))).toMatchObject({ phase: 'READY' });
  expect(aws.created).toBe(2);
});

test('a stack whose creation fails is told to its run, and taken down when the run leaves', () => {
  const aws = new Aws();
  aws.look(acquire(alice));
  aws.look(acquire(alice));
  aws.stack = { ...aws.stack, status: 'ROLLBACK_COMPLETE' };
  aws.cluster = { status: 'none' };
  expect(aws.reach(acquire(alice))).toMatchObject({ do: 'fail', error: 'ClusterStackFailed' });
  aws.reach({ kind: 'release', me: alice });
  expect(aws.stack.status).toBe('DELETE_IN_PROGRESS');
  expect(aws.reach(acquire(bob))).toMatchObject({ phase: 'READY' });
});

test('a stack left over from a failed creation is deleted before a new one is made', () => {
  const aws = new Aws();
  aws.stack = { status: 'ROLLBACK_COMPLETE', id: 'stack-of-old' };
  expect(aws.reach(acquire(alice))).toMatchObject({ phase: 'READY' });
  expect(aws.stack).toEqual({ status: 'CREATE_COMPLETE', id: 'stack-1' });
});

test('a cluster deleted by hand is lost to its run, which gets another by asking again', () => {
  const aws = new Aws();
  aws.reach(acquire(alice));
  aws.cluster = { status: 'none' };
  expect(aws.reach({ kind: 'inspect', me: alice })).toMatchObject({ phase: 'LOST' });
  expect(aws.reach(acquire(alice))).toMatchObject({ phase: 'READY' });
  expect(aws.created).toBe(2);
});

test('the lease keeps which cluster was there when a run left it, however often it is asked', () => {
  const aws = new Aws();
  aws.reach(acquire(alice, 'reuse', 'keep'));
  aws.reach(acquire(bob, 'reuse', 'keep'));
  aws.reach({ kind: 'release', me: alice });
  // Somebody takes it away by hand.
  aws.stack = { status: 'DELETE_IN_PROGRESS', id: 'stack-1' };
  aws.cluster = { status: 'deleting' };
  aws.reach({ kind: 'release', me: bob });
  aws.reach({ kind: 'release', me: alice });
  expect([alice, bob].map((me) => generationLeft(aws.lease, me))).toEqual([1, 0]);
});

test('the janitor takes down what nobody holds, and leaves alone what is kept', () => {
  const aws = new Aws();
  aws.reach(acquire(alice, 'reuse', 'keep'));
  aws.reach({ kind: 'release', me: alice });
  aws.reach({ kind: 'tidy' });
  expect(aws.stack.status).toBe('CREATE_COMPLETE');
  const { kept: _kept, ...orphaned } = aws.lease;
  aws.lease = orphaned;
  aws.reach({ kind: 'tidy' });
  expect(aws.stack.status).toBe('NONE');
  expect(aws.lease.draining).toBeUndefined();
});

test('however runs come and go, everybody gets a cluster, and in the end there is none', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          who: party,
          existing: fc.constantFrom('reuse' as const, 'replace' as const),
          steps: fc.integer({ min: 1, max: 12 }),
        }),
        { maxLength: 25 },
      ),
      (turns) => {
        const aws = new Aws();
        const states = new Map<string, 'in' | 'out'>();
        for (const { who, existing, steps } of turns) {
          if (states.get(who.runId) === 'out') continue;
          for (let step = 0; step < steps; step++) {
            const going = states.get(who.runId) === 'in';
            const decision = aws.look(going ? { kind: 'release', me: who } : acquire(who, existing));
            if (decision.do !== 'done') continue;
            states.set(who.runId, going ? 'out' : 'in');
            break;
          }
        }
        // Whoever is left leaves; then everything goes.
        for (const who of parties) aws.reach({ kind: 'release', me: who });
        aws.reach({ kind: 'tidy' });
        aws.pass();
        aws.reach({ kind: 'tidy' });
        expect(aws.stack.status).toBe('NONE');
        expect(aws.lease.holders).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

test('a run that is redriven while its earlier drive is tidied up after has lost the cluster, and joins again behind it before the cluster goes', () => {
  const first = joined(FREE_LEASE, alice, { afterRun: 'delete', schemas: [] }, 0);
  const leaving = releasing({ ...first, generation: 1 }, alice);
  const again = { ...alice, redrive: 1 };
  const seen = { stack: { status: 'CREATE_COMPLETE', id: 's' }, cluster: { status: 'available' }, now: 0 };
  expect(decide({ kind: 'inspect', me: again }, { ...seen, lease: leaving })).toMatchObject({ phase: 'LOST' });
  const wish = { kind: 'acquire', me: again, existing: 'reuse', afterRun: 'delete', schemas: [] } as const;
  const decision = decide(wish, { ...seen, lease: leaving });
  const holders = [
    { redrive: 0, releasing: true },
    { redrive: 1, releasing: false },
  ];
  expect(decision).toMatchObject({ do: 'swap', lease: { holders } });
  const held = (decision as { lease: Lease }).lease;
  expect(decide(wish, { ...seen, lease: held })).toMatchObject({ do: 'wait', for: 'others' });
  expect(decide({ kind: 'inspect', me: again }, { ...seen, lease: held })).toMatchObject({ phase: 'READY' });
  const release = decide({ kind: 'release', me: alice }, { ...seen, lease: held });
  expect(release).toMatchObject({ do: 'swap', lease: { holders: [{ redrive: 1 }] } });
  const alone = (release as { lease: Lease }).lease;
  expect(alone.draining).toBeUndefined();
  expect(decide(wish, { ...seen, lease: alone })).toMatchObject({ phase: 'READY' });
  expect(decide({ kind: 'release', me: alice }, { ...seen, lease: alone })).toMatchObject({ do: 'done' });
});

test('another execution of a run takes over what the first one holds, but waits behind it once it is being left', () => {
  const seen = { stack: { status: 'CREATE_COMPLETE', id: 's' }, cluster: { status: 'available' }, now: 0 };
  const second = { ...alice, execution: 'execution-d' };
  const mine: Wish = { kind: 'acquire', me: second, existing: 'replace', afterRun: 'delete', schemas: [] };
  const first = joined(FREE_LEASE, alice, { afterRun: 'delete', schemas: [] }, 0);
  const reuse: Wish = { ...mine, existing: 'reuse' };
  expect(decide(reuse, { ...seen, lease: first })).toMatchObject({
    do: 'swap',
    lease: { holders: [{ execution: second.execution }] },
  });
  // Nobody's cluster is replaced while its statements are being cancelled.
  expect(decide(mine, { ...seen, lease: releasing(first, alice) })).toMatchObject({
    do: 'swap',
    lease: { holders: [{ execution: alice.execution }], replacing: second },
  });
});

test.each([
  ['takes over what the first one holds', false],
  ['waits behind the first one, which is being left', true],
])(
  'another execution of a run that %s keeps its turn: whoever came after the first waits for it, too',
  (_case, isLeft) => {
    const seen = { stack: { status: 'CREATE_COMPLETE', id: 's' }, cluster: { status: 'available' }, now: 0 };
    const wishes = { afterRun: 'delete', schemas: ['staging', 'mart'] } as const;
    const first = joined(joined(FREE_LEASE, alice, wishes, 0), bob, wishes, 1);
    const second = { ...alice, execution: 'execution-d' };
    const lease = joined(isLeft ? releasing(first, alice) : first, second, wishes, 2);
    expect(lease.holders.at(-1)).toMatchObject({ runId: bob.runId });
    expect(ahead(lease, bob).map(({ execution }) => execution)).toContain(second.execution);
    expect(decide(acquire(bob), { ...seen, lease })).toMatchObject({ do: 'wait', for: 'others' });
    expect(ahead(lease, second)).toHaveLength(isLeft ? 1 : 0);
    // One that writes more than the first did may meet somebody who writes that already.
    const wider = joined(first, second, { ...wishes, schemas: [...wishes.schemas, 'extra'] }, 2);
    expect(wider.holders.at(-1)).toMatchObject({ execution: second.execution });
  },
);

test('a run that is being left does not get the cluster again by a request that comes late', () => {
  const seen = { stack: { status: 'CREATE_COMPLETE', id: 's' }, cluster: { status: 'available' }, now: 0 };
  const leaving = releasing(joined(FREE_LEASE, alice, { afterRun: 'delete', schemas: [] }, 0), alice);
  expect(decide(acquire(alice), { ...seen, lease: leaving })).toMatchObject({ do: 'fail', error: 'LeaseLost' });
});

test('what a run asked for before it left arrives late and is refused, but not what it asks for when it is redriven', () => {
  const seen = { stack: { status: 'NONE' }, cluster: { status: 'none' }, now: 1 };
  const acquire = (me: Party): Wish => ({ kind: 'acquire', me, existing: 'reuse', afterRun: 'delete', schemas: [] });
  const held = joined(FREE_LEASE, alice, { afterRun: 'delete', schemas: [] }, 0);
  for (const before of [held, FREE_LEASE]) {
    const decision = decide({ kind: 'release', me: alice }, { ...seen, lease: before });
    const after = (decision as { lease: Lease }).lease;
    expect(after).toMatchObject({ holders: [], left: [{ execution: alice.execution, redrive: 0 }] });
    const tidied = { ...seen, lease: { ...FREE_LEASE, left: after.left } };
    expect(decide(acquire(alice), tidied)).toMatchObject({ do: 'fail', error: 'LeaseLost' });
    expect(decide(acquire({ ...alice, redrive: 1 }), tidied)).toMatchObject({ do: 'swap' });
    expect(decide(acquire(bob), tidied)).toMatchObject({ do: 'swap' });
    expect(decide({ kind: 'release', me: alice }, tidied)).toMatchObject({ do: 'done' });
  }
  const redriven = joined(FREE_LEASE, { ...alice, redrive: 1 }, { afterRun: 'delete', schemas: [] }, 0);
  expect(decide(acquire(alice), { ...seen, lease: redriven })).toMatchObject({ do: 'fail', error: 'LeaseLost' });
});
