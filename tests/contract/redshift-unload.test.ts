import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { openLoadSession, ROLE, type LoadSession } from '../support/load-session.ts';

let session: LoadSession;

beforeAll(async () => {
  session = await openLoadSession();
});

afterAll(() => session.close());

beforeEach(async () => {
  await session.clear();
  await session.connection.run(
    'CREATE TABLE t (id INTEGER, name VARCHAR, paid DECIMAL(10,2), ok BOOLEAN, x DOUBLE, happened TIMESTAMP)',
  );
  await session.connection.run(`INSERT INTO t VALUES (1, 'a|b', 1.5, true, 10, TIMESTAMP '2020-01-02 03:04:05'),
    (2, 'say "x"' || chr(10) || 'y\\z', -0.25, false, 0.1, NULL), (3, NULL, NULL, NULL, NULL, TIMESTAMP '2020-01-02 03:04:05.25')`);
});

const unload = (
  options: string,
  query = 'SELECT * FROM t ORDER BY id',
  target = 's3://bucket/out/x_',
): Promise<number> => session.unload(`UNLOAD ('${query.replaceAll("'", "''")}') TO '${target}' ${ROLE} ${options}`);

test('delimited text is written as Redshift writes values', async () => {
  expect(await unload('PARALLEL OFF')).toBe(3);
  expect(session.text('out/x_000')).toBe(
    '1|a|b|1.50|t|10|2020-01-02 03:04:05\n2|say "x"\ny\\z|-0.25|f|0.1|\n3|||||2020-01-02 03:04:05.25\n',
  );
});

test('ESCAPE, ADDQUOTES, NULL AS and DELIMITER shape the text, which COPY reads back', async () => {
  await unload(`ESCAPE ADDQUOTES NULL AS 'nil' DELIMITER ',' PARALLEL OFF`, 'SELECT id, name FROM t ORDER BY id');
  expect(session.text('out/x_000')).toBe('"1","a|b"\n"2","say \\"x\\"\\\ny\\\\z"\n"3",nil\n');
  await session.connection.run('CREATE TABLE back (id INTEGER, name VARCHAR)');
  await session.copy(`COPY back FROM 's3://bucket/out/' ${ROLE} ESCAPE REMOVEQUOTES NULL AS 'nil' DELIMITER ','`);
  expect(await session.rows('SELECT * FROM back')).toEqual(await session.rows('SELECT id, name FROM t'));
});

test('a number that holds the delimiter, or reads as a null does, is told from it in CSV, and not in delimited text', async () => {
  const query = 'SELECT 1 AS a, 1.5 AS b, CAST(NULL AS INTEGER) AS c';
  const written = async (options: string): Promise<string> => {
    await unload(`${options} PARALLEL OFF ALLOWOVERWRITE`, query);
    return session.text('out/x_000');
  };
  expect(await written(`CSV DELIMITER '.'`)).toBe('1."1.5".\n');
  expect(await written(`CSV NULL AS '1'`)).toBe('"1",1.5,1\n');
  expect(await written(`DELIMITER '.'`)).toBe('1.1.5.\n');
  expect(await written(`NULL AS '1'`)).toBe('1|1.5|1\n');
  expect(await written(`NULL AS 'x|y'`)).toBe('1|1.5|x|y\n');
});

test('what UNLOAD writes as CSV, JSON, Parquet or gzip, COPY reads back', async () => {
  for (const [format, options] of [
    ['FORMAT CSV', 'CSV EMPTYASNULL'],
    ['CSV HEADER GZIP', 'CSV GZIP IGNOREHEADER 1 EMPTYASNULL'],
    ['FORMAT JSON', `JSON 'auto'`],
    ['FORMAT PARQUET', 'PARQUET'],
    ['ESCAPE ZSTD', 'ESCAPE ZSTD EMPTYASNULL'],
  ] as const) {
    const prefix = `s3://bucket/${encodeURIComponent(format)}/`;
    await session.connection.run('CREATE OR REPLACE TABLE back AS SELECT * FROM t LIMIT 0');
    await unload(`${format} ALLOWOVERWRITE`, 'SELECT * FROM t', prefix);
    await session.copy(`COPY back FROM '${prefix}' ${ROLE} ${options}`);
    expect(await session.rows('SELECT * FROM back ORDER BY id')).toEqual(
      await session.rows('SELECT * FROM t ORDER BY id'),
    );
  }
});

