import { execFileSync } from 'node:child_process';
import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { Buffer } from 'node:buffer';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avro from 'avsc';
import { openLoadSession, ROLE, type LoadSession } from '../support/load-session.ts';

let session: LoadSession;

beforeAll(async () => {
  session = await openLoadSession();
});

afterAll(() => session.close());

beforeEach(async () => {
  await session.clear();
});

const create = (columns: string): Promise<unknown> => session.connection.run(`CREATE OR REPLACE TABLE t (${columns})`);
const rows = (): Promise<readonly unknown[]> => session.rows('SELECT * FROM t');
const copy = (options: string, source = 's3://bucket/in/'): Promise<number> =>
  session.copy(`COPY t FROM '${source}' ${ROLE} ${options}`);
const errorRows = (): Promise<readonly unknown[]> =>
  session.rows('SELECT filename, line_number, colname, err_code, err_reason FROM memory.log.load_error ORDER BY ALL');

/** Bytes of a Parquet file with the rows of a query. */
async function parquet(query: string): Promise<Buffer> {
  const path = join(tmpdir(), `copy-${process.pid}-${Math.random()}.parquet`);
  try {
    await session.log.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
    return readFileSync(path);
  } finally {
    rmSync(path, { force: true });
  }
}

test('JSON auto takes members by name and keeps every digit', async () => {
  await create('id BIGINT, name VARCHAR, paid DECIMAL(20,4), tags VARCHAR, ok BOOLEAN, missing VARCHAR');
  session.put(
    'in/a.json',
    '{"id": 9007199254740993, "name": "Zoë \\u00e9 \\"q\\"", "paid": 1234567890123456.7891, "tags": ["a", {"b": 1.50}], "ok": true, "other": 1}\n{"id":2,"name":null}{\n"id": 3,\n"name": "x}"}',
  );
  expect(await copy(`JSON 'auto'`)).toBe(3);
  expect(await rows()).toEqual([
    ['9007199254740993', 'Zoë é "q"', '1234567890123456.7891', '["a",{"b":1.50}]', true, null],
    ['2', null, null, null, null, null],
    ['3', 'x}', null, null, null, null],
  ]);
});

test("JSON 'auto ignorecase' folds names, 'auto' does not", async () => {
  await create('id INTEGER');
  session.put('in/a.json', '{"ID": 1}');
  await copy(`FORMAT AS JSON 'auto ignorecase'`);
  await copy(`FORMAT JSON 'auto'`);
  expect(await rows()).toEqual([[1], [null]]);
});

test('JSON with a jsonpaths file takes the columns in its order', async () => {
  await create('a INTEGER, b VARCHAR, c INTEGER');
  session.put('in/data', '{"x": {"y": [10, 20]}, "k k": "v", "n": 5}\n{"x": null}\n');
  session.put('paths', JSON.stringify({ jsonpaths: ['$.x.y[1]', "$['k k']", '$.n'] }));
  await copy(`JSON AS 's3://bucket/paths'`);
  expect(await rows()).toEqual([
    [20, 'v', 5],
    [null, null, null],
  ]);
  session.put('in/data', '{"x": {"y": [10]}}\n{"x": {"y": 7}}\n{"x": {"y": [1, 2]}}');
  expect(await copy(`JSON AS 's3://bucket/paths' MAXERROR 3`)).toBe(1);
  expect(await errorRows()).toEqual(
    ['1', '2'].map((line) => [
      's3://bucket/in/data',
      line,
      '',
      1216,
      'Invalid JSONPath format: Not an array or index out of range.',
    ]),
  );
  for (const [paths, message] of [
    [{ jsonpaths: ["$.x['y']", '$.a', '$.b'] }, "Invalid JSONPath format: $.x['y'] is not supported"],
    [{ jsonpaths: ['', '$.a', '$.b'] }, 'Invalid JSONPath file'],
    [['$.a'], 'Invalid JSONPath file'],
  ] as const) {
    session.put('paths', JSON.stringify(paths));
    await expect(copy(`JSON 's3://bucket/paths'`)).rejects.toThrow(message);
  }
  session.put('paths', JSON.stringify({ jsonpaths: ['$.x'] }));
  await expect(copy(`JSON 's3://bucket/paths'`)).rejects.toThrow(
    'JSONPath size: 1, Number of columns in table or column list: 3',
  );
});

