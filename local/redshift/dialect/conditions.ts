import { arithmetic } from './arithmetic.ts';
import { castExpression } from './casts.ts';
import { AFTER_WHERE, JOIN_BEGINS } from './clause-words.ts';
import { between, COMPARISONS, comparison, distinctFrom, inList, inQuery, matched } from './comparisons.ts';
import type { Expression, Fragment } from './fragment.ts';
import { DISTINCT_FROM, type Token } from './lexer.ts';
import { quantified } from './quantified.ts';
import { pathOf } from './query-ranges.ts';
import { isQuery } from './query-groups.ts';
import type { Reader } from './reader.ts';
import { syntaxError } from './redshift-error.ts';
import { rowComparison, rowInList, rowInQuery, type Row } from './row-comparisons.ts';
import { isNavigation } from './super-paths.ts';
import { readType } from './types.ts';
import {
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Node,
} from './token-tree.ts';

/** The comparison a value begins, or the value alone; it was written from `start` on. */
export function condition(reader: Reader, value: Expression, start: number): Expression {
  const at = reader.next();
  const node = reader.nodes[at];
  if (isWord(node, 'IS', 'ISNULL', 'NOTNULL') && mayBeSuper(value, reader.nodes.slice(start, reader.at))) {
    const asked = isNull(reader, value);
    if (asked) return castOnwards(reader, asked);
  }
  if (isSymbol(node, ...COMPARISONS)) {
    const following = reader.nodes[reader.next(at + 1)];
    // `= ANY (…)`
    if (isWord(following, 'ANY', 'ALL', 'SOME')) return readQuantified(reader, value, node, following) ?? value;
    const row = rowOf(reader, reader.nodes.slice(start, reader.at));
    const other = row && rowOf(reader, following ? [following] : []);
    if (row && other) {
      reader.at = reader.nodes.indexOf(following as Node, at) + 1;
      return rowComparison(row, node, other);
    }
    return binary(reader, value, node, () => reader.operand(), comparison);
  }
  if (isWord(node, 'IS')) return readDistinct(reader, value, node) ?? castTruth(reader, value) ?? value;
  const negated = isWord(node, 'NOT');
  const verb = negated ? reader.nodes[reader.next(at + 1)] : node;
  if (negated && isWord(verb, 'NULL')) throw syntaxError(verb.text, verb.at);
  if (isWord(verb, 'LIKE', 'ILIKE', 'SIMILAR')) return matched(value);
  if (isWord(verb, 'BETWEEN')) return readBetween(reader, value, verb, negated) ?? value;
  if (isWord(verb, 'IN'))
    return (
      readIn(reader, value, { row: rowOf(reader, reader.nodes.slice(start, reader.at)), start }, verb, negated) ?? value
    );
  return value;
}

function readQuantified(reader: Reader, value: Expression, operator: Token, quantifier: Token): Expression | undefined {
  const group = reader.nodes[reader.next(reader.nodes.indexOf(quantifier, reader.at) + 1)];
  if (!isParenthesis(group)) return undefined;
  const compared = quantified(value, operator, quantifier, group, (nodes) => reader.expression(nodes));
  if (compared) reader.at = reader.nodes.indexOf(group, reader.at) + 1;
  return compared;
}

/** Whether a value may be SUPER, whose null of JSON is NULL: a column, or a path into one. */
function mayBeSuper({ type }: Expression, nodes: readonly Node[]): boolean {
  return type === 'JSON' || (type === undefined && (isNavigation(nodes) || pathOf(significant(nodes)) !== undefined));
}

/** `IS [NOT] NULL`, `ISNULL`, `NOTNULL` */
function isNull(reader: Reader, value: Expression): Expression | undefined {
  const verb = reader.nodes[reader.next()];
  if (!isWord(verb, 'IS')) {
    reader.at = reader.next() + 1;
    return { type: 'BOOLEAN', fragment: [isWord(verb, 'NOTNULL') ? 'NOT ' : '', 'rs_is_null(', value.fragment, ')'] };
  }
  const after = reader.next(reader.next() + 1);
  const negated = isWord(reader.nodes[after], 'NOT');
  const last = negated ? reader.next(after + 1) : after;
  if (!isWord(reader.nodes[last], 'NULL')) return undefined;
  reader.at = last + 1;
  return { type: 'BOOLEAN', fragment: [negated ? 'NOT ' : '', 'rs_is_null(', value.fragment, ')'] };
}

/** `value IS [NOT] NULL::type`: what is cast is whether it is, as `::` behind a word of IS has nothing else before it. */
function castTruth(reader: Reader, value: Expression): Expression | undefined {
  const after = reader.next(reader.next() + 1);
  const last = isWord(reader.nodes[after], 'NOT') ? reader.next(after + 1) : after;
  const word = reader.nodes[last];
  if (!isWord(word, 'NULL', 'TRUE', 'FALSE', 'UNKNOWN')) return undefined;
  if (!isSymbol(reader.nodes[reader.next(last + 1)], '::')) return undefined;
  const words = upTo(reader, word);
  return castOnwards(reader, { type: 'BOOLEAN', fragment: ['(', value.fragment, words, ')'] });
}

