import type { Call, CloudEvent } from '../../local/kernel/index.ts';
import type { InstancePool } from '../../local/redshift/index.ts';
import { leaks, type LogWatch } from './log-watch.ts';
import type { Mutation } from './mutations.ts';
import { ACCOUNT, REGION } from '../support/declared.ts';
import { auditAnswer, auditContents, type KnownRun, keysOf, readContents, textOf } from './audit.ts';
import { CallFaults } from './faults.ts';
import { bucketOf, CLUSTER, machineArn, STACK } from './functions.ts';
import { hash } from './random.ts';
import { type Batch, type Incident, manifestOf, passes, rowsOf, type Scenario } from './scenario.ts';
import { Trace } from './trace.ts';
import { type Violation, Violations } from './violations.ts';
import { AwsError } from '../../local/kernel/index.ts';
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
  /** Incidents that took place. */
  readonly met: readonly Incident[];
  readonly sites: readonly string[];
  readonly statuses: readonly string[];
  readonly apis: readonly string[];
}

const PERIOD_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** A cluster nobody holds may live until the janitor has come by once and has had time to do its work. */
const ORPHAN_MS = PERIOD_MS + 10 * 60_000;
/** Longer than any run of the simulation may take, a redrive on the next day included. */
const PATIENCE_MS = 5 * DAY_MS;
/** Waiting for files, a cluster and others, without what the scenario's slow statements take. */
const LONGEST_RUN_MS = 3 * 3_600_000;
const SLOW_MS = 3 * 3_600_000;
const TOO_SLOW_MS = 9 * 3_600_000;
const MOST_HISTORY_EVENTS = 25_000;

interface Lease {
  readonly holders: readonly { readonly runId: string; readonly execution: string }[];
  readonly draining?: { readonly to: string };
  readonly kept?: object;
  readonly replacing?: object;
}
interface Mail {
  readonly at: number;
  readonly subject: string;
  readonly runId: string;
  readonly execution: string;
  readonly status: string;
}
interface Statement {
  readonly id: string;
  readonly name?: string;
  readonly status: string;
}

const FINAL = new Set(['FINISHED', 'FAILED', 'ABORTED']);

/** Plays one scenario to its end and says what was wrong with it. */
export async function simulate(simulation: Simulation, scenario: Scenario): Promise<Verdict> {
  const play = new Play(simulation, scenario);
  return play.run();
}