test('JSON whose jsonpaths file has no jsonpaths is loaded by name', async () => {
  await create('a INTEGER');
  session.put('in/data', '{"a": 1}');
  session.put('paths', '{"other": []}');
  await copy(`JSON 's3://bucket/paths'`);
  expect(await rows()).toEqual([[1]]);
});

test('JSON has a header to ignore, and members of any kind for SUPER', async () => {
  await create('a INTEGER, s JSON');
  session.put(
    'in/data',
    'ignored { "\n[\n{"a": 1, "s": "text \\" of { any kind"}\n{"a": 2, "s": {"b": 1.50}}{"a":3,"s":null}',
  );
  await copy(`JSON 'auto' IGNOREHEADER 2`);
  expect(await rows()).toEqual([
    [1, '"text \\" of { any kind"'],
    [2, '{"b":1.50}'],
    [3, null],
  ]);
});

test('a backslash and an N are no null in JSON', async () => {
  await create('a VARCHAR, b VARCHAR');
  session.put('in/data', String.raw`{"a": "\\N", "b": null}`);
  await copy(`JSON 'auto'`);
  expect(await rows()).toEqual([[String.raw`\N`, null]]);
});

test('an object of more than 4 MB fails', async () => {
  await create('a VARCHAR');
  session.put('in/data', `{"b": "${'x'.repeat(4 * 1024 * 1024)}", "a": "1"}\n{"a": "2"}\n`);
  expect(await copy(`JSON 'auto' MAXERROR 2`)).toBe(1);
});

test('malformed JSON is reported by its last line and does not take the lines after it along', async () => {
  await create('a INTEGER');
  session.put('in/data', '{"a": 1}\n{"a": }\n{"a":\n"x"}\nnonsense\n{"a": 5}\n');
  expect(await copy(`JSON 'auto' MAXERROR 10`)).toBe(2);
  expect(await errorRows()).toEqual([
    ['s3://bucket/in/data', '2', '', 1216, 'Invalid value.'],
    ['s3://bucket/in/data', '4', 'a', 1207, "Invalid digit, Value 'x', Pos 0, Type: Integer"],
    ['s3://bucket/in/data', '5', '', 1216, 'Invalid value.'],
  ]);
});

test('Parquet goes by position and widens', async () => {
  await create('a BIGINT, b VARCHAR, c DECIMAL(12,2), d TIMESTAMP');
  session.put(
    'in/a.parquet',
    await parquet(`SELECT 1::INTEGER x, 'é' y, 1.25::DECIMAL(10,2) z, TIMESTAMP '2020-01-02 03:04:05' w`),
  );
  expect(await copy('FORMAT AS PARQUET')).toBe(1);
  expect(await rows()).toEqual([['1', 'é', '1.25', '2020-01-02 03:04:05']]);
});

test('Parquet that does not fit is refused with what differs', async () => {
  await create('a INTEGER, b VARCHAR CHECK (strlen(b) <= 3) NOT NULL');
  session.put('in/a.parquet', await parquet(`SELECT 1::BIGINT a, 'x' b`));
  await expect(copy('PARQUET')).rejects.toThrow("incompatible Parquet schema for column 'a'. Column type: INT4");
  session.put('in/a.parquet', await parquet('SELECT 1 a'));
  await expect(copy('PARQUET')).rejects.toThrow(
    'Unmatched number of columns between table and file. Table columns: 2, Data columns: 1',
  );
  session.put('in/a.parquet', await parquet(`SELECT * FROM (VALUES (1, 'x'), (2, 'long')) v(a, b)`));
  await expect(copy('PARQUET')).rejects.toThrow('stl_load_errors');
  expect(await errorRows()).toEqual([
    [
      's3://bucket/in/a.parquet',
      '2',
      'b',
      1204,
      'The length of the data column b is longer than the length defined in the table. Table: 3, Data: 4'.slice(0, 100),
    ],
  ]);
  for (const option of ['MAXERROR 3', 'NOLOAD', `REGION 'us-east-1'`, 'COMPUPDATE OFF', 'TRUNCATECOLUMNS'])
    await expect(copy(`PARQUET ${option}`)).rejects.toThrow(
      `${option.split(' ')[0]} argument is not supported for PARQUET based COPY`,
    );
});

