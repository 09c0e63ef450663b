import { ACCESS_RECORDS, KEPT_AT } from '../catalog/access-lists.ts';
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
  readonly on: 'relation' | 'column' | 'schema' | 'database' | 'function' | 'language' | 'system';
  readonly schema: string;
  readonly object: string;
  /** Of the relation, for a privilege on it alone. */
  readonly column?: string | undefined;
  readonly to: Grantee;
  readonly admin: boolean;
}

/**
 * Users, groups, roles and what was granted, as the statements said it. Nobody is kept from anything by them.
 * They are kept in the database, as JSON in the comment on a sequence that nobody asks for a number: to look one up among those takes a twentieth of
 * what it takes among macros.
 */
export interface AccessRecords {
  readonly users: readonly { readonly name: string; readonly createdb: boolean; readonly superuser: boolean }[];
  readonly groups: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly roles: readonly string[];
  readonly privileges: readonly Privilege[];
  readonly memberships: readonly { readonly role: string; readonly to: Grantee; readonly admin: boolean }[];
}

const NONE: AccessRecords = { users: [], groups: [], roles: [], privileges: [], memberships: [] };

export async function readAccess(database: Database): Promise<AccessRecords> {
  const [row] = await database.query(ACCESS_RECORDS);
  return typeof row?.[0] === 'string' ? (JSON.parse(row[0]) as AccessRecords) : NONE;
}

export function writeAccess(records: AccessRecords): readonly string[] {
  return [
    `CREATE SEQUENCE IF NOT EXISTS public.${KEPT_AT}`,
    `COMMENT ON SEQUENCE public.${KEPT_AT} IS ${literal(JSON.stringify(records))}`,
  ];
}

export const sameGrantee = (a: Grantee, b: Grantee): boolean => a.kind === b.kind && a.name === b.name;

export const samePrivilege = (a: Privilege, b: Privilege): boolean =>
  a.privilege === b.privilege &&
  a.on === b.on &&
  a.schema === b.schema &&
  a.object === b.object &&
  a.column === b.column &&
  sameGrantee(a.to, b.to);
