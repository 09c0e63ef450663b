import * as fc from 'fast-check';
import { ManifestInvalid, ManifestNotJson, ManifestTooLarge } from '../../../src/errors/errors.ts';
import type { Finding } from '../../../src/errors/finding.ts';
import { parseManifest } from '../../../src/manifest/parse-manifest.ts';
import { column, manifestDocumentWith, table, type TableParts } from './manifest-builder.ts';

function findingsOf(document: unknown): readonly Finding[] {
  try {
    parseManifest(typeof document === 'string' ? document : JSON.stringify(document));
  } catch (error) {
    if (error instanceof ManifestInvalid) return error.findings;
    throw error;
  }
  return [];
}

const paths = (document: unknown): string[] => findingsOf(document).map(({ path }) => path);
const findingsOfTable = (parts: TableParts): readonly Finding[] => findingsOf(manifestDocumentWith([table(parts)]));
const TABLE = 'schemas[0].tables[0]';

describe('a manifest that is right', () => {
  test('gets the defaults filled in and its names folded to lower case', () => {
    const manifest = parseManifest(
      JSON.stringify(manifestDocumentWith([table({ name: 'Usage', columns: [column('ID', 'INT8')] })])),
    );
    expect(manifest).toMatchObject({
      schemas: ['staging'],
      tables: [
        {
          schema: 'staging',
          name: 'usage',
          columns: [{ name: 'id', type: { name: 'bigint' }, nullable: true }],
          load: 'replace',
          path: TABLE,
          format: {
            type: 'delimited',
            delimiter: '|',
            compression: 'gzip',
            headerLines: 1,
            removeQuotes: true,
            emptyAsNull: true,
            blanksAsNull: true,
            maxErrors: 0,
          },
        },
      ],
      cluster: { existing: 'reuse', afterRun: 'delete' },
      unload: { parallel: false, header: true, delimiter: ',', compression: 'none' },
    });
  });

  test('may start with a byte order mark and name its schema for editors', () => {
    expect(
      parseManifest(`\uFEFF${JSON.stringify(manifestDocumentWith([table()], { $schema: './manifest.schema.json' }))}`)
        .version,
    ).toBe(1);
  });

  test("has COPY's own defaults in a format that is named", () => {
    const [csv] = parseManifest(JSON.stringify(manifestDocumentWith([table({ format: { type: 'csv' } })]))).tables;
    expect(csv?.format).toEqual({
      type: 'csv',
      quote: '"',
      delimiter: ',',
      headerLines: 0,
      compression: 'none',
      emptyAsNull: false,
      blanksAsNull: false,
      trimBlanks: false,
      ignoreBlankLines: false,
      fillRecord: false,
      truncateColumns: false,
      maxErrors: 0,
    });
  });

  test('promises the sum of its files when each file promises rows, and nothing when one does not', () => {
    const rows = (...counts: (number | undefined)[]) =>
      parseManifest(
        JSON.stringify(
          manifestDocumentWith([table({ files: counts.map((count, at) => ({ key: `f${at}`, rows: count })) })]),
        ),
      ).tables[0]?.rows;
    expect(rows(2, 3)).toBe(5);
    expect(rows(2, undefined)).toBeUndefined();
  });

  test('makes the key of a merge not nullable', () => {
    const [merged] = parseManifest(
      JSON.stringify(manifestDocumentWith([table({ load: 'merge', key: ['ID'] })])),
    ).tables;
    expect(merged).toMatchObject({ key: ['id'], columns: [{ nullable: false }, { nullable: true }] });
  });
});

