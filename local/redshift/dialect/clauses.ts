import { hierarchicalFrom, hiddenOf, passedBy } from './connect-by.ts';
import { refuseOrderOutsideList } from './distinct-order.ts';
import type { Reader } from './reader.ts';
import type { Fragment } from './fragment.ts';
import { conditionOfGroups, distinctKeys, distinctWord, groupKeys, plainKeys, guarded } from './grouped-texts.ts';
import { groupingOf, listAliases } from './grouping.ts';
import { looksAt, sortedEnding, sortedOrder, sortedWhere, sortingOf } from './order-texts.ts';
import { refuseForeignTables } from './join-scopes.ts';
import { literal, stringValue, type Token } from './lexer.ts';
import { nameFragment } from './names.ts';
import { distinctRows, endOfList, selectList } from './select-list.ts';
import { refuseSeveralOrders } from './sorted-aggregates.ts';
import { foldedPattern, similarPattern } from './similar-pattern.ts';
import { syntaxError, unsupported } from './redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Group,
  type Node,
} from './token-tree.ts';
import { unnesting } from './unnesting.ts';
import { branchAt, refusedBlanks, windowTexts } from './window-texts.ts';

/** Clauses that read differently in DuckDB. Nothing where the node stays as it is. */
export function clause(reader: Reader, node: Node): Fragment | undefined {
  if (node.type !== 'word') return undefined;
  const rule = RULES[node.word];
  return rule?.(reader, node);
}

type ClauseRule = (reader: Reader, token: Token) => Fragment | undefined;

const like: ClauseRule = (reader, token) => {
  const parts: Fragment[] = [token];
  reader.at++;
  parts.push(reader.trivia());
  const first = reader.node(reader.at);
  const pattern = reader.operand();
  if (!pattern) return parts;
  // One literal and nothing more: whether it holds a backslash is known.
  const plain = first?.type === 'string' && reader.node(reader.at - 1) === first;
  parts.push(pattern.fragment);
  if (isWord(reader.node(reader.next()), 'ESCAPE')) return parts;
  if (plain && first?.type === 'string' && !stringValue(first.text).includes('\\')) return parts;
  // Redshift's default: https://docs.aws.amazon.com/redshift/latest/dg/r_patternmatching_condition_like.html
  return [...parts, " ESCAPE '\\'"];
};

/** ILIKE, at it, with a literal that DuckDB would take letters beyond ASCII of in both cases. */
function foldedLike(reader: Reader, operator: string): Fragment | undefined {
  const at = reader.next(reader.at + 1);
  const pattern = reader.node(at);
  if (pattern?.type !== 'string') return undefined;
  const word = reader.next(at + 1);
  const character = isWord(reader.node(word), 'ESCAPE') ? reader.node(reader.next(word + 1)) : undefined;
  const escape = character?.type === 'string' ? stringValue(character.text) : '\\';
  const regex = foldedPattern(stringValue(pattern.text), escape);
  if (regex === undefined) return undefined;
  reader.at = (character ? reader.next(word + 1) : at) + 1;
  return [operator, ' ', { ...pattern, text: literal(regex) }];
}

/** https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-similar-to.html */
function similar(reader: Reader, token: Token, operator: string): Fragment {
  reader.at = reader.next(reader.next(reader.at) + 1);
  const pattern = reader.node(reader.at);
  const computed = reader.operand();
  const plain = pattern?.type === 'string' && reader.node(reader.at - 1) === pattern;
  if (!plain && isWord(reader.node(reader.next()), 'ESCAPE'))
    throw unsupported('SIMILAR TO with a computed pattern and ESCAPE', token.at);
  if (!plain) return [operator, ' rs_similar_pattern(', computed?.fragment ?? '', ')'];
  let escape = '\\';
  if (isWord(reader.node(reader.next()), 'ESCAPE')) {
    const character = reader.node(reader.next(reader.next() + 1));
    if (character?.type === 'string') {
      escape = stringValue(character.text);
      reader.at = reader.next(reader.next() + 1) + 1;
    }
  }
  return [operator, ' ', { ...pattern, text: literal(similarPattern(stringValue(pattern.text), escape)) }];
}

/** The WHERE of a query that has none, where texts are looked at in it. */
function lookedAt(reader: Reader): Fragment | undefined {
  const { sorting, windowTexts: texts } = reader;
  const sorted = looksAt(sorting) && !sorting.where ? sortedEnding(reader, sorting) : undefined;
  if (!texts || texts.hasWhere) return sorted;
  // A comment may stand before it.
  return sorted ? [sorted, refusedBlanks(texts, 'AND', '')] : refusedBlanks(texts, '\nWHERE', '');
}

