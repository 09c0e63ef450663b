import { answerOf, type Contents, deservedCode } from './audit.ts';
import { FOLDER } from './batch.ts';
import { leaks } from './log-watch.ts';
import { auditMails, auditReason, hasItsEndBeenTold, type End, type Hit, type Mail } from './mails.ts';
import {
  claimsOf,
  type ClaimRecord,
  jsonAt,
  keysAt,
  leaseOf,
  liveStatements,
  runOf,
  stackStatus,
  textAt,
} from './records.ts';
import { TOLD_UNDER } from './project.ts';
import { type Batch, pass, type Scenario, SLOW_MS, TOO_SLOW_MS } from './scenario.ts';
import type { Violations } from './violations.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

/** Waiting for files, a cluster and others, without what the scenario's slow statements take. */
const LONGEST_RUN_MS = 3 * 3_600_000;
const MOST_HISTORY_EVENTS = 25_000;

export interface Played {
  readonly ends: readonly End[];
  readonly executions: readonly string[];
  /** Those that were started by the event of a run that was claimed already. */
  readonly again: ReadonlySet<string>;
  readonly witness: Witness;
  readonly hits: readonly Hit[];
  /** What logs said that no log may say. */
  readonly leaks: readonly string[];
}

interface EndRecord {
  readonly execution: string;
  readonly redrive: number;
  readonly status: string;
}

/** Checks the guarantees on what is left when everything is over. */
export class Judge {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #secret: string;
  readonly #violations: Violations;
  readonly statuses: string[] = [];

  constructor(world: World, scenario: Scenario, secret: string, violations: Violations) {
    this.#world = world;
    this.#scenario = scenario;
    this.#secret = secret;
    this.#violations = violations;
  }

