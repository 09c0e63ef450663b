import { ROOT } from '../../local/kernel/index.ts';
import { bucketOf, CLUSTER, type Foundations } from './functions.ts';
import { type Batch, rowsOf, type Scenario, TABLES, type TableName } from './scenario.ts';
import type { Violations } from './violations.ts';
import type { World } from './world.ts';

/** A run as its claim tells: which batch it loads. */
export interface KnownRun {
  readonly runId: string;
  readonly batch: number;
}

/** What the warehouse holds. */
export interface Contents {
  /** `run unit`, one entry a row. */
  readonly ledger: readonly { readonly runId: string; readonly unit: string }[];
  readonly loadedFiles: readonly string[];
  readonly rows: Readonly<Record<TableName, readonly string[]>>;
}

const QUERIES: Readonly<Record<TableName, string>> = {
  sale: "select sale || ',' || customer || ',' || amount from staging.sale",
  customer: "select customer || ',' || name from staging.customer",
  price: "select product || ',' || price from staging.price",
};

/** Reads the cluster's tables past every service, as they are committed. Undefined when there is no cluster with tables. */
export async function readContents(world: World, _foundations: Foundations): Promise<Contents | undefined> {
  if (!world.redshift.clusters.find(CLUSTER)) return undefined;
  const session = await world.redshift.clusters.connect(CLUSTER, 'dev', 'sluice_admin').catch(() => undefined);
  if (!session) return undefined;
  try {
    const read = async (sql: string): Promise<readonly (readonly unknown[])[]> => session.query(sql).catch(() => []);
    const column = async (sql: string): Promise<readonly string[]> => (await read(sql)).map(([value]) => String(value));
    return {
      ledger: (await read('select run_id, unit_id from sluice.ledger')).map(([runId, unit]) => ({
        runId: String(runId),
        unit: String(unit),
      })),
      loadedFiles: await column("select url || ' ' || version from sluice.loaded_file"),
      rows: {
        sale: await column(QUERIES.sale),
        customer: await column(QUERIES.customer),
        price: await column(QUERIES.price),
      },
    };
  } finally {
    await session.close();
  }
}

/** The versions a file may have had, as whole texts. */
const VERSIONS = [0, 1] as const;

/** Compares what the warehouse holds with what the ledger says was loaded, computed from the files alone. */
export function auditContents(
  contents: Contents,
  scenario: Scenario,
  runs: readonly KnownRun[],
  violations: Violations,
  at: number,
): void {
  const keys = contents.ledger.map(({ runId, unit }) => `${runId} ${unit}`);
  // Creating the ledger is the one unit that cannot look into it first.
  const guarded = keys.filter((key) => !key.endsWith(' ddl-ledger'));
  if (new Set(guarded).size < guarded.length)
    violations.add('ledger-twice', at, `ledger: ${duplicates(guarded).join('; ')}`);
  if (new Set(contents.loadedFiles).size < contents.loadedFiles.length)
    violations.add('file-loaded-twice', at, duplicates(contents.loadedFiles).join('; '));
  for (const table of TABLES) {
    const loaders = runs.flatMap(({ runId, batch }) =>
      contents.ledger.some((row) => row.runId === runId && row.unit.startsWith('copy-') && tableOf(row.unit) === table)
        ? (scenario.batches[batch] ?? [])
        : [],
    );
    auditTable(table, contents.rows[table], loaders, violations, at);
  }
}

function tableOf(unit: string): string {
  return /(sale|customer|price)/.exec(unit)?.[1] ?? '';
}

function duplicates(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, at) => items.indexOf(item) !== at))];
}

