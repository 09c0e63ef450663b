import { keptCases, NO_ATTRIBUTES, parseAttributes, writeAttributes, type TableAttributes } from '../attributes.ts';
import { describeQuery } from '../described-query.ts';
import { redshiftError } from '../errors.ts';
import { rewrite } from '../expressions.ts';
import type { Fragment } from '../fragment.ts';
import { FOLDED, identifier, lex, nameOf, type NameCases } from '../lexer.ts';
import { qualified, type QualifiedName } from '../names.ts';
import { SQLSTATE } from '../redshift-error.ts';
import { tree } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finishWith, type Draft } from '../typing.ts';
import { waitingFor } from '../waiting-views.ts';
import { relationsIn } from './dependent-views.ts';
import { steps } from './statement.ts';

/**
 * Views WITH NO SCHEMA BINDING: a relation they read may come later, and may change its types.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
 */
export interface LateView {
  readonly name: QualifiedName;
  /** As it was written. */
  readonly query: string;
  /** Names of its columns, if any were given. */
  readonly columns: readonly string[];
  readonly cases: NameCases;
}

/** The view, or, where a relation is not there yet, one that says so until it is. */
export async function lateBindingView(
  view: LateView,
  body: Fragment,
  replace: boolean,
  database: Database,
  sql: string,
): Promise<readonly Step[]> {
  const missing = await missingRelation(body, database, sql);
  return steps(missing === undefined ? bound(view, body, replace) : waiting(view, missing, replace), sql, database);
}

/** The name of a relation the query reads that is not there. */
async function missingRelation(body: Fragment, database: Database, sql: string): Promise<string | undefined> {
  try {
    await describeQuery(database, await finishWith({ statement: body }, database, sql), sql);
    return undefined;
  } catch (error) {
    const failure = redshiftError(error, sql);
    const name = /^relation "(.*)" does not exist$/.exec(failure.message)?.[1];
    if (failure.code === SQLSTATE.undefinedTable && name !== undefined) return name;
    throw failure;
  }
}

function bound({ name, columns, ...view }: LateView, body: Fragment, replace: boolean): readonly Draft[] {
  const list = columns.length > 0 ? `(${columns.map(identifier).join(', ')}) ` : '';
  return [
    { statement: [`CREATE ${replace ? 'OR REPLACE ' : ''}VIEW ${name.sql} ${list}AS `, body], query: body },
    { statement: writeAttributes('VIEW', name, attributesOf({ name, columns, ...view })) },
  ];
}

/** DuckDB makes no view of what is not there, but keeps one: its table is made and dropped again, under a name nothing else has. */
function waiting(view: LateView, missing: string, replace: boolean): readonly Draft[] {
  const { name } = view;
  const table = qualified([...name.parts.slice(0, -1), waitingFor(missing)]).sql;
  return [
    { statement: `CREATE TABLE ${table} (nothing INTEGER)` },
    { statement: `CREATE ${replace ? 'OR REPLACE ' : ''}VIEW ${name.sql} AS SELECT * FROM ${table}` },
    { statement: `DROP TABLE ${table}` },
    { statement: writeAttributes('VIEW', name, attributesOf(view)) },
  ];
}

function attributesOf({ query, columns, cases }: LateView): TableAttributes {
  return {
    ...NO_ATTRIBUTES,
    view: 'late-binding',
    query,
    ...keptCases(cases),
    ...(columns.length > 0 && { viewColumns: columns }),
  };
}

/** After a relation was made or changed: the late-binding views that read one of its name, made anew with the types of now. */
export function refreshed(sql: string): (database: Database) => Promise<readonly Step[]> {
  return async (database) => {
    const rows = await database.query(
      `SELECT schema_name, view_name, comment FROM duckdb_views()
       WHERE NOT internal AND database_name = current_database() AND contains(comment, '"view":"late-binding"')`,
      'catalogue',
    );
    if (rows.length === 0) return [];
    const changed = new Set(
      lex(sql).flatMap((token) => (token.type === 'word' || token.type === 'quoted' ? [nameOf(token)] : [])),
    );
    const made: Step[] = [];
    for (const [schema, view, comment] of rows) {
      const { query, viewColumns = [], cases = FOLDED } = parseAttributes(comment);
      const name = qualified([String(schema), String(view)]);
      const reads = [...relationsIn(query ?? '')].some((read) => changed.has(read.split('.').at(-1) ?? ''));
      if (query === undefined || !reads || changed.has(name.name)) continue;
      // One that cannot be read any more stays as it is: whoever reads it is told.
      made.push(...(await remade({ name, query, columns: viewColumns, cases }, database, sql).catch(() => [])));
    }
    return made;
  };
}

async function remade(view: LateView, database: Database, sql: string): Promise<readonly Step[]> {
  const body = rewrite(tree(lex(view.query, view.cases)));
  const missing = await missingRelation(body, database, view.query);
  return missing === undefined ? steps(bound(view, body, true), sql, database) : [];
}