  #wrong(rule: string, what: string): void {
    this.#violations.add(rule, this.#world.clock.now(), what);
  }

  async judge(played: Played): Promise<void> {
    const contents = await played.witness.contents();
    await this.#leftovers(contents, played);
    for (const line of played.leaks) this.#wrong('leak', `in a log: ${line}`);
    const claims = await claimsOf(this.#world);
    for (const execution of played.executions) await this.#execution(execution, played, claims);
    auditMails(
      {
        ends: played.ends,
        mails: played.witness.mails,
        hits: played.hits,
        incidents: this.#scenario.incidents,
        isItsRuns: (execution) => claims.some((claim) => claim.execution === execution),
        at: this.#world.clock.now(),
      },
      this.#violations,
    );
    this.#reasons(played, claims);
    for (const claim of claims) {
      if (played.again.has(claim.execution))
        this.#wrong('event-starts-again', `${claim.runId} is begun again by an event that came twice`);
      await this.#manifestOf(claim);
      await this.#filesOfTheLastEnd(claim.runId, played.ends, played.witness.mails);
    }
  }

  async #leftovers(contents: Contents | undefined, { witness: { stacks, generations }, hits }: Played): Promise<void> {
    const live = liveStatements(this.#world, '');
    if (live.length > 0)
      this.#wrong('statement-outlives-run', `at the end: ${live.map(({ name }) => name).join(', ')}`);
    const { holders, creating, draining, replacing, kept } = await leaseOf(this.#world);
    if (holders.length > 0)
      this.#wrong('lease-left', `${holders.map(({ runId }) => runId).join(', ')} still hold the cluster`);
    for (const [what, part] of Object.entries({ creating, draining, replacing }))
      if (part) this.#wrong('lease-left', `${what}: ${JSON.stringify(part)}`);
    const stack = await stackStatus(this.#world);
    if (stack !== 'NONE' && !kept) this.#wrong('stack-left', stack);
    // One that somebody deletes while it is being created is created again: it never was a cluster.
    const deleted = this.#scenario.incidents.filter(
      (incident) => incident.type === 'hand' && incident.kind === 'delete-stack',
    ).length;
    if (stacks.size > generations.size + deleted)
      this.#wrong('created-twice', `${stacks.size} stacks were created for ${generations.size} clusters`);
    const strangers = (await keysAt(this.#world, 'work', '')).filter(
      (key) =>
        !/^(?:runs\/[0-9a-f]{16}(?:-\d+)?\/|runs\/by-execution\/|clusters\/[a-z-]+\/lease\.json$|tidied\/[a-z-]+\.json$)/.test(
          key,
        ) &&
        // The janitor forgets what is told, unless it is kept from it.
        !(key.startsWith('untold/') && hits.some(({ site }) => site.startsWith('janitor '))),
    );
    if (strangers.length > 0) this.#wrong('object-left', strangers.join(', '));
    if (contents && (await this.#unfinishedUploads())) this.#wrong('object-left', 'an upload that nobody ended');
  }

  /** A run is of exactly the version of the manifest that started it. */
  async #manifestOf({ runId, key, version }: ClaimRecord): Promise<void> {
    const run = await jsonAt<{ batch: string }>(this.#world, 'work', `runs/${runId}/run.json`);
    const text = await textAt(this.#world, 'inbox', key, version);
    if (!run || text === undefined) return;
    const { batch } = JSON.parse(text) as { batch: string };
    if (batch !== run.batch) this.#wrong('another-manifest', `${runId} runs ${run.batch} instead of ${batch}`);
  }

  /** However many ends a run had, and whenever each was told: what stands beside the answer tells of the last. */
  async #filesOfTheLastEnd(runId: string, ends: readonly End[], mails: readonly Mail[]): Promise<void> {
    const last = await jsonAt<EndRecord & { told: boolean }>(this.#world, 'work', `runs/${runId}/outcome.json`);
    if (!last?.told) return;
    for (const project of TOLD_UNDER) {
      const folder = `results/${project}/${runId}/`;
      const summary = await jsonAt<EndRecord>(this.#world, 'results', `${folder}summary.json`);
      const report = await textAt(this.#world, 'results', `${folder}report.html`);
      if (!summary || report === undefined) continue;
      const { execution, redrive, status } = summary;
      // A drive that did nothing has the end of the one before it.
      const repeated = ends.some(
        (end) =>
          (end.idle || hasItsEndBeenTold(end, { mails })) &&
          end.execution === execution &&
          end.redrive === last.redrive,
      );
      const isLast = execution === last.execution && (redrive === last.redrive || repeated) && status === last.status;
      const inReport =
        report.includes(`class="${status === 'SUCCEEDED' ? 'ok' : 'failed'}"`) && report.includes(execution);
      if (isLast && inReport) return;
    }
    this.#wrong(
      'files-of-another-end',
      `${runId}: beside the answer there is not what tells of ${JSON.stringify(last)}`,
    );
  }

  async #unfinishedUploads(): Promise<boolean> {
    const { Uploads = [] } = await this.#world
      .root<{ Uploads?: readonly unknown[] }>('s3', 'ListMultipartUploads', {
        Bucket: 'sluice-test-results-000000000000',
      })
      .catch(() => ({ Uploads: [] }));
    return Uploads.length > 0;
  }

  async #execution(executionArn: string, { witness }: Played, claims: readonly ClaimRecord[]): Promise<void> {
    const described = await this.#world.root<{
      status: string;
      error?: string;
      output?: string;
      startDate?: Date;
      stopDate?: Date;
    }>('states', 'DescribeExecution', { executionArn });
    const { status, error, startDate, stopDate } = described;
    const { status: answered } = JSON.parse(described.output ?? '{}') as { status?: string };
    this.statuses.push(answered === 'DUPLICATE' ? 'DUPLICATE' : `${status}${error === undefined ? '' : ` ${error}`}`);
    if (leaks(JSON.stringify(described), [this.#secret])) this.#wrong('leak', `in the state of ${executionArn}`);
    if (status === 'RUNNING') return;
    const ms = (stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0);
    if (!this.#mayTakeDays() && ms > LONGEST_RUN_MS + this.#slowness())
      this.#wrong('too-long', `${Math.round(ms / 60_000)} minutes`);
    await this.#history(executionArn);
    if (answered === 'DUPLICATE') return;
    const runId = await runOf(this.#world, executionArn);
    const calm = pass(this.#scenario.incidents);
    if (calm && status !== 'SUCCEEDED') this.#wrong('passing-fault-fails-run', `${status} ${error ?? ''}`);
    if (status !== 'SUCCEEDED') return;
    const claim = claims.find((one) => one.runId === runId);
    if (!claim || runId === undefined) return this.#wrong('run-unknown', executionArn);
    if (!(await witness.isComplete(runId))) {
      const csv = await textAt(this.#world, 'results', `results/spending/${runId}/spending.csv`);
      const contents = witness.answered.get(runId)?.contents ?? witness.tablesOf(runId);
      this.#wrong(
        'answer-wrong',
        `${runId}: ${csv ?? 'no answer'}; the tables say ${contents ? answerOf(contents, this.#scenario.tables) : 'nothing'}`,
      );
    }
    await this.#resultsOf(runId);
  }

  /** Beside the answer there are its manifest, the report and the summary, and nothing else. */
  async #resultsOf(runId: string): Promise<void> {
    const folder = `results/spending/${runId}/`;
    const names = (await keysAt(this.#world, 'results', folder)).map((key) => key.slice(folder.length));
    const others = names.filter(
      (name) => !['report.html', 'spending.csv', 'spendingmanifest', 'summary.json', 'undo.sql'].includes(name),
    );
    if (others.length > 0) this.#wrong('object-left', others.join(', '));
    // What an earlier drive had left to be taken out is part of the answer now.
    if (/^begin;/m.test((await textAt(this.#world, 'results', `${folder}undo.sql`)) ?? ''))
      this.#wrong('undo-left', runId);
  }

  async #history(executionArn: string): Promise<void> {
    const { events = [] } = await this.#world.root<{ events?: readonly { id: number }[] }>(
      'states',
      'GetExecutionHistory',
      {
        executionArn,
        reverseOrder: true,
        maxResults: 1,
      },
    );
    const [newest] = events;
    if (newest && newest.id > MOST_HISTORY_EVENTS) this.#wrong('history-too-long', String(newest.id));
  }

  /** A batch that is wrong in itself fails for that reason, if nothing else goes wrong. */
  #reasons({ witness, ends }: Played, claims: readonly ClaimRecord[]): void {
    const { incidents, batches } = this.#scenario;
    if (!pass(incidents.filter(({ type }) => type !== 'data'))) return;
    for (const batch of batches) {
      const code = deservedCode(this.#scenario, batch);
      if (code === undefined) continue;
      // What a batch leaves on a cluster that is kept, others may meet.
      if (batches.length > 1 && code === 'DataCheckFailed') continue;
      if (code === 'TableDiffers' && !this.#meetsATable()) continue;
      const mine = claims.filter(({ key }) => key.startsWith(FOLDER(batch.index)));
      if (mine.length === 0) this.#wrong('reason-wrong', `batch ${batch.index} became no run`);
      for (const { runId, execution } of mine) {
        const mail = witness.mails.find((one) => one.runId === runId);
        if (!mail) this.#wrong('reason-wrong', `nobody was told of ${code}`);
        else auditReason(mail, code, this.#scenario, batch.index, this.#violations);
        if (ends.some((end) => end.execution === execution && end.status === 'SUCCEEDED' && !end.duplicate))
          this.#wrong('reason-wrong', `batch ${batch.index} should have failed as ${code}`);
      }
    }
  }

  /** The second batch meets the tables of the first: nobody comes between, and the first has made them and keeps the cluster. */
  #meetsATable(): boolean {
    const { goal, batches, incidents } = this.#scenario;
    const wrong = incidents.some((incident) => incident.type === 'data' && incident.batch === 0);
    return goal === 'columns-differ' && batches.length === 2 && !wrong;
  }

  #mayTakeDays(): boolean {
    return this.#scenario.incidents.some(
      (incident) =>
        incident.type === 'jump' || (incident.type === 'hand' && incident.kind === 'stop-and-redrive-next-day'),
    );
  }

  #slowness(): number {
    return this.#scenario.incidents.reduce((sum, incident) => {
      if (incident.type !== 'statement') return sum;
      const each =
        incident.kind === 'statement-slow' ? SLOW_MS : incident.kind === 'statement-times-out' ? TOO_SLOW_MS : 0;
      // A run waits for the slow statements of those before it, too.
      return sum + each * incident.times;
    }, 0);
  }
}

export type { Batch };
