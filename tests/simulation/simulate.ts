import { AwsError, type Call, type CloudEvent } from '../../local/kernel/index.ts';
import type { InstancePool } from '../../local/redshift/index.ts';
import { ACCOUNT, REGION } from '../support/declared.ts';
import { FOLDER, MANIFEST, manifestOf, textOf } from './batch.ts';
import { CallFaults } from './faults.ts';
import { bucketOf, machineArn } from './functions.ts';
import { overlapName } from './goals.ts';
import { byHand } from './hands.ts';
import type { LogWatch } from './log-watch.ts';
import type { End } from './mails.ts';
import { type Moment, Moments, stageOf } from './moments.ts';
import type { Mutation } from './mutations.ts';
import { Judge } from './judge.ts';
import { projectsOf } from './project.ts';
import { hash } from './random.ts';
import { claimsOf, runningExecutions } from './records.ts';
import {
  type Batch,
  type EventFault,
  type FileFault,
  type Incident,
  type JanitorFault,
  nameOf,
  type Scenario,
  SLOW_MS,
  STATEMENTS,
  TOO_SLOW_MS,
} from './scenario.ts';
import { Trace } from './trace.ts';
import { type Violation, Violations } from './violations.ts';
import { type Deeds, NO_DEEDS, Witness } from './witness.ts';
import { createWorld, START, type Template, type World } from './world.ts';

export interface Simulation {
  readonly template: Template;
  readonly pool: InstancePool;
  readonly directory: string;
  readonly logs: LogWatch;
  /** Changes a call of the product on its way, for defects put in by hand. */
  readonly intercept?: Mutation['intercept'];
}

export interface Verdict {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly digest: string;
  readonly calls: number;
  readonly virtualMs: number;
  readonly timeline: readonly string[];
  /** Names of what has taken place. */
  readonly met: readonly string[];
  readonly sites: readonly string[];
  /** How each execution ended. */
  readonly statuses: readonly string[];
  /** Calls with what they were made on, for the test of least privilege. */
  readonly apis: readonly string[];
}

export const PERIOD_MS = 15 * 60_000;
const SCHEDULED = { 'detail-type': 'Scheduled Event', detail: {} };
/** How often is looked whether there is an orphan. */
const LOOK_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** Longer than anything of the simulation may take, a redrive on the next day included. */
const PATIENCE_MS = 6 * DAY_MS;
/** A manifest that arrives so soon after another run has come to a stage meets it there. */
const OVERLAP_MS = 1_000;

/** Plays one scenario to its end and says what was wrong with it. */
export async function simulate(simulation: Simulation, scenario: Scenario): Promise<Verdict> {
  return new Play(simulation, scenario).run();
}

class Play {
  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  readonly #trace = new Trace(START);
  readonly #violations = new Violations();
  readonly #faults: CallFaults;
  readonly #moments = new Moments();
  readonly #met = new Set<string>();
  readonly #ends: End[] = [];
  readonly #executions: string[] = [];
  readonly #again = new Set<string>();
  /** What each execution had done when it was started or redriven last. */
  readonly #doneBefore = new Map<string, Deeds>();
  #deedsOf: (execution: string) => Deeds = () => NO_DEEDS;
  readonly #held: (() => void)[] = [];
  readonly #statements = new Map<Incident, number>();
  readonly #stackCalls = new Map<Incident, number>();
  #pending = 0;
  #world: World | undefined;

  constructor(simulation: Simulation, scenario: Scenario) {
    this.#simulation = simulation;
    this.#scenario = scenario;
    this.#faults = new CallFaults(scenario.incidents.filter((incident) => incident.type === 'call'));
  }

