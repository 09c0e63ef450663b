import {
  createQueryLog,
  isMissingSystemRelation,
  readsLoads,
  readsQueries,
  systemRelation,
} from '../../local/redshift/catalog/index.ts';
import { SYSTEM_VIEWS } from '../../local/redshift/catalog/system-relations.ts';
import { NO_ATTRIBUTES } from '../../local/redshift/dialect/index.ts';
import { openLoadSession, ROLE, type LoadSession } from '../support/load-session.ts';

let session: LoadSession;

beforeAll(async () => {
  session = await openLoadSession();
  await session.connection
    .run(`CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR CHECK (strlen(name) <= 20), paid DECIMAL(10,2));
    COMMENT ON TABLE t IS '${JSON.stringify({ redshift: { ...NO_ATTRIBUTES, columns: { name: { type: 'character varying(20)' } } } })}';
    CREATE VIEW v AS SELECT id FROM t; CREATE SCHEMA dev.other; CREATE TABLE dev.other.u (x BIGINT); INSERT INTO t VALUES (1, 'x', 2), (2, 'y', 3)`);
});

afterAll(() => session.close());

test('svv_tables lists the tables and views of the database and nothing of the machinery', async () => {
  expect(await session.rows('SELECT table_schema, table_name, table_type FROM svv_tables ORDER BY ALL')).toEqual([
    ['other', 'u', 'BASE TABLE'],
    ['public', 't', 'BASE TABLE'],
    ['public', 'v', 'VIEW'],
  ]);
});

test('pg_table_def shows the tables of the search path with their Redshift types', async () => {
  expect(
    await session.rows(
      `SELECT tablename, "column", type, "notnull" FROM pg_table_def WHERE schemaname = 'public' AND tablename = 't'`,
    ),
  ).toEqual([
    ['t', 'id', 'integer', true],
    ['t', 'name', 'character varying(20)', false],
    ['t', 'paid', 'numeric(10,2)', false],
  ]);
  expect(await session.rows(`SELECT * FROM pg_table_def WHERE tablename = 'u'`)).toEqual([]);
});

test('svv_columns has lengths, precision and scale', async () => {
  expect(
    await session.rows(`SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable
      FROM svv_columns WHERE table_name = 't' ORDER BY ordinal_position`),
  ).toEqual([
    ['id', 'integer', null, 32, 0, 'NO'],
    ['name', 'character varying', 20, null, null, 'YES'],
    ['paid', 'numeric', null, 10, 2, 'YES'],
  ]);
});

test('distribution, sort keys, encodings and declared types come from what the dialect keeps of a table', async () => {
  const redshift = {
    distStyle: 'KEY',
    distKey: 'a',
    sortStyle: 'COMPOUND',
    sortKeys: ['b', 'a'],
    columns: { a: { type: 'integer', encode: 'az64' }, b: { type: 'character(3)', comment: 'why' } },
  };
  await session.connection
    .run(`CREATE TABLE k (a INTEGER, b VARCHAR CHECK (strlen(b) <= 3)); INSERT INTO k VALUES (1, 'x');
    COMMENT ON TABLE k IS '${JSON.stringify({ redshift })}'`);
  expect(
    await session.rows(`SELECT "column", type, encoding, distkey, sortkey FROM pg_table_def WHERE tablename = 'k'`),
  ).toEqual([
    ['a', 'integer', 'az64', true, 2],
    ['b', 'character(3)', 'none', false, 1],
  ]);
  expect(await session.rows(`SELECT diststyle, sortkey1, sortkey_num FROM svv_table_info WHERE "table" = 'k'`)).toEqual(
    [['KEY(a)', 'b', 2]],
  );
  expect(
    await session.rows(
      `SELECT data_type, character_maximum_length, remarks FROM svv_columns WHERE table_name = 'k' AND column_name = 'b'`,
    ),
  ).toEqual([['character', 3, 'why']]);
  await session.connection.run('DROP TABLE k');
});

test('svv_table_info counts rows', async () => {
  expect(await session.rows(`SELECT "table", tbl_rows, max_varchar FROM svv_table_info`)).toEqual([['t', '2', 20]]);
});

test('information_schema and pg_catalog are found by their whole names', async () => {
  const tables = systemRelation('information_schema', 'tables');
  expect(await session.rows(`SELECT count(*) FROM ${tables}`)).toEqual([['3']]);
  expect(
    await session.rows(
      `SELECT relname FROM ${systemRelation('pg_catalog', 'pg_class')} WHERE relnamespace NOT IN (11, 12) ORDER BY ALL`,
    ),
  ).toEqual([['t'], ['u'], ['v']]);
  expect(systemRelation('public', 'tables')).toBeUndefined();
});

test('a system table that is not kept is told from one that does not exist', () => {
  expect(isMissingSystemRelation('stv_xrestore_alter_queue_state')).toBe(true);
  expect(isMissingSystemRelation('stl_load_errors')).toBe(false);
  expect(isMissingSystemRelation('customers')).toBe(false);
});

