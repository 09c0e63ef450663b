import type { Call } from '../../local/kernel/index.ts';
import { answerOf, auditContents, type Contents, readContents } from './audit.ts';
import { auditMail, type Mail } from './mails.ts';
import { permissionsOf } from './permissions.ts';
import {
  clusterStatus,
  jsonAt,
  leaseOf,
  type LeaseRecord,
  liveStatements,
  runningExecutions,
  runOf,
  textAt,
  unitsOf,
} from './records.ts';
import { TOLD_UNDER } from './project.ts';
import type { Scenario } from './scenario.ts';
import { type Found, tablesHolding, toldWrong } from './held-tables.ts';
import type { Violations } from './violations.ts';
import type { World } from './world.ts';

/** A cluster nobody holds is found by the janitor within its period, and looked for in steps of five minutes. */
const ORPHAN_MS = (15 + 5 + 1) * 60_000;

/** What the janitor says of a cluster that nobody held. */
const TAKEN_DOWN = 'it is being taken down';

const SUBMITS = new Set(['BatchExecuteStatement', 'ExecuteStatement']);

export interface Deeds {
  readonly all: number;
  readonly steps: number;
}

export const NO_DEEDS: Deeds = { all: 0, steps: 0 };

/** What is published to the analysts. */
interface Message extends Omit<Mail, 'at' | 'isComplete'> {
  readonly clusterNotReleased: string | undefined;
}

/** Undefined for what operators are told. */
function readMessage(input: Readonly<Record<string, unknown>>): Message | undefined {
  const attributes = input['MessageAttributes'] as
    Readonly<Record<string, { readonly StringValue?: string }>> | undefined;
  if (!attributes) return undefined;
  const message = JSON.parse(String(input['Message'])) as { readonly default: string; readonly sqs: string };
  const { execution, redrive, clusterNotReleased, mayRepeat } = JSON.parse(message.sqs) as {
    readonly execution: string;
    readonly redrive: number;
    readonly mayRepeat?: boolean;
    readonly clusterNotReleased?: string;
  };
  const attribute = (name: string): string => attributes[name]?.StringValue ?? '';
  return {
    subject: String(input['Subject']),
    text: message.default,
    runId: attribute('runId'),
    execution,
    redrive,
    status: attribute('status'),
    code: attribute('code'),
    mayRepeat: mayRepeat ?? false,
    clusterNotReleased,
  };
}

/** Watches what must not be on the way, around the effect of every call of the product. */
export class Witness {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #violations: Violations;
  readonly #note: (what: string) => void;
  readonly apis = new Set<string>();
  readonly mails: Mail[] = [];
  /** By execution of the etl machine: how often it has called anything but `notify`; and anything but that and what a run is left by. */
  readonly deeds = new Map<string, Deeds>();
  /** What the tables held when a run left its cluster, or when they could last be looked at. */
  readonly left = new Map<string, Contents>();
  /** The same, of the first time a run left the cluster on which it had written its answer: a later drive of it writes it no more. */
  readonly answered = new Map<string, { readonly contents: Contents; readonly stacks: number }>();
  readonly #found = new Map<string, Found>();
  /** Which cluster a run had left last, counted as they were created. */
  readonly #leftAt = new Map<string, number>();
  /** Runs on their way out of a cluster that was there when they began to leave: which one, counted as they were created. */
  readonly #leaving = new Map<string, number>();
  #last: Contents | undefined;
  /** The last that was read of each cluster. */
  readonly #readings = new Map<number, Contents>();
  /** When the tables were read, if nothing was under way then: how many statements and clusters there had been. */
  #lastAt: string | undefined;
  #submissions = 0;
  /** Ids of the stacks that were created: the same token twice is one stack. */
  readonly stacks = new Set<string>();
  /** Numbers under which the lease counted them. */
  readonly generations = new Set<number>();
  /** The lease as it was when a request was sent. */
  readonly #sentUnder = new WeakMap<Call, LeaseRecord>();
  #orphanSince: number | undefined;
  /** What the janitor has found, by what it asked: whether there is any. */
  readonly #swept = new Map<string, boolean>();
  /** The stack, counted from 1, whose cluster a run has submitted its last statement to. */
  readonly #workedOn = new Map<string, number>();
  /** Ids of statements that ran for nobody at the last look. */
  #free: ReadonlySet<string> = new Set();

