import { dataFaults, FOLDER, LOADS, NO_NUMBER, textOf } from './batch.ts';
import { CLUSTER } from './functions.ts';
import { hasTotal, sourceOf, SPEND } from './project.ts';
import { type PlannedUnit, textAt, unitsOf } from './records.ts';
import { type Scenario, type TableName, TABLES } from './scenario.ts';
import type { Violations } from './violations.ts';
import type { World } from './world.ts';

/** What the warehouse holds. */
export interface Contents {
  /** In the order in which units were committed. */
  readonly ledger: readonly { readonly runId: string; readonly unit: string; readonly rows: number | undefined }[];
  readonly loadedFiles: readonly string[];
  readonly rows: Readonly<Record<TableName, readonly string[]>>;
  /** `mart.spend`, as `customer,amount`, in order; and what it has to be after what is in its source. */
  readonly spend: readonly string[];
  readonly spent: readonly string[];
  readonly tables: readonly string[];
}

/** Units leave these tables and no others. */
function isExpected(table: string, { tables }: Scenario): boolean {
  if (table === 'mart.total') return hasTotal(tables);
  const [schema, name] = table.split('.');
  return schema === 'staging'
    ? tables.some((one) => one === name)
    : ['mart.spend', 'sluice.ledger', 'sluice.loaded_file'].includes(table);
}

/** A part of what is read in one statement: columns of a number to order by, and of text. */
interface Part {
  readonly table: string;
  readonly select: string;
}
const PARTS = {
  ledger: {
    table: 'sluice.ledger',
    select: "epoch_us(done_at)::double, run_id || ' ' || unit_id, rows::varchar from sluice.ledger",
  },
  loadedFiles: {
    table: 'sluice.loaded_file',
    select: "0, run_id || ' ' || url || ' ' || version, null from sluice.loaded_file",
  },
  sale: { table: 'staging.sale', select: "0, sale || ',' || customer || ',' || amount, null from staging.sale" },
  customer: { table: 'staging.customer', select: "0, customer || ',' || name, null from staging.customer" },
  price: { table: 'staging.price', select: "0, product || ',' || price, null from staging.price" },
  spend: { table: 'mart.spend', select: "customer, customer || ',' || amount, null from mart.spend" },
} as const satisfies Readonly<Record<string, Part>>;
const TABLE_NAMES =
  "select 'tables', 0, schema_name || '.' || table_name, null from duckdb_tables() where database_name = 'dev' and not temporary";

/** What `mart.spend` has to be after what is in its source. */
function spentOf(tables: readonly TableName[]): Part {
  const source = sourceOf(tables);
  return {
    table: `staging.${source}`,
    select: `customer, customer || ',' || amount, null from (${SPEND[source]}) spent(customer, amount)`,
  };
}

/** Reads the cluster's tables past every service, as they are committed. Undefined when there is no cluster that can be asked. */
export async function readContents(world: World, tables: readonly TableName[]): Promise<Contents | undefined> {
  const cluster = world.redshift.clusters.find(CLUSTER);
  const session = await cluster?.connect('dev', 'sluice_admin').catch(() => undefined);
  if (!session) return undefined;
  const read = async (parts: Readonly<Record<string, Part>>): Promise<readonly Row[]> => {
    const selects = Object.entries(parts).map(([name, { select }]) => `select '${name}', ${select}`);
    return (await session.query([TABLE_NAMES, ...selects].join(' union all '))) as readonly Row[];
  };
  try {
    const { ledger, loadedFiles, spend, ...loaded } = PARTS;
    const parts = {
      ledger,
      loadedFiles,
      spend,
      spent: spentOf(tables),
      ...Object.fromEntries(tables.map((table) => [table, loaded[table]])),
    };
    // All at once as long as all tables are there; else those that are.
    const rows = await read(parts).catch(async () => {
      const there = new Set((await read({})).map(([, , name]) => name));
      return read(Object.fromEntries(Object.entries(parts).filter(([, { table }]) => there.has(table))));
    });
    const column = (part: string): readonly string[] =>
      rows
        .filter(([name]) => name === part)
        .toSorted(([, one], [, other]) => one - other)
        .map(([, , text]) => String(text));
    return {
      ledger: rows
        .filter(([name]) => name === 'ledger')
        .toSorted(([, one], [, other]) => one - other)
        .map(([, , text, count]) => {
          const [runId = '', unit = ''] = String(text).split(' ');
          return { runId, unit, rows: count === null ? undefined : Number(count) };
        }),
      loadedFiles: column('loadedFiles'),
      rows: { sale: column('sale'), customer: column('customer'), price: column('price') },
      spend: column('spend'),
      spent: column('spent'),
      tables: column('tables'),
    };
  } finally {
    await session.close();
  }
}

