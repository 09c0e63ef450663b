import { readAccess, writeAccess, type AccessRecords, type Grantee } from '../access-records.ts';
import { nameOf } from '../lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import { isName, isSymbol, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { steps, type Statement } from './statement.ts';

type Steps = (database: Database) => Promise<readonly Step[]>;

/** The statement changes what is recorded of users and privileges. */
export function recorded(
  sql: string,
  change: (records: AccessRecords, database: Database) => AccessRecords | Promise<AccessRecords>,
): Steps {
  return async (database) => {
    const records = await readAccess(database);
    const changed = await change(records, database);
    const statements = changed === records ? [] : writeAccess(changed);
    return steps(
      statements.map((statement) => ({ statement })),
      sql,
      database,
    );
  };
}

/** Of whom a statement speaks must be there: who is connected is, and so are the roles that every cluster has. */
export async function expectKnown(
  records: AccessRecords,
  named: readonly Grantee[],
  database: Database,
): Promise<void> {
  const [row] = await database.query("SELECT coalesce(getvariable('rs_user'), 'admin')");
  const known: Readonly<Record<Grantee['kind'], (name: string) => boolean>> = {
    public: () => true,
    user: (name) => name === row?.[0] || records.users.some((user) => user.name === name),
    group: (name) => records.groups.some((group) => group.name === name),
    role: (name) => name === 'sys' || records.roles.includes(name),
  };
  const missing = named.find(({ kind, name }) => !known[kind](name));
  if (missing) throw new RedshiftError(SQLSTATE.undefinedObject, `${missing.kind} "${missing.name}" does not exist`);
}

/** Whoever something is to belong to is a user there is. */
export async function expectOwner(user: Node, database: Database): Promise<void> {
  const name = isName(user) ? nameOf(user) : textOf([user]);
  if (isWord(user, 'CURRENT_USER', 'SESSION_USER')) return;
  await expectKnown(await readAccess(database), [{ kind: 'user', name }], database);
}

/** `CREATE | ALTER | DROP USER | GROUP | ROLE`. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html and its neighbours. */
export function users({ nodes: all, sql, command }: Statement): Steps {
  const nodes = significant(all);
  const [verb = '', kind = ''] = command.split(' ');
  let at = 2;
  const ifExists = isWord(nodes[at], 'IF');
  while (isWord(nodes[at], 'IF', 'NOT', 'EXISTS')) at++;
  const names = namesFrom(nodes, at, sql);
  const said = nodes.slice(at + 2 * names.length - 1);
  const rest = isWord(said[0], 'WITH') ? said.slice(1) : said;
  const spokenOf = [
    ...(verb === 'ALTER' ? [{ kind: KINDS[kind] ?? 'user', name: names[0] ?? '' }] : []),
    ...membersIn(kind, rest),
  ];
  return recorded(sql, async (records, database) => {
    if (verb !== 'DROP') await expectKnown(records, spokenOf, database);
    if (verb === 'DROP') return names.reduce((left, name) => dropped(left, kind, name, ifExists), records);
    const [name = ''] = names;
    return verb === 'CREATE' ? created(records, kind, name, rest) : altered(records, kind, name, rest);
  });
}

function namesFrom(nodes: readonly Node[], start: number, sql: string): readonly string[] {
  const names: string[] = [];
  for (let at = start; ; at += 2) {
    const node = nodes[at];
    if (!isName(node))
      throw node ? syntaxError(textOf([node]).slice(0, 40), startOf(node)) : syntaxError(undefined, sql.length);
    names.push(nameOf(node));
    if (!isSymbol(nodes[at + 1], ',')) return names;
  }
}

const KINDS: Readonly<Record<string, Grantee['kind']>> = { USER: 'user', GROUP: 'group', ROLE: 'role' };

/** The groups a user is put in, the users put in a group or taken out of it. */
function membersIn(kind: string, rest: readonly Node[]): readonly Grantee[] {
  if (kind === 'GROUP') return listAfter(rest, 'USER').map((name): Grantee => ({ kind: 'user', name }));
  return kind === 'USER' ? listAfter(rest, 'GROUP').map((name): Grantee => ({ kind: 'group', name })) : [];
}

/** Names of users or groups after a word, with commas between them. */
function listAfter(nodes: readonly Node[], ...words: readonly string[]): readonly string[] {
  const at = nodes.findIndex((node) => isWord(node, ...words));
  if (at < 0) return [];
  const names: string[] = [];
  for (let next = at + 1; ; next += 2) {
    if (isWord(nodes[next], 'USER', 'GROUP')) next++;
    const node = nodes[next];
    if (isName(node)) names.push(nameOf(node));
    if (!isSymbol(nodes[next + 1], ',')) return names;
  }
}

