import { LeaseContended } from '../errors/errors.ts';
import { catalogued, type CaughtError, caughtFailure } from '../errors/failure.ts';
import type { RunFacts, ReportedUnit } from '../report/facts.ts';
import { type Mail, writeMail } from '../report/mail.ts';
import { writeReport } from '../report/report.ts';
import { type Summary, summarise } from '../report/summary.ts';
import { UNDO_FILE } from '../report/undo.ts';
import { type Claim, claimedBy, readClaim } from '../run/claim.ts';
import {
  isBeingTold,
  isEndOf,
  isOvertaken,
  noteTelling,
  type Outcome,
  readOutcome,
  swapOutcome,
} from '../run/outcome.ts';
import { failureIn, isAftermath, latestFailures, type RunFailure } from '../run/failure-record.ts';
import { concurrently } from '../run/concurrently.ts';
import { type Overtaken, readOvertaken } from '../run/overtaken.ts';
import { readRun } from '../run/run-document.ts';
import { type PlanDocument, readPlan, type UnitDocument } from '../run/unit-document.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { readLoadErrors } from '../statement/load-errors.ts';
import { onCluster, readResults, type UnitResult } from '../statement/unit-result.ts';
import { type ResultFile, type ResultsBucket, writeOfEnd, writeUndo } from './end-files.ts';

/** Tells whoever has subscribed. */
export interface Completions {
  tell(mail: Mail): Promise<void>;
}

export interface NotifyPorts {
  readonly work: WorkStore;
  readonly results: ResultsBucket;
  readonly completions: Completions;
  readonly workBucket: string;
  readonly resultsBucket: string;
  readonly resultsPrefix: string;
  /** Of a cluster whose manifest asks for none. */
  readonly defaultSize: { readonly nodeType: string; readonly nodes: number };
  readonly now: Now;
}

export interface NotifyRequest {
  /** Empty when opening the run failed; then the execution tells which run it was. */
  readonly runId: string;
  readonly execution: string;
  /** How often the execution has been redriven: each drive has an end of its own to tell. */
  readonly redrive: number;
  /** When it was redriven last, ISO 8601; empty if never. */
  readonly redrivenAt: string;
  readonly round: number;
  /** Which cluster the run had last, as the lease counts them; 0 for none, absent where that is not known. */
  readonly generation?: number | null | undefined;
  /** Without a code: nothing failed. */
  readonly failure: CaughtError;
  readonly releaseFailure: CaughtError;
  readonly marks: { readonly [station in keyof RunFacts['marks']]?: string | undefined };
}

export type NotifyAnswer =
  /** An earlier drive tells this very end, or has died while it did: look again after so many seconds. */
  | { readonly status: 'TELLING'; readonly waitSeconds: number }
  | { readonly status: 'SUCCEEDED'; readonly runId: string }
  | { readonly status: 'FAILED'; readonly code: string; readonly cause: string };

/** Where a batch is reported that never became a run of a project. */
const NO_PROJECT = 'unopened';

/** How long is waited between looks whether an end has been told. */
const TELLING_WAIT_S = 15;

/** Ends that may be noted while one is being told. */
const MOST_ENDS = 10;

/**
 * Ends a run: notes its outcome, writes its summary and report, tells the subscribers; in this order, so that the record tells what happened
 * even if nobody can be told. Called again for the same end, it tells nobody twice, also when the execution was redriven in between and did
 * nothing else; an end that was noted and could not be told is told as it was noted, whoever asks; and an end that a later drive of the
 * execution, or another execution of the run, has overtaken is not told any more: what holds the batch is theirs to tell.
 */
export async function notify(ports: NotifyPorts, request: NotifyRequest): Promise<Notified> {
  const runId = request.runId || (await runOf(ports.work, request.execution));
  for (let ends = 0; ends < MOST_ENDS; ends++) {
    const notified = await notifyOnce(ports, { ...request, runId });
    if (notified) return notified;
  }
  throw new LeaseContended('The outcome of the run changed each time it was read.');
}

export interface Notified {
  readonly answer: NotifyAnswer;
  readonly rowsLoaded: number;
}