test('values of Parquet that no column of the type can hold are load errors', async () => {
  const refused = async (columns: string, query: string, option = ''): Promise<unknown> => {
    await session.clear();
    await create(columns);
    session.put('in/a.parquet', await parquet(query));
    await expect(copy(`PARQUET ${option}`)).rejects.toThrow('stl_load_errors');
    const [error] = (await errorRows()) as readonly (readonly unknown[])[];
    return error?.slice(1, 4);
  };
  expect(await refused('d DATE', `SELECT unnest([DATE '2020-01-02', DATE '10000-01-01']) d`)).toEqual(['2', 'd', 1205]);
  expect(await refused('d DATE', `SELECT 'infinity'::DATE d`)).toEqual(['1', 'd', 1205]);
  expect(await refused('d TIMESTAMP', `SELECT TIMESTAMP '0044-01-01 (BC) 00:00:00' d`)).toEqual(['1', 'd', 1206]);
  expect(await refused('s JSON', `SELECT {'x': 'nan'::DOUBLE} s`, 'SERIALIZETOJSON')).toEqual(['1', 's', 1224]);
  await session.connection.run('DROP TABLE t');
  await create('c VARCHAR, b BLOB');
  const redshift = { columns: { c: { type: 'character(3)' }, b: { type: 'binary varying(2)' } } };
  await session.connection.run(`COMMENT ON TABLE t IS '${JSON.stringify({ redshift })}'`);
  session.put('in/a.parquet', await parquet(`SELECT 'é' c, 'ab'::BLOB b`));
  await expect(copy('PARQUET')).rejects.toThrow('stl_load_errors');
  session.put('in/a.parquet', await parquet(`SELECT 'e' c, 'abc'::BLOB b`));
  await expect(copy('PARQUET')).rejects.toThrow('stl_load_errors');
  expect((await errorRows()).map((row) => (row as readonly unknown[]).slice(2, 4))).toEqual(
    expect.arrayContaining([
      ['c', 1220],
      ['b', 1204],
    ]),
  );
});

test('Parquet whose name says so is decompressed first', async () => {
  await create('a INTEGER');
  const file = await parquet('SELECT 5 a');
  session.put('in/a.parquet.gz', gzipSync(file));
  session.put('in/b.parquet.bz2', execFileSync('bzip2', ['-c'], { input: file }));
  session.put('in/c.gz', file);
  expect(await copy('PARQUET')).toBe(3);
  session.put('in/a.parquet.gz', gzipSync(file).subarray(0, 60));
  await expect(copy('PARQUET')).rejects.toThrow("File 's3://bucket/in/a.parquet.gz' is not a valid Parquet file: ");
  session.put('in/a.parquet.gz', 'plain text');
  await expect(copy('PARQUET')).rejects.toThrow("File 's3://bucket/in/a.parquet.gz' is not a valid Parquet file: ");
  await session.clear();
  await create('a INTEGER');
  session.put('in/a.snappy', 'x');
  await expect(copy('PARQUET')).rejects.toThrow('COPY of a Parquet file inside Snappy is not supported');
  session.put('in/a.snappy', file);
  expect(await copy('PARQUET')).toBe(1);
  session.put('in/a.parquet', 'text');
  await expect(copy('PARQUET')).rejects.toThrow(/is not a valid Parquet file: (?!.*exception_type).*too small/);
});

test('Parquet goes into SUPER with SERIALIZETOJSON', async () => {
  await create('a INTEGER, s JSON');
  const columns = [`{'b': [1, NULL], 'c': 'x'}`, `'plain "text"'`, '1.5::DOUBLE', `'{"x":1}'::JSON`, 'NULL'];
  for (const [index, value] of columns.entries())
    session.put(`in/${index}.parquet`, await parquet(`SELECT ${index} a, ${value} s`));
  await expect(copy('PARQUET')).rejects.toThrow('SUPER column in COPY query requires SERIALIZETOJSON option');
  await copy('FORMAT AS PARQUET SERIALIZETOJSON');
  expect(await session.rows('SELECT * FROM t ORDER BY a')).toEqual([
    [0, '{"b":[1,null],"c":"x"}'],
    [1, String.raw`"plain \"text\""`],
    [2, '1.5'],
    [3, '{"x":1}'],
    [4, null],
  ]);
  session.put('in/0.parquet', await parquet(`SELECT 1 a, repeat('x', 65536) s`));
  await expect(copy('PARQUET SERIALIZETOJSON')).rejects.toThrow('stl_load_errors');
  expect(await errorRows()).toEqual([
    ['s3://bucket/in/0.parquet', '1', 's', 1224, 'String value exceeds the max size of 65535 bytes'],
  ]);
  await expect(copy('CSV SERIALIZETOJSON')).rejects.toThrow('SERIALIZETOJSON needs PARQUET');
});