describe('what is wrong with the shape', () => {
  test('an unknown key is refused with its path and the nearest known key', () => {
    const document = manifestDocumentWith(
      [table({ colums: [], format: { type: 'csv', delim: ';' }, files: [{ key: 'a', byts: 1 }] })],
      { projct: 'x' },
    );
    expect(findingsOf(document)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: `${TABLE}.colums`, do: "Write 'columns', or remove it" }),
        expect.objectContaining({ path: `${TABLE}.format.delim`, do: "Write 'delimiter', or remove it" }),
        expect.objectContaining({ path: `${TABLE}.files[0].byts`, do: "Write 'bytes', or remove it" }),
        expect.objectContaining({ path: 'projct', do: "Write 'project', or remove it" }),
      ]),
    );
  });

  test('unknown keys do not hide what else is wrong', () => {
    expect(paths(manifestDocumentWith([table({ loda: 1, columns: [column('a', 'string')] })]))).toEqual([
      `${TABLE}.loda`,
      `${TABLE}.columns[0].type`,
    ]);
  });

  test('nor does any other fault of the shape hide a type that is none', () => {
    const broken = {
      ...manifestDocumentWith([table({ files: 'none', columns: [column('a', 'string'), { name: 'b' }, 7] })]),
      batch: 7,
    };
    expect(paths(broken)).toEqual(expect.arrayContaining(['batch', `${TABLE}.files`, `${TABLE}.columns[0].type`]));
    expect(paths({ ...broken, schemas: [null, { tables: 'x' }] })).not.toContain(`${TABLE}.columns[0].type`);
  });

  test('every finding is told at once', () => {
    const document = {
      version: 2,
      batch: 'a b',
      schemas: [{ name: 1, tables: [] }],
      cluster: { existing: 'reus', nodes: 0 },
      unload: { maxFileSizeMb: 1.5 },
    };
    expect(paths(document).sort()).toEqual(
      [
        'version',
        'project',
        'batch',
        'schemas[0].name',
        'schemas[0].tables',
        'cluster.existing',
        'cluster.nodes',
        'unload.maxFileSizeMb',
      ].sort(),
    );
  });

  test.each([
    ['zero files', { files: [] }, `${TABLE}.files`],
    ['no columns', { columns: [] }, `${TABLE}.columns`],
    ['a format that does not exist', { format: { type: 'xml' } }, `${TABLE}.format.type`],
    ['a format without type', { format: {} }, `${TABLE}.format.type`],
    ['a format that is a text', { format: 'csv' }, `${TABLE}.format`],
    ['a header that is a text', { format: { type: 'csv', header: 'yes' } }, `${TABLE}.format.header`],
    ['negative rows', { rows: -1 }, `${TABLE}.rows`],
    ['a delimiter in JSON lines', { format: { type: 'json', delimiter: ',' } }, `${TABLE}.format.delimiter`],
  ])('%s', (_, parts, path) => {
    expect(findingsOfTable(parts).map((finding) => finding.path)).toEqual([path]);
  });

  test('every finding says what, why and what to do', () => {
    for (const finding of findingsOf({ a: 1, schemas: [{ tables: [{ columns: 1 }] }] }))
      for (const text of [finding.what, finding.why, finding.do]) expect(text).toMatch(/\S{2}/);
  });

  test.each(['null', '[]', '"text"', '1', 'true'])('a document that is %s', (text) => {
    expect(findingsOf(text)).toHaveLength(1);
  });

  test('a key named __proto__ is an unknown key like any other', () => {
    expect(
      paths(JSON.stringify(manifestDocumentWith()).replace('{"version"', '{"__proto__":{"x":1},"version"')),
    ).toEqual(['__proto__']);
  });
});