  get #now(): number {
    return this.#world?.clock.now() ?? START;
  }

  async run(): Promise<Verdict> {
    const { template, pool, directory, logs, intercept } = this.#simulation;
    const violations = this.#violations;
    let witness: Witness | undefined;
    const world = await createWorld({
      seed: this.#scenario.seed,
      faults: this.#faults,
      trace: this.#trace,
      template,
      projects: projectsOf(this.#scenario.tables),
      pool,
      directory,
      latency: (sql) => this.#latency(sql),
      sent: (call) => witness?.sent(call),
      witness: async (call, site, proceed) => {
        const cloud = this.#world?.cloud;
        const effect = intercept && cloud ? () => intercept(call, proceed, cloud) : proceed;
        const answer = await (witness ? witness.around(call, site, effect) : effect());
        const stage = stageOf(site, call);
        if (stage) this.#moments.passed(stage);
        return answer;
      },
      stack: (call, proceed) => this.#stackCall(call, proceed),
      onEvent: (event) => this.#onEvent(event),
      onFault: (error, where) => violations.add('cloud-fault', this.#now, `${where}: ${String(error)}`),
    });
    this.#world = world;
    witness = new Witness(world, this.#scenario, violations, (what) => this.#note(what));
    const judge = new Judge(world, this.#scenario, template.adminPassword, violations);
    try {
      for (const batch of this.#scenario.batches) this.#when(batch.at, 0, () => this.#arrive(batch));
      for (const incident of this.#scenario.incidents) this.#plan(incident);
      await this.#watch(witness);
      await judge.judge({
        ends: this.#ends,
        executions: this.#executions,
        again: this.#again,
        witness,
        hits: this.#faults.hits,
        leaks: logs.leaks(),
      });
    } finally {
      await world[Symbol.asyncDispose]();
    }
    for (const fault of this.#faults.met) this.#met.add(nameOf(fault));
    if (this.#scenario.alone && !this.#met.has(this.#scenario.goal))
      violations.add('goal-unmet', this.#now, this.#scenario.goal);
    return {
      seed: this.#scenario.seed,
      violations: violations.all,
      digest: this.#trace.digest,
      calls: this.#trace.length,
      virtualMs: this.#now - START,
      timeline: this.#trace.lines(),
      met: [...this.#met],
      sites: [...this.#faults.sites],
      statuses: judge.statuses,
      apis: [...witness.apis],
    };
  }

  /** Something that happens at its time, and is waited for before the run is judged. */
  #later(ms: number, work: () => Promise<unknown>): void {
    const world = this.#world;
    if (!world) return;
    this.#pending++;
    world.clock
      .sleep(ms)
      .then(work)
      .catch((error: unknown) => this.#violations.add('script', this.#now, String(error)))
      .finally(() => {
        this.#pending--;
      })
      .catch(() => undefined);
  }

  /** At a moment of the play; `arrival` counts from `arrivedAt`. What waits for a stage that never comes is not waited for. */
  #when({ stage, nth, after }: Moment, arrivedAt: number, work: () => Promise<unknown>): void {
    if (stage === 'arrival') this.#later(arrivedAt + after, work);
    else this.#moments.at(stage, nth, () => this.#later(after, work));
  }

  #note(what: string): void {
    this.#trace.add(this.#now, what);
  }

  async #put(key: string, body: string): Promise<void> {
    const world = this.#world;
    await world?.clock.busy(
      world.root('s3', 'PutObject', { Bucket: bucketOf('inbox'), Key: key, Body: Buffer.from(body) }),
    );
  }

  async #arrive(batch: Batch): Promise<void> {
    if (batch.at.stage !== 'arrival' && batch.at.after <= OVERLAP_MS) this.#met.add(overlapName(batch.at.stage, batch));
    for (const incident of this.#scenario.incidents)
      if (incident.type === 'data' && incident.batch === batch.index) this.#met.add(incident.kind);
    for (const [at, file] of batch.files.entries()) {
      const late = this.#scenario.incidents.find(
        (incident): incident is FileFault =>
          incident.type === 'file' &&
          (incident.kind === 'file-late' || incident.kind === 'file-too-late') &&
          incident.batch === batch.index &&
          incident.file % batch.files.length === at,
      );
      const put = (): Promise<void> =>
        this.#put(FOLDER(batch.index) + file.key, textOf(batch, file, 0, this.#scenario));
      if (late) {
        this.#met.add(nameOf(late));
        this.#later(late.moment.after, put);
      } else await put();
    }
    this.#note(`batch ${batch.index} arrives`);
    await this.#put(FOLDER(batch.index) + MANIFEST, manifestOf(batch, 0, this.#scenario));
  }

  #onEvent(event: CloudEvent): void {
    if (event.source === 'aws.s3' && event.detailType === 'Object Created') {
      const { key } = event.detail['object'] as { readonly key: string };
      if (key.endsWith(`/${MANIFEST}`)) this.#deliver(key, event);
    }
    if (event.source === 'aws.states') this.#executionEvent(event);
  }

  #executionEvent(event: CloudEvent): void {
    const detail = event.detail as {
      readonly status: string;
      readonly executionArn: string;
      readonly stateMachineArn: string;
      readonly redriveCount: number;
      readonly error: string | null;
      readonly output: string | null;
    };
    const { status, executionArn: execution } = detail;
    if (detail.stateMachineArn !== machineArn('etl')) return;
    if (!this.#executions.includes(execution)) this.#executions.push(execution);
    this.#note(`etl ${this.#executions.indexOf(execution)} is ${status}`);
    if (status === 'RUNNING') {
      this.#doneBefore.set(execution, this.#deedsOf(execution));
      return;
    }
    const { status: answered } = JSON.parse(detail.output ?? '{}') as { readonly status?: string };
    const { all, steps } = this.#deedsOf(execution);
    const before = this.#doneBefore.get(execution) ?? NO_DEEDS;
    this.#ends.push({
      at: this.#now,
      execution,
      redrive: detail.redriveCount,
      status,
      error: detail.error ?? undefined,
      duplicate: answered === 'DUPLICATE',
      idle: detail.redriveCount > 0 && all === before.all,
      leaving: detail.redriveCount > 0 && steps === before.steps,
    });
    if (status !== 'SUCCEEDED') this.#wakeJanitor(event);
  }

  /** A run ended from outside: the janitor is told, as faithfully as the scenario lets it be. */
  #wakeJanitor({ detailType, detail }: CloudEvent): void {
    const wake = (): Promise<boolean> => this.#janitor({ 'detail-type': detailType, detail });
    const late = this.#janitorFault('stop-event-late');
    if (this.#janitorFault('stop-event-lost')) return;
    this.#later(late?.after ?? 1_000, wake);
    const twice = this.#janitorFault('stop-event-twice');
    if (twice) this.#later(1_000 + twice.after, wake);
    const swept = this.#janitorFault('stop-event-with-a-sweep');
    if (swept) this.#later(1_000 + swept.after, () => this.#janitor(SCHEDULED));
  }

  /** The fault of this kind, which is met by that. */
  #janitorFault(kind: JanitorFault['kind']): JanitorFault | undefined {
    const fault = this.#scenario.incidents.find(
      (incident): incident is JanitorFault => incident.type === 'janitor' && incident.kind === kind,
    );
    if (fault) this.#met.add(kind);
    return fault;
  }

  #deliver(key: string, event: CloudEvent): void {
    const world = this.#world;
    if (!world) return;
    const batch = this.#scenario.batches.find(({ index }) => key.startsWith(FOLDER(index)));
    const incident = this.#scenario.incidents.find(
      (one): one is EventFault => one.type === 'event' && one.batch === batch?.index,
    );
    const input = JSON.stringify({
      version: '0',
      id: key,
      'detail-type': event.detailType,
      source: event.source,
      account: ACCOUNT,
      time: new Date(this.#now).toISOString(),
      region: REGION,
      resources: event.resources,
      detail: event.detail,
    });
    const start = async (): Promise<string> => {
      for (const release of this.#held.splice(0)) release();
      const started = { stateMachineArn: machineArn('etl'), input };
      return (await world.root<{ executionArn: string }>('states', 'StartExecution', started)).executionArn;
    };
    const again = async (): Promise<void> => {
      const { 'version-id': version } = event.detail['object'] as { readonly 'version-id': string };
      const isClaimed = (await claimsOf(world)).some((claim) => claim.key === key && claim.version === version);
      const execution = await start();
      if (isClaimed) this.#again.add(execution);
    };
    if (!incident) return this.#later(500, start);
    switch (incident.kind) {
      case 'event-twice':
        this.#met.add(incident.kind);
        this.#later(500, start);
        return this.#later(500 + incident.after, again);
      case 'event-late':
        this.#met.add(incident.kind);
        return this.#later(incident.after, start);
      case 'event-lost-then-late':
        this.#met.add(incident.kind);
        return this.#later(3_600_000 + incident.after, start);
      case 'events-reordered':
        // It comes after the next manifest's.
        this.#held.push(() => {
          this.#met.add(incident.kind);
          this.#later(700, start);
        });
        // If there is no other, it comes all the same.
        return this.#later(DAY_MS, async () => {
          for (const release of this.#held.splice(0)) release();
        });
    }
  }

  /** EventBridge invokes asynchronously: a failed invocation is repeated twice. True when one of them came through. */
  async #janitor(event: object): Promise<boolean> {
    for (let attempt = 0; attempt < 3; attempt++)
      try {
        await this.#world?.invoke('janitor', event);
        return true;
      } catch {
        await this.#world?.clock.sleep(60_000 * (attempt + 1));
      }
    return false;
  }

  #plan(incident: Incident): void {
    const arrivedAt = (index: number): number => this.#scenario.batches[index]?.at.after ?? 0;
    switch (incident.type) {
      case 'file':
        if (incident.kind !== 'file-late' && incident.kind !== 'file-too-late')
          this.#when(incident.moment, arrivedAt(incident.batch), () => this.#fileIncident(incident));
        return;
      case 'hand':
        return this.#when(incident.moment, 0, async () => {
          this.#note(`by hand: ${incident.kind}`);
          if (await this.#byHand(incident.kind)) this.#met.add(nameOf(incident));
        });
      case 'jump':
        return this.#when(incident.moment, 0, async () => {
          this.#met.add(nameOf(incident));
          this.#note('the clock jumps');
          this.#world?.clock.jump(incident.ms);
        });
      case 'call':
      case 'event':
      case 'janitor':
      case 'stack':
      case 'statement':
      case 'data':
        return;
    }
  }

  async #fileIncident(incident: FileFault): Promise<void> {
    const batch = this.#scenario.batches[incident.batch];
    const file = batch?.files[incident.file % batch.files.length];
    if (!batch || !file) return;
    this.#met.add(nameOf(incident));
    this.#note(`${incident.kind} ${incident.kind.startsWith('file-') ? file.key : ''}`);
    const folder = FOLDER(batch.index);
    const gone = (key: string): Promise<unknown> =>
      this.#world?.root('s3', 'DeleteObject', { Bucket: bucketOf('inbox'), Key: folder + key }) ?? Promise.resolve();
    switch (incident.kind) {
      case 'file-changed':
        return this.#put(folder + file.key, textOf(batch, file, 1, this.#scenario));
      case 'file-gone':
        await gone(file.key);
        return;
      case 'manifest-gone':
        await gone(MANIFEST);
        return;
      case 'manifest-overwritten':
      case 'files-sent-again':
        return this.#put(folder + MANIFEST, manifestOf(batch, 1, this.#scenario));
      case 'changed-file-dropped-again':
        return this.#put(folder + MANIFEST, manifestOf(batch, 1, this.#scenario, file));
      case 'file-late':
      case 'file-too-late':
        return;
    }
  }

  async #byHand(kind: Parameters<typeof byHand>[1]): Promise<boolean> {
    const world = this.#world;
    if (!world) return false;
    const inputOf = async (executionArn: string): Promise<string> =>
      (await world.root<{ input: string }>('states', 'DescribeExecution', { executionArn })).input;
    return byHand({ world, later: (ms, work) => this.#later(ms, work), audit: () => this.#audit(), inputOf }, kind);
  }

  #audit: () => Promise<void> = async () => undefined;

  /** How long a statement takes; throws what the server answers instead. */
  #latency(sql: string): number {
    for (const incident of this.#scenario.incidents) {
      if (incident.type !== 'statement' || !STATEMENTS[incident.of].test(sql)) continue;
      const nth = this.#statements.get(incident) ?? 0;
      this.#statements.set(incident, nth + 1);
      if (nth < incident.nth || nth >= incident.nth + incident.times) continue;
      this.#met.add(nameOf(incident));
      this.#note(nameOf(incident));
      switch (incident.kind) {
        case 'statement-slow':
          return SLOW_MS;
        case 'statement-times-out':
          return TOO_SLOW_MS;
        case 'statement-conflict':
          throw new Error('1023 DETAIL: Serializable isolation violation on table - 100130');
        case 'statement-fails':
          throw new Error('Disk Full DETAIL: a node has no space left');
      }
    }
    return 20 + (hash(this.#scenario.seed, sql) % 300);
  }

  /** Lets time pass, with the janitor on its schedule, until nothing goes on any more. */
  async #watch(witness: Witness): Promise<void> {
    const world = this.#world;
    if (!world) return;
    this.#audit = () => witness.audit();
    this.#deedsOf = (execution) => witness.deeds.get(execution) ?? NO_DEEDS;
    let quiet = 0;
    let sweeps = 0;
    while (quiet < 3) {
      for (let look = 0; look < PERIOD_MS; look += LOOK_MS) {
        await world.clock.sleep(LOOK_MS);
        await witness.lookForOrphans(this.#disturbance());
      }
      if (await this.#sweep(sweeps++)) quiet = -1;
      const running = [
        ...runningExecutions(world, 'etl'),
        ...runningExecutions(world, 'cluster'),
        ...runningExecutions(world, 'statement'),
      ];
      quiet = this.#pending === 0 && running.length === 0 && this.#executions.length > 0 ? quiet + 1 : 0;
      if (this.#now - START > PATIENCE_MS) {
        const what = `${running.length} executions run, ${this.#pending} things are to come`;
        return this.#violations.add('does-not-end', this.#now, what);
      }
    }
  }

  /** The janitor on its schedule; true when it did not come to it, or not to its end. */
  async #sweep(nth: number): Promise<boolean> {
    const lost = this.#janitorFault('sweeps-lost');
    if (lost && nth < lost.times) return true;
    const twice = this.#janitorFault('sweep-twice');
    const again = async ({ after }: JanitorFault): Promise<boolean> => {
      await this.#world?.clock.sleep(after);
      return this.#janitor(SCHEDULED);
    };
    const through = await Promise.all([this.#janitor(SCHEDULED), ...(twice ? [again(twice)] : [])]);
    return !through.includes(true);
  }

  /** By how much what goes wrong may hold the janitor up: faults of its own calls, and a clock that jumps. */
  #disturbance(): number {
    const slowest = 6 * 60_000;
    return this.#scenario.incidents.reduce((sum, incident) => {
      if (incident.type === 'jump') return sum + Math.max(0, incident.ms);
      if (incident.type === 'janitor') return sum + incident.times * PERIOD_MS;
      if (incident.type === 'stack' && incident.call.startsWith('Delete')) return sum + incident.times * PERIOD_MS;
      const janitors =
        incident.type === 'call' && /^(?:janitor|cluster|reconcile-cluster|cancel-statement) /.test(incident.site);
      return janitors ? sum + slowest * incident.times : sum;
    }, 0);
  }

  /** Calls of CloudFormation for the cluster's stack: some fail, and before a cluster goes its tables are looked at. */
  async #stackCall(call: Call, proceed: () => Promise<unknown>): Promise<unknown> {
    const { operation } = call.context;
    for (const incident of this.#scenario.incidents) {
      if (incident.type !== 'stack' || incident.call !== operation) continue;
      const nth = this.#stackCalls.get(incident) ?? 0;
      this.#stackCalls.set(incident, nth + 1);
      if (nth >= incident.times) continue;
      // What was meant to fail again and again has to have done so.
      if (nth === incident.times - 1) this.#met.add(nameOf(incident));
      this.#note(`stack: ${operation} fails`);
      throw new AwsError('InsufficientClusterCapacity', 'There is not enough capacity.', 400);
    }
    if (operation === 'DeleteCluster') await this.#audit();
    return proceed();
  }
}