test('Avro takes fields by name', async () => {
  await create('id BIGINT, name VARCHAR, score DOUBLE');
  const type = avro.Type.forSchema({
    type: 'record',
    name: 'r',
    fields: [
      { name: 'name', type: ['null', 'string'] },
      { name: 'id', type: 'long' },
      { name: 'score', type: 'double' },
    ],
  });
  const file = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const encoder = new avro.streams.BlockEncoder(type, { codec: 'deflate' });
    encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
    encoder.on('end', () => resolve(Buffer.concat(chunks)));
    encoder.on('error', reject);
    encoder.write({ name: 'Zoë', id: 1, score: 1.5 });
    encoder.end({ name: null, id: 2, score: -2 });
  });
  session.put('in/a.avro', file);
  expect(await copy(`FORMAT AS AVRO 'auto'`)).toBe(2);
  expect(await rows()).toEqual([
    ['1', 'Zoë', 1.5],
    ['2', null, -2],
  ]);
  session.put('in/a.avro', file.subarray(0, 60));
  await expect(copy(`AVRO 'auto'`)).rejects.toThrow('stl_load_errors');
});

test('Avro has longs of 64 bits, unions of several numbers or records, and bytes as characters', async () => {
  // oxlint-disable-next-line no-underscore-dangle -- the library's own name.
  const long = avro.types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer: (value: bigint) => Buffer.from(BigInt64Array.of(value).buffer),
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: () => 0,
  });
  const type = avro.Type.forSchema(
    {
      type: 'record',
      name: 'r',
      fields: [
        { name: 'l', type: 'long' },
        { name: 'u', type: ['int', 'long'] },
        { name: 'ls', type: { type: 'array', items: 'long' } },
        { name: 'b', type: 'bytes' },
      ],
    },
    { typeHook: (schema) => (schema === 'long' ? long : undefined), wrapUnions: true },
  );
  const file = await new Promise<Buffer>((resolve) => {
    const chunks: Buffer[] = [];
    const encoder = new avro.streams.BlockEncoder(type);
    encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
    encoder.on('end', () => resolve(Buffer.concat(chunks)));
    encoder.end({ l: 2n ** 63n - 1n, u: { long: 5n }, ls: [2n ** 53n + 1n], b: Buffer.from('abc') });
  });
  session.put('in/a.avro', file);
  await create('l BIGINT, u VARCHAR, ls JSON, b VARCHAR');
  expect(await copy('AVRO')).toBe(1);
  expect(await rows()).toEqual([['9223372036854775807', '5', '[9007199254740993]', 'abc']]);
  await expect(copy(`AVRO 'noshred'`)).rejects.toThrow("not 'noshred'");
});

test('Avro compressed with Snappy loads, and a damaged block is found', async () => {
  await create('id BIGINT, name VARCHAR');
  const type = avro.Type.forSchema({
    type: 'record',
    name: 'r',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'name', type: 'string' },
    ],
  });
  /** One literal and its checksum: all of Snappy but its copies. */
  const literal = (block: Buffer): Buffer => {
    const [length, checksum] = [Buffer.alloc(2), Buffer.alloc(4)];
    length.writeUInt16LE(block.length - 1);
    checksum.writeUInt32BE(crc32(block));
    const size = Buffer.from([(block.length & 0x7f) | 0x80, block.length >> 7]);
    return Buffer.concat([size, Buffer.from([61 << 2]), length, block, checksum]);
  };
  const file = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const encoder = new avro.streams.BlockEncoder(type, {
      codec: 'snappy',
      codecs: { snappy: (block: Buffer, done: (error: null, out: Buffer) => void) => done(null, literal(block)) },
    });
    encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
    encoder.on('end', () => resolve(Buffer.concat(chunks)));
    encoder.on('error', reject);
    for (let id = 0; id < 100; id++) encoder.write({ id, name: `name ${id}` });
    encoder.end();
  });
  session.put('in/a.avro', file);
  expect(await copy('AVRO')).toBe(100);
  expect((await rows())[99]).toEqual(['99', 'name 99']);
  const damaged = Buffer.from(file);
  damaged.write('X', file.indexOf('name 50'));
  session.put('in/a.avro', damaged);
  await expect(copy('AVRO')).rejects.toThrow('stl_load_errors');
  expect(await errorRows()).toEqual([
    ['s3://bucket/in/a.avro', '1', '', 1216, 'Invalid Avro data: snappy codec decompression error'],
  ]);
});

