import { gzipSync } from 'node:zlib';
import { openLoadSession, ROLE, type LoadSession } from '../support/load-session.ts';

let session: LoadSession;

beforeAll(async () => {
  session = await openLoadSession();
});

afterAll(() => session.close());

beforeEach(async () => {
  await session.clear();
});

const create = (columns: string): Promise<unknown> => session.connection.run(`CREATE TABLE t (${columns})`);
const rows = (): Promise<readonly unknown[]> => session.rows('SELECT * FROM t ORDER BY ALL');
const errors = (): Promise<readonly unknown[]> =>
  session.rows(
    'SELECT filename, line_number, colname, type, err_code, err_reason, raw_field_value FROM memory.log.load_error',
  );

test('pipe-delimited gzip files of a manifest load as one', async () => {
  await create('id INTEGER, name VARCHAR, paid DECIMAL(10,2), day DATE, happened TIMESTAMP, ok BOOLEAN');
  session.put('in/a.gz', gzipSync('id|name|paid|day|at|ok\n1|Zoë|1.5|2020-01-02|2020-01-02 03:04:05|t\n'));
  session.put('in/b.gz', gzipSync('id|name|paid|day|at|ok\n2||-0.25|2020-12-31|2020-01-02 03:04:05.5|f\n3|\\N||||\n'));
  const entries = ['a', 'b'].map((name) => ({ url: `s3://bucket/in/${name}.gz`, mandatory: true }));
  session.put('in/manifest', JSON.stringify({ entries }));
  expect(await session.copy(`COPY t FROM 's3://bucket/in/manifest' ${ROLE} MANIFEST GZIP IGNOREHEADER 1`)).toBe(3);
  expect(await rows()).toEqual([
    [1, 'Zoë', '1.50', '2020-01-02', '2020-01-02 03:04:05', true],
    [2, '', '-0.25', '2020-12-31', '2020-01-02 03:04:05.5', false],
    [3, null, null, null, null, null],
  ]);
});

test('a letter in a number fails the load and names file, line, column, value and reason', async () => {
  await create('id INTEGER, name VARCHAR');
  session.put('in/0', '1|a\n2|b\n');
  session.put('in/1', '3|c\nx4|d\n');
  await expect(session.copy(`COPY t FROM 's3://bucket/in/' ${ROLE}`)).rejects.toThrow(
    "Load into table 't' failed.  Check 'stl_load_errors' system table for details.",
  );
  expect(await rows()).toEqual([]);
  expect(await errors()).toEqual([
    ['s3://bucket/in/1', '2', 'id', 'int4', 1207, "Invalid digit, Value 'x', Pos 0, Type: Integer", 'x4'],
  ]);
});

test('a CHAR is loaded without the blanks at its end, more than fit among them', async () => {
  await create('c VARCHAR CHECK (5 >= strlen(c)), v VARCHAR');
  await session.connection.run(`COMMENT ON TABLE t IS '{"redshift":{"columns":{"c":{"type":"character(5)"}}}}'`);
  session.put('in/0', 'ab  |x \nabcde   |y\n   |z\n');
  expect(await session.copy(`COPY t FROM 's3://bucket/in/' ${ROLE}`)).toBe(3);
  expect(await rows()).toEqual([
    ['', 'z'],
    ['ab', 'x '],
    ['abcde', 'y'],
  ]);
});

test('UNLOAD writes CSV files by slice', async () => {
  await create('id INTEGER, name VARCHAR');
  await session.connection.run(`INSERT INTO t VALUES (1, 'a,b'), (2, 'say "x"'), (3, NULL)`);
  expect(
    await session.unload(
      `UNLOAD ('SELECT id, name FROM t ORDER BY id') TO 's3://bucket/out/' ${ROLE} FORMAT CSV HEADER PARALLEL OFF`,
    ),
  ).toBe(3);
  expect(session.objects.keys()).toEqual(['out/000']);
  expect(session.text('out/000')).toBe('id,name\n1,"a,b"\n2,"say ""x"""\n3,\n');
});