/** Undefined when somebody has noted an end of the run meanwhile: it is to be looked at again. */
async function notifyOnce(ports: NotifyPorts, request: NotifyRequest): Promise<Notified | undefined> {
  const { runId } = request;
  const stored = await readOutcome(ports.work, runId);
  // In this order: who has taken the run over did so before it noted an end of its own.
  const claim = await readClaim(ports.work, runId);
  if (isTakenOver(claim, request))
    return {
      answer: { status: 'FAILED', code: 'RunCancelled', cause: 'Another execution has taken the run over.' },
      rowsLoaded: 0,
    };
  const before = stored?.outcome;
  if (before && isOvertaken(request, before)) return { answer: answerOf(before, runId), rowsLoaded: 0 };
  const known = before && (isEndOf(before, request) || isSameEnd(before, request)) ? before : undefined;
  const telling: Notified = { answer: { status: 'TELLING', waitSeconds: TELLING_WAIT_S }, rowsLoaded: 0 };
  // Two would tell the same end twice, and of the messages of two ends either may come last.
  const isOthers = before && !isEndOf(before, request) && (known || before.sending);
  if (isOthers && isBeingTold(before, ports.now())) return telling;
  const { facts, seen } = await gather(ports, known ? asNoted(known, request) : request, claim);
  const summary = summarise(facts);
  const noted = known ?? (before && isRepeated(before, request, summary) ? before : undefined);
  if (noted && noted !== known && isBeingTold(noted, ports.now())) return telling;
  const notified: Notified = {
    answer: summary.failure
      ? { status: 'FAILED', code: summary.failure.code, cause: causeOf(summary) }
      : { status: 'SUCCEEDED', runId },
    rowsLoaded: summary.rowsLoaded,
  };
  if (noted?.told && isEndOf(noted, request)) return notified;
  const outcome = noted?.told
    ? { ...noted, redrive: request.redrive }
    : outcomeOf(summary, request, noted?.marks ?? stationsOf(request.marks), ports.now());
  if (!(await swapOutcome(ports.work, runId, stored, outcome))) return undefined;
  if (!outcome.told) await tell(ports, summary, facts, { seen, mayRepeat: noted !== undefined });
  return notified;
}

function outcomeOf(
  summary: Summary,
  { round, redrive }: NotifyRequest,
  marks: string | undefined,
  at: number,
): Outcome {
  return {
    execution: summary.execution,
    redrive,
    status: summary.status,
    ...(summary.failure ? { code: summary.failure.code } : {}),
    round,
    at,
    told: false,
    sending: false,
    ...(marks === undefined ? {} : { marks }),
  };
}

/** Whether another execution goes on with the run. */
function isTakenOver(claim: Claim | undefined, { execution }: Pick<Outcome, 'execution'>): boolean {
  return claim !== undefined && claim.execution !== execution;
}

/** Of an end that has been noted. Nobody is told of one that another has overtaken meanwhile: the other is told. */
async function tell(
  ports: NotifyPorts,
  summary: Summary,
  facts: RunFacts,
  { seen, mayRepeat }: { readonly seen: readonly ResultFile[]; readonly mayRepeat: boolean },
): Promise<void> {
  const { resultsPrefix } = facts;
  const texts = {
    [`${resultsPrefix}summary.json`]: `${JSON.stringify(summary, undefined, 2)}\n`,
    [`${resultsPrefix}report.html`]: writeReport(summary),
  };
  await writeUndo(ports, summary, facts);
  // Last, because these are refused where another end has come between: after a call that took minutes nobody is told any more.
  if (!(await writeOfEnd(ports, summary, texts, seen))) return;
  if (isTakenOver(await readClaim(ports.work, summary.runId), summary)) return;
  const { work } = ports;
  if (!(await noteTelling(work, summary.runId, summary, { sending: true, told: false }))) return;
  await ports.completions.tell(writeMail(summary, { mayRepeat }));
  await noteTelling(work, summary.runId, summary, { sending: false, told: true });
}

/**
 * A drive that began while an earlier one was telling its end has reached no station of its own. After a success there is nothing left but to
 * tell it, so that one is the end of every later drive, also of one that is stopped.
 */
function isSameEnd(before: Outcome, { execution, marks }: NotifyRequest): boolean {
  if (before.execution !== execution) return false;
  return before.status === 'SUCCEEDED' || (before.marks !== undefined && before.marks === stationsOf(marks));
}

/**
 * The janitor knows of no stations. What it has told for a drive that was stopped while it told its end is the end of the next one, too, if that
 * has come to no station since it was redriven, and ends for the same reason.
 */
