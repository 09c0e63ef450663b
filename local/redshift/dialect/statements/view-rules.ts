import { readTable, type StoredTable } from '../attributes.ts';
import { describeQuery } from '../described-query.ts';
import { nameOf, type NameCases, type Token } from '../lexer.ts';
import { qualified, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import { isGroup, isName, isParenthesis, isSymbol, isWord, significant, startOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { calledFunction } from '../user-functions.ts';
import { relationsIn } from './dependent-views.ts';

/**
 * A view WITH NO SCHEMA BINDING names its relations with their schemas, system tables too, and is of no recursive query.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
 */
export function refuseUnqualified(query: readonly Node[], text: string, cases: NameCases): void {
  const recursive = significant(query).find((node) => isWord(node, 'RECURSIVE'));
  if (recursive)
    throw new RedshiftError(SQLSTATE.notSupported, 'a view WITH NO SCHEMA BINDING cannot be recursive', {
      position: startOf(recursive),
    });
  const own = ownNames(query);
  if ([...relationsIn(text, cases)].every((name) => name.includes('.') || own.has(name))) return;
  throw new RedshiftError(
    SQLSTATE.notSupported,
    'All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.',
  );
}

/** What stands where a relation does and is none of the database: common table expressions, functions, UNPIVOT. */
function ownNames(query: readonly Node[]): ReadonlySet<string> {
  const names = new Set(['unpivot']);
  const visit = (all: readonly Node[]): void => {
    const nodes = significant(all);
    nodes.forEach((node, at) => {
      if (isParenthesis(node)) visit(node.items);
      const next = nodes[at + 1];
      const body = isWord(next, 'AS') ? nodes[at + 2] : next;
      if (!isName(node) || !isParenthesis(body)) return;
      if (body === next || isWord(significant(body.items)[0], 'SELECT', 'WITH') || isParenthesis(body.items[0]))
        names.add(nameOf(node));
    });
  };
  visit(query);
  return names;
}

/**
 * CREATE OR REPLACE VIEW gives a view that others may read another query of the same columns.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
 */
export async function refuseOtherColumns(
  name: QualifiedName,
  listed: readonly string[],
  select: Step,
  database: Database,
  sql: string,
): Promise<void> {
  const old = await readTable(database, name).catch(() => undefined);
  if (old?.kind !== 'VIEW' || old.attributes.view !== undefined) return;
  const columns = await describeQuery(database, select, sql);
  const refuse = (message: string): never => {
    throw new RedshiftError(SQLSTATE.invalidTableDefinition, message, {
      position: name.position,
      hint: 'DROP VIEW, then CREATE VIEW.',
    });
  };
  if (columns.length !== old.columns.length) refuse('cannot change number of columns in view');
  old.columns.forEach((column, at) => {
    const made = columns[at];
    if ((listed[at] ?? made?.name ?? '').toLowerCase() !== column.name.toLowerCase())
      refuse(`cannot change name of view column "${column.name}"`);
    const known = [made?.type, column.type].every((type) => !/^"?(?:UNKNOWN|NULL)"?$/.test(type ?? ''));
    if (known && made?.type !== column.type) refuse(`cannot change data type of view column "${column.name}"`);
  });
}

const SYSTEM = /^(?:pg_catalog\.|information_schema\.|(?:st[lv]|sv[lv]|svcs|sys|pg)_)/;

interface MaterializedQuery {
  readonly query: readonly Node[];
  readonly text: string;
  /** What it became. */
  readonly select: Step;
  /** AUTO REFRESH YES */
  readonly automatic: boolean;
}

const LEADER_ONLY = new Set(
  'CURRENT_SCHEMA CURRENT_SCHEMAS HAS_DATABASE_PRIVILEGE HAS_SCHEMA_PRIVILEGE HAS_TABLE_PRIVILEGE'.split(' '),
);

/** What gives something else each time. https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-refresh-sql-command.html */
const MUTABLE = new Set(
  'GETDATE SYSDATE NOW TIMEOFDAY CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP RANDOM'.split(
    ' ',
  ),
);

/** Those that are written without parentheses. */
const BARE = new Set('SYSDATE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP'.split(' '));

function firstCall(all: readonly Node[], names: ReadonlySet<string>): Token | undefined {
  const nodes = significant(all);
  for (const [at, node] of nodes.entries()) {
    const inside = isGroup(node) ? firstCall(node.items, names) : undefined;
    if (inside) return inside;
    if (isGroup(node) || node.type !== 'word' || !names.has(node.word)) continue;
    const named = isSymbol(nodes[at + 1], '.') || isSymbol(nodes[at - 1], '.') || isWord(nodes[at - 1], 'AS');
    if (!named && (isParenthesis(nodes[at + 1]) || BARE.has(node.word))) return node;
  }
  return undefined;
}

/**
 * What the query of a materialized view has not, and what it does not read.
 * https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
 */
export async function refuseMaterialized(
  { query, text, select, automatic }: MaterializedQuery,
  cases: NameCases,
  database: Database,
): Promise<void> {
  refuseOrdered(query);
  const refuse = (what: string, position?: number): never => {
    throw new RedshiftError(SQLSTATE.notSupported, what, { position });
  };
  const called = calledFunction(select);
  if (called !== undefined) refuse(`a materialized view cannot call user-defined function ${called}`);
  const leader = firstCall(query, LEADER_ONLY);
  if (leader) refuse(`a materialized view cannot call ${leader.word}`, leader.at);
  const mutable = automatic ? firstCall(query, MUTABLE) : undefined;
  if (mutable) refuse(`AUTO REFRESH YES is not possible of a materialized view that calls ${mutable.word}`, mutable.at);
  const own = ownNames(query);
  for (const read of relationsIn(text, cases)) {
    const parts = read.split('.');
    const name = qualified(parts);
    const relation = parts.length === 1 && own.has(read) ? undefined : await readTable(database, name);
    if (automatic && relation?.attributes.view === 'materialized')
      refuse(`AUTO REFRESH YES is not possible of a materialized view of another, "${read}"`);
    const what = !relation
      ? SYSTEM.test(read) && 'a system table'
      : relation.temporary
        ? 'a temporary table'
        : relation.kind === 'VIEW' && 'a view';
    if (what) refuse(`a materialized view cannot read "${read}", which is ${what}`);
  }
}

function refuseOrdered(all: readonly Node[]): void {
  const nodes = significant(all);
  nodes.forEach((node, at) => {
    const before = nodes[at - 1];
    if (isParenthesis(node) && !isWord(before, 'OVER', 'GROUP')) refuseOrdered(node.items);
    const clause = isWord(node, 'ORDER') && isWord(nodes[at + 1], 'BY') ? 'ORDER BY' : undefined;
    const limit = isWord(node, 'LIMIT', 'OFFSET') && at > 1 && nodes[at + 1] !== undefined ? node.word : undefined;
    const found = clause ?? limit;
    if (found !== undefined)
      throw new RedshiftError(SQLSTATE.notSupported, `a materialized view cannot have ${found}`, {
        position: startOf(node),
      });
  });
}

/**
 * The rows of a materialized view are its query's: only REFRESH changes them.
 * https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-overview.html
 */
export function refuseChange(table: StoredTable | undefined, { name, position }: QualifiedName): void {
  if (table?.attributes.view !== 'materialized') return;
  throw new RedshiftError(SQLSTATE.wrongObjectType, `cannot change materialized view "${name}"`, {
    position,
    hint: 'Change the tables it reads, and REFRESH MATERIALIZED VIEW.',
  });
}
