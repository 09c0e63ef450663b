import { CALL_FAULTS, type CallFault, faultsOf } from './faults.ts';
import { type Random, randomOf } from './random.ts';
import { CALL_SITES } from './call-sites.ts';

export type TableName = 'sale' | 'customer' | 'price';
export const TABLES: readonly TableName[] = ['sale', 'customer', 'price'];

export interface DataFile {
  readonly table: TableName;
  readonly key: string;
  readonly rows: number;
}

/** A manifest and its files. */
export interface Batch {
  readonly index: number;
  /** Milliseconds after the start at which it arrives. */
  readonly at: number;
  readonly files: readonly DataFile[];
  readonly existing: 'reuse' | 'replace';
  readonly afterRun: 'delete' | 'pause' | 'keep';
}

export const EVENT_FAULTS = ['event-twice', 'event-late', 'event-lost-then-late'] as const;
export const FILE_FAULTS = ['file-late', 'file-changed', 'file-gone', 'manifest-overwritten'] as const;
export const HAND_FAULTS = [
  'stop',
  'stop-and-redrive',
  'delete-cluster',
  'delete-stack',
  'pause-cluster',
  'resize-cluster',
  'cancel-statements',
  'forget-tokens',
] as const;
export const STACK_FAULTS = ['create-fails', 'rollback-fails', 'delete-fails'] as const;
export const STATEMENT_FAULTS = ['statement-slow', 'statement-times-out'] as const;

export type Incident =
  | CallFault
  | {
      readonly type: 'event';
      readonly kind: (typeof EVENT_FAULTS)[number];
      readonly batch: number;
      readonly after: number;
    }
  | {
      readonly type: 'file';
      readonly kind: (typeof FILE_FAULTS)[number];
      readonly batch: number;
      readonly file: number;
      readonly after: number;
    }
  | {
      readonly type: 'hand';
      readonly kind: (typeof HAND_FAULTS)[number];
      readonly batch: number;
      readonly after: number;
    }
  | { readonly type: 'stack'; readonly kind: (typeof STACK_FAULTS)[number] }
  | {
      readonly type: 'statement';
      readonly kind: (typeof STATEMENT_FAULTS)[number];
      readonly nth: number;
      /** Counts only statements that begin so. */ readonly beginning?: string;
    }
  | { readonly type: 'jump'; readonly kind: 'clock-jump'; readonly after: number; readonly ms: number };

export interface Scenario {
  readonly seed: number;
  readonly batches: readonly Batch[];
  readonly incidents: readonly Incident[];
}

const MINUTE = 60_000;

/** What happens for a seed: which batches arrive when, and what goes wrong. */
export function scenarioOf(seed: number): Scenario {
  const random = randomOf(seed, 'scenario');
  const batches = Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, (_none, index) => batchOf(index, random));
  const incidents: Incident[] = [];
  const count = random.pick([0, 1, 1, 2, 2, 2, 3, 4]);
  for (let nth = 0; nth < count; nth++) incidents.push(incidentOf(random, batches.length));
  return { seed, batches, incidents };
}

function batchOf(index: number, random: Random): Batch {
  return {
    index,
    at: index === 0 ? 0 : random.pick([0, 2_000, 20_000, 60_000, 10 * MINUTE]),
    files: TABLES.flatMap((table) =>
      Array.from({ length: table === 'sale' ? random.between(1, 2) : 1 }, (_none, file) => ({
        table,
        key: `${table}-${file}.csv`,
        rows: table === 'price' ? index + 1 : random.between(1, 4),
      })),
    ),
    existing: random.chance(0.15) ? 'replace' : 'reuse',
    afterRun: random.pick(['delete', 'delete', 'delete', 'pause', 'keep']),
  };
}

