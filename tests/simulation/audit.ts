import { dataFaults, FOLDER, LOADS, NO_NUMBER, textOf } from './batch.ts';
import { CLUSTER } from './functions.ts';
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
  /** `mart.spend`, as `customer,amount`, in order; and what it has to be after the sales that are there. */
  readonly spend: readonly string[];
  readonly spent: readonly string[];
  readonly tables: readonly string[];
}

const QUERIES: Readonly<Record<TableName, string>> = {
  sale: "select sale || ',' || customer || ',' || amount from staging.sale",
  customer: "select customer || ',' || name from staging.customer",
  price: "select product || ',' || price from staging.price",
};
const EXPECTED_TABLES: ReadonlySet<string> = new Set([
  ...TABLES.map((table) => `staging.${table}`),
  'mart.spend',
  'mart.total',
  'sluice.ledger',
  'sluice.loaded_file',
]);

/** Reads the cluster's tables past every service, as they are committed. Undefined when there is no cluster that can be asked. */
export async function readContents(world: World): Promise<Contents | undefined> {
  if (!world.redshift.clusters.find(CLUSTER)) return undefined;
  const session = await world.redshift.clusters.connect(CLUSTER, 'dev', 'sluice_admin').catch(() => undefined);
  if (!session) return undefined;
  try {
    const read = async (sql: string): Promise<readonly (readonly unknown[])[]> => session.query(sql).catch(() => []);
    const column = async (sql: string): Promise<readonly string[]> => (await read(sql)).map(([value]) => String(value));
    const ledger = await read('select run_id, unit_id, rows from sluice.ledger order by done_at');
    return {
      ledger: ledger.map(([runId, unit, rows]) => ({
        runId: String(runId),
        unit: String(unit),
        rows: rows === null ? undefined : Number(rows),
      })),
      loadedFiles: await column("select run_id || ' ' || url || ' ' || version from sluice.loaded_file"),
      rows: {
        sale: await column(QUERIES.sale),
        customer: await column(QUERIES.customer),
        price: await column(QUERIES.price),
      },
      spend: await column("select customer || ',' || amount from mart.spend order by customer"),
      spent: await column(
        "select customer || ',' || sum(amount) from staging.sale group by customer order by customer",
      ),
      tables: await column(
        "select table_schema || '.' || table_name from information_schema.tables where table_schema in ('staging', 'mart', 'sluice')",
      ),
    };
  } finally {
    await session.close();
  }
}

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
  const strays = contents.tables.filter((table) => !EXPECTED_TABLES.has(table));
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
  for (const table of TABLES) auditTable(table, contents.rows[table], loads, violations, at);
  const last = (test: (unit: string) => boolean): number => ledger.findLastIndex(({ unit }) => test(unit));
  const sold = last((unit) => unit.startsWith('copy-') && unit.includes('sale'));
  if (last((unit) => unit === 'transform-spend') > sold && contents.spend.join() !== contents.spent.join())
    violations.add(
      'transform-wrong',
      at,
      `mart.spend is ${contents.spend.join('; ')}, sales say ${contents.spent.join('; ')}`,
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
export function answerOf({ spent, rows }: Contents): string {
  const prices = rows.price.length;
  const lines = spent
    .map((line) => `${line},${prices}`)
    .sort((one, other) => Number(one.split(',')[0]) - Number(other.split(',')[0]));
  return `${['customer,amount,prices', ...lines].join('\n')}\n`;
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