const RULES: Readonly<Record<string, ClauseRule>> = {
  SELECT: (reader, token) => {
    reader.at++;
    const parts: Fragment[] = [token, reader.trivia()];
    let distinct: Token | undefined;
    for (let word = reader.node(reader.at); isWord(word, 'ALL', 'DISTINCT', 'TOP'); word = reader.node(reader.at)) {
      const top = isWord(word, 'TOP') ? RULES['TOP']?.(reader, word) : undefined;
      if (isWord(word, 'TOP') && top === undefined) break;
      if (top === undefined) {
        if (isWord(word, 'DISTINCT')) distinct = word;
        parts.push(word);
        reader.at++;
      }
      parts.push(reader.trivia());
    }
    const end = endOfList(reader);
    const list = reader.nodes.slice(reader.at, end);
    const branch = branchAt(reader.nodes, reader.at);
    const plain = hiddenOf(reader) === '';
    if (distinct) refuseOrderOutsideList(splitAtCommas(list), reader.nodes.slice(end));
    refuseSeveralOrders(branch);
    const grouping = plain ? groupingOf(reader, reader.at, end, distinct !== undefined) : undefined;
    reader.grouping = grouping;
    reader.sorting = plain ? sortingOf(reader, reader.at, end, grouping) : undefined;
    reader.windowTexts = grouping ? undefined : windowTexts(branch, listAliases(list));
    reader.ending = lookedAt(reader);
    if (grouping?.distinct) {
      reader.ending = [distinctKeys(grouping), guarded(grouping, undefined)];
      parts[parts.indexOf(distinct as Token)] = distinctWord(grouping, distinct as Token);
    } else if (distinct) parts[parts.indexOf(distinct)] = [distinct, distinctRows(reader)];
    return [...parts, selectList(reader)];
  },
  TOP: (reader, token) => {
    const count = reader.node(reader.next(reader.at + 1));
    if (count?.type !== 'number' && count?.type !== 'parameter' && !isGroup(count)) return undefined;
    if (reader.limit !== undefined) throw unsupported('TOP twice in one query', token.at);
    reader.at = reader.next(reader.at + 1) + 1;
    reader.limit = isGroup(count) ? reader.group(count).fragment : count;
    reader.trivia();
    return [];
  },
  FROM: (reader, token) => {
    refuseForeignTables(reader.nodes.slice(reader.at + 1));
    return hierarchicalFrom(reader, token) ?? unnesting(reader, token);
  },
  WHERE: (reader, token) => {
    const { sorting, windowTexts: texts } = reader;
    const where: Fragment = texts ? [token, refusedBlanks(texts, '', 'AND')] : token;
    if (looksAt(sorting) && sorting.where) return sortedWhere(reader, sorting, where);
    if (!texts) return undefined;
    reader.at++;
    return where;
  },
  LIKE: like,
  ILIKE: (reader, token) => foldedLike(reader, '<%~>') ?? like(reader, token),
  SIMILAR: (reader, token) => {
    if (!isWord(reader.node(reader.next(reader.at + 1)), 'TO')) return undefined;
    reader.at++;
    return similar(reader, token, '<%~>');
  },
  NOT: (reader, token) => {
    const start = reader.at;
    const next = reader.next(start + 1);
    if (isWord(reader.node(next), 'ILIKE')) {
      reader.at = next;
      const folded = foldedLike(reader, '<!%~>');
      if (folded === undefined) reader.at = start;
      return folded;
    }
    if (!isWord(reader.node(next), 'SIMILAR')) return undefined;
    reader.at = next + 1;
    return similar(reader, token, '<!%~>');
  },
  GROUP: (reader, token) => {
    const { grouping } = reader;
    const by = reader.node(reader.next(reader.at + 1));
    if ((grouping?.distinct ?? !reader.plainKeys) || !isWord(by, 'BY')) return undefined;
    const parts: Fragment[] = [token];
    reader.at++;
    parts.push(reader.trivia(), by);
    reader.at++;
    if (!grouping) return [parts, plainKeys(reader, reader.plainKeys ?? [])];
    parts.push(groupKeys(reader, grouping));
    const having = reader.node(reader.at);
    if (!isWord(having, 'HAVING')) return [parts, guarded(grouping, undefined)];
    return [parts, guarded(grouping, conditionOfGroups(reader, grouping))];
  },
  QUALIFY: (reader, token) => {
    const { grouping } = reader;
    return grouping ? [token, conditionOfGroups(reader, grouping)] : undefined;
  },
  // Redshift has a function of this name only.
  COLLATE: (_reader, token) => {
    throw syntaxError(token.text, token.at);
  },
  ORDER: (reader) => reader.sorting && sortedOrder(reader, reader.sorting),
  CONNECT: passedBy,
  START: passedBy,
  PIVOT: (reader, token) => pivot(reader, token),
  UNPIVOT: (reader, token) => pivot(reader, token),
};

/** The aggregate of a PIVOT is named, not computed: DuckDB takes no expression around it. */
function pivot(reader: Reader, token: Token): Fragment | undefined {
  const at = reader.next(reader.at + 1);
  const include = reader.node(at);
  const group = isWord(include, 'INCLUDE', 'EXCLUDE') ? reader.node(reader.next(reader.next(at + 1) + 1)) : include;
  if (!isGroup(group)) return undefined;
  if (group.items.some((node) => isWord(node, 'AVG')))
    throw unsupported('AVG in PIVOT', token.at, 'Write AVG(CASE WHEN … THEN … END) with GROUP BY.');
  if (isWord(token, 'UNPIVOT')) refuseExpressions(group);
  const start = reader.at;
  reader.at = reader.next(at) + 1;
  while (reader.node(reader.at - 1) !== group) reader.at++;
  return reader.nodes.slice(start, reader.at).map(original);
}

/** `IN (column [AS] alias, …)` */
function refuseExpressions({ items }: Group): void {
  const list = significant(items).at(-1);
  for (const item of isParenthesis(list) ? splitAtCommas(list.items) : []) {
    const [, next] = significant(item);
    if (next !== undefined && !isName(next) && next.type !== 'string')
      throw syntaxError(textOf([next]).slice(0, 40), startOf(next));
  }
}

function original(node: Node): Fragment {
  if (isGroup(node)) return [node.open, node.items.map(original), node.close ?? ''];
  return isName(node) ? nameFragment(node) : node;
}
