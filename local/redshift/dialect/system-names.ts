import { TEMPORARY_SCHEMA } from '../catalog/relation-views.ts';
import { ATTRIBUTES_WITH_KEYS } from '../catalog/seldom-views.ts';
import {
  inlineRelation,
  isMissingSystemRelation,
  SYSTEM_SCHEMAS,
  systemRelation,
} from '../catalog/system-relations.ts';
import type { Fragment } from './fragment.ts';
import { CLAUSE_WORDS } from './keywords.ts';
import { isTrivia, nameOf, type Token } from './lexer.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { isTablePosition } from './table-names.ts';
import { isName, isWord, type Node } from './token-tree.ts';

/**
 * What a name of a system schema becomes: `information_schema.tables` and `pg_catalog.pg_class`, with the database before them or not, where
 * a table stands, and the columns of such a table elsewhere; and a system relation without a schema that is no view of DuckDB's. Nothing for
 * every other name.
 *
 * `parts` are the name's fragments, dots among them; `start` and `end` where it stands in `nodes`.
 * @throws RedshiftError for a system relation that is not there: DuckDB would find one of its own.
 */
export function systemName(
  nodes: readonly Node[],
  start: number,
  end: number,
  path: readonly Token[],
  parts: readonly Fragment[],
): Fragment | undefined {
  const [only] = path;
  if (path.length < 2) {
    const inline = only && (withKeys(nodes, nameOf(only)) ?? inlineRelation(nameOf(only)));
    return inline !== undefined && isTablePosition(nodes, start)
      ? aliased(inline, nameOf(only as Token), nodes, end)
      : undefined;
  }
  const table = isTablePosition(nodes, start);
  if (table && path.length === 2 && nameOf(path[0] as Token) === TEMPORARY_SCHEMA)
    return ['temp.main', ...parts.slice(1)];
  const at = table ? path.length - 2 : path.findIndex((token) => SYSTEM_SCHEMAS.has(nameOf(token)));
  const [schema, relation] = [path[at], path[at + 1]];
  if (at < 0 || at > 1 || !schema || !relation || !SYSTEM_SCHEMAS.has(nameOf(schema))) return undefined;
  // Of a column: what comes after the schema. Each part has its dot before it.
  if (!table) return parts.slice(2 * (at + 1));
  const [schemaName, name] = [nameOf(schema), nameOf(relation)];
  const found = withKeys(nodes, name) ?? systemRelation(schemaName, name);
  if (found === undefined) throw missing(schemaName, name, relation.at);
  return found === `rs.main.${name}` ? found : aliased(found, name, nodes, end);
}

/** Columns of keys are among those of tables where a query reads the indexes, too: to have them there always would cost every query of columns. */
function withKeys(nodes: readonly Node[], name: string): string | undefined {
  return name === 'pg_attribute' && nodes.some((node) => isName(node) && nameOf(node) === 'pg_index')
    ? `(${ATTRIBUTES_WITH_KEYS})`
    : undefined;
}

/** Under the name it was written with, unless it has an alias. */
function aliased(relation: string, name: string, nodes: readonly Node[], end: number): Fragment {
  return hasAlias(nodes, end) ? relation : [relation, ` AS ${name}`];
}

function missing(schema: string, name: string, position: number): RedshiftError {
  if (isMissingSystemRelation(name) || schema === 'information_schema')
    return new RedshiftError(
      SQLSTATE.notSupported,
      `the local cluster does not keep the system table or view "${schema}.${name}"`,
      { position },
    );
  return new RedshiftError(SQLSTATE.undefinedTable, `relation "${schema}.${name}" does not exist`, { position });
}

function hasAlias(nodes: readonly Node[], end: number): boolean {
  const next = nodes.slice(end).find((node) => !isTrivia(node));
  if (next === undefined) return false;
  return isWord(next, 'AS') || next.type === 'quoted' || (next.type === 'word' && !CLAUSE_WORDS.has(next.word));
}
