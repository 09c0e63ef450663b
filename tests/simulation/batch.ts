import type { Random } from './random.ts';
import type { Moment } from './moments.ts';
import { PROJECT, UNKNOWN_PROJECT } from './project.ts';
import { type Batch, type DataFault, type DataFile, type Scenario, type TableName, TABLES } from './scenario.ts';

export const FOLDER = (index: number): string => `batch-${index}/`;
export const MANIFEST = 'manifest.json';
/** What a value looks like that is no number. Stands in no text but a file's own. */
export const NO_NUMBER = 'no-number';

const AT_ONCE: Moment = { stage: 'arrival', nth: 0, after: 0 };

/** Names that break what is not quoted. */
const ODD = ['', '', ` 'q"`, ' é😀', ' %20$(x)'] as const;

export function batchOf(index: number, random: Random, change: Partial<Batch> = {}): Batch {
  const odd = random.pick(ODD);
  return {
    index,
    at: AT_ONCE,
    files: TABLES.flatMap((table) =>
      Array.from({ length: table === 'sale' ? 2 : 1 }, (_none, file) => ({
        table,
        key: `${table}-${file}${odd}.csv`,
        rows: table === 'price' ? index + 1 : random.between(1, 3) + (table === 'sale' ? file : 0),
      })),
    ),
    existing: 'reuse',
    afterRun: 'delete',
    ...change,
  };
}

/** A row of a file's version: it carries where it comes from, so that a table tells what was loaded, and how often. */
export function rowsOf(
  batch: Batch,
  { table, key, rows }: DataFile,
  version: number,
  faults: readonly DataFault[],
): readonly string[] {
  const has = (kind: DataFault['kind']): boolean =>
    faults.some((one) => one.kind === kind && one.batch === batch.index);
  return Array.from({ length: rows }, (_none, row) => {
    const id = `b${batch.index}.${key.replace(/ .*(?=\.csv)/, '')}.v${version}.r${row}`;
    if (table === 'sale') return `${id},${row},${has('offending') && row === 0 ? -1_000_000_000 : 100 ** batch.index}`;
    if (table === 'customer') return `${row === 0 ? 0 : batch.index * 100 + row},${id}`;
    return `${id},${row}`;
  });
}

/** The file's text: its rows, and what a fault puts after them. */
export function textOf(
  batch: Batch,
  file: DataFile,
  version: number,
  { incidents }: Pick<Scenario, 'incidents'>,
): string {
  const faults = dataFaults(incidents, batch);
  const rows = rowsOf(batch, file, version, faults);
  const first = batch.files.find(({ table }) => table === file.table) === file;
  const more = faults.flatMap(({ kind, table }) => {
    if (table !== file.table || !first) return [];
    if (kind === 'malformed' || kind === 'malformed-allowed') return [MALFORMED[table]];
    if (kind === 'keys-clash') return ['0,another name'];
    return [];
  });
  return `${[...rows, ...more].join('\n')}\n`;
}

const MALFORMED: Readonly<Record<TableName, string>> = {
  sale: `bad,${NO_NUMBER},1`,
  customer: `${NO_NUMBER},bad`,
  price: `bad,${NO_NUMBER}`,
};
/** The column in which the malformed value stands. */
export const MALFORMED_COLUMN: Readonly<Record<TableName, string>> = {
  sale: 'customer',
  customer: 'customer',
  price: 'price',
};

const COLUMNS = {
  sale: [
    { name: 'sale', type: 'varchar(80)' },
    { name: 'customer', type: 'integer' },
    { name: 'amount', type: 'integer' },
  ],
  customer: [
    { name: 'customer', type: 'integer' },
    { name: 'name', type: 'varchar(80)' },
  ],
  price: [
    { name: 'product', type: 'varchar(80)' },
    { name: 'price', type: 'integer' },
  ],
} as const;
export const LOADS = { sale: 'append', customer: 'merge', price: 'replace' } as const;

export function dataFaults(incidents: Scenario['incidents'], batch: Batch): readonly DataFault[] {
  return incidents.flatMap((incident) =>
    incident.type === 'data' && incident.batch === batch.index ? [incident] : [],
  );
}

/** `only`: of the files of its table, the one that is listed. */
export function manifestOf(
  batch: Batch,
  version: number,
  { tables, incidents }: Pick<Scenario, 'tables' | 'incidents'>,
  only?: DataFile,
): string {
  const faults = dataFaults(incidents, batch);
  const has = (kind: DataFault['kind'], table?: TableName): boolean =>
    faults.some((fault) => fault.kind === kind && (table === undefined || fault.table === table));
  if (has('not-json')) return '{ "version": 1,';
  const manifest = {
    version: 1,
    project: has('project-unknown') ? UNKNOWN_PROJECT : PROJECT,
    batch: `batch-${batch.index}-${version}`,
    cluster: { existing: batch.existing, afterRun: batch.afterRun },
    schemas: [
      {
        name: 'staging',
        tables: tables.map((name) => {
          const allowed = has('malformed-allowed', name);
          return {
            name,
            columns: [...COLUMNS[name], ...(has('columns-differ', name) ? [{ name: 'more', type: 'integer' }] : [])],
            load: LOADS[name],
            ...(name === 'customer' ? { key: ['customer'] } : {}),
            format: {
              type: 'csv',
              ...(allowed ? { maxErrors: 3 } : {}),
              ...(has('columns-differ', name) ? { fillRecord: true } : {}),
            },
            files: batch.files
              .filter((file) => file.table === name && (only?.table !== name || file === only))
              .map(({ key, rows }, at, files) => {
                const moved =
                  has('rows-in-the-wrong-file', name) && files.length > 1 ? (at === 0 ? 1 : at === 1 ? -1 : 0) : 0;
                const more = (has('cut-short', name) || has('keys-clash', name)) && at === 0 ? 1 : 0;
                // What COPY counts as scanned includes the lines it refuses.
                return { key, ...(allowed ? {} : { rows: rows + moved + more }) };
              }),
          };
        }),
      },
    ],
  };
  return JSON.stringify(has('not-a-manifest') ? { ...manifest, tables: [] } : manifest);
}