function isRepeated(before: Outcome, { execution, redrivenAt, marks }: NotifyRequest, summary: Summary): boolean {
  return (
    before.execution === execution &&
    before.marks === undefined &&
    before.status === summary.status &&
    before.code === summary.failure?.code &&
    marks.started !== undefined &&
    Object.values(marks).every((at) => at === undefined || Date.parse(at) < Date.parse(redrivenAt))
  );
}

/** As text, to compare them; undefined where the execution has not told them itself. */
function stationsOf(marks: NotifyRequest['marks']): string | undefined {
  return marks.started === undefined ? undefined : JSON.stringify(marks);
}

/** What the execution ends with. The message can quote a row, so a state carries only where to read it. */
function causeOf({ failure, reportUrl }: Summary): string {
  const { unit, table } = failure?.where ?? {};
  return [unit && `unit ${unit}`, table && `table ${table}`, `see ${reportUrl}`].filter(Boolean).join(', ');
}

/** What was noted stands: who was asked to tell it later may know less, and see a cluster that has gone since. */
function asNoted({ status, code }: Outcome, request: NotifyRequest): NotifyRequest {
  return status === 'SUCCEEDED'
    ? { ...request, failure: {}, generation: undefined }
    : { ...request, failure: { code: code ?? 'Unexpected' } };
}

function answerOf({ status, code }: Outcome, runId: string): NotifyAnswer {
  return status === 'SUCCEEDED'
    ? { status, runId }
    : { status, code: code ?? 'Unexpected', cause: 'The execution has been redriven since.' };
}

/** `seen`: the files that are there already. */
async function gather(
  ports: NotifyPorts,
  request: NotifyRequest,
  claim: Claim | undefined,
): Promise<{ readonly facts: RunFacts; readonly seen: readonly ResultFile[] }> {
  const { work } = ports;
  const { runId } = request;
  const [run, plan, allResults, overtaken] = await Promise.all([
    readRun(work, runId),
    readPlan(work, runId),
    readResults(work, runId),
    readOvertaken(work, runId),
  ]);
  const results = onCluster(allResults, request.generation ?? undefined);
  const failure = await failureOfRun(ports, request, runId, claim, plan, results);
  const releaseFailure =
    request.releaseFailure.code === undefined
      ? undefined
      : failureIn('release the cluster', ports.now(), caughtFailure(request.releaseFailure));
  const { nodeType, nodes } = { ...ports.defaultSize, ...withoutUndefined(run?.cluster ?? {}) };
  const resultsPrefix = `${ports.resultsPrefix}${run?.project ?? NO_PROJECT}/${runId}/`;
  const seen = await ports.results.list(resultsPrefix);
  const answer = failure ? [] : seen.filter(({ key }) => isAnswer(key, resultsPrefix));
  const facts = {
    runId,
    execution: request.execution,
    redrive: request.redrive,
    ...(run ? { project: run.project, batch: run.batch, afterRun: run.cluster.afterRun } : {}),
    ...(claim ? { manifest: { bucket: claim.bucket, key: claim.key, version: claim.version } } : {}),
    size: { nodeType, nodes },
    units: reportedUnits(plan, results, failure && overtaken),
    marks: marksOf(request.marks),
    now: ports.now(),
    ...(failure ? { failure } : {}),
    ...(failure && isUnseen(overtaken, results) ? { heldBefore: true as const } : {}),
    ...(releaseFailure ? { releaseFailure } : {}),
    loadErrors: failure?.where.unit === undefined ? [] : await readLoadErrors(work, runId, failure.where.unit),
    refused: await refusedOf(work, runId, plan, results),
    resultsBucket: ports.resultsBucket,
    resultsPrefix,
    workBucket: ports.workBucket,
    answer: answer.map(({ key, bytes }) => ({ key, bytes })),
  };
  return { facts, seen };
}

/** Tables and lines that are told of; the work bucket has more of each. */
const MOST_TABLES = 20;
const MOST_LINES = 5;

async function refusedOf(
  work: WorkStore,
  runId: string,
  plan: PlanDocument | undefined,
  results: readonly UnitResult[],
): Promise<RunFacts['refused']> {
  const tables = new Map(plan?.units.map(({ id, table }) => [id, table && `${table.schema}.${table.table}`]));
  const refusing = results.flatMap(({ unit, refused: rows }) => (rows === undefined ? [] : [{ unit, rows }]));
  return concurrently(refusing.slice(0, MOST_TABLES), MOST_TABLES, async ({ unit, rows }) => ({
    table: tables.get(unit) ?? unit,
    rows,
    lines: (await readLoadErrors(work, runId, unit)).slice(0, MOST_LINES),
  }));
}

