import { AFTER_BRANCHES, SET_OPERATIONS } from './clause-words.ts';
import { nameOfItem } from './column-names.ts';
import { type Fragment, join, type Meeting } from './fragment.ts';
import { identifier, isTrivia, type Token } from './lexer.ts';
import { isQuery, listItems } from './query-groups.ts';
import type { Reader } from './reader.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { withUnitedLiterals } from './united-literals.ts';
import { keysOf } from './super-equality.ts';
import { shown, type Query } from './united-queries.ts';
import { orderedWhole } from './ordered-sets.ts';
import { isParenthesis, isSymbol, isWord, type Node } from './token-tree.ts';

/**
 * The queries of set operations, from the first of them, which is the current node, to what belongs to them all; nothing where there are none.
 * Rows that differ in the blanks at the end of a text are the same
 * (https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html): written quickly, the query fails where it meets such a text.
 */
export function setOperations(reader: Reader): Fragment | undefined {
  const first = reader.node(reader.at);
  // The parentheses of a common table expression have no operator behind them.
  const alone =
    isParenthesis(first) && isQuery(first) && isWord(reader.node(reader.next(reader.at + 1)), ...SET_OPERATIONS);
  if (!alone && !isWord(first, 'SELECT', 'VALUES')) return undefined;
  const operators = operatorsOf(reader.nodes, reader.at);
  if (operators.length === 0) return undefined;
  const end = endOfBranches(reader.nodes, operators.at(-1) ?? 0);
  const edges = [reader.at - 1, ...operators, end];
  const branches = edges.slice(1).map((to, index) => {
    const from = (edges[index] ?? 0) + 1;
    const start = index > 0 && !isDistinct(reader.nodes, from - 1) ? reader.next(from) + 1 : from;
    return reader.nodes.slice(start, to);
  });
  const unions = operators.every((at) => isWord(reader.nodes[at], 'UNION'));
  const operands = (unions ? withUnitedLiterals(branches) : branches).map((nodes): Query => ({
    sql: reader.rewrite(nodes),
    names: namesOf(nodes),
  }));
  const words = operators.map((at) => reader.nodes[at] as Token);
  const all = operators.map((at) => !isDistinct(reader.nodes, at));
  for (const [index, word] of words.entries())
    if (all[index] && !isWord(word, 'UNION'))
      throw new RedshiftError(SQLSTATE.notSupported, `${word.word} ALL is not supported`, { position: word.at });
  reader.at = end;
  const whole = combined(operands, words, all);
  return orderedWhole(reader, whole) ?? whole.sql;
}

/** Places of the words between queries. */
function operatorsOf(nodes: readonly Node[], start: number): readonly number[] {
  let before: Node | undefined;
  return nodes.flatMap((node, at) => {
    if (isTrivia(node)) return [];
    const operator = at > start && isWord(node, ...SET_OPERATIONS) && !isSymbol(before, '.') && !isWord(before, 'AS');
    before = node;
    return operator ? [at] : [];
  });
}

/** Whether an operator is without ALL. */
function isDistinct(nodes: readonly Node[], operator: number): boolean {
  const following = nodes.find((node, at) => at > operator && !isTrivia(node));
  return !isWord(following, 'ALL');
}

function endOfBranches(nodes: readonly Node[], last: number): number {
  const length = nodes.slice(last).findIndex((node) => isWord(node, ...AFTER_BRANCHES) || isSymbol(node, ';'));
  return length < 0 ? nodes.length : last + length;
}

/** From left to right, but INTERSECT first. */
function combined(operands: readonly Query[], words: readonly Token[], all: readonly boolean[]): Query {
  if (operands.length > 2 && all.every(Boolean)) return { sql: allOf(operands, words), names: operands[0]?.names };
  const at = words.findIndex((word) => word.word === 'INTERSECT');
  const index = at < 0 ? 0 : at;
  const [left, right, word] = [operands[index], operands[index + 1], words[index]];
  if (!left || !right || !word) return left as Query;
  const sql = meeting([left, right], ([l = '', r = '']) =>
    written({ ...left, sql: l }, word, all[index] === true, { ...right, sql: r }),
  );
  const one: Query = { sql, names: left.names };
  return combined(operands.toSpliced(index, 2, one), words.toSpliced(index, 1), all.toSpliced(index, 1));
}