class Play {
  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  readonly #trace = new Trace(START);
  readonly #violations = new Violations();
  readonly #faults: CallFaults;
  readonly #met = new Set<Incident>();
  readonly #mails: Mail[] = [];
  readonly #executions: string[] = [];
  readonly #apis = new Set<string>();
  #pending = 0;
  readonly #statements = new Map<Incident, number>();
  #creates = 0;
  #deletes = 0;
  #orphanSince: number | undefined;
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
    const { template, pool, directory } = this.#simulation;
    const world = await createWorld({
      seed: this.#scenario.seed,
      faults: this.#faults,
      trace: this.#trace,
      template,
      pool,
      directory,
      latency: (sql) => this.#latency(sql),
      witness: (call, site, proceed) => this.#witness(call, site, this.#mutated(call, proceed)),
      stack: (call, proceed) => this.#stackCall(call, proceed),
      onEvent: (event) => this.#onEvent(event),
      onFault: (error, where) => this.#violations.add('cloud-fault', this.#now, `${where}: ${String(error)}`),
    });
    this.#world = world;
    try {
      for (const batch of this.#scenario.batches) this.#later(batch.at, () => this.#arrive(batch));
      for (const incident of this.#scenario.incidents) this.#plan(incident);
      await this.#watch();
      await this.#judge();
    } finally {
      await world[Symbol.asyncDispose]();
    }
    return {
      seed: this.#scenario.seed,
      violations: this.#violations.all,
      digest: this.#trace.digest,
      calls: this.#trace.length,
      virtualMs: this.#now - START,
      timeline: this.#trace.lines(),
      met: [...this.#met, ...this.#faults.met],
      sites: [...this.#faults.sites],
      statuses: this.#statuses,
      apis: [...this.#apis],
    };
  }

  #statuses: string[] = [];

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
    const folder = folderOf(batch);
    for (const [at, file] of batch.files.entries()) {
      const late = this.#scenario.incidents.find(
        (incident) =>
          incident.type === 'file' &&
          incident.kind === 'file-late' &&
          incident.batch === batch.index &&
          incident.file % batch.files.length === at,
      );
      const put = (): Promise<void> => this.#put(folder + file.key, `${rowsOf(batch, file, 0).join('\n')}\n`);
      if (late?.type === 'file') {
        this.#met.add(late);
        this.#later(late.after, put);
      } else await put();
    }
    this.#note(`batch ${batch.index} arrives`);
    await this.#put(`${folder}manifest.json`, manifestOf(batch, 0));
  }

  #onEvent(event: CloudEvent): void {
    if (event.source === 'aws.s3' && event.detailType === 'Object Created') {
      const { key } = event.detail['object'] as { readonly key: string };
      if (key.endsWith('/manifest.json')) this.#deliver(key, event);
    }
    if (event.source === 'aws.states') {
      const { status, executionArn, stateMachineArn } = event.detail as Readonly<Record<string, string>>;
      if (stateMachineArn !== machineArn('etl') || executionArn === undefined) return;
      if (status === 'RUNNING' && !this.#executions.includes(executionArn)) this.#executions.push(executionArn);
      this.#note(`etl ${this.#executions.indexOf(executionArn)} is ${status}`);
      if (status === 'SUCCEEDED' || status === 'FAILED') this.#later(0, () => this.#noneLeft(executionArn));
      if (status === 'ABORTED' || status === 'TIMED_OUT' || status === 'FAILED')
        this.#later(1_000, () => this.#janitor({ 'detail-type': event.detailType, detail: event.detail }));
    }
  }

  #deliver(key: string, event: CloudEvent): void {
    const batch = Number(/^batch-(\d+)\//.exec(key)?.[1] ?? -1);
    const incident = this.#scenario.incidents.find((one) => one.type === 'event' && one.batch === batch);
    const input = {
      version: '0',
      id: key,
      'detail-type': event.detailType,
      source: event.source,
      account: ACCOUNT,
      time: new Date(this.#now).toISOString(),
      region: REGION,
      resources: event.resources,
      detail: event.detail,
    };
    const start = async (): Promise<void> => {
      await this.#world?.root('states', 'StartExecution', {
        stateMachineArn: machineArn('etl'),
        input: JSON.stringify(input),
      });
    };
    if (incident?.type !== 'event') return this.#later(500, start);
    this.#met.add(incident);
    if (incident.kind === 'event-twice') {
      this.#later(500, start);
      this.#later(500 + incident.after, start);
    } else this.#later(incident.kind === 'event-late' ? incident.after : 3_600_000 + incident.after, start);
  }

  /** EventBridge invokes asynchronously: a failed invocation is repeated twice. */
  async #janitor(event: object): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++)
      try {
        await this.#world?.invoke('janitor', event);
        return;
      } catch {
        await this.#world?.clock.sleep(60_000 * (attempt + 1));
      }
  }