test('files are named by slice and part', async () => {
  await unload('GZIP', 'SELECT i FROM range(1000) r(i)');
  expect(session.objects.keys()).toEqual(['out/x_0000_part_00.gz', 'out/x_0001_part_00.gz']);
  const text = session.objects
    .keys()
    .map((key) => gunzipSync(session.bytes(key)).toString())
    .join('');
  expect(text).toBe(Array.from({ length: 1000 }, (_, index) => `${index}\n`).join(''));
  await unload(`ZSTD EXTENSION 'txt.zst' PARALLEL OFF`, 'SELECT 1', 's3://bucket/one/');
  expect(zstdDecompressSync(session.bytes('one/000.txt.zst')).toString()).toBe('1\n');
});

test('MAXFILESIZE splits at records and repeats the header', async () => {
  const rows = 400_000;
  await unload(
    'CSV HEADER MAXFILESIZE 5 MB PARALLEL OFF',
    `SELECT i AS n, 'some "quoted" text' AS label FROM range(${rows}) r(i)`,
  );
  const keys = session.objects.keys();
  expect(keys).toEqual(['out/x_000', 'out/x_001', 'out/x_002']);
  const lines = keys.map((key) => session.text(key).split('\n'));
  expect(lines.map((of) => [of[0], of.at(-1)])).toEqual(keys.map(() => ['n,label', '']));
  expect(keys.every((key) => session.bytes(key).length <= 5 * 1024 * 1024)).toBe(true);
  expect(lines.reduce((sum, of) => sum + of.length - 2, 0)).toBe(rows);
});

test('a verbose manifest tells files, rows, bytes and types', async () => {
  await unload('CSV MANIFEST VERBOSE', 'SELECT id, name, paid FROM t', 's3://bucket/out/x_');
  const manifest = JSON.parse(session.text('out/x_manifest')) as {
    entries: { url: string; meta: { record_count: number; content_length: number } }[];
    schema: unknown;
    meta: unknown;
  };
  expect(manifest.entries.map(({ url }) => url)).toEqual([
    's3://bucket/out/x_0000_part_00',
    's3://bucket/out/x_0001_part_00',
  ]);
  expect(manifest.entries.reduce((sum, { meta }) => sum + meta.record_count, 0)).toBe(3);
  expect(manifest.schema).toEqual({
    elements: [
      { name: 'id', type: { base: 'integer' } },
      { name: 'name', type: { base: 'character varying', max_length: 65535 } },
      { name: 'paid', type: { base: 'numeric', precision: 10, scale: 2 } },
    ],
  });
  await session.connection.run('CREATE TABLE back (id INTEGER, name VARCHAR, paid DECIMAL(10,2))');
  expect(await session.copy(`COPY back FROM 's3://bucket/out/x_manifest' ${ROLE} CSV MANIFEST`)).toBe(3);
});

test('PARTITION BY writes a folder a value, without the column unless it is included', async () => {
  await session.connection.run(
    `CREATE TABLE p AS SELECT * FROM (VALUES (1, 'x', 'a/b'), (2, 'y', NULL), (3, 'x', 'a/b')) v(id, kind, place)`,
  );
  await unload('CSV PARTITION BY (kind)', 'SELECT id, kind FROM p ORDER BY id', 's3://bucket/by/');
  expect(session.objects.keys()).toEqual(['by/kind=x/0000_part_00', 'by/kind=y/0000_part_00']);
  expect(session.text('by/kind=x/0000_part_00')).toBe('1\n3\n');
  await unload('CSV PARTITION BY (kind) INCLUDE', 'SELECT id, kind FROM p ORDER BY id', 's3://bucket/with/');
  expect(session.text('with/kind=y/0000_part_00')).toBe('2,y\n');
});

