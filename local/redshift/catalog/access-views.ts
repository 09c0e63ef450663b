import { ACCESS_RECORDS, OWNER } from './access-lists.ts';

/**
 * Users, groups, roles and privileges as statements recorded them, in the database they were recorded in: dialect/access-records.ts. Whoever is
 * connected is a superuser besides.
 */
const RECORDS = `(SELECT CAST(max(comment) AS JSON) AS records FROM (${ACCESS_RECORDS}))`;

/** The members of a list of the records, `each` with its number `i`. */
const listed = (list: string): string =>
  `(SELECT i, json_extract(records, '$.${list}[' || i || ']') AS each
    FROM (SELECT records, unnest(range(CAST(coalesce(json_array_length(records, '$.${list}'), 0) AS BIGINT))) AS i FROM ${RECORDS}))`;

const USERS = `SELECT ${OWNER} AS usename, 100 AS usesysid, true AS createdb, true AS superuser
  UNION ALL SELECT each->>'name', CAST(101 + i AS INTEGER), (each->>'createdb') = 'true', (each->>'superuser') = 'true'
    FROM ${listed('users')} WHERE (each->>'name') <> ${OWNER}`;

const ROLES = `SELECT each->>'$' AS role_name, CAST(100000 + i AS INTEGER) AS role_id FROM ${listed('roles')}`;

/** Who was given what: `id`, `name` and `kind` of the one, `p` the rest. */
const GRANTED = (list: string): string =>
  `(SELECT each AS p, each->>'$.to.name' AS name, each->>'$.to.kind' AS kind, (each->>'admin') = 'true' AS admin,
      coalesce(CASE (each->>'$.to.kind') WHEN 'user' THEN (SELECT max(usesysid) FROM (${USERS}) u WHERE u.usename = (each->>'$.to.name'))
        WHEN 'role' THEN (SELECT max(role_id) FROM (${ROLES}) r WHERE r.role_name = (each->>'$.to.name'))
        WHEN 'group' THEN (SELECT max(CAST(100 + g.i AS INTEGER)) FROM ${listed('groups')} g WHERE (g.each->>'name') = (a.each->>'$.to.name')) END, 0) AS id
    FROM ${listed(list)} a)`;

const TO = `id AS identity_id, name AS identity_name, kind AS identity_type`;

const privileges = (on: string, columns: string): string =>
  `SELECT ${columns}, p->>'privilege' AS privilege_type, ${TO}, admin AS admin_option FROM ${GRANTED('privileges')} WHERE (p->>'on') = '${on}'`;

/** https://docs.aws.amazon.com/redshift/latest/dg/r_PG_USER.html and https://docs.aws.amazon.com/redshift/latest/dg/r_PG_GROUP.html */
export const USER_VIEWS: Readonly<Record<string, string>> = {
  pg_user: `SELECT usename, usesysid, createdb AS usecreatedb, superuser AS usesuper, false AS usecatupd, '********' AS passwd,
      CAST(NULL AS TIMESTAMP) AS valuntil, CAST(NULL AS VARCHAR[]) AS useconfig FROM (${USERS})`,
  pg_group: `SELECT g.each->>'name' AS groname, CAST(100 + g.i AS INTEGER) AS grosysid,
      (SELECT list(usesysid ORDER BY usesysid) FROM (${USERS}) WHERE list_contains(CAST(g.each->'users' AS VARCHAR[]), usename)) AS grolist
    FROM ${listed('groups')} g`,
};

/** https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html */
export const ACCESS_VIEWS: Readonly<Record<string, string>> = {
  svv_relation_privileges: privileges('relation', `p->>'schema' AS namespace_name, p->>'object' AS relation_name`),
  svv_column_privileges: `SELECT p->>'schema' AS namespace_name, p->>'object' AS relation_name, p->>'column' AS column_name,
      p->>'privilege' AS privilege_type, ${TO} FROM ${GRANTED('privileges')} WHERE (p->>'on') = 'column'`,
  svv_schema_privileges: privileges('schema', `p->>'object' AS namespace_name`),
  svv_database_privileges: privileges('database', `p->>'object' AS database_name`),
  svv_function_privileges: privileges(
    'function',
    `p->>'schema' AS namespace_name, p->>'object' AS function_name, CAST(NULL AS VARCHAR) AS argument_types`,
  ),
  svv_language_privileges: privileges('language', `p->>'object' AS language_name`),
  svv_system_privileges: `SELECT p->>'privilege' AS system_privilege, ${TO} FROM ${GRANTED('privileges')} WHERE (p->>'on') = 'system'`,
  svv_roles: `SELECT role_id, role_name, ${OWNER} AS role_owner, CAST(NULL AS VARCHAR) AS external_id FROM (${ROLES})`,
  svv_user_grants: `SELECT id AS user_id, name AS user_name, role_id, role_name, admin AS admin_option
    FROM ${GRANTED('memberships')} m JOIN (${ROLES}) r ON r.role_name = (p->>'role') WHERE kind = 'user'`,
  svv_role_grants: `SELECT id AS role_id, name AS role_name, r.role_id AS granted_role_id, r.role_name AS granted_role_name
    FROM ${GRANTED('memberships')} m JOIN (${ROLES}) r ON r.role_name = (p->>'role') WHERE kind = 'role'`,
};

/** What SHOW GRANTS lists. https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_GRANTS.html */
export const SHOWN_GRANTS = `SELECT current_database() AS database_name, nullif(CASE WHEN (p->>'on') = 'schema' THEN p->>'object' ELSE p->>'schema' END, '') AS schema_name,
    p->>'object' AS object_name, CASE (p->>'on') WHEN 'relation' THEN 'TABLE' ELSE upper(p->>'on') END AS object_type,
    p->>'privilege' AS privilege_type, ${TO}, admin AS admin_option, upper(CASE (p->>'on') WHEN 'relation' THEN 'TABLE' ELSE p->>'on' END) AS privilege_scope,
    ${OWNER} AS grantor_name
  FROM ${GRANTED('privileges')} WHERE (p->>'on') NOT IN ('system', 'column')`;

