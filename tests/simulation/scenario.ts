import type { CallFault } from './faults.ts';
import type { Moment } from './moments.ts';

export type TableName = 'sale' | 'customer' | 'price';
export const TABLES: readonly TableName[] = ['sale', 'customer', 'price'];

export interface DataFile {
  readonly table: TableName;
  readonly key: string;
  /** Rows that can be loaded. */
  readonly rows: number;
}

/** What is wrong with a batch before anything happens to it. */
export const DATA_FAULTS = [
  'malformed',
  'malformed-allowed',
  'cut-short',
  'rows-in-the-wrong-file',
  'offending',
  'keys-clash',
  'not-json',
  'not-a-manifest',
  'project-unknown',
  'columns-differ',
] as const;
export type DataFaultKind = (typeof DATA_FAULTS)[number];
export interface DataFault {
  readonly type: 'data';
  readonly kind: DataFaultKind;
  readonly batch: number;
  readonly table: TableName;
}

/** A manifest and its files. */
export interface Batch {
  readonly index: number;
  readonly at: Moment;
  readonly files: readonly DataFile[];
  readonly existing: 'reuse' | 'replace';
  readonly afterRun: 'delete' | 'pause' | 'keep';
}

export const EVENT_FAULTS = ['event-twice', 'event-late', 'event-lost-then-late', 'events-reordered'] as const;
/** What becomes of the events that wake the janitor: of a run that was stopped or failed, and of its schedule. */
export const JANITOR_FAULTS = [
  'stop-event-twice',
  'stop-event-lost',
  'stop-event-late',
  'stop-event-with-a-sweep',
  'sweep-twice',
  'sweeps-lost',
] as const;
const FILE_FAULTS = [
  'file-late',
  'file-too-late',
  'file-changed',
  'file-gone',
  'manifest-overwritten',
  'manifest-gone',
  'files-sent-again',
  'changed-file-dropped-again',
] as const;
export const HAND_FAULTS = [
  'stop',
  'stop-and-redrive',
  'stop-and-redrive-next-day',
  'stop-and-start-again',
  'stop-all-and-redrive-all',
  'repeat',
  'redrive-the-failed',
  'start-from-nothing',
  'delete-cluster',
  'delete-stack',
  'pause-cluster',
  'resize-cluster',
  'reboot-cluster',
  'cancel-statements',
  'forget-tokens',
  'restart-workers',
] as const;
/** Calls of CloudFormation for the cluster's stack; each is a resource that fails to come or to go. */
export const STACK_CALLS = [
  'CreateClusterSubnetGroup',
  'CreateClusterParameterGroup',
  'CreateCluster',
  'DeleteCluster',
  'DeleteClusterParameterGroup',
  'DeleteClusterSubnetGroup',
] as const;
export const STATEMENT_FAULTS = [
  'statement-slow',
  'statement-times-out',
  'statement-conflict',
  'statement-fails',
] as const;
/** Statements by what they do: how their text begins. */
export const STATEMENTS = {
  ddl: /^create table if not exists sluice\.ledger/,
  copy: /^copy /i,
  transform: /^insert into mart\./,
  check: /^create temp table sluice_offending/,
  unload: /^unload/i,
} as const;
export type StatementKind = keyof typeof STATEMENTS;

/** What slow statements take: less than a statement may, and more. */
export const SLOW_MS = 3 * 3_600_000;
export const TOO_SLOW_MS = 9 * 3_600_000;

export interface EventFault {
  readonly type: 'event';
  readonly kind: (typeof EVENT_FAULTS)[number];
  readonly batch: number;
  readonly after: number;
}
export interface JanitorFault {
  readonly type: 'janitor';
  readonly kind: (typeof JANITOR_FAULTS)[number];
  /** Milliseconds between two that come together, or by which one is late. */
  readonly after: number;
  /** Sweeps in a row. */
  readonly times: number;
}
export interface FileFault {
  readonly type: 'file';
  readonly kind: (typeof FILE_FAULTS)[number];
  readonly batch: number;
  readonly file: number;
  readonly moment: Moment;
}
export interface HandFault {
  readonly type: 'hand';
  readonly kind: (typeof HAND_FAULTS)[number];
  readonly moment: Moment;
}
export interface StackFault {
  readonly type: 'stack';
  readonly call: (typeof STACK_CALLS)[number];
  /** How often in a row it fails. */
  readonly times: number;
}
export interface StatementFault {
  readonly type: 'statement';
  readonly kind: (typeof STATEMENT_FAULTS)[number];
  readonly of: StatementKind;
  readonly nth: number;
  readonly times: number;
}
export interface ClockJump {
  readonly type: 'jump';
  readonly ms: number;
  readonly moment: Moment;
}
export type Incident =
  CallFault | EventFault | JanitorFault | FileFault | HandFault | StackFault | StatementFault | DataFault | ClockJump;