/** The part's name, what orders it, its text, and a count. */
type Row = readonly [string, number, string | null, string | null];

function duplicates(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, at) => items.indexOf(item) !== at))];
}

/** Compares what the warehouse holds with what the ledger says was loaded, computed from the files alone. */
export async function auditContents(
  world: World,
  contents: Contents,
  scenario: Scenario,
  violations: Violations,
  at: number,
): Promise<void> {
  const { ledger } = contents;
  const keys = ledger.map(({ runId, unit }) => `${runId} ${unit}`);
  // Creating the ledger is the one unit that cannot look into it first.
  const twice = duplicates(keys.filter((key) => !key.endsWith(' ddl-ledger')));
  if (twice.length > 0) violations.add('ledger-twice', at, `ledger: ${twice.join('; ')}`);
  const again = duplicates(contents.loadedFiles);
  if (again.length > 0) violations.add('file-loaded-twice', at, again.join('; '));
  const strays = contents.tables.filter((table) => !isExpected(table, scenario));
  if (strays.length > 0) violations.add('table-left-over', at, strays.join(', '));
  const loads = await loadsOf(world, contents, scenario);
  for (const { unit, rows, files } of loads) {
    const sums = files.reduce<readonly number[]>(
      (all, candidates) => all.flatMap((sum) => candidates.map(({ length }) => sum + length)),
      [0],
    );
    if (!sums.includes(rows ?? -1))
      violations.add('ledger-miscounts', at, `${unit.id}: ${rows} rows instead of ${sums.join(' or ')}`);
  }
  auditAppended(contents, violations, at);
  auditTurns(contents, violations, at);
  for (const table of scenario.tables) auditTable(table, contents.rows[table], loads, violations, at);
  const last = (test: (unit: string) => boolean): number => ledger.findLastIndex(({ unit }) => test(unit));
  const source = sourceOf(scenario.tables);
  const sold = last((unit) => unit.startsWith('copy-') && unit.includes(source));
  if (last((unit) => unit === 'transform-spend') > sold && contents.spend.join() !== contents.spent.join())
    violations.add(
      'transform-wrong',
      at,
      `mart.spend is ${contents.spend.join('; ')}, staging.${source} says ${contents.spent.join('; ')}`,
    );
}

/** What is appended is there once, whichever version of a file was loaded, unless its batch was repeated on purpose. */
function auditAppended({ ledger, rows }: Contents, violations: Violations, at: number): void {
  if (ledger.some(({ runId }) => runId.includes('-'))) return;
  for (const table of TABLES) {
    const twice = LOADS[table] === 'append' ? duplicates(rows[table]) : [];
    if (twice.length > 0)
      violations.add('appended-twice', at, `staging.${table}: ${twice.slice(0, MOST_SHOWN).join('; ')}`);
  }
}

/** A run's answer is made of what it has loaded: nobody replaces that before the answer is written. */
function auditTurns({ ledger }: Contents, violations: Violations, at: number): void {
  for (const table of TABLES.filter((one) => LOADS[one] === 'replace'))
    for (const [written, { runId, unit }] of ledger.entries()) {
      if (unit !== 'unload') continue;
      const isLoad = (row: (typeof ledger)[number]): boolean => row.unit === `copy-staging-${table}`;
      const last = ledger.slice(0, written).findLast(isLoad);
      if (last && last.runId !== runId)
        violations.add(
          'answer-of-another-batch',
          at,
          `${runId} answers from staging.${table} as ${last.runId} loaded it`,
        );
    }
}

interface Load {
  readonly unit: PlannedUnit;
  readonly rows: number | undefined;
  /** For each file the rows it may have had: several only for a file that was overwritten. */
  readonly files: readonly (readonly (readonly string[])[])[];
}

async function loadsOf(world: World, { ledger }: Contents, scenario: Scenario): Promise<readonly Load[]> {
  const loads: Load[] = [];
  for (const { runId, unit: id, rows } of ledger) {
    if (!id.startsWith('copy-')) continue;
    const unit = (await unitsOf(world, runId)).find((one) => one.id === id);
    // A unit of no plan loads nothing that could be right.
    if (!unit) continue;
    const files = await Promise.all((unit.files ?? []).map((file) => candidatesOf(world, file, scenario)));
    loads.push({ unit, rows, files });
  }
  return loads;
}

