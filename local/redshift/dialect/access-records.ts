import { literal } from './lexer.ts';
import type { Database } from './translation.ts';

/** Who a privilege or a role is given to. */
export interface Grantee {
  readonly kind: 'user' | 'group' | 'role' | 'public';
  readonly name: string;
}

export interface Privilege {
  /** `SELECT`, `USAGE`, … */
  readonly privilege: string;
  readonly on: 'relation' | 'schema' | 'database' | 'function' | 'language' | 'system';
  readonly schema: string;
  readonly object: string;
  readonly to: Grantee;
  readonly admin: boolean;
}

/**
 * Users, groups, roles and what was granted, as the statements said it. Nobody is kept from anything by them.
 * They are kept in the database, as JSON in the comment on a macro that nobody calls.
 */
export interface AccessRecords {
  readonly users: readonly { readonly name: string; readonly createdb: boolean; readonly superuser: boolean }[];
  readonly groups: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly roles: readonly string[];
  readonly privileges: readonly Privilege[];
  readonly memberships: readonly { readonly role: string; readonly to: Grantee; readonly admin: boolean }[];
}

const ACCESS_MACRO = 'rs_access';

const NONE: AccessRecords = { users: [], groups: [], roles: [], privileges: [], memberships: [] };

export async function readAccess(database: Database): Promise<AccessRecords> {
  const [row] = await database.query(
    `SELECT comment FROM duckdb_functions() WHERE database_name = current_database() AND function_name = '${ACCESS_MACRO}'`,
  );
  return typeof row?.[0] === 'string' ? (JSON.parse(row[0]) as AccessRecords) : NONE;
}

export function writeAccess(records: AccessRecords): readonly string[] {
  return [
    `CREATE OR REPLACE MACRO public.${ACCESS_MACRO}() AS 1`,
    `COMMENT ON MACRO public.${ACCESS_MACRO} IS ${literal(JSON.stringify(records))}`,
  ];
}

export const sameGrantee = (a: Grantee, b: Grantee): boolean => a.kind === b.kind && a.name === b.name;

export const samePrivilege = (a: Privilege, b: Privilege): boolean =>
  a.privilege === b.privilege &&
  a.on === b.on &&
  a.schema === b.schema &&
  a.object === b.object &&
  sameGrantee(a.to, b.to);
