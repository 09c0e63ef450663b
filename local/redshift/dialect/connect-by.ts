import { CLAUSE_ENDS, SET_OPERATIONS } from './clause-words.ts';
import type { Reader } from './reader.ts';
import type { Fragment } from './fragment.ts';
import { type Token } from './lexer.ts';
import { newNodes } from './new-nodes.ts';
import { nameFragment } from './names.ts';
import { syntaxError, unsupported } from './redshift-error.ts';
import { isGroup, isName, isParenthesis, isSymbol, isWord, significant, startOf, type Node } from './token-tree.ts';

/**
 * `START WITH roots CONNECT BY condition`: the rows below the roots, found level by level, before WHERE is looked at. The relation of
 * FROM becomes a recursive query with the column `level`; the two clauses are gone when they are come to.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CONNECT_BY_clause.html
 */
export function hierarchicalFrom(reader: Reader, token: Token): Fragment | undefined {
  const clauses = clausesOf(reader);
  if (!clauses) return undefined;
  const { from, start, connect, fromEnd } = clauses;
  const { relation, alias } = relationOf(from, token);
  const condition = ofParent(connect);
  if (!condition.prior) throw unsupported('CONNECT BY without PRIOR', token.at, 'Write WITH RECURSIVE.');
  reader.at = fromEnd;
  const rows: Fragment = ['rs_rows AS ', alias];
  return [
    'FROM (WITH RECURSIVE rs_rows AS MATERIALIZED (SELECT *, row_number() OVER () AS rs_row FROM ',
    reader.rewrite(relation),
    '), rs_tree AS (SELECT ',
    [alias, '.*, level AS rs_level, [rs_row] AS rs_path FROM ', rows, ', (SELECT 1 AS level) AS rs_root'],
    start ? [' WHERE ', reader.rewrite(start)] : '',
    ' UNION ALL SELECT ',
    [alias, '.*, CASE WHEN list_contains(rs_prior.rs_path, ', alias, '.rs_row) THEN error(', LOOP, ')'],
    [' ELSE rs_prior.rs_level + 1 END, list_append(rs_prior.rs_path, ', alias, '.rs_row) FROM ', rows],
    ' JOIN (SELECT rs_tree AS rs_prior FROM rs_tree) AS rs_parent ON ',
    reader.rewrite(condition.nodes),
    ') SELECT * EXCLUDE (rs_row, rs_level, rs_path), rs_level AS level FROM rs_tree) AS ',
    alias,
    ' ',
  ];
}

const LOOP = "'rs:54001:CONNECT BY runs in a circle, a row is below itself;'";

/** What a star of such a query does without. */
export const hiddenOf = (reader: Reader): string => (clausesOf(reader) ? ' EXCLUDE (level)' : '');

/** START WITH and CONNECT BY, where the query has both at hand already. */
export function passedBy(reader: Reader): Fragment | undefined {
  const at = reader.at;
  if (!isConnectBy(reader.nodes, at) && !(isStartWith(reader.nodes, at) && hasConnectBy(reader.nodes)))
    return undefined;
  reader.at = endOfClause(reader.nodes, reader.next(at + 1) + 1);
  return '';
}

interface Clauses {
  readonly from: readonly Node[];
  readonly start: readonly Node[] | undefined;
  readonly connect: readonly Node[];
  readonly fromEnd: number;
}

/** The clauses of the query the reader stands in, from its SELECT or its FROM on. */
function clausesOf(reader: Reader): Clauses | undefined {
  const { nodes } = reader;
  if (!hasConnectBy(nodes)) return undefined;
  const stop = nodes.findIndex(
    (node, at) => at >= reader.at && (isWord(node, ...SET_OPERATIONS) || isSymbol(node, ';')),
  );
  const branch = stop < 0 ? nodes : nodes.slice(0, stop);
  const connectAt = branch.findIndex((_node, at) => at >= reader.at && isConnectBy(branch, at));
  const fromAt = branch.findIndex((node, at) => at >= reader.at && isWord(node, 'FROM'));
  if (connectAt < 0 || fromAt < 0) return undefined;
  const startAt = branch.findIndex((_node, at) => at > fromAt && isStartWith(branch, at));
  const fromEnd = endOfClause(branch, fromAt + 1);
  const clause = (at: number): readonly Node[] => branch.slice(next(branch, at + 1) + 1, endOfClause(branch, at + 1));
  return {
    from: branch.slice(fromAt + 1, fromEnd),
    start: startAt < 0 ? undefined : clause(startAt),
    connect: clause(connectAt),
    fromEnd,
  };
}