describe('what is wrong between values', () => {
  test.each<[string, TableParts, string]>([
    ['a column twice, whatever its case', { columns: [column('a'), column('A')] }, `${TABLE}.columns[1].name`],
    ['an unknown type', { columns: [column('a', 'varchar2(10)')] }, `${TABLE}.columns[0].type`],
    ['a text too long for its type', { columns: [column('a', 'varchar(70000)')] }, `${TABLE}.columns[0].type`],
    ['a name of 128 bytes', { columns: [column('é'.repeat(64))] }, `${TABLE}.columns[0].name`],
    ['a name with a line break', { columns: [column('a\nb')] }, `${TABLE}.columns[0].name`],
    ['a name Redshift keeps for itself', { columns: [column('ctid')] }, `${TABLE}.columns[0].name`],
    ['a merge without key', { load: 'merge' }, `${TABLE}.key`],
    ['a key that is no column', { key: ['idd'] }, `${TABLE}.key[0]`],
    ['a key that is there twice', { key: ['id', 'ID'] }, `${TABLE}.key[1]`],
    ['a sort key that is no column', { sortKey: ['id', 'when'] }, `${TABLE}.sortKey[1]`],
    ['a distribution key that is no column', { distKey: 'x' }, `${TABLE}.distKey`],
    ['a file twice', { files: [{ key: 'a' }, { key: 'a' }] }, `${TABLE}.files[1].key`],
    [
      'rows that do not add up',
      {
        rows: 3,
        files: [
          { key: 'a', rows: 1 },
          { key: 'b', rows: 1 },
        ],
      },
      `${TABLE}.rows`,
    ],
    ['loadAgain where nothing is remembered', { loadAgain: true }, `${TABLE}.loadAgain`],
    [
      'a merge of documents',
      { load: 'merge', key: ['id'], columns: [column('id'), column('doc', 'super')] },
      `${TABLE}.load`,
    ],
    ['sorting by documents', { sortKey: ['doc'], columns: [column('doc', 'SUPER')] }, `${TABLE}.sortKey`],
    [
      'a delimiter that is a line break',
      { format: { type: 'delimited', delimiter: '\n' } },
      `${TABLE}.format.delimiter`,
    ],
    ['CSV with a long delimiter', { format: { type: 'csv', delimiter: '||' } }, `${TABLE}.format.delimiter`],
    ['CSV whose quote is its delimiter', { format: { type: 'csv', quote: ',' } }, `${TABLE}.format.quote`],
    ['a table name of our own', { name: 'sluice_incoming' }, `${TABLE}.name`],
  ])('%s', (_, parts, path) => {
    expect(findingsOfTable(parts).map((finding) => finding.path)).toEqual([path]);
  });

  test.each([
    '../x',
    'a/../b',
    '/x',
    'a//b',
    './a',
    'a/',
    's3://bucket/x',
    'a\nb',
    'a\0b',
    'x/.distcp.tmp.attempt_1',
    'x._COPYING_',
    'é'.repeat(600),
  ])('a file key %j', (key) => {
    expect(findingsOfTable({ files: [{ key }] }).map((finding) => finding.path)).toEqual([`${TABLE}.files[0].key`]);
  });

  test.each(['ö/ä ü.gz', "o'brien/000000_0.gz", 'a..b/c', 'x{1}/$y', '😀.gz'])('a file key %j is fine', (key) => {
    expect(findingsOfTable({ files: [{ key }] })).toEqual([]);
  });

  test.each(['pg_catalog', 'PG_temp_1', 'information_schema', 'Sluice'])('the schema %s is taken', (name) => {
    expect(paths(manifestDocumentWith([], { schemas: [{ name, tables: [table()] }] }))).toEqual(['schemas[0].name']);
  });

  test('a table twice, in two entries of one schema', () => {
    const schemas = [
      { name: 'staging', tables: [table()] },
      { name: 'STAGING', tables: [table({ name: 'USAGE' })] },
    ];
    expect(paths(manifestDocumentWith([], { schemas }))).toEqual(['schemas[1].tables[0].name']);
  });

  test('a misspelt column is told with the nearest one', () => {
    expect(findingsOfTable({ key: ['amout'] })[0]?.do).toBe("Write 'amount', or add the column");
  });
});