test('files that are there stop an UNLOAD unless it may overwrite or clean', async () => {
  await unload('', 'SELECT 1', 's3://bucket/out/');
  await expect(unload('', 'SELECT 2', 's3://bucket/out/')).rejects.toThrow(
    'Specified unload destination on S3 is not empty.',
  );
  session.put('out/other', 'x');
  await unload('ALLOWOVERWRITE', 'SELECT 3', 's3://bucket/out/');
  expect(session.text('out/0000_part_00')).toBe('3\n');
  await unload('CLEANPATH CSV', 'SELECT 4', 's3://bucket/out/');
  expect(session.objects.keys()).toEqual(['out/0000_part_00']);
  await expect(unload('CLEANPATH ALLOWOVERWRITE', 'SELECT 5')).rejects.toThrow(
    'CLEANPATH is not compatible with ALLOWOVERWRITE',
  );
});

test('a failing or cancelled UNLOAD leaves no object', async () => {
  await expect(unload('', `SELECT CASE WHEN i = 99999 THEN error('boom') END FROM range(100000) r(i)`)).rejects.toThrow(
    'boom',
  );
  const controller = new AbortController();
  const running = session.unload(`UNLOAD ('SELECT i FROM range(2000000) r(i)') TO 's3://bucket/out/' ${ROLE} GZIP`, {
    signal: controller.signal,
  });
  setImmediate(() => controller.abort(new Error('cancelled by user')));
  await expect(running).rejects.toThrow('cancelled by user');
  expect(session.objects.keys()).toEqual([]);
  await expect(unload('', 'SELECT 1', 's3://nowhere/x')).rejects.toThrow('The specified bucket does not exist');
  const history = await session.rows(
    'SELECT status, error_message, unloaded_files_count FROM sys_unload_history ORDER BY query_id',
  );
  expect(history).toEqual([
    ['aborted', expect.stringMatching(/^(?!.*exception_type).*boom/), '0'],
    ['aborted', "Query cancelled on user's request", '0'],
    ['aborted', expect.stringContaining('NoSuchBucket'), '0'],
  ]);
});

test('FIXEDWIDTH pads, and refuses what does not fit', async () => {
  await unload(`FIXEDWIDTH 'id:3,name:5' PARALLEL OFF`, `SELECT 1 AS id, 'é' AS name`);
  expect(session.text('out/x_000')).toBe('1  é   \n');
  await expect(unload(`FIXEDWIDTH 'id:3' ALLOWOVERWRITE`, 'SELECT 12345 AS id')).rejects.toThrow(
    'longer than its FIXEDWIDTH of 3',
  );
});

test('FIXEDWIDTH leaves a null of a number empty where its text is too long, and refuses it for a text', async () => {
  const spec = `FIXEDWIDTH 'id:2,name:3' NULL AS`;
  await unload(`${spec} 'nil' PARALLEL OFF`, 'SELECT NULL::INTEGER AS id, NULL::VARCHAR AS name');
  expect(session.text('out/x_000')).toBe('  nil\n');
  await expect(unload(`${spec} 'null' ALLOWOVERWRITE`, 'SELECT 1 AS id, NULL::VARCHAR AS name')).rejects.toThrow(
    'longer than its FIXEDWIDTH of 3',
  );
});

test('SUPER is written as JSON in every format, its null whatever NULL AS says', async () => {
  const query = `SELECT * FROM (VALUES (1, '{"a":"x|y"}'::JSON), (2, NULL)) v(id, s) ORDER BY id`;
  await unload(`ESCAPE NULL AS 'nil' PARALLEL OFF`, query, 's3://bucket/text/');
  expect(session.text('text/000')).toBe('1|{"a":"x\\|y"}\n2|null\n');
  await unload(`CSV NULL AS 'nil' PARALLEL OFF`, query, 's3://bucket/csv/');
  expect(session.text('csv/000')).toBe('1,"{""a"":""x|y""}"\n2,null\n');
  await unload('JSON PARALLEL OFF', query, 's3://bucket/json/');
  expect(session.text('json/000')).toBe('{"id":1,"s":{"a":"x|y"}}\n{"id":2,"s":null}\n');
});