function next(nodes: readonly Node[], from: number): number {
  let at = from;
  while (nodes[at]?.type === 'space' || nodes[at]?.type === 'comment') at++;
  return at;
}

const hasConnectBy = (nodes: readonly Node[]): boolean => nodes.some((_node, at) => isConnectBy(nodes, at));

function isConnectBy(nodes: readonly Node[], at: number): boolean {
  return isWord(nodes[at], 'CONNECT') && isWord(nodes[next(nodes, at + 1)], 'BY');
}

function isStartWith(nodes: readonly Node[], at: number): boolean {
  return isWord(nodes[at], 'START') && isWord(nodes[next(nodes, at + 1)], 'WITH');
}

function endOfClause(nodes: readonly Node[], from: number): number {
  const end = nodes.findIndex(
    (node, at) =>
      at >= from &&
      (isWord(node, ...CLAUSE_ENDS) || isConnectBy(nodes, at) || isStartWith(nodes, at) || isSymbol(node, ';')),
  );
  return end < 0 ? nodes.length : end;
}

/** The one relation of FROM and what it is called. */
function relationOf(
  from: readonly Node[],
  token: Token,
): { readonly relation: readonly Node[]; readonly alias: Fragment } {
  const nodes = significant(from);
  const [first] = nodes;
  if (!first) throw syntaxError(undefined, token.at + token.text.length);
  let end = 1;
  while (!isGroup(first) && isSymbol(nodes[end], '.') && isName(nodes[end + 1])) end += 2;
  const as = isWord(nodes[end], 'AS') ? 1 : 0;
  const alias = nodes[end + as];
  const more = nodes[end + as + (alias ? 1 : 0)];
  if (more || (alias && !isName(alias)) || !(isParenthesis(first) || isName(first)))
    throw unsupported('CONNECT BY of a join', startOf(more ?? alias ?? first), 'Join in a query in FROM.');
  const named = alias ?? nodes[end - 1];
  return {
    relation: alias ? nodes.slice(0, end) : nodes,
    alias: isName(named) ? nameFragment(named) : 'rs_hierarchy',
  };
}

/** `PRIOR a.b` is a column of the row above, LEVEL one more than there. */
function ofParent(nodes: readonly Node[]): { readonly nodes: readonly Node[]; readonly prior: boolean } {
  const made: Node[] = [];
  let prior = false;
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Node;
    if (isGroup(node)) {
      const inside = ofParent(node.items);
      prior ||= inside.prior;
      made.push({ ...node, items: inside.nodes });
    } else if (isWord(node, 'NOCYCLE')) throw unsupported('CONNECT BY NOCYCLE', node.at, 'Write WITH RECURSIVE.');
    else if (isWord(node, 'LEVEL') && !isSymbol(nodes[at - 1], '.'))
      made.push(...newNodes('(rs_prior.rs_level + 1)', node.at));
    else if (isWord(node, 'PRIOR')) {
      let name = next(nodes, at + 1);
      while (isSymbol(nodes[name + 1], '.') && isName(nodes[name + 2])) name += 2;
      const column = nodes[name];
      if (!isName(column)) throw unsupported('PRIOR of an expression', node.at, 'Write PRIOR before each column.');
      made.push(...newNodes('rs_prior.', node.at), column);
      prior = true;
      at = name;
    } else made.push(node);
  }
  return { nodes: made, prior };
}
