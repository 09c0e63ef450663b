import type { Load, UnitKind } from '../plan/plan.ts';
import { type Cost, estimateCost } from './cost.ts';
import type { LoadErrorLine, RefusedRows, ReportedFailure, ReportedFile, ReportedUnit, RunFacts } from './facts.ts';
import { UNDO_FILE, undoSql } from './undo.ts';
import { count, oneLine } from './words.ts';

export interface SummaryTable {
  readonly table: string;
  /** Whether its rows of this run are there: not when the run did not get so far, nor when another has replaced them or made them anew since. */
  readonly holdsBatch: boolean;
  /** The run that has written the table after this one. */
  readonly writtenSince?: { readonly runId: string; readonly batch: string };
  readonly by: 'copy' | 'transform';
  readonly load?: Load;
  readonly rows?: number;
  readonly expectedRows?: number;
  readonly refused?: number;
  readonly files?: number;
  readonly bytes?: number;
  readonly seconds?: number;
}

export interface SummaryCheck {
  readonly check: string;
  readonly severity: 'stop' | 'warn';
  readonly means: string;
  /** Absent when the check did not run. */
  readonly offending?: number;
  readonly example?: string;
}

export interface SummaryUnit {
  readonly id: string;
  readonly kind: UnitKind;
  readonly title: string;
  readonly state: 'done' | 'failed' | 'not done';
  readonly from?: string;
  readonly to?: string;
  readonly seconds?: number;
  readonly rows?: number;
}

/** `summary.json`: what a program reads of a run. Also what the e-mail and the report are written from. */
export interface Summary {
  readonly version: 1;
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly runId: string;
  readonly execution: string;
  /** How often the execution had been redriven when it ended so. */
  readonly redrive: number;
  readonly project?: string;
  readonly batch?: string;
  readonly manifest?: RunFacts['manifest'];
  readonly startedAt?: string;
  readonly finishedAt: string;
  readonly seconds?: number;
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[];
  readonly tables: readonly SummaryTable[];
  readonly rowsLoaded: number;
  readonly bytesLoaded: number;
  readonly checks: readonly SummaryCheck[];
  readonly answer: { readonly rows?: number; readonly files: readonly ReportedFile[] };
  readonly cluster: {
    readonly nodeType: string;
    readonly nodes: number;
    readonly afterRun?: 'delete' | 'pause' | 'keep';
    readonly released: boolean;
    /** Whether the run came to have it; absent where nobody has noted how far the run came. */
    readonly acquired?: boolean;
  };
  readonly cost: Cost;
  readonly failure?: ReportedFailure;
  /** What is said of tables that hold the batch was so when the run left the cluster before: another run may have written them since. */
  readonly heldBefore?: true;
  readonly releaseFailure?: ReportedFailure;
  readonly loadErrors: readonly LoadErrorLine[];
  readonly refused: readonly RefusedRows[];
  readonly units: readonly SummaryUnit[];
  readonly resultsUrl: string;
  /** What takes the rows of a run that failed out of the tables again to which they were appended, where there are such. */
  readonly undoUrl?: string;
  readonly reportUrl: string;
  readonly recordUrl: string;
}

export function summarise(facts: RunFacts): Summary {
  const { marks, units } = facts;
  const { failure } = facts;
  const copies = units.filter(({ kind }) => kind === 'copy');
  const clusterMs = marks.acquired === undefined ? 0 : Math.max(0, (marks.released ?? facts.now) - marks.acquired);
  const answerRows = units.find(({ kind }) => kind === 'unload')?.done?.rows;
  return {
    version: 1,
    status: failure ? 'FAILED' : 'SUCCEEDED',
    runId: facts.runId,
    execution: facts.execution,
    redrive: facts.redrive,
    ...(facts.project === undefined ? {} : { project: facts.project }),
    ...(facts.batch === undefined ? {} : { batch: facts.batch }),
    ...(facts.manifest ? { manifest: facts.manifest } : {}),
    ...(marks.started === undefined
      ? {}
      : { startedAt: iso(marks.started), seconds: secondsOf(facts.now - marks.started) }),
    finishedAt: iso(facts.now),
    phases: phasesOf(facts),
    tables: tablesOf(units),
    rowsLoaded: copies.reduce((sum, { done }) => sum + (done?.rows ?? 0), 0),
    bytesLoaded: copies.reduce((sum, { done, bytes }) => sum + (done ? bytes : 0), 0),
    checks: units.flatMap(checkOf),
    answer: { ...(answerRows === undefined ? {} : { rows: answerRows }), files: facts.answer },
    cluster: {
      ...facts.size,
      ...(facts.afterRun ? { afterRun: facts.afterRun } : {}),
      released: facts.releaseFailure === undefined,
      ...(marks.started === undefined ? {} : { acquired: marks.acquired !== undefined }),
    },
    cost: estimateCost({
      ...facts.size,
      clusterMs,
      unitDurationsMs: units.flatMap(({ done }) => (done ? [done.durationMs ?? 0] : [])),
    }),
    ...(failure ? { failure } : {}),
    ...(facts.heldBefore ? { heldBefore: facts.heldBefore } : {}),
    ...(facts.releaseFailure ? { releaseFailure: facts.releaseFailure } : {}),
    loadErrors: facts.loadErrors,
    refused: facts.refused,
    units: units.map((unit) => unitOf(unit, failure)),
    resultsUrl: `s3://${facts.resultsBucket}/${facts.resultsPrefix}`,
    ...(undoSql(facts) === undefined
      ? {}
      : { undoUrl: `s3://${facts.resultsBucket}/${facts.resultsPrefix}${UNDO_FILE}` }),
    reportUrl: `s3://${facts.resultsBucket}/${facts.resultsPrefix}report.html`,
    recordUrl: `s3://${facts.workBucket}/runs/${facts.runId}/`,
  };
}

