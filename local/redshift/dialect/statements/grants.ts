import { sameGrantee, samePrivilege, type AccessRecords, type Grantee, type Privilege } from '../access-records.ts';
import { SYSTEM_SCHEMAS, systemRelation } from '../../catalog/system-relations.ts';
import { readTable, schemaNamed } from '../attributes.ts';
import { literal, nameOf } from '../lexer.ts';
import { readName, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import {
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Node,
} from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { columnNames } from './column-definition.ts';
import type { Statement } from './statement.ts';
import { expectKnown, recorded } from './users.ts';

/** What ALL stands for. https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html */
const ALL: Readonly<Record<Privilege['on'], readonly string[]>> = {
  column: ['SELECT', 'UPDATE'],
  relation: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES', 'DROP', 'ALTER', 'TRUNCATE', 'TRIGGER', 'RULE'],
  schema: ['CREATE', 'USAGE', 'ALTER', 'DROP'],
  database: ['CREATE', 'TEMPORARY', 'USAGE', 'ALTER'],
  function: ['EXECUTE'],
  language: ['USAGE'],
  system: [],
};

/** What can be granted on something. */
const PRIVILEGES = new Set(['ALL', 'SHARE', 'CREATE MODEL', ...Object.values(ALL).flat()]);

const KINDS: Readonly<Record<string, Privilege['on']>> = {
  TABLE: 'relation',
  TABLES: 'relation',
  SCHEMA: 'schema',
  DATABASE: 'database',
  FUNCTION: 'function',
  FUNCTIONS: 'function',
  PROCEDURE: 'function',
  PROCEDURES: 'function',
  LANGUAGE: 'language',
};

/** `GRANT … TO …` and `REVOKE … FROM …`; nothing for grants on what a local cluster never has. */
export function grant({
  nodes: all,
  sql,
  command,
}: Statement): ((database: Database) => Promise<readonly Step[]>) | undefined {
  const nodes = significant(all);
  const gives = command === 'GRANT';
  const to = nodes.findLastIndex((node) => isWord(node, gives ? 'TO' : 'FROM'));
  if (to < 0) throw syntaxError(undefined, sql.length);
  const on = nodes.findIndex((node) => isWord(node, 'ON'));
  let start = 1;
  const onlyOption = !gives && isWord(nodes[1], 'GRANT', 'ADMIN');
  if (onlyOption) start = nodes.findIndex((node) => isWord(node, 'FOR')) + 1;
  const admin = nodes.slice(to).some((node) => isWord(node, 'OPTION'));
  const receivers = grantees(nodes.slice(to + 1));
  if (on < 0 || on > to) return withoutObject(nodes.slice(start, to), receivers, admin, gives, sql);
  const what = privilegesIn(nodes.slice(start, on));
  const objects = nodes.slice(on + 1, to);
  const [first] = objects;
  // Who may use which IAM role is kept nowhere.
  if (isWord(nodes[start], 'ASSUMEROLE') || isWord(first, 'DATASHARE', 'MODEL', 'EXTERNAL', 'COPY', 'LIBRARY'))
    return undefined;
  if (isWord(first, 'RLS', 'MASKING') && isName(objects[1])) throw unsupported(`${command} ON ${first.word}`, first.at);
  const unknown = what.find(({ privilege }) => !PRIVILEGES.has(privilege));
  if (unknown) throw syntaxError(unknown.privilege.toLowerCase(), startOf(nodes[start] ?? nodes[0] ?? SPACE));
  return recorded(sql, async (records, database) => {
    await expectKnown(records, receivers, database);
    const granted = (await objectsIn(objects, database)).flatMap(({ on: kind, schema, object }) =>
      what.flatMap(({ privilege, columns }) =>
        (columns ?? [undefined]).flatMap((column) => {
          const target = column === undefined ? kind : 'column';
          const on = { on: target, schema, object, ...(column !== undefined && { column }) } as const;
          return (privilege === 'ALL' ? ALL[target] : [privilege]).flatMap((name) =>
            receivers.map((each): Privilege => ({ privilege: name, ...on, to: each, admin })),
          );
        }),
      ),
    );
    return onlyOption ? withoutOption(records, granted) : changed(records, granted, gives);
  });
}

/** REVOKE GRANT OPTION FOR: the privilege stays. */
function withoutOption(records: AccessRecords, revoked: readonly Privilege[]): AccessRecords {
  return {
    ...records,
    privileges: records.privileges.map((each) =>
      revoked.some((other) => samePrivilege(each, other)) ? { ...each, admin: false } : each,
    ),
  };
}

function changed(records: AccessRecords, granted: readonly Privilege[], gives: boolean): AccessRecords {
  const others = records.privileges.filter((each) => !granted.some((other) => samePrivilege(each, other)));
  return { ...records, privileges: gives ? [...others, ...granted] : others };
}

/** Roles, and the privileges of the system that only roles may have. */
function withoutObject(
  nodes: readonly Node[],
  to: readonly Grantee[],
  admin: boolean,
  gives: boolean,
  sql: string,
): (database: Database) => Promise<readonly Step[]> {
  if (!isWord(nodes[0], 'ROLE')) {
    const granted = privilegesIn(nodes).flatMap(({ privilege }) =>
      to.map((each): Privilege => ({ privilege, on: 'system', schema: '', object: '', to: each, admin })),
    );
    return recorded(sql, async (records, database) => {
      await expectKnown(records, to, database);
      return changed(records, granted, gives);
    });
  }
  const roles = splitAtCommas(nodes).flatMap((item) => {
    const name = item.find((node) => !isWord(node, 'ROLE'));
    return isName(name) ? [nameOf(name)] : [];
  });
  return recorded(sql, async (records, database) => {
    await expectKnown(records, [...to, ...roles.map((name): Grantee => ({ kind: 'role', name }))], database);
    const others = records.memberships.filter(
      (each) => !(roles.includes(each.role) && to.some((one) => sameGrantee(one, each.to))),
    );
    const granted = roles.flatMap((role) => to.map((each) => ({ role, to: each, admin })));
    return { ...records, memberships: gives ? [...others, ...granted] : others };
  });
}

interface Wanted {
  /** `ALL` for all there are. */
  readonly privilege: string;
  /** `SELECT (a, b)` */
  readonly columns: readonly string[] | undefined;
}

function privilegesIn(nodes: readonly Node[]): readonly Wanted[] {
  return splitAtCommas(nodes).map((item) => {
    const list = item.find((node) => isParenthesis(node));
    const text = textOf(
      item.filter((node) => node !== list).flatMap((node, index) => (index === 0 ? [node] : [SPACE, node])),
    ).toUpperCase();
    const privilege = text === 'TEMP' ? 'TEMPORARY' : text.replace(/^ALL PRIVILEGES$/, 'ALL');
    return { privilege, columns: isParenthesis(list) ? columnNames(list.items) : undefined };
  });
}

const SPACE = { type: 'space', text: ' ', at: 0, word: ' ' } as const;

function grantees(nodes: readonly Node[]): readonly Grantee[] {
  const end = nodes.findIndex((node) => isWord(node, 'WITH', 'FOR', 'CASCADE', 'RESTRICT'));
  return splitAtCommas(end < 0 ? nodes : nodes.slice(0, end)).map((item): Grantee => {
    const kind = isWord(item[0], 'GROUP') ? 'group' : isWord(item[0], 'ROLE') ? 'role' : 'user';
    const name = item[item.length === 1 || kind === 'user' ? 0 : 1];
    if (!isName(name)) throw syntaxError(textOf(item), startOf(item[0] ?? nodes[0] ?? SPACE));
    return isWord(name, 'PUBLIC') && item.length === 1
      ? { kind: 'public', name: 'public' }
      : { kind, name: nameOf(name) };
  });
}

interface Granted {
  readonly on: Privilege['on'];
  readonly schema: string;
  readonly object: string;
}

async function objectsIn(nodes: readonly Node[], database: Database): Promise<readonly Granted[]> {
  if (isWord(nodes[0], 'ALL')) {
    const schema = readName(nodes, nodes.findIndex((node) => isWord(node, 'SCHEMA')) + 1).name.name;
    if (!isWord(nodes[1], 'TABLES')) return [];
    const rows = await database.query(
      `SELECT relation FROM rs.main.rs_relations WHERE schema_name = ${literal(schema)} ORDER BY 1`,
    );
    return rows.map(([relation]) => ({ on: 'relation', schema, object: String(relation) }));
  }
  const word = nodes[0];
  const kind = word?.type === 'word' && isName(nodes[1]) ? KINDS[word.word] : undefined;
  const names: QualifiedName[] = [];
  for (let at = kind ? 1 : 0; at < nodes.length;) {
    const read = readName(nodes, at);
    names.push(read.name);
    at = isParenthesis(nodes[read.end]) ? read.end + 1 : read.end;
    if (!isSymbol(nodes[at], ',')) break;
    at++;
  }
  const on = kind ?? 'relation';
  const [current] = await database.query('SELECT current_schema()');
  await expectThere(on, names, database);
  return names.map(({ name, schema }) => ({
    on,
    schema: on === 'relation' || on === 'function' ? (schema ?? String(current?.[0] ?? 'public')) : '',
    object: name,
  }));
}

/** Relations and schemas that are named must be there. */
async function expectThere(on: Privilege['on'], names: readonly QualifiedName[], database: Database): Promise<void> {
  if (on !== 'relation' && on !== 'schema') return;
  for (const name of names) {
    const system =
      on === 'relation' ? systemRelation(name.schema ?? 'pg_catalog', name.name) : SYSTEM_SCHEMAS.has(name.name);
    if (system || (on === 'relation' ? await readTable(database, name) : await schemaNamed(database, name.name)))
      continue;
    throw new RedshiftError(
      on === 'relation' ? SQLSTATE.undefinedTable : SQLSTATE.undefinedSchema,
      `${on} "${name.shown}" does not exist`,
      { position: name.position },
    );
  }
}