test('JSON has booleans as t and f, no file without rows, and each name once', async () => {
  await unload('JSON PARALLEL OFF', 'SELECT true AS yes, false AS no, NULL::BOOLEAN AS nothing');
  expect(session.text('out/x_000')).toBe('{"yes":"t","no":"f","nothing":null}\n');
  expect(await unload('JSON', 'SELECT id FROM t WHERE false', 's3://bucket/empty/')).toBe(0);
  expect(session.objects.keys()).toEqual(['out/x_000']);
  await expect(unload('JSON', 'SELECT 1 AS a, 2 AS a', 's3://bucket/twice/')).rejects.toThrow('"a" comes twice');
  await unload('CSV HEADER PARALLEL OFF', 'SELECT 1 AS a, 2 AS a', 's3://bucket/twice/');
  expect(session.text('twice/000')).toBe('a,a\n1,2\n');
  await unload('PARTITION BY (b) PARALLEL OFF', 'SELECT 1 AS a, 2 AS a, 3 AS b', 's3://bucket/parted/');
  expect(session.text('parted/b=3/000')).toBe('1|2\n');
  await expect(unload('PARQUET', 'SELECT 1 AS a, 2 AS a', 's3://bucket/cannot/')).rejects.toThrow('"a" comes twice');
});

test('VARBYTE is written as hexadecimal, to text and CSV only', async () => {
  const query = `SELECT from_hex('01ff') AS b`;
  await unload('CSV PARALLEL OFF', query);
  expect(session.text('out/x_000')).toBe('01ff\n');
  for (const format of ['JSON', `FIXEDWIDTH 'b:8'`])
    await expect(unload(`${format} ALLOWOVERWRITE`, query)).rejects.toThrow('can be unloaded to text or CSV only');
});

test('a header is shaped as the fields are, and counts in a verbose manifest', async () => {
  await unload(
    'HEADER ESCAPE ADDQUOTES MANIFEST VERBOSE PARALLEL OFF',
    String.raw`SELECT 1 AS "a|b", 2 AS "c""d", 3 AS "e\\f"`,
    's3://bucket/out/x_',
  );
  expect(session.text('out/x_000')).toBe('"a\\|b"|"c\\"d"|"e\\\\f"\n"1"|"2"|"3"\n');
  const { entries, meta } = JSON.parse(session.text('out/x_manifest')) as {
    entries: { meta: { record_count: number } }[];
    meta: { record_count: number };
  };
  expect([entries[0]?.meta.record_count, meta.record_count]).toEqual([2, 2]);
});

test('an outer LIMIT and options that are not there are refused by name', async () => {
  await expect(unload('', 'SELECT * FROM t LIMIT 1')).rejects.toThrow('Limit clause is not supported');
  expect(await unload('', 'SELECT * FROM (SELECT * FROM t LIMIT 1)')).toBe(1);
  await expect(unload('BZIP2')).rejects.toThrow("UNLOAD's BZIP2 option is not supported");
  await expect(unload('MAXFILESIZE 1 MB')).rejects.toThrow('MAXFILESIZE must be between 5 MB and 6.2 GB');
  for (const size of ['31 MB', '32.5', '1 GB'])
    await expect(unload(`PARQUET ROWGROUPSIZE ${size}`)).rejects.toThrow(
      'ROWGROUPSIZE must be a whole number between 32 MB and 128 MB',
    );
  await expect(unload('CSV ROWGROUPSIZE 64 MB')).rejects.toThrow('ROWGROUPSIZE needs PARQUET');
  await expect(unload('CSV ADDQUOTES')).rejects.toThrow('CSV is not compatible with ADDQUOTES');
});

test('no rows make one empty file, with its header', async () => {
  expect(await unload('CSV HEADER', 'SELECT id FROM t WHERE false')).toBe(0);
  expect(session.objects.keys()).toEqual(['out/x_0000_part_00']);
  expect(session.text('out/x_0000_part_00')).toBe('id\n');
});