test('zstd and bzip2 files load', async () => {
  await create('a INTEGER, b VARCHAR');
  session.put('zst/a', zstdCompressSync(Buffer.from('1|x\n')));
  session.put('bz/a', execFileSync('bzip2', ['-c'], { input: '2|y\n' }));
  await copy('ZSTD', 's3://bucket/zst/');
  await copy('BZIP2', 's3://bucket/bz/');
  expect(await rows()).toEqual([
    [1, 'x'],
    [2, 'y'],
  ]);
});

test('broken gzip fails the load and names the file', async () => {
  await create('a INTEGER');
  const whole = gzipSync('1\n2\n'.repeat(10_000));
  session.put('in/a.gz', whole);
  session.put('in/b.gz', whole.subarray(0, 40));
  await expect(copy('GZIP')).rejects.toThrow('stl_load_errors');
  expect(await rows()).toEqual([]);
  expect(await errorRows()).toEqual([
    ['s3://bucket/in/b.gz', expect.any(String), '', 1216, expect.stringContaining('Invalid gzip data')],
  ]);
  // What is missing are no rows that MAXERROR could forgive.
  await expect(copy('GZIP MAXERROR 10')).rejects.toThrow('stl_load_errors');
  expect(await rows()).toEqual([]);
  session.put('in/b.gz', '1\n');
  await expect(copy('GZIP')).rejects.toThrow('stl_load_errors');
});

test('a manifest is held to what it promises', async () => {
  await create('a INTEGER');
  session.put('in/a', '1\n');
  const manifest = (value: unknown): void =>
    session.put('m', typeof value === 'string' ? value : JSON.stringify(value));
  const load = (): Promise<number> => copy('MANIFEST', 's3://bucket/m');
  await expect(load()).rejects.toThrow(
    'Problem reading manifest file - S3ServiceException:The specified key does not exist.',
  );
  manifest('{');
  await expect(load()).rejects.toThrow('Manifest file is not in correct json format');
  manifest({ entries: [{ url: 's3://bucket/in/a' }, { url: 's3://bucket/in/none' }] });
  expect(await load()).toBe(1);
  manifest({ entries: [{ url: 's3://bucket/in/a' }, { url: 's3://bucket/in/none', mandatory: true }] });
  await expect(load()).rejects.toThrow('Mandatory url s3://bucket/in/none does not exist');
  manifest({ entries: [{ url: 's3://bucket/in/none' }] });
  await expect(load()).rejects.toThrow('none of the files');
  manifest({ entries: [{ url: 's3://bucket/in/a', meta: { content_length: 3 } }] });
  await expect(load()).rejects.toThrow('has 2 bytes, meta.content_length says 3');
  manifest({ entries: [{ url: 's3://bucket/in/a', meta: { content_length: 2 } }] });
  expect(await load()).toBe(1);
});

test('a prefix, a bucket and a table that are not there are said to be missing', async () => {
  await create('a INTEGER');
  await expect(copy('', 's3://bucket/none')).rejects.toThrow("The specified S3 prefix 'none' does not exist");
  await expect(copy('', 's3://other/none')).rejects.toThrow('The specified bucket does not exist');
  await expect(session.copy(`COPY nobody FROM 's3://bucket/in/' ${ROLE}`)).rejects.toThrow(
    'Cannot COPY into nonexistent table nobody',
  );
  await expect(session.copy(`COPY t (z) FROM 's3://bucket/in/' ${ROLE}`)).rejects.toThrow(
    'column "z" of relation "t" does not exist',
  );
});

