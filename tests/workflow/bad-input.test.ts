import { gzipSync } from 'node:zlib';
import { manifest, projects } from '../fixtures/sales.ts';
import { type Ended, startService, type ServiceInProcess } from '../support/service-in-process.ts';

let service: ServiceInProcess;
let drops = 0;

beforeAll(async () => {
  service = await startService(projects);
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  expect(service.faults).toEqual([]);
});

interface Told extends Ended {
  readonly subject: string;
  readonly mail: string;
  /** Stacks the run made. */
  readonly stacks: number;
}

/** Drops a batch in a folder of its own and waits for its end. `first` is the text of its first file, or its bytes as they are. */
async function run(
  text: string,
  first: string | Uint8Array | undefined = 'customer|amount\n1|10.50\n2|20.00\n',
): Promise<Told> {
  const folder = `drop-${++drops}`;
  if (typeof first === 'string') await service.put('inbox', `${folder}/sale/part-0.gz`, gzipSync(first));
  else if (first) await service.put('inbox', `${folder}/sale/part-0.gz`, first);
  await service.put('inbox', `${folder}/sale/part-1.gz`, gzipSync('customer|amount\n1|5.25\n'));
  await service.put('inbox', `${folder}/manifest.json`, text);
  const stacks = (): number => service.calls.filter(({ operation }) => operation === 'CreateStack').length;
  const [before, told] = [stacks(), service.messages.length];
  const ended = await service.ended(
    await service.start({ bucket: service.bucket('inbox'), key: `${folder}/manifest.json` }),
  );
  expect(service.messages).toHaveLength(told + 1);
  const { Subject = '', Message = '{}' } = service.messages.at(-1) ?? {};
  const mail = (JSON.parse(Message) as { default?: string }).default ?? '';
  return { ...ended, subject: Subject, mail, stacks: stacks() - before };
}

interface Named {
  readonly project?: string;
  readonly batch?: string;
}

interface Table {
  name: string;
  columns: { name: string; type: string; nullable?: boolean }[];
  colums?: object;
  files: object[];
}

/** The manifest after an edit of its only table. */
function edited(edit: (table: Table, tables: Table[]) => void): string {
  const document = JSON.parse(manifest()) as { schemas: { tables: Table[] }[] };
  const tables = document.schemas[0]?.tables ?? [];
  if (tables[0]) edit(tables[0], tables);
  return JSON.stringify(document);
}

describe('a manifest that is wrong is told with what to do, and no cluster is started', () => {
  const cases: readonly (readonly [string, string, string, ...string[]])[] = [
    ['not JSON', '{"version": 1,', 'ManifestNotJson', 'line 1, column 15', 'Line: 1'],
    ['empty', '', 'ManifestNotJson', 'before it is complete'],
    ['UTF-16', String.fromCodePoint(0), 'ManifestNotJson'],
    ['a list', '[]', 'ManifestInvalid', 'the document: this is a list, not an object'],
    [
      'a key misspelt',
      edited((table) => {
        table.colums = [];
      }),
      'ManifestInvalid',
      "schemas[0].tables[0].colums: there is no key 'colums' here. The nearest key that exists is 'columns'",
    ],
    ['a key twice', `{"version": 1,${manifest().slice(1)}`, 'ManifestInvalid', 'version: this key is there twice'],
    ['an unknown project', manifest({ project: 'sails' }), 'ProjectUnknown', "'sails'", 'There are: sales'],
    ['a project named like what every object has', manifest({ project: 'constructor' }), 'ProjectUnknown'],
    [
      'a table twice',
      edited((table, tables) => tables.push({ ...table, name: 'SALE' })),
      'ManifestInvalid',
      "table 'staging.sale' is there twice",
    ],
    [
      'a column twice',
      edited((table) => table.columns.push({ name: 'AMOUNT', type: 'integer' })),
      'ManifestInvalid',
      "column 'amount' is there twice",
    ],
    [
      'a name with a line break',
      edited((table) => {
        table.name = 'sale\nBcc: everybody@example.com';
      }),
      'ManifestInvalid',
      'schemas[0].tables[0].name: ',
      'cannot be a name',
    ],
    [
      'a type with more SQL behind',
      edited((table) => table.columns.push({ name: 'note', type: 'decimal(12,2)); drop table x; --' })),
      'ManifestInvalid',
      'schemas[0].tables[0].columns[2].type: ',
      'is not a type',
    ],
    [
      'no files',
      edited((table) => {
        table.files = [];
      }),
      'ManifestInvalid',
      'schemas[0].tables[0].files: this is empty',
    ],
    [
      'a file above the folder',
      manifest({}, { files: [{ key: '../other/part-0.gz' }] }),
      'ManifestInvalid',
      "'../other/part-0.gz' cannot be a file of the batch",
    ],
    ['a batch that is a path', manifest({ batch: '../../x' }), 'ManifestInvalid', "'../../x' cannot stand here"],
    ['more than 5 MB', manifest({ $schema: 'x'.repeat(5 * 1024 * 1024) }), 'ManifestTooLarge', 'may have 5242880'],
    [
      'files that are not as listed when the deadline passes',
      manifest({}, { files: [{ key: 'sale/part-1.gz', bytes: 7 }, { key: 'sale/part-2.gz' }] }),
      'FilesNotThere',
      'After 30 minutes, 2 files of the batch are not there as listed',
      'bytes instead of 7',
      'sale/part-2.gz is missing',
    ],
  ];
  test.each(cases)('%s', async (_name, text, code, ...parts) => {
    const { status, error, subject, mail, stacks } = await run(text);
    expect([status, error, stacks]).toEqual(['FAILED', code, 0]);
    // Once its manifest can be read, a batch has a name.
    const { project, batch } = /^(FilesNotThere|ProjectUnknown)$/.test(code) ? (JSON.parse(text) as Named) : {};
    const what = project === undefined ? `drop-${drops}/manifest.json` : `${project} ${batch}`;
    expect(subject).toMatch(new RegExp(`^FAILED: ${what}: ${code}`));
    expect(mail).toContain(`\nManifest: s3://${service.bucket('inbox')}/drop-${drops}/manifest.json\n`);
    for (const part of parts) expect(mail).toContain(part);
    expect(mail).toContain('\nWhat to do: ');
    expect(mail).toContain('No table holds anything of this batch.');
    expect(mail).not.toMatch(/^(Bcc|Path): ?(everybody.*)?$/m);
  });
});

