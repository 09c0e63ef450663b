import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { columnType } from '../../local/redshift/load/column-type.ts';
import { parseCopy } from '../../local/redshift/load/copy-statement.ts';
import { planFastLoad } from '../../local/redshift/load/fast-load.ts';
import { fastValue } from '../../local/redshift/load/fast-value.ts';
import { fieldConverter } from '../../local/redshift/load/field-value.ts';
import { plainRecords, type PlainRecords, type PlainVerdict } from '../../local/redshift/load/plain-records.ts';
import { literal } from '../../local/redshift/load/sql-text.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'agreement-'));
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'; SET integer_division = true; SET old_implicit_casting = true");
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
  rmSync(directory, { recursive: true });
});

/** Fields that are almost values of the type. */
const NUMBER = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.double({ noDefaultInfinity: true }).map(String),
  fc.string({ unit: fc.constantFrom('0', '1', '5', '9', '.', '-', '+', 'e', 'x', '_', ' ', '\t', ','), maxLength: 9 }),
  fc.constantFrom(
    '1e308',
    '1e309',
    '3.4028235e38',
    '3.4028236e38',
    '-0',
    '-0.0',
    '00',
    '1e-400',
    'nan',
    '-inf',
    'Infinity',
  ),
);
const DAY = fc.oneof(
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.string({ unit: fc.constantFrom('2', '0', '1', '3', '-', '/', ' ', '.'), minLength: 8, maxLength: 11 }),
  fc.constantFrom(
    'infinity',
    'epoch',
    '2020-02-30',
    '44-01-01 (BC)',
    '2020-1-2',
    '10000-01-01',
    '0000-01-01',
    '0000-12-31',
    '0000/06/01',
    '2021/02/28',
  ),
);
const CLOCK = fc.oneof(
  fc.constantFrom(
    '',
    ' 01:02:03',
    'T23:59:59.999999',
    ' 24:00:00',
    ' 10:11',
    ' 1:2:3',
    ' 10:11:12+02',
    ' 10:11:12 PM',
    ' 10:11:12.1234567',
  ),
  fc.string({ unit: fc.constantFrom(' ', 'T', '1', '2', ':', '.'), maxLength: 9 }),
);
const MOMENT = fc.tuple(DAY, CLOCK).map(([day, clock]) => day + clock);
/** Epochs about the first and last day Redshift writes, in seconds and in milliseconds. */
const EPOCH = fc.oneof(
  NUMBER,
  fc
    .tuple(
      fc.constantFrom(-62_135_596_800, -62_167_219_200, 253_402_300_800, 1_700_000_000),
      fc.integer({ min: -2, max: 2 }),
      fc.constantFrom(1, 1000),
    )
    .map(([seconds, off, unit]) => String(seconds * unit + off)),
);
/** Days and moments in other orders, of almost the right length. */
const WRITTEN = fc.oneof(
  fc.constantFrom(
    '28.02.2021',
    '29.02.2021',
    '31.12.0000 23:59',
    '01.01.2021 24:00',
    '20210228235959',
    '20210228 35959',
  ),
  fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '.', ' ', ':'), minLength: 8, maxLength: 16 }),
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString())
    .chain((iso) =>
      fc.constantFrom(
        `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)}`,
        `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 16)}`,
        iso.slice(0, 19).replaceAll(/[-:T]/g, ''),
      ),
    ),
);
const TEXT = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', "'", '\\N', '\t', '😀'), maxLength: 6 });