test('columns left out of the list get their defaults', async () => {
  await create(`a INTEGER, b VARCHAR DEFAULT 'd', c INTEGER`);
  session.put('in/a', '1|2\n');
  await session.copy(`COPY t (c, a) FROM 's3://bucket/in/' ${ROLE}`);
  expect(await rows()).toEqual([[2, 'd', 1]]);
});

test('an options error names the option', async () => {
  await create('a INTEGER');
  for (const [options, message] of [
    ['CSV ESCAPE', 'CSV is not compatible with ESCAPE'],
    ['GZIP ZSTD', 'GZIP is not compatible with ZSTD'],
    ['LZOP', "COPY's LZOP option is not supported"],
    ['FORMAT ORC', "COPY's ORC option is not supported"],
    ['SHAPEFILE', "COPY's SHAPEFILE option is not supported"],
    ['SSH', "COPY's SSH option is not supported"],
    [`ENCRYPTED MASTER_SYMMETRIC_KEY 'x'`, "COPY's ENCRYPTED option is not supported"],
    ['NULLISH', 'COPY has no option NULLISH'],
    [`DELIMITER ''`, 'DELIMITER must not be empty'],
    ['MAXERROR 100001', 'MAXERROR must be between 0 and 100000'],
    ['CSV CSV', 'conflicting or redundant options: CSV'],
    [`IGNOREHEADER`, 'syntax error at end of input'],
    ['IGNOREALLERRORS MAXERROR 5', 'IGNOREALLERRORS is not compatible with MAXERROR'],
    [`JSON 'auto' NULL AS 'x'`, 'JSON is not compatible with NULL'],
    ['COMPROWS 999', 'COMPROWS must be between 1000 and 2147483647'],
    ['STATUPDATE PRESET', 'COPY has no option PRESET'],
    ['JOB CREATE j AUTO ON', "COPY's JOB option is not supported"],
    ['USING TEMPLATE t', "COPY's USING option is not supported"],
    ['READRATIO 50', "COPY's READRATIO option is not supported"],
    [`FIXEDWIDTH 'a:1' ENCODING UTF16`, 'FIXEDWIDTH is not compatible with an ENCODING other than UTF8'],
    [`CREDENTIALS 'aws_iam_role=arn:aws:iam::1:role/r'`, 'IAM_ROLE is not compatible with CREDENTIALS'],
    [`SESSION_TOKEN 't'`, 'SESSION_TOKEN needs ACCESS_KEY_ID'],
  ] as const)
    await expect(copy(options)).rejects.toThrow(message);
  await expect(session.copy(`COPY t FROM 's3://bucket/in/' IAM_ROLE 'nonsense'`)).rejects.toThrow(
    'Invalid IAM role ARN',
  );
  await expect(session.copy(`COPY t FROM 's3://bucket/in/' CREDENTIALS 'x'`)).rejects.toThrow('Invalid credentials');
  await expect(session.copy(`COPY t FROM 's3://bucket/in/' CSV`)).rejects.toThrow('Authorization is missing');
  await expect(session.copy(`COPY t FROM 's3://bucket/in/' ACCESS_KEY_ID 'a'`)).rejects.toThrow(
    'ACCESS_KEY_ID and SECRET_ACCESS_KEY must be specified together',
  );
  await expect(session.copy(`COPY t FROM 'dynamodb://x' ${ROLE} READRATIO 50`)).rejects.toThrow(
    'COPY from DynamoDB is not supported',
  );
});

test('a COPY that finds nothing to read stands in the history as aborted', async () => {
  await create('a INTEGER, b VARCHAR');
  await expect(copy('')).rejects.toThrow("The specified S3 prefix 'in/' does not exist");
  expect(await session.rows('SELECT status, loaded_rows, source_file_count FROM sys_load_history')).toEqual([
    ['aborted', '0', 0],
  ]);
});

test('a cancelled COPY leaves nothing', async () => {
  await create('a INTEGER, b VARCHAR');
  session.put('in/a.gz', gzipSync('1|some text\n'.repeat(200_000)));
  const controller = new AbortController();
  const running = session.copy(`COPY t FROM 's3://bucket/in/' ${ROLE} GZIP ESCAPE`, { signal: controller.signal });
  setImmediate(() => controller.abort(new Error('cancelled by user')));
  await expect(running).rejects.toThrow('cancelled by user');
  expect(await rows()).toEqual([]);
  expect(await session.rows('SELECT status FROM memory.log.load')).toEqual([['canceled']]);
});