function auditTable(
  table: TableName,
  rows: readonly string[],
  loaders: readonly Batch[],
  violations: Violations,
  at: number,
): void {
  const twice = duplicates(rows);
  if (twice.length > 0) return violations.add('row-twice', at, `staging.${table}: ${twice.slice(0, 3).join('; ')}`);
  if (loaders.length === 0) {
    if (rows.length > 0)
      violations.add('rows-of-no-run', at, `staging.${table} has ${rows.length} rows, the ledger no load`);
    return;
  }
  const here = new Set(rows);
  const complete = (batch: Batch): boolean =>
    batch.files
      .filter((file) => file.table === table)
      .every((file) => VERSIONS.some((version) => rowsOf(batch, file, version).every((row) => here.has(row))));
  const known = new Set(
    loaders.flatMap((batch) =>
      batch.files
        .filter((file) => file.table === table)
        .flatMap((file) => VERSIONS.flatMap((version) => rowsOf(batch, file, version))),
    ),
  );
  const foreign = rows.filter((row) => !known.has(row));
  if (foreign.length > 0) violations.add('rows-of-no-run', at, `staging.${table}: ${foreign.slice(0, 3).join('; ')}`);
  if (table === 'sale') {
    for (const batch of loaders)
      if (!complete(batch)) violations.add('load-incomplete', at, `staging.sale of batch ${batch.index}`);
    for (const batch of loaders)
      for (const file of batch.files.filter((one) => one.table === 'sale')) {
        const versions = VERSIONS.filter((version) => rowsOf(batch, file, version).some((row) => here.has(row)));
        if (versions.length > 1 && !loaders.some((other) => other !== batch && other.index === batch.index))
          violations.add('two-versions', at, `staging.sale holds two versions of ${file.key} of batch ${batch.index}`);
      }
  }
  if (table === 'price') {
    const whole = loaders.filter(complete);
    const expected = new Set(whole.map((batch) => batch.files.find((file) => file.table === 'price')?.rows));
    if (whole.length === 0 || !expected.has(rows.length))
      violations.add('load-incomplete', at, `staging.price has ${rows.length} rows, of no whole batch`);
  }
  if (table === 'customer') {
    const keyOf = (row: string): string => row.slice(0, row.indexOf(','));
    const have = new Set(rows.map(keyOf));
    if (have.size < rows.length) violations.add('row-twice', at, 'staging.customer has a key twice');
    const missing = loaders.flatMap((batch) =>
      batch.files
        .filter((file) => file.table === 'customer')
        .flatMap((file) =>
          rowsOf(batch, file, 0)
            .map(keyOf)
            .filter((key) => !have.has(key)),
        ),
    );
    if (missing.length > 0) violations.add('load-incomplete', at, `staging.customer lacks ${missing.join(', ')}`);
  }
}

/** The answer of a run that says it succeeded: its own batch whole, every other whole or not at all. */
export function auditAnswer(csv: string, own: Batch, scenario: Scenario, violations: Violations, at: number): void {
  const [header, ...lines] = csv.trimEnd().split('\n');
  if (header !== 'customer,amount,prices') return violations.add('answer-wrong', at, `header ${header}`);
  const spent = new Map(
    lines
      .map((line) => line.split(',').map(Number) as [number, number, number])
      .map(([customer, amount]) => [customer, amount]),
  );
  for (const batch of scenario.batches) {
    const bought = new Map<number, number>();
    for (const file of batch.files.filter(({ table }) => table === 'sale'))
      for (let row = 0; row < file.rows; row++) bought.set(row, (bought.get(row) ?? 0) + 1);
    const digits = [...bought].map(([customer, times]) => ({
      times,
      counted: Math.floor((spent.get(customer) ?? 0) / 100 ** batch.index) % 100,
    }));
    const whole = digits.every(({ times, counted }) => counted === times);
    const none = digits.every(({ counted }) => counted === 0);
    if (batch === own ? !whole : !whole && !none)
      violations.add(
        'answer-wrong',
        at,
        `batch ${batch.index} counts ${JSON.stringify(digits)} in the answer of batch ${own.index}: ${csv}`,
      );
  }
}

export async function textOf(
  world: World,
  bucket: 'work' | 'results' | 'inbox',
  key: string,
): Promise<string | undefined> {
  try {
    const { Body } = await world.cloud.call<{ Body: Uint8Array }>(
      's3',
      'GetObject',
      { Bucket: bucketOf(bucket), Key: key },
      ROOT,
    );
    return Buffer.from(Body).toString();
  } catch {
    return undefined;
  }
}

export async function keysOf(world: World, bucket: 'work' | 'results', prefix: string): Promise<readonly string[]> {
  const { Contents = [] } = await world.root<{ Contents?: readonly { Key: string }[] }>('s3', 'ListObjectsV2', {
    Bucket: bucketOf(bucket),
    Prefix: prefix,
  });
  return Contents.map(({ Key }) => Key);
}