/** `value::type::type` */
function castOnwards(reader: Reader, value: Expression): Expression {
  const at = reader.next();
  const symbol = reader.nodes[at];
  if (!isSymbol(symbol, '::')) return value;
  const read = readType(reader.nodes, at + 1);
  if (!read) throw syntaxError(undefined, symbol.at + 2);
  reader.at = read.end;
  return castOnwards(reader, castExpression(value, read.type, symbol.at));
}

/** `IS [NOT] DISTINCT FROM other` */
function readDistinct(reader: Reader, value: Expression, is: Token): Expression | undefined {
  const after = reader.next(reader.next() + 1);
  const distinct = isWord(reader.nodes[after], 'NOT') ? reader.next(after + 1) : after;
  const from = reader.nodes[reader.next(distinct + 1)];
  if (!isWord(reader.nodes[distinct], 'DISTINCT') || !isWord(from, DISTINCT_FROM)) return undefined;
  const words = upTo(reader, from);
  const other = reader.operand();
  if (!other) throw syntaxError(undefined, from.at + from.text.length);
  return distinctFrom(value, other, words, distinct !== after, is.at);
}

/** Everything up to and with a node that comes later. */
function upTo(reader: Reader, node: Node): Fragment {
  const end = reader.nodes.indexOf(node, reader.at) + 1;
  const passed = reader.nodes.slice(reader.at, end) as readonly Token[];
  reader.at = end;
  return [passed, reader.trivia()];
}

function readBetween(reader: Reader, value: Expression, verb: Token, negated: boolean): Expression | undefined {
  const start = reader.at;
  const head = upTo(reader, verb);
  const low = reader.operand();
  const and = reader.nodes[reader.next()];
  const middle = isWord(and, 'AND') ? upTo(reader, and) : undefined;
  const high = middle && reader.operand();
  if (low && middle && high) return between([value, low, high], [head, middle], negated, verb.at);
  reader.at = start;
  return undefined;
}

function readIn(
  reader: Reader,
  value: Expression,
  { row, start }: { readonly row: Row | undefined; readonly start: number },
  verb: Token,
  negated: boolean,
): Expression | undefined {
  const group = reader.nodes[reader.next(reader.nodes.indexOf(verb, reader.at) + 1)];
  if (group && !isParenthesis(group)) throw syntaxError(textOf([group]).slice(0, 40), startOf(group));
  if (!group) return undefined;
  const head = upTo(reader, verb);
  reader.at = reader.nodes.indexOf(group, reader.at) + 1;
  if (isQuery(group)) {
    const query = reader.group(group).fragment;
    return row ? rowInQuery(row, query, negated, isTested(reader, start), verb) : inQuery(value, query, head, verb.at);
  }
  const items = splitAtCommas(group.items);
  if (items.length === 0)
    throw group.close ? syntaxError(')', group.close.at) : syntaxError(undefined, group.open.at + 1);
  if (row) {
    const rows = items.map((item) => rowOf(reader, significant(item)) ?? []);
    return rowInList(row, rows, negated, verb);
  }
  return inList(
    value,
    items.map((item) => reader.expression(item)),
    head,
    negated,
    verb.at,
  );
}

/** Whether what was read from a place on is a condition of WHERE, ON or HAVING, joined to others by AND and OR. */
function isTested(reader: Reader, start: number): boolean {
  const before = significant(reader.nodes.slice(0, start));
  const clause = before.findLast((node) => isWord(node, ...CLAUSES));
  const after = reader.nodes[reader.next()];
  return (
    isWord(clause, ...TESTS) &&
    isWord(before.at(-1), ...TESTS, 'AND', 'OR') &&
    (after === undefined || isWord(after, 'AND', 'OR', ...AFTER_WHERE, ...JOIN_BEGINS))
  );
}

const TESTS = ['WHERE', 'ON', 'HAVING', 'QUALIFY'];
const CLAUSES = [...TESTS, 'SELECT', 'FROM', 'BY', 'SET', 'CASE', 'WHEN', 'THEN', 'ELSE', 'VALUES'];

/** `left operator right`, at the operator. */
export function binary(
  reader: Reader,
  left: Expression,
  operator: Token,
  right: () => Expression | undefined,
  combine: typeof arithmetic = arithmetic,
): Expression {
  const before = reader.trivia();
  reader.at++;
  const after = reader.trivia();
  const operand = right();
  if (operand) return combine({ left, operator, right: operand, infix: (l, r) => [l, before, operator, after, r] });
  // `*` in `SELECT a.*` and the like never comes here; an operator without operand is a syntax error.
  const found = reader.nodes[reader.at];
  throw found ? syntaxError(textOf([found]).slice(0, 40), startOf(found)) : syntaxError(undefined, operator.at + 1);
}

/** `(a, b)`: more than one value. */
function rowOf(reader: Reader, [group, ...more]: readonly Node[]): Row | undefined {
  if (!isParenthesis(group) || more.length > 0 || isQuery(group)) return undefined;
  const values = splitAtCommas(group.items);
  return values.length < 2 ? undefined : values.map((value) => reader.expression(value));
}
