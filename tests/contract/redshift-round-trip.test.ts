import * as fc from 'fast-check';
import { openLoadSession, ROLE, type LoadSession } from '../support/load-session.ts';

let session: LoadSession;

beforeAll(async () => {
  session = await openLoadSession();
});

afterAll(() => session.close());

/** What hides in texts: delimiters, quotation marks, escapes, line breaks, words that mean null, characters of every length. */
const HOSTILE = [
  '|',
  ',',
  '"',
  "'",
  '\\',
  '\\N',
  '\\n',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\v',
  ' ',
  '',
  'NULL',
  'null',
  'nil',
  'é',
  '€',
  '😀',
  '\u00a0',
  '\ufeff',
  '{',
  '}',
  '[',
  ']',
  ':',
  '-',
  '#',
  '\u0001',
  '\u0002',
  '\u001b',
  '$$',
  ';',
  '%',
  '\\\\',
  '""',
  '\u2028',
  'a',
  'Z',
  '0',
] as const;
const text = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 8 }).map((parts) => parts.join(''));

const digits = (whole: number, fraction: number): fc.Arbitrary<string> =>
  fc
    .bigInt({ min: -(10n ** BigInt(whole + fraction)) + 1n, max: 10n ** BigInt(whole + fraction) - 1n })
    .map((unscaled) => {
      const size = String(unscaled < 0n ? -unscaled : unscaled).padStart(fraction + 1, '0');
      return `${unscaled < 0n ? '-' : ''}${size.slice(0, -fraction)}.${size.slice(-fraction)}`;
    });
const moment = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** A column's type, its values as DuckDB reads them from text, and whether a format leaves it out. */
const COLUMNS: readonly (readonly [type: string, value: fc.Arbitrary<string>, not?: readonly string[]])[] = [
  ['SMALLINT', fc.integer({ min: -32_768, max: 32_767 }).map(String)],
  ['INTEGER', fc.integer().map(String)],
  ['BIGINT', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
  ['DECIMAL(18,4)', digits(14, 4)],
  ['DECIMAL(38,10)', digits(28, 10)],
  ['DOUBLE', fc.double({ noNaN: true }).map(String)],
  ['FLOAT', fc.float({ noNaN: true }).map(String)],
  ['BOOLEAN', fc.boolean().map(String)],
  ['DATE', moment.map((iso) => iso.slice(0, 10))],
  [
    'TIMESTAMP',
    fc
      .tuple(moment, fc.integer({ min: 0, max: 999 }))
      .map(([iso, micros]) => `${iso.slice(0, 23)}${String(micros).padStart(3, '0')}`),
  ],
  ['TIMESTAMP WITH TIME ZONE', moment.filter((iso) => iso < '9999-12-30' && iso > '0001-01-03')],
  ['TIME', moment.map((iso) => iso.slice(11, 23))],
  ['VARCHAR', text],
  [
    'BLOB',
    fc
      // An empty field of any type but text is null.
      .uint8Array({ minLength: 1, maxLength: 8 })
      .map((bytes) => [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')),
    ['JSON', 'PARQUET', 'ADDQUOTES ESCAPE', 'ADDQUOTES ESCAPE ,'],
  ],
  [
    'JSON',
    fc
      .jsonValue()
      .filter((value) => value !== null)
      // The text of a large or small number may change, its value does not.
      .map((value) =>
        JSON.stringify(value, (_key, item: unknown) => (typeof item === 'number' ? Math.trunc(item % 1e9) : item)),
      ),
  ],
];

/** How to write, and how to read that back. `nulls` where null and the empty text stay apart. */
const FORMATS: readonly {
  readonly name: string;
  readonly unload: string;
  readonly copy: string;
  readonly texts?: (text: string) => boolean;
}[] = [
  { name: 'ESCAPE', unload: `ESCAPE NULL AS '@null@'`, copy: `ESCAPE NULL AS '@null@'` },
  {
    name: 'ADDQUOTES ESCAPE',
    unload: `ADDQUOTES ESCAPE NULL AS '@null@'`,
    copy: `REMOVEQUOTES ESCAPE NULL AS '@null@'`,
  },
  {
    name: 'ADDQUOTES ESCAPE ,',
    unload: `ADDQUOTES ESCAPE DELIMITER ',' NULL AS '@null@' GZIP`,
    copy: `REMOVEQUOTES ESCAPE DELIMITER ',' NULL AS '@null@' GZIP`,
  },
  { name: 'CSV', unload: `CSV NULL AS '@null@'`, copy: `CSV NULL AS '@null@'` },
  {
    name: 'CSV HEADER',
    unload: `CSV HEADER DELIMITER '|' NULL AS '@null@' ZSTD`,
    copy: `CSV IGNOREHEADER 1 DELIMITER '|' NULL AS '@null@' ZSTD`,
  },
  { name: 'JSON', unload: 'JSON', copy: `JSON 'auto'` },
  { name: 'PARQUET', unload: 'PARQUET', copy: 'PARQUET SERIALIZETOJSON' },
  {
    name: 'delimited',
    unload: `DELIMITER '\\001' NULL AS '@null@'`,
    copy: `DELIMITER '\\001' NULL AS '@null@'`,
    texts: (value) => !['\r', '\n', '\u0001'].some((mark) => value.includes(mark)),
  },
];

let run = 0;

test.each(FORMATS)('what UNLOAD writes as $name, COPY reads back as it was', async (format) => {
  const columns = COLUMNS.filter(([, , not = []]) => !not.includes(format.name));
  const row = fc.tuple(
    ...columns.map(([type, value]) =>
      fc.option(format.texts && (type === 'VARCHAR' || type === 'JSON') ? value.filter(format.texts) : value, {
        freq: 6,
      }),
    ),
  );
  const names = columns.map((_column, index) => `c${index}`);
  await session.connection.run(
    `CREATE OR REPLACE TABLE source (${columns.map(([type], index) => `c${index} ${type}`).join(', ')});
     CREATE OR REPLACE TABLE back AS FROM source`,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
      await session.connection.run('DELETE FROM source; DELETE FROM back');
      const casts = columns.map(([type], index) => `CAST(r[${index + 1}] AS ${type})`).join(', ');
      await session.connection.run(
        `INSERT INTO source SELECT ${casts} FROM (SELECT unnest(json_transform(CAST($rows AS JSON), '[["VARCHAR"]]')) AS r)`,
        { rows: JSON.stringify(rows) },
      );
      const prefix = `s3://bucket/round-${run++}/`;
      await session.unload(`UNLOAD ('SELECT * FROM source') TO '${prefix}' ${ROLE} ${format.unload}`);
      await session.copy(`COPY back FROM '${prefix}' ${ROLE} ${format.copy}`);
      const lists = names.map((name) => `CAST(${name} AS VARCHAR)`).join(', ');
      const shown = (table: string): Promise<readonly unknown[]> =>
        session.rows(`SELECT ${lists} FROM ${table} ORDER BY ALL`);
      expect(await shown('back')).toEqual(await shown('source'));
    }),
    { numRuns: 5 },
  );
});