  #plan(incident: Incident): void {
    if (incident.type === 'file' && incident.kind !== 'file-late') this.#fileIncident(incident);
    if (incident.type === 'hand') this.#handIncident(incident);
    if (incident.type === 'jump')
      this.#later(incident.after, async () => {
        this.#met.add(incident);
        this.#note('the clock jumps');
        this.#world?.clock.jump(incident.ms);
      });
  }

  #fileIncident(incident: Incident & { readonly type: 'file' }): void {
    const batch = this.#scenario.batches[incident.batch];
    const file = batch?.files[incident.file % batch.files.length];
    if (!batch || !file) return;
    this.#later(batch.at + incident.after, async () => {
      this.#met.add(incident);
      this.#note(`${incident.kind} ${incident.kind === 'manifest-overwritten' ? '' : file.key}`);
      const key = folderOf(batch) + file.key;
      if (incident.kind === 'file-changed') await this.#put(key, `${rowsOf(batch, file, 1).join('\n')}\n`);
      if (incident.kind === 'file-gone')
        await this.#world?.root('s3', 'DeleteObject', { Bucket: bucketOf('inbox'), Key: key });
      if (incident.kind === 'manifest-overwritten')
        await this.#put(`${folderOf(batch)}manifest.json`, manifestOf(batch, 1));
    });
  }

  #handIncident(incident: Incident & { readonly type: 'hand' }): void {
    const batch = this.#scenario.batches[incident.batch];
    if (!batch) return;
    this.#later(batch.at + 500 + incident.after, async () => {
      this.#note(`by hand: ${incident.kind}`);
      if (await this.#byHand(incident.kind)) this.#met.add(incident);
    });
  }

  async #byHand(kind: (Incident & { readonly type: 'hand' })['kind']): Promise<boolean> {
    const world = this.#world;
    if (!world) return false;
    const tried = async (service: string, operation: string, input: unknown): Promise<boolean> =>
      world.root(service, operation, input).then(
        () => true,
        () => false,
      );
    const ClusterIdentifier = CLUSTER;
    switch (kind) {
      case 'stop':
      case 'stop-and-redrive': {
        const running = await this.#running('etl');
        const executionArn = running[0];
        if (executionArn === undefined) return false;
        await tried('states', 'StopExecution', { executionArn });
        if (kind === 'stop-and-redrive')
          this.#later(DAY_MS, async () => {
            await tried('states', 'RedriveExecution', { executionArn });
          });
        return true;
      }
      case 'delete-cluster':
        await this.#audit();
        return tried('redshift', 'DeleteCluster', { ClusterIdentifier, SkipFinalClusterSnapshot: true });
      case 'delete-stack':
        return (await this.#stackStatus()) !== 'NONE' && tried('cloudformation', 'DeleteStack', { StackName: STACK });
      case 'pause-cluster':
        return tried('redshift', 'PauseCluster', { ClusterIdentifier });
      case 'resize-cluster':
        return tried('redshift', 'ResizeCluster', { ClusterIdentifier, NumberOfNodes: 4, Classic: true });
      case 'cancel-statements': {
        const live = this.#live('');
        for (const { id } of live)
          await world.cloud
            .call(
              'redshift-data',
              'CancelStatement',
              { Id: id },
              { principalArn: `arn:aws:iam::${ACCOUNT}:role/statement` },
            )
            .catch(() => undefined);
        return live.length > 0;
      }
      case 'forget-tokens': {
        const tokens = world.cloud.documents.list('redshift-data.client-token');
        for (const { id } of tokens) world.cloud.documents.delete('redshift-data.client-token', id);
        return tokens.length > 0;
      }
    }
  }

  #latency(sql: string): number {
    for (const incident of this.#scenario.incidents) {
      if (incident.type !== 'statement' || !sql.startsWith(incident.beginning ?? '')) continue;
      const nth = this.#statements.get(incident) ?? 0;
      this.#statements.set(incident, nth + 1);
      if (nth !== incident.nth) continue;
      this.#met.add(incident);
      this.#note(incident.kind);
      return incident.kind === 'statement-slow' ? SLOW_MS : TOO_SLOW_MS;
    }
    return 20 + (hash(this.#scenario.seed, sql) % 900);
  }

  #live(prefix: string): readonly Statement[] {
    const listed = this.#world?.cloud.documents.list<Statement>('redshift-data.statement') ?? [];
    return listed
      .map(({ document }) => document)
      .filter(({ name = '', status }) => name.startsWith(prefix) && !FINAL.has(status));
  }

  async #lease(): Promise<Lease> {
    const text = this.#world && (await textOf(this.#world, 'work', `clusters/${CLUSTER}/lease.json`));
    return text === undefined ? { holders: [] } : (JSON.parse(text) as Lease);
  }

  #mutated(call: Call, proceed: () => Promise<unknown>): () => Promise<unknown> {
    const { intercept } = this.#simulation;
    const cloud = this.#world?.cloud;
    return intercept && cloud ? () => intercept(call, proceed, cloud) : proceed;
  }

  /** Around the effect of every call of the product: what must not be on the way. */
  async #witness(call: Call, site: string, proceed: () => Promise<unknown>): Promise<unknown> {
    const { service, operation } = call.context;
    this.#apis.add([site.split(' ')[0], `${service}:${operation}`, ...bucketIn(call)].join(' '));
    const input = call.input as Readonly<Record<string, unknown>>;
    if (operation === 'CreateStack') {
      const { holders } = await this.#lease();
      if (holders.length === 0)
        this.#violations.add('create-without-lease', this.#now, 'a stack is created that nobody holds');
    }
    if (operation === 'DeleteStack') {
      const { holders } = await this.#lease();
      if (holders.length > 0)
        this.#violations.add(
          'held-cluster-deleted',
          this.#now,
          `the stack is deleted under ${holders.map(({ runId }) => runId).join(', ')}`,
        );
    }
    if (operation === 'Publish') return this.#published(input, proceed);
    if (service === 's3' && operation === 'PutObject' && pathOf(call).endsWith('/lease.json'))
      return this.#leaseChange(proceed);
    return proceed();
  }

  async #leaseChange(proceed: () => Promise<unknown>): Promise<unknown> {
    const before = await this.#lease();
    const answer = await proceed();
    const after = await this.#lease();
    for (const { runId } of before.holders)
      if (!after.holders.some((holder) => holder.runId === runId)) {
        const live = this.#live(`sluice:${runId}:`);
        const cluster = this.#world?.redshift.clusters.find(CLUSTER)?.status;
        if (live.length > 0 && cluster === 'available')
          this.#violations.add(
            'released-while-running',
            this.#now,
            `${runId} leaves the cluster, ${live.map(({ name }) => name).join(', ')} runs`,
          );
      }
    return answer;
  }

  async #published(input: Readonly<Record<string, unknown>>, proceed: () => Promise<unknown>): Promise<unknown> {
    const attributes = input['MessageAttributes'] as
      Readonly<Record<string, { readonly StringValue?: string }>> | undefined;
    const answer = await proceed();
    if (!attributes) return answer;
    const { execution = '', clusterNotReleased } = JSON.parse(
      (JSON.parse(String(input['Message'])) as { sqs: string }).sqs,
    ) as Readonly<Record<string, string>>;
    const runId = attributes['runId']?.StringValue ?? '';
    const mail: Mail = {
      at: this.#now,
      subject: String(input['Subject']),
      runId,
      execution,
      status: attributes['status']?.StringValue ?? '',
    };
    this.#mails.push(mail);
    this.#note(`mail: ${mail.subject}`);
    if (mail.subject.startsWith('OK') !== (mail.status === 'SUCCEEDED'))
      this.#violations.add('subject-lies', this.#now, mail.subject);
    const { holders } = await this.#lease();
    if (
      clusterNotReleased === undefined &&
      holders.some((holder) => holder.runId === runId && holder.execution === execution)
    )
      this.#violations.add('told-before-release', this.#now, `${runId} holds the cluster while its end is told`);
    return answer;
  }

  async #noneLeft(executionArn: string): Promise<void> {
    const runId = await this.#runOf(executionArn);
    if (runId === undefined) return;
    const live = this.#live(`sluice:${runId}:`);
    if (live.length > 0)
      this.#violations.add('statement-outlives-run', this.#now, live.map(({ name }) => name).join(', '));
  }

  async #runOf(executionArn: string): Promise<string | undefined> {
    const text =
      this.#world &&
      (await textOf(this.#world, 'work', `runs/by-execution/${executionArn.split(':').at(-1) ?? ''}.json`));
    return text === undefined ? undefined : (JSON.parse(text) as { runId: string }).runId;
  }

  /** Whether a run's end is this execution's to tell: it has claimed the run, and no other has taken it over. */
  async #isItsRuns(executionArn: string): Promise<boolean> {
    const runId = await this.#runOf(executionArn);
    const text =
      runId !== undefined && this.#world ? await textOf(this.#world, 'work', `runs/${runId}/claim.json`) : undefined;
    return text !== undefined && (JSON.parse(text) as { readonly execution: string }).execution === executionArn;
  }

  async #running(machine: string): Promise<readonly string[]> {
    const { executions = [] } =
      (await this.#world?.root<{ executions?: readonly { executionArn: string }[] }>('states', 'ListExecutions', {
        stateMachineArn: machineArn(machine),
        statusFilter: 'RUNNING',
      })) ?? {};
    return executions.map(({ executionArn }) => executionArn);
  }

  async #stackStatus(): Promise<string> {
    try {
      const answer = await this.#world?.root<{ Stacks: readonly { StackStatus: string }[] }>(
        'cloudformation',
        'DescribeStacks',
        { StackName: STACK },
      );
      return answer?.Stacks[0]?.StackStatus ?? 'NONE';
    } catch {
      return 'NONE';
    }
  }

  /** Lets time pass, with the janitor on its schedule, until nothing goes on any more. */
  async #watch(): Promise<void> {
    const world = this.#world;
    if (!world) return;
    let quiet = 0;
    while (quiet < 3) {
      await world.clock.sleep(PERIOD_MS);
      await this.#janitor({ 'detail-type': 'Scheduled Event', detail: {} });
      await this.#orphans();
      const running = [
        ...(await this.#running('etl')),
        ...(await this.#running('cluster')),
        ...(await this.#running('statement')),
      ];
      quiet = this.#pending === 0 && running.length === 0 && this.#executions.length > 0 ? quiet + 1 : 0;
      if (this.#now - START > PATIENCE_MS + this.#jumped()) {
        this.#violations.add(
          'does-not-end',
          this.#now,
          `${running.length} executions run, ${this.#pending} things are to come`,
        );
        return;
      }
    }
  }

  #mayTakeDays(): boolean {
    return this.#scenario.incidents.some(
      (incident) => incident.type === 'jump' || (incident.type === 'hand' && incident.kind === 'stop-and-redrive'),
    );
  }

  #slowness(): number {
    return this.#scenario.incidents.reduce(
      (sum, { kind }) => sum + (kind === 'statement-slow' ? SLOW_MS : kind === 'statement-times-out' ? TOO_SLOW_MS : 0),
      0,
    );
  }

  #jumped(): number {
    return this.#scenario.incidents.reduce((sum, incident) => sum + (incident.type === 'jump' ? incident.ms : 0), 0);
  }

  async #orphans(): Promise<void> {
    const status = this.#world?.redshift.clusters.find(CLUSTER)?.status;
    const { holders, kept, replacing } = await this.#lease();
    const running = await this.#running('cluster');
    const orphan =
      status !== undefined &&
      status !== 'deleting' &&
      status !== 'paused' &&
      holders.length === 0 &&
      !kept &&
      !replacing &&
      running.length === 0;
    if (!orphan) this.#orphanSince = undefined;
    else {
      this.#orphanSince ??= this.#now;
      if (this.#now - this.#orphanSince > ORPHAN_MS + this.#jumped())
        this.#violations.add('orphan-cluster', this.#now, `${status}, held by nobody`);
    }
  }

  async #audit(): Promise<void> {
    const world = this.#world;
    if (!world) return;
    const contents = await world.clock.busy(readContents(world, this.#simulation.template.foundations));
    if (contents) auditContents(contents, this.#scenario, await this.#runs(), this.#violations, this.#now);
  }

  async #runs(): Promise<readonly KnownRun[]> {
    const world = this.#world;
    if (!world) return [];
    const claims = (await keysOf(world, 'work', 'runs/')).filter((key) => key.endsWith('/claim.json'));
    return Promise.all(
      claims.map(async (key) => {
        const claim = JSON.parse((await textOf(world, 'work', key)) ?? '{}') as { runId: string; key: string };
        return { runId: claim.runId, batch: Number(/^batch-(\d+)\//.exec(claim.key)?.[1]) };
      }),
    );
  }

  async #judge(): Promise<void> {
    const world = this.#world;
    if (!world) return;
    await this.#audit();
    const live = this.#live('');
    if (live.length > 0)
      this.#violations.add(
        'statement-outlives-run',
        this.#now,
        `at the end: ${live.map(({ name }) => name).join(', ')}`,
      );
    const { holders } = await this.#lease();
    if (holders.length > 0)
      this.#violations.add(
        'lease-left',
        this.#now,
        `${holders.map(({ runId }) => runId).join(', ')} still hold the cluster`,
      );
    for (const line of this.#simulation.logs.leaks()) this.#violations.add('leak', this.#now, `in a log: ${line}`);
    const runs = await this.#runs();
    const calm = this.#scenario.incidents.every(passes);
    for (const executionArn of this.#executions) {
      const described = await world.root<{
        status: string;
        error?: string;
        output?: string;
        startDate?: Date;
        stopDate?: Date;
      }>('states', 'DescribeExecution', { executionArn });
      const { status, error } = described;
      const { status: answered } = JSON.parse(described.output ?? '{}') as { status?: string };
      this.#statuses.push(
        answered === 'DUPLICATE' ? 'DUPLICATE' : `${status}${error === undefined ? '' : ` ${error}`}`,
      );
      if (leaks(JSON.stringify(described), [this.#simulation.template.adminPassword]))
        this.#violations.add('leak', this.#now, `in the state of ${executionArn}`);
      if (status !== 'RUNNING' && !this.#mayTakeDays()) {
        const { startDate, stopDate } = described;
        const ms = (stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0);
        if (ms > LONGEST_RUN_MS + this.#slowness())
          this.#violations.add('too-long', this.#now, `${Math.round(ms / 60_000)} minutes`);
      }
      if (calm && status !== 'SUCCEEDED')
        this.#violations.add('passing-fault-fails-run', this.#now, `${status} ${error ?? ''}`);
      if (status === 'RUNNING' || answered === 'DUPLICATE') continue;
      await this.#judgeExecution(executionArn, status, runs);
    }
  }

  async #judgeExecution(executionArn: string, status: string, runs: readonly KnownRun[]): Promise<void> {
    const world = this.#world;
    if (!world) return;
    const mails = this.#mails.filter(({ execution }) => execution === executionArn);
    const untold = [...this.#faults.met].some(({ site }) => site.startsWith('notify ') || site.endsWith(' notify'));
    const last = mails.at(-1);
    if (status === 'ABORTED' && !(await this.#isItsRuns(executionArn))) return;
    if (!last && !untold) this.#violations.add('nobody-told', this.#now, status);
    if (last && (last.status === 'SUCCEEDED') !== (status === 'SUCCEEDED') && !untold)
      this.#violations.add('told-otherwise', this.#now, `${status}, but "${last.subject}"`);
    const redriven = this.#scenario.incidents.some(
      (incident) => incident.type === 'hand' && incident.kind === 'stop-and-redrive',
    );
    if (mails.length > (redriven ? 2 : 1) && !untold)
      this.#violations.add('told-twice', this.#now, mails.map(({ subject }) => subject).join('; '));
    if (status !== 'SUCCEEDED') return;
    const runId = await this.#runOf(executionArn);
    const run = runs.find((one) => one.runId === runId);
    const batch = run && this.#scenario.batches[run.batch];
    if (!batch) return this.#violations.add('run-unknown', this.#now, executionArn);
    const csv = await textOf(world, 'results', `results/spending/${runId}/spending.csv`);
    if (csv === undefined) this.#violations.add('answer-missing', this.#now, `${runId}`);
    else auditAnswer(csv, batch, this.#scenario, this.#violations, this.#now);
    const { events = [] } = await world.root<{ events?: readonly { id: number }[] }>('states', 'GetExecutionHistory', {
      executionArn,
      reverseOrder: true,
      maxResults: 1,
    });
    const [newest] = events;
    if (newest && newest.id > MOST_HISTORY_EVENTS)
      this.#violations.add('history-too-long', this.#now, String(newest.id));
  }

  /** Calls of CloudFormation for the cluster's stack: some fail, and before a cluster goes its tables are looked at. */
  async #stackCall(call: Call, proceed: () => Promise<unknown>): Promise<unknown> {
    const { operation } = call.context;
    const error = this.#stackFault(operation);
    if (error) {
      this.#note(`stack: ${operation} fails`);
      throw error;
    }
    if (operation === 'DeleteCluster') await this.#audit();
    return proceed();
  }

  #stackFault(operation: string): AwsError | undefined {
    const fails = (kind: string): Incident | undefined =>
      this.#scenario.incidents.find((incident) => incident.type === 'stack' && incident.kind === kind);
    const met = (incident: Incident): AwsError => {
      this.#met.add(incident);
      return new AwsError('InsufficientClusterCapacity', 'There is not enough capacity.', 400);
    };
    const create = fails('create-fails') ?? fails('rollback-fails');
    if (operation === 'CreateCluster' && create && this.#creates++ === 0) return met(create);
    const remove = fails('delete-fails');
    if (operation === 'DeleteCluster' && remove && this.#deletes++ === 0) return met(remove);
    const rollback = fails('rollback-fails');
    if (operation === 'DeleteClusterParameterGroup' && rollback && this.#deletes++ === 0) return met(rollback);
    return undefined;
  }
}

function folderOf(batch: Batch): string {
  return `batch-${batch.index}/`;
}

/** The bucket of a call to S3, and whether it names a version. */
function bucketIn(call: Call): readonly string[] {
  if (call.context.service !== 's3') return [];
  const { query, Bucket } = call.input as { readonly query?: URLSearchParams; readonly Bucket?: string };
  const bucket = /(?:^|\/)[^/]*-(inbox|work|results)-\d+/.exec(Bucket ?? pathOf(call))?.[1] ?? '';
  return query?.has('versionId') ? [bucket, 'version'] : [bucket];
}

function pathOf(call: Call): string {
  const { path, Key } = call.input as { readonly path?: string; readonly Key?: string };
  return path ?? Key ?? '';
}