function incidentOf(random: Random, batches: number): Incident {
  const batch = random.between(0, batches - 1);
  const after = random.pick([
    random.between(0, 5_000),
    random.between(0, 60_000),
    random.between(20_000, 60_000),
    random.between(0, 5 * MINUTE),
  ]);
  const roll = random.next();
  if (roll < 0.62) return callFaultOf(random);
  if (roll < 0.7) return { type: 'event', kind: random.pick(EVENT_FAULTS), batch, after };
  if (roll < 0.78) return { type: 'file', kind: random.pick(FILE_FAULTS), batch, file: random.between(0, 3), after };
  if (roll < 0.88) return { type: 'hand', kind: random.pick(HAND_FAULTS), batch, after };
  if (roll < 0.93) return { type: 'stack', kind: random.pick(STACK_FAULTS) };
  if (roll < 0.98) return { type: 'statement', kind: random.pick(STATEMENT_FAULTS), nth: random.between(0, 60) };
  return { type: 'jump', kind: 'clock-jump', after, ms: random.pick([2 * MINUTE, 3_600_000, 25 * 3_600_000]) };
}

function callFaultOf(random: Random): CallFault {
  const site = random.pick(CALL_SITES);
  return {
    type: 'call',
    site,
    nth: random.pick([0, 0, 0, 1, 2, random.between(0, 12), random.between(0, 40)]),
    times: random.pick([1, 1, 1, 2, 3, 5, 8]),
    kind: random.pick(faultsOf(site)),
  };
}

/** Faults that pass by themselves: a run that meets nothing else succeeds. */
export function passes(incident: Incident): boolean {
  if (incident.type === 'call') return (CALL_FAULTS as readonly string[]).includes(incident.kind);
  if (incident.type === 'event') return true;
  return incident.type === 'statement' && incident.kind === 'statement-slow';
}

export function describeIncident(incident: Incident): string {
  switch (incident.type) {
    case 'call':
      return `${incident.kind} at ${incident.site}, call ${incident.nth}${incident.times > 1 ? ` and the ${incident.times - 1} after it` : ''}`;
    case 'event':
      return `${incident.kind}: batch ${incident.batch}, by ${incident.after} ms`;
    case 'file':
      return `${incident.kind}: file ${incident.file} of batch ${incident.batch}, after ${incident.after} ms`;
    case 'hand':
      return `${incident.kind} by hand, ${incident.after} ms after batch ${incident.batch}`;
    case 'stack':
      return `stack: ${incident.kind}`;
    case 'statement':
      return `${incident.kind}: statement ${incident.nth}`;
    case 'jump':
      return `the clock jumps by ${incident.ms} ms after ${incident.after} ms`;
  }
}

/** A row of a file's version: it carries where it comes from, so that a table tells what was loaded, and how often. */
export function rowsOf(batch: Batch, { table, key, rows }: DataFile, version: number): readonly string[] {
  return Array.from({ length: rows }, (_none, row) => {
    const id = `b${batch.index}.${key}.v${version}.r${row}`;
    if (table === 'sale') return `${id},${row},${100 ** batch.index}`;
    if (table === 'customer') return `${row === 0 ? 0 : batch.index * 100 + row},${id}`;
    return `${id},${row}`;
  });
}

const COLUMNS = {
  sale: [
    { name: 'sale', type: 'varchar(40)' },
    { name: 'customer', type: 'integer' },
    { name: 'amount', type: 'integer' },
  ],
  customer: [
    { name: 'customer', type: 'integer' },
    { name: 'name', type: 'varchar(40)' },
  ],
  price: [
    { name: 'product', type: 'varchar(40)' },
    { name: 'price', type: 'integer' },
  ],
} as const;
const LOADS = { sale: 'append', customer: 'merge', price: 'replace' } as const;

export function manifestOf(batch: Batch, version: number): string {
  return JSON.stringify({
    version: 1,
    project: 'spending',
    batch: `batch-${batch.index}-${version}`,
    cluster: { existing: batch.existing, afterRun: batch.afterRun },
    schemas: [
      {
        name: 'staging',
        tables: TABLES.map((name) => ({
          name,
          columns: COLUMNS[name],
          load: LOADS[name],
          ...(name === 'customer' ? { key: ['customer'] } : {}),
          format: { type: 'csv' },
          files: batch.files.filter(({ table }) => table === name).map(({ key, rows }) => ({ key, rows })),
        })),
      },
    ],
  });
}