const CASES: readonly (readonly [string, string, fc.Arbitrary<string>, string])[] = [
  ['SMALLINT', '', NUMBER, ''],
  ['INTEGER', '', NUMBER, ''],
  ['BIGINT', '', NUMBER, ''],
  ['DECIMAL(9,3)', '', NUMBER, ''],
  ['DECIMAL(9,3)', '', NUMBER, 'ROUNDEC'],
  ['DOUBLE', '', NUMBER, ''],
  ['FLOAT', '', NUMBER, ''],
  [
    'BOOLEAN',
    '',
    fc.oneof(fc.constantFrom('t', 'TRUE', 'yes', 'on', 'F', '0', 'No', 'off', 'tr', ' t', '\\N'), TEXT),
    '',
  ],
  ['DATE', '', DAY, ''],
  ['DATE', '', DAY, `DATEFORMAT 'auto'`],
  ['DATE', '', DAY, `DATEFORMAT 'YYYY/MM/DD'`],
  ['DATE', '', WRITTEN, `DATEFORMAT 'DD.MM.YYYY'`],
  ['TIMESTAMP', '', WRITTEN, `TIMEFORMAT 'DD.MM.YYYY HH24:MI'`],
  ['TIMESTAMP', '', WRITTEN, `TIMEFORMAT 'YYYYMMDDHH24MISS'`],
  ['TIMESTAMP', '', MOMENT, ''],
  ['TIMESTAMP', '', MOMENT, `TIMEFORMAT 'auto'`],
  ['TIMESTAMP', '', MOMENT, `TIMEFORMAT 'YYYY-MM-DD HH24:MI:SS'`],
  ['TIMESTAMP', '', EPOCH, `TIMEFORMAT 'epochsecs'`],
  ['TIMESTAMP', '', EPOCH, `TIMEFORMAT 'epochmillisecs'`],
  ['TIMESTAMP WITH TIME ZONE', '', MOMENT, ''],
  ['TIMESTAMP WITH TIME ZONE', '', MOMENT, `TIMEFORMAT 'auto'`],
  ['TIMESTAMP WITH TIME ZONE', '', MOMENT, `TIMEFORMAT 'YYYY-MM-DD HH24:MI:SS'`],
  ['TIMESTAMP WITH TIME ZONE', '', EPOCH, `TIMEFORMAT 'epochsecs'`],
  ['TIME', '', CLOCK.map((clock) => clock.slice(1)), ''],
  ['VARCHAR', 'character varying(5)', TEXT, ''],
  ['VARCHAR', 'character varying(5)', TEXT, 'EMPTYASNULL BLANKSASNULL'],
  ['VARCHAR', 'character varying(5)', TEXT, 'TRIMBLANKS EMPTYASNULL'],
  ['VARCHAR', 'character(4)', TEXT, ''],
];

/** Raised, it makes the whole expression fail, so each field of many tells by itself that nobody vouches for it. */
const FLAG = "CAST(concat('flag ', f) AS BIGINT)";

test.each(CASES)(
  '%s %s: what DuckDB vouches for is what the record reader converts (%#)',
  async (stored, declared, fields, options) => {
    const statement = parseCopy(`copy t from 's3://b/k' iam_role default ${options}`);
    const type = columnType(stored, declared === '' ? undefined : declared);
    const column = { name: 'c', type, notNull: false, hasDefault: false, identity: undefined };
    const expression = fastValue(column, 'f', statement.options, FLAG) ?? 'NULL';
    const convert = fieldConverter(type, statement.options);
    const texts = async (expression: string, given: readonly (string | null)[]): Promise<readonly unknown[]> => {
      const rows = given.map((text, index) => `(${index}, ${text === null ? 'NULL' : literal(text)})`).join(', ');
      const sql = `SELECT CAST(${expression} AS VARCHAR) FROM (VALUES ${rows}) t(i, f) ORDER BY i`;
      return (await connection.runAndReadAll(sql)).getRowsJS().map(([value]) => value);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fields, { minLength: 1, maxLength: 60 }), async (many) => {
        const fast = await texts(
          `TRY(coalesce(CAST(${expression} AS VARCHAR), 'null'))`,
          many.map((field) => (field === '\\N' ? null : field)),
        );
        const vouched = many.flatMap((field, index) =>
          fast[index] === null
            ? []
            : [{ field, value: fast[index], exact: convert(Buffer.from(field).toString('latin1')) }],
        );
        for (const { field, value, exact } of vouched)
          if (exact !== null && typeof exact !== 'string')
            throw new Error(`${JSON.stringify(field)} gives ${String(value)}, but: ${exact.reason}`);
        const loaded = await texts(`coalesce(CAST(CAST(f AS ${type.duckdb}) AS VARCHAR), 'null')`, [
          ...vouched.map(({ exact }) =>
            typeof exact === 'string' ? Buffer.from(exact, 'latin1').toString('utf8') : null,
          ),
          null,
        ]);
        expect(vouched.map(({ field, value }) => [field, value])).toEqual(
          vouched.map(({ field }, index) => [field, loaded[index]]),
        );
      }),
      { numRuns: 20 },
    );
  },
);