/** Any number of queries with UNION ALL between them. */
function allOf(operands: readonly Query[], words: readonly Token[]): Fragment {
  return meeting(operands, (queries) =>
    queries.flatMap((query, at) => (at === 0 ? [query] : [' ', words[at - 1] ?? '', ' ALL ', query])),
  );
}

function meeting(queries: readonly Query[], united: Meeting['united']): Meeting {
  return {
    queries: queries.map(({ sql }) => sql),
    names: queries[0]?.names,
    united,
    whole: (each) => join(each, ' UNION '),
  };
}

function written(left: Query, word: Token, all: boolean, right: Query): Fragment {
  const operator: Fragment = word.word === 'MINUS' ? { ...word, text: 'EXCEPT' } : word;
  if (all) return [left.sql, ' ', operator, ' ALL ', right.sql];
  if (word.word !== 'UNION') {
    const quick: Fragment = [unpadded(left, UNPADDED), ' ', operator, ' ', unpadded(right, UNPADDED)];
    const exact = left.names
      ? matching(left, right, left.names, word.word === 'INTERSECT')
      : [unpadded(left, 'rs_unpadded_here'), ' ', operator, ' ', unpadded(right, 'rs_unpadded_here')];
    return { choose: (quickly) => (quickly ? quick : exact) };
  }
  const quick = unpadded({ sql: [left.sql, ' ', operator, ' ', right.sql], names: left.names }, UNPADDED);
  const every: Query = { sql: [left.sql, ' ', operator, ' ALL ', right.sql], names: left.names };
  const { names, columns, list } = shown(every);
  const exact: Fragment = [
    'SELECT DISTINCT ON (',
    join(names.flatMap(keysOf), ', '),
    `) ${list} FROM (`,
    every.sql,
    `) AS united${columns} `,
  ];
  return { choose: (quickly) => (quickly ? quick : exact) };
}

/** Fails where a text ends with a blank, or a SUPER value is not compared by its text. */
const UNPADDED = 'rs_unpadded';

/** A condition that fails where one of these columns is such a text. */
export function noneIsPadded(columns: Iterable<Fragment>): Fragment {
  return join(
    [...columns].map((column): Fragment => [`${UNPADDED}(`, column, ')']),
    ' AND ',
  );
}

/** The same rows; `test` fails where a text of theirs ends with a blank. */
function unpadded(query: Query, test: string): Fragment {
  const { columns, list } = shown(query);
  return [`SELECT ${list} FROM (`, query.sql, `) AS united${columns} WHERE ${test}(columns(*)) `];
}

/** INTERSECT and EXCEPT as groups of the rows of both sides; what is shown is the left one's, whichever is read first. */
function matching(left: Query, right: Query, names: readonly string[], both: boolean): Fragment {
  const columns = names.map((_name, at) => identifier(String(at + 1)));
  return [
    'SELECT ',
    join(
      names.map((name, at) => `arg_min(${columns[at]}, side) AS ${identifier(name)}`),
      ', ',
    ),
    ' FROM (SELECT *, 1 FROM (',
    left.sql,
    ') AS l UNION ALL SELECT *, 2 FROM (',
    right.sql,
    `) AS r) AS united(${columns.join(', ')}, side) GROUP BY `,
    join(columns.flatMap(keysOf), ', '),
    ` HAVING ${both ? 'min(side) = 1 AND max(side) = 2' : 'max(side) = 1'} `,
  ];
}

function namesOf(nodes: readonly Node[]): readonly string[] | undefined {
  const names = listItems(nodes)?.map(nameOfItem);
  return names?.every((name) => name !== undefined) ? names : undefined;
}

const test = (name: string, code: string, message: string): string =>
  `${name}(x) AS CASE WHEN CASE WHEN typeof(x) = 'JSON' THEN NOT rs.main.rs_super_plain(x) WHEN starts_with(typeof(x), 'VARCHAR') THEN suffix(CAST(x AS VARCHAR), ' ') ELSE false END THEN error('rs:${code}:${message};') ELSE true END`;

export const SET_OPERATION_MACROS: readonly string[] = [
  test(UNPADDED, SQLSTATE.blanks, 'a value to be compared is not compared by its text'),
  test(
    'rs_unpadded_here',
    SQLSTATE.notSupported,
    'INTERSECT and EXCEPT of * and texts that end with blanks, or SUPER values, are not supported here: name the columns',
  ),
];