const AFTERWARDS = { delete: 'deleted unless others use it', pause: 'paused unless others use it', keep: 'kept' };

/** What cluster the run had, and what becomes of it. */
export function clusterOf({ units, cluster }: Summary): string {
  if (units.length === 0) return 'none was asked for';
  if (cluster.acquired === false) return 'none was ready for this run';
  const size = `${count(cluster.nodes)} x ${oneLine(cluster.nodeType)}`;
  return cluster.afterRun ? `${size}, ${AFTERWARDS[cluster.afterRun]}` : size;
}

function phasesOf({ marks, units, now }: RunFacts): Summary['phases'] {
  const phases: { phase: string; seconds: number }[] = [];
  const between = (phase: string, from: number | undefined, to: number | undefined): void => {
    if (from !== undefined && to !== undefined) phases.push({ phase, seconds: secondsOf(to - from) });
  };
  between('open the run', marks.started, marks.opened);
  between('get the cluster', marks.opened, marks.acquired);
  for (const [phase, kind] of [
    ['create tables', 'ddl'],
    ['load', 'copy'],
    ['transform', 'transform'],
    ['check', 'check'],
    ['write the answer', 'unload'],
  ] as const) {
    const done = units.flatMap((unit) => (unit.kind === kind && unit.done ? [unit.done] : []));
    if (done.length === 0) continue;
    between(
      phase,
      Math.min(...done.map(({ submittedAt, finishedAt }) => submittedAt ?? finishedAt)),
      Math.max(...done.map(({ finishedAt }) => finishedAt)),
    );
  }
  between('release the cluster', marks.worked, marks.released ?? (marks.worked === undefined ? undefined : now));
  return phases;
}

function tablesOf(units: readonly ReportedUnit[]): readonly SummaryTable[] {
  return units.flatMap(({ kind, table, done, writtenSince, ...unit }): SummaryTable[] => {
    if ((kind !== 'copy' && kind !== 'transform') || !table) return [];
    // What was appended or merged is there still; what a transform makes is made anew.
    const replaced = writtenSince && (kind === 'transform' || unit.load === 'replace');
    return [
      {
        table: `${table.schema}.${table.table}`,
        by: kind,
        holdsBatch: done !== undefined && !replaced,
        ...(writtenSince ? { writtenSince } : {}),
        ...(unit.load === undefined ? {} : { load: unit.load }),
        ...(done?.rows === undefined ? {} : { rows: done.rows }),
        ...(done?.refused === undefined ? {} : { refused: done.refused }),
        ...(unit.expectedRows === undefined ? {} : { expectedRows: unit.expectedRows }),
        ...(kind === 'copy' ? { files: unit.files, bytes: unit.bytes } : {}),
        ...(done?.durationMs === undefined ? {} : { seconds: secondsOf(done.durationMs) }),
      },
    ];
  });
}

function checkOf({ kind, title, check, done }: ReportedUnit): SummaryCheck[] {
  if (kind !== 'check' || !check) return [];
  return [
    {
      check: title.replace(/^check /, ''),
      ...check,
      ...(done?.offending === undefined ? {} : { offending: done.offending }),
      ...(done?.example === undefined ? {} : { example: done.example }),
    },
  ];
}

function unitOf({ id, kind, title, done }: ReportedUnit, failure: ReportedFailure | undefined): SummaryUnit {
  const failed = failure?.where.unit === id;
  if (!done) return { id, kind, title, state: failed ? 'failed' : 'not done' };
  const from = done.submittedAt ?? (done.durationMs === undefined ? undefined : done.finishedAt - done.durationMs);
  return {
    id,
    kind,
    title,
    state: failed ? 'failed' : 'done',
    ...(from === undefined ? {} : { from: iso(from), seconds: secondsOf(done.finishedAt - from) }),
    to: iso(done.finishedAt),
    ...(done.rows === undefined ? {} : { rows: done.rows }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** To a tenth; never below 0, whatever two clocks say. */
function secondsOf(ms: number): number {
  return Math.round(Math.max(0, ms) / 100) / 10;
}
