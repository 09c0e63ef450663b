import { nameOf } from './lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from './redshift-error.ts';
import {
  firstOf,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  placeBefore,
  significant,
  startOf,
  type Node,
} from './token-tree.ts';

/** Names that DuckDB would read a file for if there is no such table. */
const FILE = /\.(?:csv|tsv|txt|json|jsonl|ndjson|parquet|avro|xlsx|arrow|db|duckdb)(?:\.(?:gz|zst))?$/;

const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'BY', 'SET', 'VALUES', 'HAVING', 'QUALIFY', 'LIMIT'];

/**
 * DuckDB reads files whose names stand where a table's should: `FROM 'data.csv'`, `FROM "data.csv"`. Redshift knows no such thing.
 * @throws RedshiftError
 */
export function refuseFile(nodes: readonly Node[], at: number): void {
  const node = nodes[at];
  if (node?.type !== 'string' && !(node?.type === 'quoted' && FILE.test(nameOf(node)) && !isSymbol(nodes[at + 1], '.')))
    return;
  if (!isTablePosition(nodes, at)) return;
  if (node.type === 'string') throw syntaxError(node.text.slice(0, 40), startOf(node));
  throw new RedshiftError(SQLSTATE.undefinedTable, `relation "${nameOf(node)}" does not exist`, { position: node.at });
}

/** Whether parentheses hold nothing but a table's name: DuckDB takes none around it. */
export function isTableAlone(nodes: readonly Node[], at: number): boolean {
  const group = nodes[at];
  if (!isParenthesis(group) || !isName(firstOf(group.items))) return false;
  if (!isTablePosition(nodes, at) || isWord(nodes[placeBefore(nodes, at)], 'USING')) return false;
  const items = significant(group.items);
  return items.length % 2 === 1 && items.every((node, index) => (index % 2 === 0 ? isName(node) : isSymbol(node, '.')));
}

/** After FROM, JOIN or USING, or after a comma of a FROM clause. */
export function isTablePosition(nodes: readonly Node[], at: number): boolean {
  const before = placeBefore(nodes, at);
  const node = nodes[before];
  if (isWord(node, 'FROM', 'JOIN', 'USING')) return true;
  if (!isSymbol(node, ',')) return false;
  return isWord(clausesOf(nodes)[before], 'FROM');
}

/** The clause that each node of a list stands in: a list of a thousand columns is asked a thousand times. */
const clauses = new WeakMap<readonly Node[], readonly (Node | undefined)[]>();

function clausesOf(nodes: readonly Node[]): readonly (Node | undefined)[] {
  const known = clauses.get(nodes);
  if (known) return known;
  let clause: Node | undefined;
  const found = nodes.map((node) => {
    if (isWord(node, ...CLAUSES)) clause = node;
    return clause;
  });
  clauses.set(nodes, found);
  return found;
}
