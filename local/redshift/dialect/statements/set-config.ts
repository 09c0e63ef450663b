import { FOLDED, lex, literal, stringValue } from '../lexer.ts';
import { unsupported } from '../redshift-error.ts';
import {
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  textOf,
  tree,
  type Node,
} from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { set } from './settings.ts';
import { steps } from './statement.ts';

/** Only such statements are looked at. */
export const SET_CONFIG = /\bset_config\s*\(/i;

/**
 * `SELECT SET_CONFIG('name', 'value', false)` by itself: a SET that answers with the value; nothing for any other statement.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_SET_CONFIG.html
 */
export function setConfig(
  all: readonly Node[],
  sql: string,
): ((database: Database) => Promise<readonly Step[]>) | undefined {
  const nodes = significant(all);
  const placed = isWord(nodes[1], 'PG_CATALOG') && isSymbol(nodes[2], '.') ? 3 : 1;
  const [called, group, as, alias] = nodes.slice(placed);
  if (!isWord(nodes[0], 'SELECT') || !isWord(called, 'SET_CONFIG') || !isParenthesis(group)) return undefined;
  const named = as === undefined ? called : isWord(as, 'AS') ? alias : as;
  if (!isName(named) || nodes.length > placed + (isWord(as, 'AS') ? 4 : as ? 3 : 2)) return undefined;
  const [name, value, local, ...more] = splitAtCommas(group.items).map((list) => textOf(significant(list)));
  if (!name?.startsWith("'") || !value?.startsWith("'") || local === undefined || more.length > 0) return undefined;
  if (!/^(?:false|0|'f'|'false')$/i.test(local))
    throw unsupported('SET_CONFIG for the current transaction only', called.at, 'Give false as its last argument.');
  const text = stringValue(value);
  const words = `SET ${stringValue(name)} TO ${literal(text)}`;
  const nodesOfSet = tree(lex(words));
  const made = set({
    sql: words,
    nodes: nodesOfSet,
    written: nodesOfSet,
    command: 'SET',
    cases: FOLDED,
  });
  return async (database) => [
    ...(typeof made === 'function' ? await made(database) : made),
    ...(await steps([{ statement: [`SELECT ${literal(text)} AS `, named] }], sql, database)),
  ];
}
