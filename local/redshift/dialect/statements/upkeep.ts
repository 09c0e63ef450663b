import { systemRelation } from '../../catalog/system-relations.ts';
import { readTable } from '../attributes.ts';
import { noSuchRelation, readName, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import { isName, isParenthesis, isSymbol, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { columnNames } from './column-definition.ts';
import type { Statement } from './statement.ts';

/** Words before the table, and those after it. */
const WORDS: Readonly<Record<string, readonly [before: readonly string[], after: readonly string[]]>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html
  VACUUM: [
    ['FULL', 'SORT', 'DELETE', 'ONLY', 'REINDEX', 'RECLUSTER'],
    ['TO', 'BOOST'],
  ],
  // https://docs.aws.amazon.com/redshift/latest/dg/r_ANALYZE.html
  ANALYZE: [['VERBOSE'], ['PREDICATE', 'ALL']],
  ANALYSE: [['VERBOSE'], ['PREDICATE', 'ALL']],
  // https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html
  LOCK: [['TABLE'], ['IN']],
};

/** Accepted, without effect, of tables that are there: there are no statistics or blocks to act on, and locks are the session's. */
export function upkeep({ nodes: all, command, sql }: Statement): (database: Database) => Promise<readonly Step[]> {
  const nodes = significant(all);
  const [before = [], after = []] = WORDS[command] ?? [];
  let at = 1;
  const compression = nodes[at];
  if (isWord(compression, 'COMPRESSION') && command.startsWith('ANALY'))
    throw unsupported(
      'ANALYZE COMPRESSION',
      compression.at,
      'Columns without ENCODE are encoded by themselves: ENCODE AUTO.',
    );
  while (isWord(nodes[at], ...before)) at++;
  const names = isName(nodes[at]) && !isWord(nodes[at], ...after) ? tablesFrom(nodes, at) : [];
  const list = command.startsWith('ANALY') ? nodes.slice(at).find(isParenthesis) : undefined;
  const columns = list ? columnNames(list.items) : [];
  const wrong = nodes[at];
  if (names.length === 0 && command === 'LOCK')
    throw wrong ? syntaxError(textOf([wrong]), startOf(wrong)) : syntaxError(undefined, sql.length);
  return async (database) => {
    for (const name of names) {
      const table = await readTable(database, name);
      const known = table ?? systemRelation(name.schema ?? 'pg_catalog', name.name);
      if (!known && name.parts.length < 3) throw noSuchRelation(name);
      const missing = columns.find((column) => table && !table.columns.some((other) => other.name === column));
      if (missing !== undefined)
        throw new RedshiftError(
          SQLSTATE.undefinedColumn,
          `column "${missing}" of relation "${name.name}" does not exist`,
          { position: name.position },
        );
      if (command === 'LOCK' && table?.kind === 'VIEW')
        throw new RedshiftError(SQLSTATE.wrongObjectType, `"${name.name}" is not a table`, { position: name.position });
    }
    return [];
  };
}

function tablesFrom(nodes: readonly Node[], start: number): readonly QualifiedName[] {
  const names: QualifiedName[] = [];
  for (let at = start; ; at++) {
    const { name, end } = readName(nodes, at);
    names.push(name);
    at = isParenthesis(nodes[end]) ? end + 1 : end;
    if (!isSymbol(nodes[at], ',')) return names;
  }
}
