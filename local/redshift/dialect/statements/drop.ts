import { identifier, literal } from '../lexer.ts';
import { type QualifiedName, readName } from '../names.ts';
import { parseAttributes, schemaNamed } from '../attributes.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import { isSymbol, isWord, significant, startOf, textOf } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finish, type Draft } from '../typing.ts';
import { dependents, dependentViews } from './dependent-views.ts';
import { steps, type Statement } from './statement.ts';

/** DROP of tables, views and schemas; several at once, as Redshift allows. Nothing for what is only recorded. */
export function drop({
  nodes: all,
  sql,
}: Statement): readonly Step[] | ((database: Database) => Promise<readonly Step[]>) | undefined {
  const nodes = significant(all);
  let at = 1;
  const materialized = isWord(nodes[at], 'MATERIALIZED');
  if (materialized) at++;
  const kind = nodes[at];
  if (!isWord(kind, 'TABLE', 'VIEW', 'SCHEMA')) {
    if (!kind) throw syntaxError(undefined, sql.length);
    throw unsupported(`DROP ${textOf([kind]).toUpperCase()}`, startOf(kind));
  }
  at++;
  const ifExists = isWord(nodes[at], 'IF') && isWord(nodes[at + 1], 'EXISTS');
  if (ifExists) at += 2;
  const names: QualifiedName[] = [];
  for (;;) {
    const read = readName(nodes, at);
    names.push(read.name);
    at = read.end;
    if (!isSymbol(nodes[at], ',')) break;
    at++;
  }
  const behaviour = nodes[at];
  if (isWord(behaviour, 'DROP'))
    throw unsupported('DROP SCHEMA … DROP EXTERNAL DATABASE', behaviour.at, 'There are no external schemas here.');
  if (behaviour && !isWord(behaviour, 'CASCADE', 'RESTRICT'))
    throw syntaxError(textOf([behaviour]), startOf(behaviour));
  const what = materialized ? 'TABLE' : kind.word;
  const cascade = isWord(behaviour, 'CASCADE') ? ' CASCADE' : '';
  const drafts = names.map((name): Draft => {
    if (what === 'SCHEMA' && name.name === 'public' && cascade === '')
      throw new RedshiftError(SQLSTATE.dependentObjects, 'cannot drop schema public because it is the default schema', {
        position: name.position,
      });
    const target = what === 'SCHEMA' ? identifier(name.name) : name.sql;
    return {
      statement: [
        `DROP ${what} ${ifExists ? 'IF EXISTS ' : ''}`,
        { type: 'quoted', text: target, at: name.position, word: target },
        cascade,
      ],
    };
  });
  if (what !== 'TABLE' && what !== 'VIEW') return finish(drafts, sql);
  return async (database) => {
    const views: Draft[] = [];
    const absent = new Set<Draft>();
    for (const [index, name] of names.entries()) {
      const found = await inAnyCase(database, name);
      refuseOther(found, name, kind.word, materialized);
      const there = found.map((relation) => relation.name);
      if (there.length === 0 && !ifExists && (await schemaNamed(database, name.schema ?? 'public')))
        throw noSuchTarget(materialized ? 'Relation' : kind.word, name);
      // DuckDB would take a relation whose name differs in its case for the one that is meant.
      if (there.length > 0 && !there.includes(name.name)) {
        if (!ifExists) throw noSuchTarget(materialized ? 'Relation' : kind.word, name);
        absent.add(drafts[index] as Draft);
        continue;
      }
      const readers = await dependentViews(database, name);
      const others = readers.filter((reader) => !names.some((dropped) => dropped.name === reader.name));
      if (others.length > 0 && cascade === '') throw dependents(what, name);
      views.push(...others.map((view) => ({ statement: `DROP VIEW IF EXISTS ${view.sql}` })));
    }
    return steps([...views, ...drafts.filter((draft) => !absent.has(draft))], sql, database);
  };
}

/** What a DROP names: by its own name, and by what it should be. */
function noSuchTarget(kind: string, { name, position }: QualifiedName): RedshiftError {
  const what = kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase();
  return new RedshiftError(SQLSTATE.undefinedTable, `${what} "${name}" does not exist`, { position });
}

interface Found {
  readonly name: string;
  readonly materialized: boolean;
}

/** What is kept in a table is a materialized view or a table, and DROP names which. */
function refuseOther(
  found: readonly Found[],
  { name, position }: QualifiedName,
  kind: string,
  materialized: boolean,
): void {
  const relation = found.find((each) => each.name === name);
  if (relation === undefined || relation.materialized === materialized || (kind === 'VIEW' && !materialized)) return;
  throw new RedshiftError(
    SQLSTATE.wrongObjectType,
    `"${name}" is not a ${materialized ? 'materialized view' : 'table'}`,
    { position, hint: materialized ? undefined : 'Use DROP MATERIALIZED VIEW to remove a materialized view.' },
  );
}

/** Tables and views of a name in any case. */
async function inAnyCase(database: Database, { name, schema }: QualifiedName): Promise<readonly Found[]> {
  const where = `lower(%name) = ${literal(name.toLowerCase())} AND ${schema === undefined ? 'list_contains(current_schemas(true), schema_name)' : `schema_name = ${literal(schema)}`}`;
  const rows = await database.query(
    `SELECT table_name, comment FROM duckdb_tables() WHERE ${where.replace('%name', 'table_name')}
     UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE ${where.replace('%name', 'view_name')}`,
    'catalogue',
  );
  return rows.map(([found, comment]) => ({
    name: String(found),
    materialized: parseAttributes(comment).view === 'materialized',
  }));
}