test('a manifest of almost 5 MB runs, and one with a byte order mark', async () => {
  expect(await run(manifest({ $schema: 'x'.repeat(5 * 1024 * 1024 - 1_000) }))).toMatchObject({ status: 'SUCCEEDED' });
  expect(await run(`\uFEFF${manifest()}`)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a manifest overwritten during the run is one run of each version', async () => {
  const folder = `drop-${++drops}`;
  const key = `${folder}/manifest.json`;
  await service.put('inbox', `${folder}/sale/part-0.gz`, gzipSync('customer|amount\n1|10.50\n2|20.00\n'));
  await service.put('inbox', key, manifest());
  const versions = async (): Promise<readonly { readonly VersionId: string }[]> => {
    const { Versions = [] } = await service.cloud.call<{ Versions?: readonly { VersionId: string }[] }>(
      's3',
      'ListObjectVersions',
      { Bucket: service.bucket('inbox'), Prefix: key },
      { principalArn: 'x:root' },
    );
    return Versions;
  };
  const [first] = await versions();
  // It waits for a file; meanwhile another version of the manifest comes, and is wrong.
  const execution = await service.start({ bucket: service.bucket('inbox'), key, versionId: first?.VersionId });
  await service.put('inbox', key, '{}');
  await service.put('inbox', `${folder}/sale/part-1.gz`, gzipSync('customer|amount\n1|5.25\n'));
  const second = await service.start({ bucket: service.bucket('inbox'), key });
  expect(await service.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await service.ended(second)).toMatchObject({ status: 'FAILED', error: 'ManifestInvalid' });
});

const columns = [
  { name: 'customer', type: 'integer' },
  { name: 'amount', type: 'decimal(12,2)' },
];
const one = { files: [{ key: 'sale/part-0.gz' }] };
const noted = { ...one, columns: [...columns, { name: 'note', type: 'varchar(5)' }] };
const csv = { ...noted, format: { type: 'csv', compression: 'gzip', header: true } };
const gzip = (text: string): Buffer => gzipSync(text);

describe('data that is wrong fails the run with file, line, column, value and reason; the cluster goes', () => {
  const cases: readonly (readonly [string, object, string | Uint8Array, ...string[]])[] = [
    ['a letter in a number', one, 'customer|amount\n1|1\n2x|1\n', 'Line: 3', 'Column: customer', 'Value: 2x'],
    ['too large a number', one, 'customer|amount\n3000000000|1\n', 'Column: customer', 'Value: 3000000000'],
    ['too many digits', one, 'customer|amount\n1|12345678901.50\n', 'Column: amount', 'Value: 12345678901.50'],
    ['too long a text', noted, 'a|b|c\n1|2.00|toolong\n', 'Line: 2', 'Column: note', 'Value: toolong'],
    ['too few columns', one, 'customer|amount\n1|10.50\n2\n', 'Line: 3', 'Reason: Delimiter not found'],
    ['too many columns', one, 'customer|amount\n1|10.50|7\n', 'Line: 2', 'Reason: Extra column(s) found'],
    [
      'NULL where none may be',
      { ...one, columns: [{ name: 'customer', type: 'integer', nullable: false }, columns[1]] },
      'customer|amount\n|3.00\n',
      'Line: 2',
      'Column: customer',
    ],
    ['gzip that is cut short', one, gzip('customer|amount\n1|10.50\n').subarray(0, 20), 'Invalid gzip data'],
    ['text where gzip should be', one, Buffer.from('customer|amount\n1|10.50\n'), 'Invalid gzip data'],
    ['a file of no bytes', one, new Uint8Array(), 'Invalid gzip data'],
    [
      'bytes that are not UTF-8',
      noted,
      gzipSync(Buffer.from([...Buffer.from('a|b|c\n1|2.00|a'), 0xff, 0x0a])),
      'Line: 2',
      'Column: note',
      'Bad UTF8 hex sequence: ff',
    ],
    ['CSV that ends inside a quotation', csv, 'a,b,c\n1,2.00,"x\n', 'Line: 2', 'Invalid quote formatting for CSV'],
    [
      'JSON that is none',
      { ...one, format: { type: 'json', compression: 'gzip' } },
      '{"customer":1,"amount":2}\n{"customer":\n',
      'Line: 2',
    ],
    [
      'Parquet that is none',
      { ...one, format: { type: 'parquet' } },
      Buffer.from('PAR1 or not'),
      'not a valid Parquet',
    ],
    [
      'a value that would be more than a value',
      one,
      `customer|amount\nx<img src=x>\u202E\u0007 $$ {% \${a} --|1.00\n`,
      // What cannot be shown is marked, not left out.
      'Value: x<img src=x>\u{fffd}\u{fffd} $$ {% ${a} --',
    ],
  ];
  test.each(cases)('%s', async (_name, ...given) => {
    const [table, first, ...parts] = given as [object, string | Uint8Array, ...string[]];
    const { status, error, cause, subject, mail, stacks } = await run(manifest({}, table), first);
    expect([status, error, stacks, subject]).toEqual([
      'FAILED',
      'LoadFailed',
      1,
      'FAILED: sales 2026-11-22: LoadFailed staging.sale',
    ]);
    for (const part of parts) expect(mail).toContain(part);
    expect(mail).toContain(`s3://${service.bucket('inbox')}/drop-${drops}/sale/part-0.gz`);
    expect(mail).toContain('Table: staging.sale');
    expect(mail).not.toMatch(/\.\.$|\/tmp\/|\p{Cf}/mu);
    // A value of the data belongs into the record and the e-mail, never into a state or a log.
    expect(cause).toMatch(/^unit copy-staging-sale, table staging\.sale, see s3:/);
    const report = await service.text('results', /results\/sales\/\S+report\.html/.exec(mail)?.[0] ?? '');
    expect(report).not.toContain('<img');
    expect(await service.stackStatus()).not.toBe('CREATE_COMPLETE');
  });
});

describe('data that looks odd and is right', () => {
  const cases: readonly (readonly [string, object, string, string])[] = [
    ['nothing but a header', one, 'customer|amount\n', ''],
    ['a gzipped file of nothing', one, '', ''],
    ['lines that end as on Windows', one, 'customer|amount\r\n1|10.50\r\n2|20.00\r\n', '2,20.00\n1,10.50\n'],
    ['no line break at the end', one, 'customer|amount\n1|10.50', '1,10.50\n'],
    ['line breaks and quotation marks in CSV', csv, 'a,b,c\n1,10.50,"a\n""b"\n2,20.00,x\n', '2,20.00\n1,10.50\n'],
    ['text that looks like SQL', csv, "a,b,c\n1,10.50,';--\n2,20.00,$$\n", '2,20.00\n1,10.50\n'],
  ];
  test.each(cases)('%s', async (_name, table, first, answer) => {
    const { status, output, mail } = await run(manifest({}, table), first);
    expect([status, mail]).toEqual(['SUCCEEDED', expect.stringContaining('is done') as string]);
    const { runId } = output as { runId: string };
    expect(await service.text('results', `results/sales/${runId}/top.csv`)).toBe(`customer,amount\n${answer}`);
  });
});