test('Parquet keeps to MAXFILESIZE, and to one file a slice below it', async () => {
  // Random texts: nothing to compress.
  const rows = 250_000;
  await session.connection.run(
    `CREATE TABLE big AS SELECT i, md5(CAST(i AS VARCHAR)) || md5(CAST(-i AS VARCHAR)) AS label FROM range(${rows}) r(i)`,
  );
  for (const [options, names] of [
    ['PARQUET', ['out/x_0000_part_00.parquet', 'out/x_0001_part_00.parquet']],
    ['PARQUET PARALLEL OFF', ['out/x_000.parquet']],
  ] as const) {
    await unload(`${options} CLEANPATH`, 'SELECT * FROM big');
    expect(session.objects.keys()).toEqual(names);
  }
  await unload('PARQUET PARALLEL OFF MAXFILESIZE 5 MB CLEANPATH', 'SELECT * FROM big');
  const files = session.objects.keys().filter((key) => key.endsWith('.parquet'));
  expect(files.length).toBeGreaterThan(3);
  for (const key of files) expect(session.bytes(key).length).toBeLessThanOrEqual(5 * 1024 * 1024);
  const groups: unknown[] = [];
  for (const options of ['', 'ROWGROUPSIZE AS 32 MB']) {
    await unload(`PARQUET PARALLEL OFF ${options} CLEANPATH`, 'SELECT * FROM big');
    const file = join(mkdtempSync(join(tmpdir(), 'unload-')), 'x.parquet');
    writeFileSync(file, session.bytes('out/x_000.parquet'));
    groups.push(...(await session.rows(`SELECT num_rows, num_row_groups FROM parquet_file_metadata('${file}')`)));
    rmSync(dirname(file), { recursive: true });
  }
  expect(groups).toEqual([
    [String(rows), '3'],
    [String(rows), '1'],
  ]);
  await unload('PARQUET PARALLEL OFF MAXFILESIZE 5 MB ROWGROUPSIZE 32 CLEANPATH', 'SELECT * FROM big');
  expect(session.objects.keys().filter((key) => key.endsWith('.parquet'))).toHaveLength(files.length);
  await session.connection.run('CREATE TABLE back AS SELECT * FROM big LIMIT 0');
  await session.copy(`COPY back FROM 's3://bucket/out/x_' ${ROLE} PARQUET`);
  expect(await session.rows('SELECT * FROM back EXCEPT ALL SELECT * FROM big')).toEqual([]);
  expect(await session.rows('SELECT count(*) FROM back')).toEqual([[String(rows)]]);
});

test('ENCRYPTED says with which key', async () => {
  await expect(unload('ENCRYPTED')).rejects.toThrow('ENCRYPTED needs AUTO, KMS_KEY_ID or MASTER_SYMMETRIC_KEY');
  await expect(unload(`KMS_KEY_ID 'k'`)).rejects.toThrow('KMS_KEY_ID needs ENCRYPTED');
  await expect(
    session.unload(
      `UNLOAD ('SELECT 1') TO 's3://bucket/x' CREDENTIALS 'aws_iam_role=arn:aws:iam::1:role/r' KMS_KEY_ID 'k' ENCRYPTED`,
    ),
  ).rejects.toThrow('KMS_KEY_ID is not compatible with CREDENTIALS');
  await expect(unload(`ENCRYPTED AUTO KMS_KEY_ID 'k'`)).rejects.toThrow('not compatible with KMS_KEY_ID');
  await expect(
    session.unload(
      `UNLOAD ('SELECT 1') TO 's3://bucket/x' CREDENTIALS 'aws_access_key_id=a;aws_secret_access_key=b;master_symmetric_key=c' ENCRYPTED`,
    ),
  ).rejects.toThrow('master_symmetric_key in CREDENTIALS is not supported');
  await unload('ENCRYPTED AUTO PARALLEL OFF', 'SELECT 1');
  await unload(`KMS_KEY_ID 'k' ENCRYPTED PARALLEL OFF ALLOWOVERWRITE`, 'SELECT 1');
});
