import { emptyViews } from './empty-views.ts';
import { KIND, MICROSECONDS } from './query-views.ts';
import { COUNTED, STEP } from './step-views.ts';

/**
 * The relations that the log's queries name, as the catalogue has them now: a name without a schema is `public`'s, or that of the one schema
 * that has it. Of a view, the tables below it are read.
 */
const NAMED = `relations AS MATERIALIZED (
      SELECT oid, schema_name, relation, attributes, kind = 'r' OR (attributes->>'view') IS NOT DISTINCT FROM 'materialized' AS stored,
        schema_name = 'public' OR NOT bool_or(schema_name = 'public') OVER (PARTITION BY relation) AS home
      FROM rs.main.rs_relations),
    queries AS MATERIALIZED (
      SELECT * FROM memory.log.query WHERE status = 'success' AND database_name = current_database() AND ${KIND} = 'QUERY')`;

const MATCHES = `r.relation = split_part(n.name, '.', -1)
        AND CASE WHEN contains(n.name, '.') THEN r.schema_name = split_part(n.name, '.', 1) ELSE r.home END`;

const READ = `WITH RECURSIVE ${NAMED},
    named AS (
      SELECT query, unnest(reads) AS name FROM queries
      UNION
      SELECT n.query, unnest(CAST(json_extract_string(r.attributes, '$.reads[*]') AS VARCHAR[]))
      FROM named n JOIN relations r ON ${MATCHES} WHERE NOT r.stored)
    SELECT DISTINCT q.*, r.oid, r.schema_name, r.relation FROM named n JOIN relations r ON ${MATCHES} AND r.stored JOIN queries q ON q.query = n.query`;

const written = (kinds: string): string => `WITH ${NAMED},
    named AS (SELECT query, unnest(writes) AS name FROM queries WHERE query_type IN (${kinds}))
    SELECT DISTINCT q.*, r.oid, r.schema_name, r.relation FROM named n JOIN relations r ON ${MATCHES} AND r.stored JOIN queries q ON q.query = n.query`;

const INSERTED = written(`'INSERT', 'COPY', 'CREATE TABLE', 'SELECT INTO', 'UPDATE', 'MERGE'`);
const DELETED = written(`'DELETE', 'UPDATE', 'MERGE'`);

const WHO = `userid, query, 0 AS slice, 0 AS segment, 0 AS step, starttime, endtime, 0 AS tasknum, CAST(oid AS INTEGER) AS tbl`;
/** Of a table that a query makes they are not counted, and of a MERGE they are inserted, updated and deleted ones together. */
const COUNT = `CASE WHEN returned_rows >= 0 AND query_type NOT IN ('SELECT INTO', 'MERGE') THEN returned_rows END`;
const CHANGED = `${COUNT} AS rows`;

const STEPS = emptyViews({
  stl_delete: `${STEP}, rows bigint, tbl integer`,
  stl_insert: `${STEP}, rows bigint, tbl integer, inserted_mega_value char, use_staging_table char`,
  stl_scan: `${COUNTED}, fetches bigint, type integer, tbl integer, is_rrscan char, is_delayed_scan char, rows_pre_filter bigint, rows_pre_user_filter bigint, perm_table_name char, is_rlf_scan char, is_rlf_scan_reason integer, num_em_blocks integer, checksum bigint, runtime_filtering char, scan_region integer, num_sortkey_as_predicate integer, row_fetcher_state integer, consumed_scan_ranges bigint, work_stealing_reason bigint, is_vectorized_scan char, is_vectorized_scan_reason integer, row_fetcher_reason bigint, topology_signature bigint, use_tpm_partition char, is_rrscan_expr char, scanned_mega_value char`,
});

const withRows = (name: keyof typeof ROWS): string => `${STEPS[name]} UNION ALL BY NAME ${ROWS[name]}`;

const ROWS = {
  stl_delete: `SELECT ${WHO}, ${CHANGED} FROM (${DELETED})`,
  stl_insert: `SELECT ${WHO}, ${CHANGED}, 'f' AS inserted_mega_value, 'f' AS use_staging_table FROM (${INSERTED})`,
  // A scan of type 2 is one of a table of users.
  stl_scan: `SELECT ${WHO}, 2 AS type, relation AS perm_table_name, 'f' AS is_rrscan, 'f' AS is_delayed_scan FROM (${READ})`,
} as const;

const detail = (name: string, rows: string, more: string): string =>
  `SELECT userid AS user_id, query AS query_id, 0 AS child_query_sequence, 0 AS stream_id, 0 AS segment_id, 0 AS step_id, ${name} AS step_name, ${more},
      'f' AS is_rrscan, starttime AS start_time, endtime AS end_time, ${MICROSECONDS} AS duration, CAST(NULL AS VARCHAR) AS alert,
      CAST(NULL AS BIGINT) AS input_bytes, CAST(NULL AS BIGINT) AS input_rows, CAST(NULL AS BIGINT) AS output_bytes,
      ${COUNT} AS output_rows, CAST(NULL AS BIGINT) AS blocks_read, CAST(NULL AS BIGINT) AS blocks_write,
      CAST(NULL AS BIGINT) AS local_read_io, CAST(NULL AS BIGINT) AS remote_read_io, CASE step_name WHEN 'scan' THEN 'Redshift(local)' END AS source,
      CAST(NULL AS INTEGER) AS data_skewness, CAST(NULL AS INTEGER) AS time_skewness, 'f' AS is_active,
      CAST(NULL AS BIGINT) AS spilled_block_local_disk, CAST(NULL AS BIGINT) AS spilled_block_remote_disk,
      CAST(NULL AS VARCHAR) AS step_attribute, 'step' AS metrics_level, CAST(NULL AS INTEGER) AS plan_parent_id,
      CAST(NULL AS INTEGER) AS plan_node_id
    FROM ${rows}`;

const ofTable = (name: string, steps: string): string =>
  detail(
    `'${name}'`,
    `(SELECT * REPLACE (${name === 'scan' ? 'NULL' : 'returned_rows'} AS returned_rows) FROM (${steps}))`,
    `CAST(oid AS INTEGER) AS table_id, current_database() || '.' || schema_name || '.' || relation AS table_name`,
  );

/** What a query gives, as a step of its own. */
const RETURNED = detail(
  `CASE query_type WHEN 'COPY' THEN 'load' WHEN 'UNLOAD' THEN 'unload' ELSE 'return' END`,
  `memory.log.query WHERE query_type IN ('SELECT', 'FETCH', 'COPY', 'UNLOAD')`,
  'CAST(NULL AS INTEGER) AS table_id, CAST(NULL AS VARCHAR) AS table_name',
);

/** Which tables each query has read and written, for tools that follow data from table to table; how many rows a scan read is not measured. */
export const TABLE_STEP_VIEWS: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_DELETE.html
  stl_delete: withRows('stl_delete'),
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_INSERT.html
  stl_insert: withRows('stl_insert'),
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_SCAN.html
  stl_scan: withRows('stl_scan'),
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_DETAIL.html
  sys_query_detail: [RETURNED, ofTable('insert', INSERTED), ofTable('delete', DELETED), ofTable('scan', READ)].join(
    ' UNION ALL ',
  ),
};
