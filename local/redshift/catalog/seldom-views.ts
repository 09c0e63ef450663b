import { allSettings } from '../dialect/configuration.ts';

const readBy = (kind: string): string =>
  `(SELECT schema_name, relation, unnest(CAST(attributes->'reads' AS VARCHAR[])) AS read
    FROM rs.main.rs_relations WHERE attributes->>'view' = '${kind}')`;

/** Views that have rows and are seldom asked. */
export const SELDOM_VIEWS: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_MV_DEPS.html
  stv_mv_deps: `SELECT current_database() AS db_name, m.schema_name AS schema, m.relation AS name, r.schema_name AS ref_schema,
      r.relation AS ref_name, current_database() AS ref_database_name
    FROM ${readBy('materialized')} m JOIN rs.main.rs_relations r ON r.attributes->>'view' = 'materialized'
      AND (m.read = r.schema_name || '.' || r.relation OR (m.read = r.relation AND r.schema_name IN (m.schema_name, 'public')))`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_DB_ISOLATION_LEVEL.html
  stv_db_isolation_level: `SELECT datname AS db_name, 'Serializable' AS isolation_level FROM rs.main.pg_database`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_PG_ATTRIBUTE_INFO.html
  pg_attribute_info: `SELECT *, CAST(NULL AS VARCHAR) AS attacl FROM rs.main.pg_attribute`,
  // https://www.postgresql.org/docs/8.0/view-pg-settings.html
  pg_settings: `SELECT name, setting, CAST(NULL AS VARCHAR) AS category, CAST(NULL AS VARCHAR) AS short_desc, CAST(NULL AS VARCHAR) AS extra_desc,
      'user' AS context, 'string' AS vartype, 'session' AS source, CAST(NULL AS VARCHAR) AS min_val, CAST(NULL AS VARCHAR) AS max_val
    FROM (${allSettings()})`,
};