async function candidatesOf(
  world: World,
  { key, versionId }: NonNullable<PlannedUnit['files']>[number],
  scenario: Scenario,
): Promise<readonly (readonly string[])[]> {
  const planned = (await textAt(world, 'inbox', key, versionId)) ?? '';
  const batch = scenario.batches.find(({ index }) => key.startsWith(FOLDER(index)));
  const file = batch?.files.find((one) => key === FOLDER(batch.index) + one.key);
  const changed = scenario.incidents.some(
    (incident) => incident.type === 'file' && incident.kind === 'file-changed' && incident.batch === batch?.index,
  );
  const texts =
    changed && batch && file ? [textOf(batch, file, 0, scenario), textOf(batch, file, 1, scenario)] : [planned];
  return [...new Set(texts)].map((text) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => !line.includes(NO_NUMBER)),
  );
}

const MOST_SHOWN = 3;

function auditTable(
  table: TableName,
  rows: readonly string[],
  loads: readonly Load[],
  violations: Violations,
  at: number,
): void {
  let expected: readonly (readonly string[])[] = [[]];
  for (const { files } of loads.filter(({ unit }) => unit.table?.table === table)) {
    const loaded = files.reduce<readonly (readonly string[])[]>(
      (all, next) => all.flatMap((before) => next.map((more) => [...before, ...more])),
      [[]],
    );
    expected = expected.flatMap((before) => loaded.map((more) => applied(table, before, more)));
  }
  const actual = sorted(rows);
  if (expected.some((one) => sorted(one) === actual)) return;
  const [first = []] = expected;
  const foreign = difference(rows, first);
  const missing = difference(first, rows);
  if (foreign.length > 0)
    violations.add(
      foreign.some((row) => first.includes(row)) ? 'row-twice' : 'rows-of-no-run',
      at,
      `staging.${table}: ${foreign.slice(0, MOST_SHOWN).join('; ')}`,
    );
  if (missing.length > 0)
    violations.add('load-incomplete', at, `staging.${table} lacks ${missing.slice(0, MOST_SHOWN).join('; ')}`);
}

function applied(table: TableName, before: readonly string[], loaded: readonly string[]): readonly string[] {
  switch (LOADS[table]) {
    case 'append':
      return [...before, ...loaded];
    case 'replace':
      return loaded;
    case 'merge': {
      const keyOf = (row: string): string => row.slice(0, row.indexOf(','));
      const keys = new Set(loaded.map(keyOf));
      return [...before.filter((row) => !keys.has(keyOf(row))), ...loaded];
    }
  }
}

function sorted(rows: readonly string[]): string {
  return [...rows].sort().join('\n');
}

/** What of the first is not in the second, each as often as it is there too often. */
function difference(rows: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return rows.filter((row) => {
    const at = left.indexOf(row);
    if (at < 0) return true;
    left.splice(at, 1);
    return false;
  });
}

/** The answer that follows from the tables. */
export function answerOf({ spent, rows }: Contents, tables: readonly TableName[]): string {
  const total = hasTotal(tables);
  const lines = (total ? spent.map((line) => `${line},${rows.price.length}`) : spent).toSorted(
    (one, other) => Number(one.split(',')[0]) - Number(other.split(',')[0]),
  );
  return `${[total ? 'customer,amount,prices' : 'customer,amount', ...lines].join('\n')}\n`;
}

/** As what a batch that is wrong in itself has to fail, with nothing else going wrong. */
export function deservedCode(scenario: Scenario, batch: Scenario['batches'][number]): string | undefined {
  const [fault] = dataFaults(scenario.incidents, batch);
  switch (fault?.kind) {
    case 'malformed':
      return 'LoadFailed';
    case 'cut-short':
    case 'rows-in-the-wrong-file':
      return 'RowsDiffer';
    case 'offending':
      return 'DataCheckFailed';
    case 'keys-clash':
      return 'KeysNotUnique';
    case 'not-json':
      return 'ManifestNotJson';
    case 'not-a-manifest':
      return 'ManifestInvalid';
    case 'project-unknown':
      return 'ProjectUnknown';
    case 'columns-differ':
      return 'TableDiffers';
    case 'malformed-allowed':
    case undefined:
      return undefined;
  }
}