/** What SHOW COLUMN GRANTS lists. https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_COLUMN_GRANTS.html */
export const SHOWN_COLUMN_GRANTS = `SELECT current_database() AS database_name, p->>'schema' AS schema_name, p->>'object' AS table_name, p->>'column' AS column_name,
    'COLUMN' AS object_type, p->>'privilege' AS privilege_type, ${TO}, admin AS admin_option, 'COLUMN' AS privilege_scope, ${OWNER} AS grantor_name
  FROM ${GRANTED('privileges')} WHERE (p->>'on') = 'column'`;

/**
 * Whether somebody was granted one of several privileges on an object: directly, through a group or a role, or as everybody. Who is in no
 * record is a superuser. See https://docs.aws.amazon.com/redshift/latest/dg/r_HAS_TABLE_PRIVILEGE.html
 */
export const ACCESS_MACROS: readonly string[] = [
  `rs_names(records, path) AS CAST(coalesce(json_extract_string(records, path), []) AS VARCHAR[])`,
  `rs_groups_of(records, who) AS list_transform(list_filter(coalesce(json_extract(records, '$.groups[*]'), []),
    lambda rs_g: list_contains(CAST(json_extract(rs_g, '$.users') AS VARCHAR[]), who)), lambda rs_g: 'group ' || (rs_g->>'name'))`,
  `rs_roles_of(records, who) AS list_transform(list_filter(coalesce(json_extract(records, '$.memberships[*]'), []),
    lambda rs_m: (rs_m->>'$.to.kind') = 'user' AND (rs_m->>'$.to.name') = who), lambda rs_m: 'role ' || (rs_m->>'role'))`,
  `rs_known(records, who) AS list_contains(rs.main.rs_names(records, '$.users[*].name'), who) AND who <> ${OWNER}`,
  `rs_granted(records, who, kind, object, wanted) AS len(list_filter(coalesce(json_extract(records, '$.privileges[*]'), []),
    lambda rs_p: (rs_p->>'on') = kind AND list_contains(string_split(upper(replace(wanted, ' ', '')), ','), rs_p->>'privilege')
      AND object IN (rs_p->>'object', (rs_p->>'schema') || '.' || (rs_p->>'object'))
      AND list_contains(list_concat(['public public', 'user ' || who], list_concat(rs.main.rs_groups_of(records, who), rs.main.rs_roles_of(records, who))),
        (rs_p->>'$.to.kind') || ' ' || (rs_p->>'$.to.name')))) > 0`,
  // What a lambda reads must be no sub-query: it is computed before.
  `rs_has(who, kind, object, wanted) AS (SELECT CASE WHEN rs.main.rs_known(rs_records, rs_who)
      THEN rs.main.rs_granted(rs_records, rs_who, kind, lower(replace(rs_object, '"', '')), rs_wanted) ELSE true END
    FROM (SELECT CAST(max(comment) AS JSON) AS rs_records FROM (${ACCESS_RECORDS})),
      (SELECT CAST(who AS VARCHAR) AS rs_who, CASE WHEN kind = 'relation' THEN rs.main.rs_relation_name(object) ELSE CAST(object AS VARCHAR) END AS rs_object,
        CAST(wanted AS VARCHAR) AS rs_wanted))`,
  `rs_holders(records, given) AS list_transform(list_filter(coalesce(json_extract(records, '$.memberships[*]'), []),
    lambda rs_m: (rs_m->>'role') = given), lambda rs_m: (rs_m->>'$.to.kind') || ' ' || (rs_m->>'$.to.name'))`,
  // Whether a role that is granted to another is its members', too, the guide does not say.
  `rs_is_member(kind, member, given) AS (SELECT CASE
      WHEN kind = 'user' AND rs_who <> ${OWNER} AND NOT list_contains(rs.main.rs_names(rs_records, '$.users[*].name'), rs_who) THEN error('rs:42704:user "' || rs_who || '" does not exist;')
      WHEN kind = 'role' AND NOT list_contains(rs.main.rs_names(rs_records, '$.roles[*]'), rs_who) THEN error('rs:42704:role "' || rs_who || '" does not exist;')
      WHEN NOT list_contains(rs.main.rs_names(rs_records, '$.roles[*]'), rs_given) AND (kind = 'role' OR NOT list_contains(rs.main.rs_names(rs_records, '$.groups[*].name'), rs_given))
        THEN error('rs:42704:role "' || rs_given || '" does not exist;')
      WHEN list_contains(rs.main.rs_holders(rs_records, rs_given), kind || ' ' || rs_who) THEN true
      WHEN kind = 'user' AND list_contains(rs.main.rs_groups_of(rs_records, rs_who), 'group ' || rs_given) THEN true
      WHEN len(list_filter(rs.main.rs_holders(rs_records, rs_given), lambda rs_h: starts_with(rs_h, 'role '))) > 0
        THEN error('rs:0A000:membership in a role that is granted to other roles is not supported by this stand-in for Amazon Redshift;')
      ELSE false END
    FROM (SELECT CAST(max(comment) AS JSON) AS rs_records FROM (${ACCESS_RECORDS})),
      (SELECT lower(CAST(member AS VARCHAR)) AS rs_who, lower(CAST(given AS VARCHAR)) AS rs_given))`,
].map((macro) => `CREATE OR REPLACE MACRO rs.main.${macro}`);
