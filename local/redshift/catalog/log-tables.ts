/** Columns every row about a COPY or UNLOAD carries. */
const WHO = 'query BIGINT, pid INTEGER, userid INTEGER, xid BIGINT, database_name VARCHAR';
const TARGET = `${WHO}, tbl INTEGER, schema_name VARCHAR, table_name VARCHAR, starttime TIMESTAMP, endtime TIMESTAMP`;

/** What happened, as it happened; the system views read from here. They live as long as the cluster runs, in the database an instance begins with. */
export const LOG_TABLES: readonly string[] = [
  'CREATE SCHEMA IF NOT EXISTS memory.log',
  `CREATE TABLE IF NOT EXISTS memory.log.load (${TARGET}, status VARCHAR, source VARCHAR, format VARCHAR, loaded_rows BIGINT,
    loaded_bytes BIGINT, file_count INTEGER, error_count INTEGER, message VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS memory.log.load_file (${TARGET}, filename VARCHAR, bytes BIGINT, lines BIGINT, rows BIGINT, errors BIGINT)`,
  `CREATE TABLE IF NOT EXISTS memory.log.load_error (${TARGET}, filename VARCHAR, line_number BIGINT, colname VARCHAR, type VARCHAR,
    col_length VARCHAR, position INTEGER, raw_line VARCHAR, raw_field_value VARCHAR, err_code INTEGER, err_reason VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS memory.log.load_error_field (${TARGET}, filename VARCHAR, line_number BIGINT, colname VARCHAR, raw_line VARCHAR,
    type VARCHAR, col_length VARCHAR, value VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS memory.log.load_replacement (${TARGET}, filename VARCHAR, line_number BIGINT, colname VARCHAR, raw_line VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS memory.log.unload (${WHO}, starttime TIMESTAMP, endtime TIMESTAMP, status VARCHAR, prefix VARCHAR,
    format VARCHAR, compression VARCHAR, unloaded_rows BIGINT, unloaded_bytes BIGINT, file_count INTEGER, message VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS memory.log.unload_file (${WHO}, starttime TIMESTAMP, endtime TIMESTAMP, path VARCHAR, line_count BIGINT,
    transfer_size BIGINT, file_format VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS memory.log.query (${WHO}, user_name VARCHAR, starttime TIMESTAMP, endtime TIMESTAMP, status VARCHAR,
    query_type VARCHAR, query_text VARCHAR, returned_rows BIGINT, message VARCHAR, label VARCHAR, reads VARCHAR[], writes VARCHAR[])`,
  `CREATE TABLE IF NOT EXISTS memory.log.procedure_message (query BIGINT, pid INTEGER, userid INTEGER, xid BIGINT, recordtime TIMESTAMP, loglevel INTEGER,
    loglevel_text VARCHAR, message VARCHAR, linenum INTEGER, procedure_name VARCHAR)`,
  'CREATE TABLE IF NOT EXISTS memory.log.session (pid INTEGER, user_name VARCHAR, database_name VARCHAR, starttime TIMESTAMP)',
];
