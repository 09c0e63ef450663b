import { OWNER } from './access-lists.ts';
import { ACCESS_VIEWS, SHOWN_COLUMN_GRANTS } from './access-views.ts';
import { columnsWhere } from './svv-views.ts';

/** https://www.postgresql.org/docs/8.0/infoschema-table-privileges.html */
const TABLE_PRIVILEGES = `SELECT ${OWNER} AS grantor, CASE identity_type WHEN 'public' THEN 'PUBLIC' ELSE identity_name END AS grantee, current_database() AS table_catalog,
      namespace_name AS table_schema, relation_name AS table_name, privilege_type, CASE WHEN admin_option THEN 'YES' ELSE 'NO' END AS is_grantable,
      'NO' AS with_hierarchy
    FROM (${ACCESS_VIEWS.svv_relation_privileges})`;

/** Views of `information_schema`, under names of their own: DuckDB keeps the schema's name for itself. */
export const INFORMATION_SCHEMA: Readonly<Record<string, string>> = {
  tables: `SELECT table_catalog, table_schema, table_name, table_type, CAST(NULL AS VARCHAR) AS self_referencing_column_name,
      CAST(NULL AS VARCHAR) AS reference_generation, CAST(NULL AS VARCHAR) AS user_defined_type_catalog,
      CAST(NULL AS VARCHAR) AS user_defined_type_schema, CAST(NULL AS VARCHAR) AS user_defined_type_name
    FROM rs.main.svv_tables`,
  // Not those of views that bind late, which PG_GET_LATE_BINDING_VIEW_COLS and SVV_COLUMNS have.
  columns: `SELECT * EXCLUDE (remarks), data_type AS udt_name FROM (${columnsWhere('NOT late_binding')})`,
  schemata: `SELECT current_database() AS catalog_name, nspname AS schema_name,
      CASE WHEN nspowner = 1 THEN 'rdsdb' ELSE ${OWNER} END AS schema_owner, CAST(NULL AS VARCHAR) AS default_character_set_catalog,
      CAST(NULL AS VARCHAR) AS default_character_set_schema, CAST(NULL AS VARCHAR) AS default_character_set_name, CAST(NULL AS VARCHAR) AS sql_path
    FROM rs.main.pg_namespace`,
  views: `SELECT current_database() AS table_catalog, schemaname AS table_schema, viewname AS table_name, definition AS view_definition,
      'NONE' AS check_option, 'NO' AS is_updatable, 'NO' AS is_insertable_into
    FROM rs.main.pg_views`,
  table_constraints: `SELECT current_database() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name,
      current_database() AS table_catalog, schema_name AS table_schema, relation AS table_name,
      CASE kind WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END AS constraint_type,
      'NO' AS is_deferrable, 'NO' AS initially_deferred
    FROM rs.main.rs_constraints`,
  key_column_usage: `SELECT current_database() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name,
      current_database() AS table_catalog, schema_name AS table_schema, relation AS table_name, unnest(columns) AS column_name,
      unnest(range(1, len(columns) + 1))::INTEGER AS ordinal_position
    FROM rs.main.rs_constraints`,
  constraint_column_usage: `SELECT current_database() AS table_catalog, coalesce(ref_schema, schema_name) AS table_schema,
      coalesce(ref_relation, relation) AS table_name, unnest(CASE WHEN kind = 'f' THEN ref_columns ELSE columns END) AS column_name,
      current_database() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name
    FROM rs.main.rs_constraints`,
  referential_constraints: `WITH constraints AS MATERIALIZED (FROM rs.main.rs_constraints)
    SELECT current_database() AS constraint_catalog, f.schema_name AS constraint_schema, f.name AS constraint_name,
      current_database() AS unique_constraint_catalog, u.schema_name AS unique_constraint_schema, u.name AS unique_constraint_name,
      'NONE' AS match_option, 'NO ACTION' AS update_rule, 'NO ACTION' AS delete_rule
    FROM constraints f LEFT JOIN constraints u ON u.oid = f.ref_oid AND u.kind IN ('p', 'u') AND u.columns = f.ref_columns
    WHERE f.kind = 'f'`,
  check_constraints: `SELECT CAST(NULL AS VARCHAR) AS constraint_catalog, CAST(NULL AS VARCHAR) AS constraint_schema,
      CAST(NULL AS VARCHAR) AS constraint_name, CAST(NULL AS VARCHAR) AS check_clause WHERE false`,
  table_privileges: TABLE_PRIVILEGES,
  role_table_grants: TABLE_PRIVILEGES,
  column_privileges: `SELECT p.grantor, p.grantee, p.table_catalog, p.table_schema, p.table_name, c.column_name, p.privilege_type, p.is_grantable
    FROM (${TABLE_PRIVILEGES}) p JOIN rs.main.rs_columns c ON c.schema_name = p.table_schema AND c.relation = p.table_name
    WHERE p.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
    UNION ALL SELECT grantor_name, CASE identity_type WHEN 'public' THEN 'PUBLIC' ELSE identity_name END, database_name, schema_name, table_name, column_name,
      privilege_type, CASE WHEN admin_option THEN 'YES' ELSE 'NO' END
    FROM (${SHOWN_COLUMN_GRANTS})`,
  routines: `SELECT current_database() AS specific_catalog, n.nspname AS specific_schema, p.proname || '_' || p.prooid AS specific_name,
      current_database() AS routine_catalog, n.nspname AS routine_schema, p.proname AS routine_name,
      CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS routine_type, rs.main.rs_type_name(p.prorettype) AS data_type,
      CASE WHEN p.prolang = 14 THEN 'SQL' ELSE 'EXTERNAL' END AS routine_body, p.prosrc AS routine_definition,
      CASE p.prolang WHEN 14 THEN 'SQL' ELSE 'PLPGSQL' END AS external_language
    FROM rs.main.pg_proc_info p JOIN rs.main.pg_namespace n ON n.oid = p.pronamespace`,
  // https://www.postgresql.org/docs/8.0/infoschema-parameters.html
  parameters: `SELECT current_database() AS specific_catalog, nspname AS specific_schema, proname || '_' || prooid AS specific_name,
      CAST(position AS INTEGER) AS ordinal_position, 'IN' AS parameter_mode, 'NO' AS is_result, 'NO' AS as_locator, CAST(NULL AS VARCHAR) AS parameter_name,
      rs.main.rs_type_name(proargtypes[position]) AS data_type
    FROM (SELECT p.*, n.nspname, unnest(range(1, len(p.proargtypes) + 1)) AS position
      FROM rs.main.pg_proc_info p JOIN rs.main.pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind = 'f')`,
  // https://www.postgresql.org/docs/8.0/infoschema-view-table-usage.html
  view_table_usage: `SELECT DISTINCT current_database() AS view_catalog, v.schema_name AS view_schema, v.relation AS view_name,
      current_database() AS table_catalog, t.schema_name AS table_schema, t.relation AS table_name
    FROM (SELECT schema_name, relation, oid FROM rs.main.rs_relations) v JOIN rs.main.pg_depend d ON d.objid = v.oid + 1000000000 AND d.deptype = 'n'
      JOIN (SELECT schema_name, relation, oid FROM rs.main.rs_relations) t ON t.oid = d.refobjid`,
  constraint_table_usage: `SELECT current_database() AS table_catalog, coalesce(ref_schema, schema_name) AS table_schema, coalesce(ref_relation, relation) AS table_name,
      current_database() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name
    FROM rs.main.rs_constraints`,
  // There are none. https://www.postgresql.org/docs/8.0/infoschema-triggers.html
  triggers: `SELECT ${'trigger_catalog trigger_schema trigger_name event_manipulation event_object_catalog event_object_schema event_object_table action_order action_condition action_statement action_orientation condition_timing condition_reference_old_table condition_reference_new_table'
    .split(' ')
    .map((column) => `CAST(NULL AS ${column === 'action_order' ? 'INTEGER' : 'VARCHAR'}) AS ${column}`)
    .join(', ')} WHERE false`,
  information_schema_catalog_name: `SELECT current_database() AS catalog_name`,
};
