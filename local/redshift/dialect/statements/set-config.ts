import { FOLDED, lex, literal, stringValue } from '../lexer.ts';
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
import type { Database, ParameterChange, Step } from '../translation.ts';
import { parameterChange, set } from './settings.ts';
import { steps } from './statement.ts';

/** Only such statements are looked at. */
export const SET_CONFIG = /\bset_config\s*\(/i;

/** The last argument: whether it is for the current transaction only. */
const SCOPES = [
  { written: /^(?:false|0|'f'|'false')$/i, scope: '' },
  { written: /^(?:true|1|'t'|'true')$/i, scope: 'LOCAL ' },
];

/**
 * `SELECT SET_CONFIG('name', 'value', false)` by itself: a SET, or with `true` a SET LOCAL, that answers with the value; nothing for any other statement.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_SET_CONFIG.html
 */
export function setConfig(
  all: readonly Node[],
  sql: string,
):
  | { readonly steps: (database: Database) => Promise<readonly Step[]>; readonly changes: ParameterChange | undefined }
  | undefined {
  const nodes = significant(all);
  const placed = isWord(nodes[1], 'PG_CATALOG') && isSymbol(nodes[2], '.') ? 3 : 1;
  const [called, group, as, alias] = nodes.slice(placed);
  if (!isWord(nodes[0], 'SELECT') || !isWord(called, 'SET_CONFIG') || !isParenthesis(group)) return undefined;
  const named = as === undefined ? called : isWord(as, 'AS') ? alias : as;
  if (!isName(named) || nodes.length > placed + (isWord(as, 'AS') ? 4 : as ? 3 : 2)) return undefined;
  const [name, value, local, ...more] = splitAtCommas(group.items).map((list) => textOf(significant(list)));
  if (!name?.startsWith("'") || !value?.startsWith("'") || local === undefined || more.length > 0) return undefined;
  const scope = SCOPES.find(({ written }) => written.test(local))?.scope;
  if (scope === undefined) return undefined;
  const text = stringValue(value);
  const words = `SET ${scope}${stringValue(name)} TO ${literal(text)}`;
  const nodesOfSet = tree(lex(words));
  const made = set({
    sql: words,
    nodes: nodesOfSet,
    written: nodesOfSet,
    command: 'SET',
    cases: FOLDED,
  });
  return {
    changes: parameterChange(nodesOfSet),
    steps: async (database) => [
      ...(typeof made === 'function' ? await made(database) : made),
      ...(await steps([{ statement: [`SELECT ${literal(text)} AS `, named] }], sql, database)),
    ],
  };
}