  constructor(world: World, scenario: Scenario, violations: Violations, note: (what: string) => void) {
    this.#world = world;
    this.#scenario = scenario;
    this.#violations = violations;
    this.#note = note;
  }

  get #now(): number {
    return this.#world.clock.now();
  }

  async around(call: Call, site: string, proceed: () => Promise<unknown>): Promise<unknown> {
    const { service, operation } = call.context;
    for (const permission of permissionsOf(call, site)) this.apis.add(permission);
    if (site.startsWith('etl ') && !site.endsWith(' notify')) this.#deed(call, !site.endsWith(' cancel-statement'));
    const input = call.input as Readonly<Record<string, unknown>>;
    if (SUBMITS.has(operation)) this.#submitting(String(input['StatementName']));
    switch (operation) {
      case 'CreateStack':
        return this.#create(call, proceed);
      case 'DeleteStack':
      case 'PauseCluster':
        if (!this.#isOfBefore(input['StackName'])) await this.#requireFree(operation);
        return proceed();
      case 'BatchExecuteStatement':
        return this.#submitted(input, proceed);
      case 'DescribeStacks':
      case 'DescribeClusters':
        return site.startsWith('janitor ') ? this.#looked(operation, proceed) : proceed();
      case 'Publish':
        return this.#published(input, proceed);
      default:
        return service === 's3' && operation === 'PutObject' && pathOf(call).endsWith('/lease.json')
          ? this.#leaseChange(proceed)
          : proceed();
    }
  }

  #submitting(name: string): void {
    this.#submissions++;
    const [, runId] = /^sluice:([^:]+):/.exec(name) ?? [];
    if (runId !== undefined) this.#workedOn.set(runId, this.stacks.size);
  }

  #deed({ input }: Call, isStep: boolean): void {
    const { Payload, input: started } = input as { readonly Payload?: Uint8Array; readonly input?: string };
    const text = started ?? Buffer.from(Payload ?? []).toString();
    const [execution] = /arn:aws:states:[^"\\]+:execution:[\w-]+-etl:[\w-]+/.exec(text) ?? [];
    if (execution === undefined) return;
    const { all, steps } = this.deeds.get(execution) ?? NO_DEEDS;
    this.deeds.set(execution, { all: all + 1, steps: steps + (isStep ? 1 : 0) });
  }

  /**
   * Of a request to create a stack the lease is looked at now, and of a message what it says of the tables: it may be on its way for minutes,
   * in which others create, and load.
   */
  sent(call: Call): Promise<void> | undefined {
    switch (call.context.operation) {
      case 'CreateStack':
        return leaseOf(this.#world).then((lease) => void this.#sentUnder.set(call, lease));
      case 'Publish':
        return this.#sending(readMessage(call.input as Readonly<Record<string, unknown>>));
      default:
        return undefined;
    }
  }

  async #sending(message: Message | undefined): Promise<void> {
    if (message?.status === 'FAILED' && !(await this.#isHolding(message))) await this.#whatIsHeld(message);
  }

  async #isHolding({ runId, execution, redrive }: Message): Promise<boolean> {
    const { holders } = await leaseOf(this.#world);
    return holders.some(
      (holder) => holder.runId === runId && holder.execution === execution && (holder.redrive ?? 0) <= redrive,
    );
  }

  async #create(call: Call, proceed: () => Promise<unknown>): Promise<unknown> {
    const now = await leaseOf(this.#world);
    this.generations.add(now.generation);
    const input = call.input as Readonly<Record<string, unknown>>;
    const { holders, creating } = this.#sentUnder.get(call) ?? now;
    if (holders.length === 0)
      this.#violations.add('create-without-lease', this.#now, 'a stack is created that nobody holds');
    else if (creating?.token !== input['ClientRequestToken'])
      this.#violations.add('create-without-lease', this.#now, 'a stack is created by somebody the lease does not name');
    const answer = await proceed();
    this.stacks.add((answer as { readonly StackId: string }).StackId);
    return answer;
  }

  /** One attempt is submitted once: a token makes it so, and who has lost an answer looks for the statement by its name. */
  async #submitted(input: Readonly<Record<string, unknown>>, proceed: () => Promise<unknown>): Promise<unknown> {
    const answer = await proceed();
    const name = String(input['StatementName']);
    const forgotten = this.#scenario.incidents.some(
      (incident) => incident.type === 'hand' && incident.kind === 'forget-tokens',
    );
    const live = liveStatements(this.#world, name).filter((one) => one.name === name);
    if (live.length > 1 && !forgotten) this.#violations.add('submitted-twice', this.#now, name);
    return answer;
  }

  async #requireFree(operation: string): Promise<void> {
    const { holders } = await leaseOf(this.#world);
    const rule = operation === 'PauseCluster' ? 'held-cluster-paused' : 'held-cluster-deleted';
    if (holders.length > 0)
      this.#violations.add(rule, this.#now, `${operation} under ${holders.map(({ runId }) => runId).join(', ')}`);
  }

  /** A request that is late asks by its id for a stack that has gone: its successor is another. */
  #isOfBefore(stackName: unknown): boolean {
    const stacks = [...this.stacks];
    return stacks.includes(String(stackName)) && stackName !== stacks.at(-1);
  }

  async #leaseChange(proceed: () => Promise<unknown>): Promise<unknown> {
    const before = await leaseOf(this.#world);
    const answer = await proceed();
    const after = await leaseOf(this.#world);
    const status = clusterStatus(this.#world);
    const alive = status === 'available';
    for (const { runId, execution, redrive, releasing } of before.holders) {
      const ofRun = after.holders.filter((holder) => holder.runId === runId);
      const mine = ofRun.find((holder) => holder.execution === execution && holder.redrive === redrive);
      if (alive && mine?.releasing === true && releasing !== true) this.#leaving.set(runId, this.stacks.size);
      if (mine) continue;
      // Who takes over an entry takes over what it runs; who waits behind one that is being left does not.
      const still = ofRun.length > 0;
      const live = liveStatements(this.#world, `sluice:${runId}:`);
      if ((!still || releasing === true) && live.length > 0 && alive)
        this.#violations.add(
          'released-while-running',
          this.#now,
          `${runId} leaves the cluster, ${live.map(({ name }) => name).join(', ')} runs`,
        );
      // One that has gone meanwhile may have a successor already, of which the run knows nothing.
      const its = this.#leaving.get(runId) ?? this.stacks.size;
      const replaced = its !== this.stacks.size;
      const there = alive && !replaced;
      const contents = there ? await this.contents() : (this.#readings.get(its) ?? this.#last);
      if (contents) {
        this.left.set(runId, contents);
        const unloaded = contents.ledger.some((row) => row.runId === runId && row.unit.startsWith('unload'));
        if (unloaded && this.answered.get(runId)?.stacks !== its) this.answered.set(runId, { contents, stacks: its });
      }
      const gone = replaced || isGone(status);
      this.#found.set(
        runId,
        there
          ? still
            ? 'taken over'
            : 'there'
          : gone
            ? this.#leaving.has(runId)
              ? 'going'
              : 'gone'
            : 'out of reach',
      );
      this.#leftAt.set(runId, its);
      this.#leaving.delete(runId);
    }
    // A later drive, or another execution, goes on with what the run had left there, unless that has gone meanwhile.
    for (const { runId } of alive ? after.holders : [])
      if (
        this.#found.get(runId) === 'there' &&
        this.#leftAt.get(runId) === this.stacks.size &&
        !before.holders.some((holder) => holder.runId === runId)
      )
        this.#found.set(runId, 'taken over');
    await this.#leftWithNothing(before, after, status);
    return answer;
  }

  /**
   * A drive that held nothing when it was stopped finds the cluster as it is by then: where what the drive before it left is going, or has a
   * successor, no table holds the batch any more.
   */
  async #leftWithNothing(before: LeaseRecord, after: LeaseRecord, status: string | undefined): Promise<void> {
    for (const { execution, redrive } of after.left ?? []) {
      const isNew = !before.left?.some((one) => one.execution === execution && one.redrive === redrive);
      if (!isNew || before.holders.some((holder) => holder.execution === execution)) continue;
      const runId = await runOf(this.#world, execution);
      if (runId !== undefined && this.#hasGone(runId, status)) this.#found.set(runId, 'going');
    }
  }

  /** Whether there was a cluster that the run has left, and it is not there any more. */
  #hasGone(runId: string, status: string | undefined): boolean {
    return this.#found.has(runId) && (isGone(status) || this.#leftAt.get(runId) !== this.stacks.size);
  }

  /** The tables as they are, compared with what they have to be. */
  async contents(): Promise<Contents | undefined> {
    const at = `${this.#submissions} ${this.stacks.size}`;
    // Nothing has been submitted since.
    if (this.#lastAt === at && clusterStatus(this.#world) === 'available') return this.#last;
    const quiet = liveStatements(this.#world, '').length === 0;
    const contents = await this.#world.clock.busy(readContents(this.#world, this.#scenario.tables));
    if (contents) {
      await auditContents(this.#world, contents, this.#scenario, this.#violations, this.#now);
      this.#last = contents;
      this.#readings.set(this.stacks.size, contents);
      this.#lastAt = quiet ? at : undefined;
    }
    return contents;
  }

  /** Every unit is in the ledger of the cluster that was left, or could not be left yet, and the answer is what its tables say. */
  async isComplete(runId: string): Promise<boolean> {
    const { holders } = await leaseOf(this.#world);
    const contents = holders.some((holder) => holder.runId === runId) ? await this.contents() : this.tablesOf(runId);
    if (!contents) return false;
    const units = await unitsOf(this.#world, runId);
    const done = new Set(contents.ledger.filter((row) => row.runId === runId).map(({ unit }) => unit));
    if (units.length === 0 || units.some(({ id }) => !done.has(id))) return false;
    return (
      (await textAt(this.#world, 'results', `results/spending/${runId}/spending.csv`)) ===
      answerOf(this.answered.get(runId)?.contents ?? contents, this.#scenario.tables)
    );
  }

  /** The tables a run has left; those of the cluster it worked on, where it left a successor of that, of which it knew nothing. */
  tablesOf(runId: string): Contents | undefined {
    const own = this.#workedOn.get(runId);
    return own === undefined || own === this.#leftAt.get(runId) ? this.left.get(runId) : this.#readings.get(own);
  }

  async audit(): Promise<void> {
    await this.contents();
  }

  /** Who finds nothing is told so by an error. */
  async #looked(operation: string, proceed: () => Promise<unknown>): Promise<unknown> {
    this.#swept.set(operation, false);
    const answer = await proceed();
    this.#swept.set(operation, true);
    return answer;
  }

  /** Operators are woken for what needs taking down, and for nothing that is down already. */
  #toldOperators(text: string): void {
    this.#note(`operators: ${text.split('\n', 1).join()}`);
    const [stack, cluster] = [this.#swept.get('DescribeStacks'), this.#swept.get('DescribeClusters')];
    if (text.includes(TAKEN_DOWN) && stack !== true && cluster !== true)
      this.#violations.add('operators-told-wrong', this.#now, text);
  }

  async #published(input: Readonly<Record<string, unknown>>, proceed: () => Promise<unknown>): Promise<unknown> {
    const answer = await proceed();
    const message = readMessage(input);
    if (!message) {
      this.#toldOperators(String(input['Message']));
      return answer;
    }
    const { clusterNotReleased, ...told } = message;
    const mail: Mail = {
      ...told,
      at: this.#now,
      // What becomes of the run later, started again or not, makes a true e-mail no lie.
      isComplete: told.status === 'SUCCEEDED' && (await this.isComplete(told.runId)),
    };
    this.mails.push(mail);
    this.#note(`mail: ${mail.subject}`);
    auditMail(mail, this.#violations);
    if (clusterNotReleased === undefined && (await this.#isHolding(message)))
      this.#violations.add('told-before-release', this.#now, `${mail.runId} holds the cluster while its end is told`);
    return answer;
  }

  /** A run that failed leaves the tables as they were, or says which hold its batch. */
  async #whatIsHeld({ runId, execution, redrive, subject }: Message): Promise<void> {
    const summaries = TOLD_UNDER.map((project) =>
      jsonAt<SummaryRecord>(this.#world, 'results', `results/${project}/${runId}/summary.json`),
    );
    const summary = (await Promise.all(summaries)).find((one) => one !== undefined);
    if (!summary) return this.#violations.add('summary-missing', this.#now, subject);
    const told = summary.tables.filter(({ holdsBatch }) => holdsBatch).map(({ table }) => table);
    const { left: all = [] } = await leaseOf(this.#world);
    // Who failed before it came to a cluster has left none.
    const hasLeft = all.some((one) => one.execution === execution && one.redrive === redrive);
    const found =
      !hasLeft && this.#hasGone(runId, clusterStatus(this.#world)) ? 'going' : (this.#found.get(runId) ?? 'gone');
    const seen = summary.heldBefore !== true;
    const left = tablesHolding(runId, this.left.get(runId), seen);
    const now = found === 'taken over' ? tablesHolding(runId, await this.contents(), seen) : left;
    const wrong = toldWrong(found, told, left, now);
    if (wrong !== undefined) this.#violations.add('told-tables-wrong', this.#now, `${wrong}: ${subject}`);
  }

  /** A statement of a run that has left the cluster is being cancelled, or is forgotten: then it is still there at the next look. */
  #lookForAbandoned({ holders }: LeaseRecord): void {
    const held = holders.map(({ runId }) => `sluice:${runId}:`);
    const live = clusterStatus(this.#world) === 'available' ? liveStatements(this.#world, 'sluice:') : [];
    const free = live.filter(({ name = '' }) => !held.some((run) => name.startsWith(run)));
    const abandoned = free.filter(({ id }) => this.#free.has(id));
    if (abandoned.length > 0)
      this.#violations.add('statement-abandoned', this.#now, abandoned.map(({ name }) => name).join(', '));
    this.#free = new Set(free.map(({ id }) => id));
  }

  /** `slack`: by how much what goes wrong in this run may hold the janitor up. */
  async lookForOrphans(slack: number): Promise<void> {
    const status = clusterStatus(this.#world);
    const lease = await leaseOf(this.#world);
    this.#lookForAbandoned(lease);
    const orphan =
      !isGone(status) &&
      status !== 'paused' &&
      isNobodys(lease, this.#world.running) &&
      runningExecutions(this.#world, 'cluster').length === 0;
    if (!orphan) this.#orphanSince = undefined;
    else {
      this.#orphanSince ??= this.#now;
      if (this.#now - this.#orphanSince > ORPHAN_MS + slack)
        this.#violations.add('orphan-cluster', this.#now, `${status}, held by nobody`);
    }
  }
}

interface SummaryRecord {
  /** Says of itself that it could not see what others have written since. */
  readonly heldBefore?: boolean;
  readonly tables: readonly { readonly table: string; readonly holdsBatch: boolean }[];
}

/** By a cluster's status. */
function isGone(status: string | undefined): boolean {
  return status === undefined || status === 'deleting';
}

/** Neither kept on purpose nor held by a run that is alive. */
function isNobodys({ holders, kept, replacing }: LeaseRecord, running: ReadonlyMap<string, string>): boolean {
  return !kept && [...holders, ...(replacing ? [replacing] : [])].every(({ execution }) => !running.has(execution));
}

export function pathOf(call: Call): string {
  const { path, Key } = call.input as { readonly path?: string; readonly Key?: string };
  return path ?? Key ?? '';
}