export interface Scenario {
  readonly seed: number;
  /** What the seed has to reach. */
  readonly goal: string;
  /** Nothing else goes wrong, so the goal has to be reached. */
  readonly alone: boolean;
  /** The tables the project has, in the order of {@link TABLES}. */
  readonly tables: readonly TableName[];
  readonly batches: readonly Batch[];
  readonly incidents: readonly Incident[];
}

/** The incident as the list of what has to be reached names it. */
export function nameOf(incident: Incident): string {
  switch (incident.type) {
    case 'call':
      return `${incident.site} ${incident.kind}`;
    case 'file':
    case 'hand':
      return `${incident.kind} at ${incident.moment.stage}`;
    case 'stack':
      return `${incident.call} fails ${incident.times > 1 ? 'again and again' : 'once'}`;
    case 'statement':
      return `${incident.kind} in ${incident.of}`;
    case 'jump':
      return `clock jumps by ${incident.ms / 60_000} min at ${incident.moment.stage}`;
    case 'event':
    case 'janitor':
    case 'data':
      return incident.kind;
  }
}

const HARMLESS: ReadonlySet<HandFault['kind']> = new Set([
  'forget-tokens',
  'restart-workers',
  'repeat',
  'redrive-the-failed',
  'start-from-nothing',
]);

/** How often a function that fails is invoked once more: stepfunctions/*.yml. */
const RETRIES: Readonly<Record<string, number>> = { 'open-run': 12, notify: 12 };
const RETRIES_ELSEWHERE = 20;

/** Faults that pass by themselves: a run that meets nothing else succeeds. */
export function pass(incidents: readonly Incident[]): boolean {
  const failures = new Map<string, number>();
  for (const incident of incidents) {
    if (!passes(incident)) return false;
    if (incident.type !== 'call') continue;
    const [caller = '', , invoked] = incident.site.split(' ');
    const fails = invoked ?? caller;
    failures.set(fails, (failures.get(fails) ?? 0) + incident.times);
  }
  // Two that fail one function, each as often as it is still invoked again, do not pass together.
  return [...failures].every(([fails, times]) => times <= (RETRIES[fails] ?? RETRIES_ELSEWHERE));
}

function passes(incident: Incident): boolean {
  switch (incident.type) {
    case 'call':
    case 'event':
    case 'janitor':
      return true;
    case 'statement':
      return incident.kind === 'statement-slow' || incident.kind === 'statement-conflict';
    case 'file':
      return incident.kind === 'file-late';
    case 'hand':
      return HARMLESS.has(incident.kind);
    case 'data':
      return incident.kind === 'malformed-allowed';
    case 'stack':
      // Deleting is tried again; a cluster that cannot be created is no cluster.
      return incident.call.startsWith('Delete');
    case 'jump':
      return false;
  }
}

export function describeIncident(incident: Incident): string {
  const when = ({ stage, nth, after }: Moment): string => `, ${after} ms after ${stage}${nth > 0 ? ` (${nth})` : ''}`;
  switch (incident.type) {
    case 'call':
      return `${incident.kind} at ${incident.site}, call ${incident.nth}${incident.times > 1 ? ` and the ${incident.times - 1} after it` : ''}`;
    case 'event':
      return `${incident.kind}: batch ${incident.batch}, by ${incident.after} ms`;
    case 'janitor':
      return `${incident.kind}: by ${incident.after} ms, ${incident.times} times`;
    case 'file':
      return `${incident.kind}: file ${incident.file} of batch ${incident.batch}${when(incident.moment)}`;
    case 'hand':
      return `${incident.kind} by hand${when(incident.moment)}`;
    case 'stack':
      return `stack: ${incident.call} fails ${incident.times} times`;
    case 'statement':
      return `${incident.kind}: ${incident.of} statement ${incident.nth}${incident.times > 1 ? `, ${incident.times} times` : ''}`;
    case 'data':
      return `${incident.kind}: ${incident.table} of batch ${incident.batch}`;
    case 'jump':
      return `the clock jumps by ${incident.ms} ms${when(incident.moment)}`;
  }
}