test('loads and unloads are told by the session functions and the monitoring views', async () => {
  expect(await session.rows('SELECT pg_last_copy_count(), pg_last_copy_id(), pg_last_unload_count()')).toEqual([
    ['0', -1, '0'],
  ]);
  session.put('in/a', '1|x|1\n2|y|2\n');
  session.put('in/b', '3|z|3\n');
  await session.connection.run('CREATE TABLE l AS SELECT * FROM t LIMIT 0');
  await session.copy(`COPY l FROM 's3://bucket/in/' ${ROLE}`);
  await session.unload(`UNLOAD ('SELECT * FROM l') TO 's3://bucket/out/' ${ROLE} PARALLEL OFF`);
  expect(await session.rows('SELECT pg_last_copy_count(), pg_last_copy_id() > 0, pg_last_unload_count()')).toEqual([
    ['3', true, '3'],
  ]);
  expect(
    await session.rows(
      `SELECT trim(filename), lines_scanned FROM stl_load_commits WHERE query = pg_last_copy_id() ORDER BY 1`,
    ),
  ).toEqual([
    ['s3://bucket/in/a', '2'],
    ['s3://bucket/in/b', '1'],
  ]);
  expect(await session.rows('SELECT status, table_name, loaded_rows, source_file_count FROM sys_load_history')).toEqual(
    [['completed', 'l', '3', 2]],
  );
  expect(await session.rows('SELECT file_name, loaded_rows, error_count FROM sys_load_detail ORDER BY 1')).toEqual([
    ['s3://bucket/in/a', '2', '0'],
    ['s3://bucket/in/b', '1', '0'],
  ]);
  expect(await session.rows('SELECT path, line_count FROM stl_unload_log')).toEqual([['s3://bucket/out/000', '3']]);
  expect(await session.rows('SELECT status, unloaded_rows, unloaded_files_count FROM sys_unload_history')).toEqual([
    ['completed', '3', '1'],
  ]);
});

test('load errors survive the rollback of the load', async () => {
  session.put('bad/a', '1|x|oops\n');
  await expect(session.copy(`COPY l FROM 's3://bucket/bad/' ${ROLE}`)).rejects.toThrow('stl_load_errors');
  expect(
    await session.rows(
      `SELECT trim(filename), line_number, trim(colname), trim(type), col_length, err_code, trim(err_reason), raw_line FROM stl_load_errors`,
    ),
  ).toEqual([
    [
      's3://bucket/bad/a',
      '1',
      'paid',
      'numeric',
      '10,2',
      1207,
      "Invalid digit, Value 'o', Pos 0, Type: Decimal",
      '1|x|oops',
    ],
  ]);
  expect(
    await session.rows('SELECT file_name, column_name, error_code, error_message FROM sys_load_error_detail'),
  ).toEqual([['s3://bucket/bad/a', 'paid', 1207, "Invalid digit, Value 'o', Pos 0, Type: Decimal"]]);
});

test('whoever names a view of the log, directly or through another view, is shown it up to date', () => {
  const reads = (name: string, log: RegExp): boolean => {
    const text = SYSTEM_VIEWS[name] ?? '';
    const others = [...text.matchAll(/rs\.main\.(\w+)/g)].map(([, other = '']) => other);
    return log.test(text) || others.some((other) => other !== name && reads(other, log));
  };
  const names = Object.keys(SYSTEM_VIEWS);
  const loads = names.filter((name) => reads(name, /memory\.log\.(?:un)?load/));
  const queries = names.filter((name) => reads(name, /memory\.log\.(?:query|session)/));
  expect(loads.length).toBeGreaterThan(5);
  expect(loads.filter((name) => !readsLoads(`SELECT * FROM ${name}`))).toEqual([]);
  expect(queries.length).toBeGreaterThan(10);
  expect(queries.filter((name) => !readsQueries(`SELECT * FROM ${name}`))).toEqual([]);
});

test('what ran is told with its time and rows, what runs as running', async () => {
  const log = createQueryLog();
  const common = { pid: 7, transactionId: 1, userId: 100, userName: 'admin', database: 'dev', startMs: 1000 };
  log.started({ ...common, queryId: 1, command: 'SELECT', text: `SELECT 'é' /* ${'x'.repeat(300)} */` });
  log.started({ ...common, queryId: 2, command: 'INSERT', text: 'INSERT INTO t VALUES (1)' });
  log.ended(1, { status: 'success', endMs: 1250, rows: 4 });
  await log.publish(session.log, 'SELECT 1');
  expect(await session.rows('SELECT count(*) FROM sys_query_history')).toEqual([['0']]);
  await log.publish(session.log, 'select * from SYS_QUERY_HISTORY');
  expect(
    await session.rows(
      'SELECT query_id, query_type, status, elapsed_time, returned_rows FROM sys_query_history ORDER BY 1',
    ),
  ).toEqual([
    ['1', 'SELECT', 'success', '250000', '4'],
    ['2', 'INSERT', 'running', null, null],
  ]);
  expect(await session.rows('SELECT pid, query FROM stv_inflight')).toEqual([[7, '2']]);
  expect(await session.rows('SELECT query, sequence, length(text) FROM stl_querytext ORDER BY 1, 2')).toEqual([
    ['1', '0', '200'],
    ['1', '1', '117'],
    ['2', '0', '24'],
  ]);
  log.ended(2, { status: 'failed', endMs: 1300, rows: -1, message: 'no' });
  await log.publish(session.log, 'select * from stl_query');
  expect(await session.rows('SELECT query, aborted FROM stl_query ORDER BY 1')).toEqual([
    ['1', 0],
    ['2', 1],
  ]);
});

test('a transaction sees what its own COPY has loaded, file by file', async () => {
  session.put('mine/a', '1|x|1\n2|y|2\n');
  session.put("mine/b 'q'", '3|z|3\n');
  await session.connection.run('CREATE TABLE mine AS SELECT * FROM t LIMIT 0');
  await session.connection.run('BEGIN');
  const files = 'SELECT trim(filename), lines_scanned FROM stl_load_commits WHERE query = pg_last_copy_id() ORDER BY 1';
  await session.copy(`COPY mine FROM 's3://bucket/mine/' ${ROLE}`, { inTransaction: true });
  const loaded = [
    ['s3://bucket/mine/a', '2'],
    ["s3://bucket/mine/b 'q'", '1'],
  ];
  expect(await session.rows(files)).toEqual(loaded);
  await session.connection.run('COMMIT');
  expect(await session.rows(files)).toEqual(loaded);
});