function created(records: AccessRecords, kind: string, name: string, rest: readonly Node[]): AccessRecords {
  const duplicate = new RedshiftError(SQLSTATE.duplicateObject, `${kind.toLowerCase()} "${name}" already exists`);
  if (kind === 'USER') {
    if (records.users.some((user) => user.name === name)) throw duplicate;
    const said = (...words: readonly string[]): boolean => rest.some((node) => isWord(node, ...words));
    const groups = new Set(listAfter(rest, 'GROUP'));
    return {
      ...records,
      users: [...records.users, { name, createdb: said('CREATEDB'), superuser: said('CREATEUSER') }],
      groups: records.groups.map((group) =>
        groups.has(group.name) ? { ...group, users: [...group.users, name] } : group,
      ),
    };
  }
  if (kind === 'GROUP') {
    if (records.groups.some((group) => group.name === name)) throw duplicate;
    return { ...records, groups: [...records.groups, { name, users: listAfter(rest, 'USER') }] };
  }
  if (records.roles.includes(name)) throw duplicate;
  return { ...records, roles: [...records.roles, name] };
}

function altered(records: AccessRecords, kind: string, name: string, rest: readonly Node[]): AccessRecords {
  if (kind === 'GROUP' && isWord(rest[0], 'ADD', 'DROP')) {
    const listed = listAfter(rest, 'USER');
    const adds = rest[0].word === 'ADD';
    return {
      ...records,
      groups: records.groups.map((group) => {
        if (group.name !== name) return group;
        const others = group.users.filter((user) => !listed.includes(user));
        return { ...group, users: adds ? [...others, ...listed] : others };
      }),
    };
  }
  if (isWord(rest[0], 'RENAME')) return renamed(records, kind, name, listAfter(rest, 'TO')[0] ?? name);
  if (kind !== 'USER') return records;
  const flag = (on: string, off: string, before: boolean): boolean =>
    rest.some((node) => isWord(node, on)) || (before && !rest.some((node) => isWord(node, off)));
  return {
    ...records,
    users: records.users.map((user) =>
      user.name === name
        ? {
            name,
            createdb: flag('CREATEDB', 'NOCREATEDB', user.createdb),
            superuser: flag('CREATEUSER', 'NOCREATEUSER', user.superuser),
          }
        : user,
    ),
  };
}

function renamed(records: AccessRecords, kind: string, from: string, to: string): AccessRecords {
  const name = (each: string): string => (each === from ? to : each);
  const grantee = kind.toLowerCase();
  const moved = <T extends { readonly to: { readonly kind: string; readonly name: string } }>(each: T): T =>
    each.to.kind === grantee ? { ...each, to: { ...each.to, name: name(each.to.name) } } : each;
  return {
    users: kind === 'USER' ? records.users.map((user) => ({ ...user, name: name(user.name) })) : records.users,
    groups: records.groups.map((group) => ({
      name: kind === 'GROUP' ? name(group.name) : group.name,
      users: kind === 'USER' ? group.users.map(name) : group.users,
    })),
    roles: kind === 'ROLE' ? records.roles.map(name) : records.roles,
    privileges: records.privileges.map(moved),
    memberships: records.memberships.map((each) => moved(kind === 'ROLE' ? { ...each, role: name(each.role) } : each)),
  };
}

/** With what was granted to it. */
function dropped(records: AccessRecords, kind: string, name: string, ifExists: boolean): AccessRecords {
  const grantee = kind.toLowerCase();
  const known =
    kind === 'USER'
      ? records.users.some((user) => user.name === name)
      : kind === 'GROUP'
        ? records.groups.some((group) => group.name === name)
        : records.roles.includes(name);
  if (!known && ifExists) return records;
  if (!known) throw new RedshiftError(SQLSTATE.undefinedObject, `${grantee} "${name}" does not exist`);
  const stays = ({ to }: { readonly to: { readonly kind: string; readonly name: string } }): boolean =>
    to.kind !== grantee || to.name !== name;
  return {
    users: kind === 'USER' ? records.users.filter((user) => user.name !== name) : records.users,
    groups: records.groups
      .filter((group) => kind !== 'GROUP' || group.name !== name)
      .map((group) => (kind === 'USER' ? { ...group, users: group.users.filter((user) => user !== name) } : group)),
    roles: kind === 'ROLE' ? records.roles.filter((role) => role !== name) : records.roles,
    privileges: records.privileges.filter(stays),
    memberships: records.memberships.filter((each) => stays(each) && (kind !== 'ROLE' || each.role !== name)),
  };
}