async function runOf(work: WorkStore, execution: string): Promise<string> {
  // Where it failed before it had claimed a run, what is known of it goes under the execution's own name.
  return (await claimedBy(work, execution)) ?? execution.split(':').at(-1) ?? 'unknown';
}

async function failureOfRun(
  { work, now }: NotifyPorts,
  { failure, redrivenAt }: NotifyRequest,
  runId: string,
  claim: Claim | undefined,
  plan: PlanDocument | undefined,
  results: readonly UnitResult[],
): Promise<RunFailure | undefined> {
  if (failure.code === undefined) {
    const done = new Set(results.map(({ unit }) => unit));
    const missing = plan?.units.find(({ id }) => !done.has(id));
    if (plan && !missing) return undefined;
    // No step failed, and yet not everything was done: that is no success.
    const where = missing ? { unit: missing.id } : {};
    return failureIn('notify', now(), { ...catalogued('Unexpected'), where });
  }
  // What an earlier execution of the run left behind is not this one's story.
  const claimedAt = claim?.claimedAt ?? 0;
  const since = redrivenAt === '' ? claimedAt : Date.parse(redrivenAt);
  const [first = (await latestFailures(work, runId, claimedAt))[0]] = await latestFailures(work, runId, since);
  const caught = failureIn('run', now(), caughtFailure(failure));
  // Units of a run that is stopped fail because it is.
  return first && !(caught.code === 'RunCancelled' && isAftermath(first)) ? first : caught;
}

/** Whether there is something that another run may have written since, and nobody could look. */
function isUnseen(overtaken: Overtaken | undefined, results: readonly UnitResult[]): boolean {
  return (
    overtaken !== undefined &&
    overtaken.units === undefined &&
    results.some(({ generation }) => generation === overtaken.generation)
  );
}

function reportedUnits(
  plan: PlanDocument | undefined,
  results: readonly UnitResult[],
  overtaken: Overtaken | undefined,
): readonly ReportedUnit[] {
  const byUnit = new Map(results.map((result) => [result.unit, result]));
  const since = new Map(overtaken?.units?.map(({ unit, runId, batch }) => [unit, { runId, batch }]));
  return (plan?.units ?? []).map((unit) => {
    const result = byUnit.get(unit.id);
    const writtenSince = result?.generation === overtaken?.generation ? since.get(unit.id) : undefined;
    return { ...reportedUnit(unit, result), ...(writtenSince ? { writtenSince } : {}) };
  });
}

function reportedUnit(unit: UnitDocument, result: UnitResult | undefined): ReportedUnit {
  return {
    id: unit.id,
    kind: unit.kind,
    title: unit.title,
    ...(unit.table ? { table: unit.table } : {}),
    ...(unit.source === undefined ? {} : { source: unit.source }),
    ...(unit.load === undefined ? {} : { load: unit.load }),
    ...(unit.undo === undefined ? {} : { undo: unit.undo }),
    ...(unit.expectedRows === undefined ? {} : { expectedRows: unit.expectedRows }),
    ...(unit.check ? { check: unit.check } : {}),
    files: unit.files?.length ?? 0,
    bytes: unit.files?.reduce((sum, file) => sum + file.bytes, 0) ?? 0,
    ...(result ? { done: withoutUndefined(result) as NonNullable<ReportedUnit['done']> } : {}),
  };
}

function marksOf(marks: NotifyRequest['marks']): RunFacts['marks'] {
  return Object.fromEntries(
    Object.entries(marks).flatMap(([station, at]) => {
      const ms = at === undefined ? Number.NaN : Date.parse(at);
      return Number.isNaN(ms) ? [] : [[station, ms]];
    }),
  );
}

/** The answer's own files: not what stands beside them. */
function isAnswer(key: string, prefix: string): boolean {
  const name = key.slice(prefix.length);
  return !['summary.json', 'report.html', UNDO_FILE].includes(name) && !name.endsWith('manifest');
}

type Present<T> = { [key in keyof T]: Exclude<T[key], undefined> };

function withoutUndefined<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
