import { systemRelation } from '../../catalog/system-relations.ts';
import { readTable } from '../attributes.ts';
import { noSuchRelation, readName, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import { isName, isParenthesis, isSymbol, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { expectColumn } from './alter-column.ts';
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
  if (command === 'VACUUM') refuseVacuum(nodes, at, names.length > 0, sql);
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
      if (table) for (const column of columns) expectColumn(table, name, column, name.position);
      if (command === 'LOCK' && table?.kind === 'VIEW')
        throw new RedshiftError(SQLSTATE.wrongObjectType, `"${name.name}" is not a table`, { position: name.position });
    }
    return [];
  };
}

/** What follows the table: `[TO threshold PERCENT] [BOOST]`. https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html */
function refuseVacuum(nodes: readonly Node[], start: number, named: boolean, sql: string): void {
  let at = named ? readName(nodes, start).end : start;
  const unexpected = (): RedshiftError => {
    const node = nodes[at];
    return node ? syntaxError(textOf([node]).slice(0, 40), startOf(node)) : syntaxError(undefined, sql.length);
  };
  const needed = nodes.slice(1, start).find((node) => isWord(node, 'REINDEX', 'RECLUSTER'));
  const options = nodes[at];
  if (!named && (options || needed)) throw unexpected();
  if (isWord(options, 'TO')) {
    if (needed) throw unexpected();
    const threshold = nodes[++at];
    if (threshold?.type !== 'number') throw unexpected();
    if (!/^\d+$/.test(threshold.text) || Number(threshold.text) > 100)
      throw new RedshiftError(
        SQLSTATE.invalidParameter,
        `VACUUM threshold ${threshold.text} is not an integer between 0 and 100`,
        { position: threshold.at },
      );
    at++;
    if (!isWord(nodes[at], 'PERCENT')) throw unexpected();
    at++;
  }
  if (isWord(nodes[at], 'BOOST')) {
    if (isWord(needed, 'REINDEX')) throw unexpected();
    at++;
  }
  if (nodes[at]) throw unexpected();
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