describe('limits', () => {
  const many = (count: number, make: (at: number) => unknown): unknown[] =>
    Array.from({ length: count }, (_, at) => make(at));

  test('a manifest larger than allowed is refused before it is read', () => {
    expect(() => parseManifest('x'.repeat(11), { maxBytes: 10 })).toThrow(ManifestTooLarge);
    expect(() => parseManifest('é'.repeat(6), { maxBytes: 10 })).toThrow(/12 bytes/);
    expect(() => parseManifest(`{"a":"${' '.repeat(5 * 1024 * 1024)}"}`)).toThrow(ManifestTooLarge);
  });

  test('2,000 tables and 50,000 files are read, one more of either is not', () => {
    const tables = (count: number, files: number) =>
      many(count, (at) =>
        table({ name: `t${at}`, files: many(files, (file) => ({ key: `${at}/${file}` })) }),
      ) as TableParts[];
    expect(parseManifest(JSON.stringify(manifestDocumentWith(tables(2_000, 25)))).tables).toHaveLength(2_000);
    expect(paths(manifestDocumentWith(tables(2_001, 1)))).toEqual(['schemas[0].tables']);
    expect(
      paths({
        ...manifestDocumentWith(),
        schemas: [
          { name: 'a', tables: tables(1_001, 1) },
          { name: 'b', tables: tables(1_000, 1) },
        ],
      }),
    ).toEqual(['schemas']);
    expect(paths(manifestDocumentWith(tables(1_000, 51)))).toEqual(['schemas']);
  });

  test('a manifest that is wrong everywhere is refused quickly, with as many findings as anybody reads', () => {
    const wide = many(1_600, (at) => column(`column_with_a_long_name_${at}`));
    const keys = many(400, (at) => `colunm_with_a_lonk_name_${at}_x`);
    const started = process.cpuUsage();
    const found = paths(
      manifestDocumentWith(many(5, (at) => table({ name: `t${at}`, columns: wide, sortKey: keys })) as TableParts[]),
    );
    expect(found).toHaveLength(200);
    // Its own time: what else the machine does is no matter.
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
    expect(paths({ schemas: [{ name: 'a', tables: many(2_000, () => ({ nmae: 1 })) }] }).length).toBeLessThanOrEqual(
      200,
    );
  });
});

describe('a text that is not JSON', () => {
  test.each([
    ['with its byte order mark', '\uFEFF{"version": 1}'],
    ['without one', '{"version": 1}'],
  ])('in UTF-16, %s, is named as that', (_name, text) => {
    const read = Buffer.from(text, 'utf16le').toString('utf8');
    expect(() => parseManifest(read)).toThrow(': the file is in UTF-16; save it as UTF-8.');
  });

  test.each([
    ['', 1, 1],
    ['{', 1, 2],
    ['{"a": 1,}', 1, 9],
    ['{\n  "a": tru\n}', 2, 8],
    ["{'a': 1}", 1, 2],
    ['{"a" 1}', 1, 6],
    ['[1 2]', 1, 4],
    ['{} x', 1, 4],
    ['{"a": "b\nc"}', 1, 7],
    ['{"a": 01}', 1, 7],
    ['<xml/>', 1, 1],
  ])('%j is refused with line and column', (text, line, column) => {
    expect.assertions(2);
    try {
      parseManifest(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ManifestNotJson);
      expect((error as ManifestNotJson).where).toEqual({ line, column: String(column) });
    }
  });

  test('a key that stands twice is refused, for JSON would drop the first without a word', () => {
    const text = JSON.stringify(manifestDocumentWith()).replace('"files":', '"files":[{"key":"first"}],"files":');
    expect(paths(text)).toEqual([`${TABLE}.files`]);
  });
});

test('whatever the text, parsing it ends with a manifest or an error of the catalogue', () => {
  const near = fc
    .json()
    .map((text) => JSON.stringify({ ...manifestDocumentWith(), extra: JSON.parse(text) as unknown }));
  const mutated = fc
    .tuple(fc.constant(JSON.stringify(manifestDocumentWith())), fc.nat(), fc.string({ maxLength: 3 }))
    .map(([text, at, insert]) => text.slice(0, at % text.length) + insert + text.slice((at % text.length) + 1));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), near, mutated), (text) => {
      try {
        parseManifest(text);
      } catch (error) {
        if (!(error instanceof ManifestInvalid || error instanceof ManifestNotJson)) throw error;
        if (error instanceof ManifestInvalid && error.findings.length === 0) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