const NULLS = ['named', 'empty'] as const;

test.each(CASES.flatMap((each) => NULLS.map((nulls) => [...each, nulls] as const)))(
  '%s %s: what is plain is read by DuckDB as the record reader converts it (%#)',
  async (stored, declared, fields, options, nulls) => {
    const statement = parseCopy(`copy t from 's3://b/k' iam_role default delimiter '|' ${options}`);
    const type = columnType(stored, declared === '' ? undefined : declared);
    const rest = { notNull: false, hasDefault: false, identity: undefined };
    const columns = [
      { name: 'n', type: columnType('INTEGER', undefined), ...rest },
      { name: 'c', type, ...rest },
    ];
    const table = { sql: 'memory.main.plain', schema: 'main', name: 'plain', oid: 1, columns };
    const plan = planFastLoad(statement, table, columns, 'flag', nulls);
    const records = plainRecords(columns, statement.options, nulls);
    if (!plan || !records) throw new Error('there is no plan');
    const convert = fieldConverter(type, statement.options);
    const path = join(directory, 'plain');
    await connection.run(
      `CREATE OR REPLACE TABLE plain (n INTEGER, c ${type.duckdb}); CREATE OR REPLACE SEQUENCE flag`,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fields, { minLength: 1, maxLength: 4 }), async (many) => {
        const lines = many
          .filter((field) => !/[|\n\r]/.test(field))
          .map((field, index) => ({ field, line: `${index}|${field}\n` }))
          .filter(({ line }) => verdict(records, line).plain);
        writeFileSync(path, lines.map(({ line }) => line).join(''));
        expect(verdict(records, readFileSync(path, 'utf8'))).toEqual({ plain: true, records: lines.length });
        const flag = async (): Promise<unknown> =>
          (await connection.runAndReadAll("SELECT nextval('flag')")).getRowsJS()[0]?.[0];
        await connection.run('DELETE FROM plain');
        const before = Number(await flag());
        try {
          await connection.run(plan.insert([path]));
        } catch {
          // A day that does not exist, a number out of range, a text too long: another reader says which.
          return;
        }
        if (Number(await flag()) !== before + 1) return;
        const loaded = (
          await connection.runAndReadAll(`SELECT coalesce(CAST(c AS VARCHAR), 'null') FROM plain ORDER BY n`)
        ).getRowsJS();
        for (const [index, { field }] of lines.entries()) {
          const exact = convert(Buffer.from(field).toString('latin1'));
          if (exact !== null && typeof exact !== 'string')
            throw new Error(`${JSON.stringify(field)} gives ${String(loaded[index])}, but: ${exact.reason}`);
          const text = exact === null ? 'NULL' : literal(Buffer.from(exact, 'latin1').toString('utf8'));
          const [row] = (
            await connection.runAndReadAll(`SELECT coalesce(CAST(CAST(${text} AS ${type.duckdb}) AS VARCHAR), 'null')`)
          ).getRowsJS();
          expect([field, ...(loaded[index] ?? [])]).toEqual([field, ...(row ?? [])]);
        }
      }),
      { numRuns: 20 },
    );
  },
);

function verdict(records: PlainRecords, text: string): PlainVerdict {
  const inspector = records.inspect();
  inspector.take(Buffer.from(text));
  return inspector.end();
}