test('a COPY that fails while rows of it are on their way to the disk leaves nothing', async () => {
  await create('a INTEGER, b VARCHAR');
  session.put('in/a', `${'1|some text\n'.repeat(100_000)}x|y\n`);
  for (let again = 0; again < 5; again++) await expect(copy('ESCAPE')).rejects.toThrow('stl_load_errors');
  expect(await rows()).toEqual([]);
  session.put('in/a', '1|x\n'.repeat(200_000));
  const controller = new AbortController();
  const running = session.copy(`COPY t FROM 's3://bucket/in/' ${ROLE} ESCAPE`, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('cancelled by user')), 50);
  await expect(running).rejects.toThrow('cancelled by user');
  expect(await rows()).toEqual([]);
});

test('a file of another encoding is skipped with MAXERROR', async () => {
  await create('a VARCHAR');
  const half = Buffer.from([0x00, 0xd8, 0x0a, 0x00]);
  session.put('in/a', Buffer.concat([Buffer.from(`\uFEFF${'x\n'.repeat(10)}`, 'utf16le'), half]));
  session.put('in/b', Buffer.from('\uFEFFy\n', 'utf16le'));
  expect(await copy('ENCODING UTF16 MAXERROR 2')).toBe(1);
  expect(await rows()).toEqual([['y']]);
});

test('identity columns are generated unless EXPLICIT_IDS loads them', async () => {
  const redshift = { columns: { id: { type: 'bigint', identity: { seed: 1, step: 1, byDefault: false } } } };
  await session.connection
    .run(`CREATE SEQUENCE s; CREATE TABLE i (id BIGINT NOT NULL DEFAULT nextval('s'), name VARCHAR);
    COMMENT ON TABLE i IS '${JSON.stringify({ redshift })}'`);
  session.put('in/a', 'x\ny\n');
  session.put('ids/a', '7|z\n');
  await session.copy(`COPY i FROM 's3://bucket/in/' ${ROLE}`);
  await session.copy(`COPY i FROM 's3://bucket/ids/' ${ROLE} EXPLICIT_IDS`);
  expect(await session.rows('SELECT * FROM i')).toEqual([
    ['1', 'x'],
    ['2', 'y'],
    ['7', 'z'],
  ]);
  await expect(session.copy(`COPY i (id, name) FROM 's3://bucket/ids/' ${ROLE}`)).rejects.toThrow('needs EXPLICIT_IDS');
  await expect(session.copy(`COPY i (name) FROM 's3://bucket/in/' ${ROLE} EXPLICIT_IDS`)).rejects.toThrow(
    'EXPLICIT_IDS needs the identity column',
  );
});

test('a COPY that needs the record readers keeps what its transaction did before', async () => {
  await create('a INTEGER, b VARCHAR');
  session.put('in/a', '1|x\n2\n');
  session.put('in/b', '3|y\n');
  await session.connection.run(`INSERT INTO t VALUES (0, 'committed')`);
  await session.connection.run(`BEGIN; DELETE FROM t; INSERT INTO t VALUES (-1, 'before')`);
  await session.copy(`COPY t FROM 's3://bucket/in/' ${ROLE} FILLRECORD`, { inTransaction: true });
  session.put('in/a', '4|x\n5.5|z\n');
  await session.copy(`COPY t FROM 's3://bucket/in/' ${ROLE} MAXERROR 5`, { inTransaction: true });
  await session.connection.run('COMMIT');
  expect(await session.rows('SELECT a FROM t ORDER BY a')).toEqual([[-1], [1], [2], [3], [3], [4]]);
});

test('names with quotation marks, spaces and emoji load and unload', async () => {
  await session.connection.run(`CREATE TABLE "odd ""t" ("a 'b" INTEGER, "😀" VARCHAR)`);
  session.put(`in/it's "a" 😀`, '1|x\n');
  await session.copy(`COPY "odd ""t" ("a 'b", "😀") FROM 's3://bucket/in/it''s "a" 😀' ${ROLE}`);
  await session.unload(
    `UNLOAD ('SELECT * FROM "odd ""t"') TO 's3://bucket/out/it''s 😀' ${ROLE} CSV HEADER PARALLEL OFF`,
  );
  expect(session.text(`out/it's 😀000`)).toBe(`a 'b,😀\n1,x\n`);
});
