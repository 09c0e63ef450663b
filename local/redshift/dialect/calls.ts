import type { Reader } from './reader.ts';
import { type Expression, type Fragment, join, within } from './fragment.ts';
import {
  anyText,
  noSuchFunction,
  NoSuchFunction,
  type Call,
  type FunctionRule,
  type OrderTerm,
} from './functions/function.ts';
import { FUNCTIONS } from './functions/index.ts';
import { COLUMN_LISTS, columnList } from './column-lists.ts';
import { CLAUSE_WORDS } from './keywords.ts';
import { refuseRow } from './query-groups.ts';
import { isAggregate } from './functions/aggregate.ts';
import { windowKey } from './grouped-texts.ts';
import { nameOf, type Token } from './lexer.ts';
import { nameFragment } from './names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from './redshift-error.ts';
import {
  firstOf,
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  trimmed,
  type Group,
  type Node,
  withoutGroups,
} from './token-tree.ts';
import { isTablePosition } from './table-names.ts';
import { shownType } from './types.ts';
import { userCall } from './user-functions.ts';

/** A call at the current node, its name read already. `path` is set for a function of a schema, which none of the tables knows. */
export function readCall(reader: Reader, token: Token, group: Group, path: Fragment | undefined): Expression {
  const before = reader.trivia();
  reader.at++;
  if (significant(group.items).length === 1 && isSymbol(significant(group.items)[0], '+'))
    throw unsupported('the outer join operator (+)', token.at, 'Write LEFT JOIN … ON …');
  const name = nameOf(token);
  const rule = path === undefined && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (rule) {
    if (isTablePosition(reader.nodes, reader.nodes.indexOf(token)) && !IN_FROM.has(name))
      throw unsupported(`function ${name} in FROM`, token.at, 'Call it in a SELECT list.');
    const lists = splitAtCommas(group.items);
    if (lists.length > 1) refuseEmptyArgument(group, lists);
    const [distinct, first] = withoutQuantifier(lists[0]);
    const { nulls: inner, lists: args } = withoutNulls(first ? [first, ...lists.slice(1)] : lists);
    const start = reader.at;
    const inFrom = isTablePosition(reader.nodes, reader.nodes.indexOf(token));
    const columns = reader.grouped;
    if (columns && isAggregate(name) && !isWindow(reader))
      reader.grouped = name.startsWith('grouping') ? { ...columns, as: 'key' } : undefined;
    const trailer = readTrailer(reader);
    if (distinct && trailer.over !== undefined && name !== 'listagg')
      throw new RedshiftError(SQLSTATE.notSupported, 'DISTINCT is not implemented for window functions', {
        position: token.at,
        hint: 'Compute it with GROUP BY in a query of its own, and join the two.',
      });
    if (!name.startsWith('grouping')) for (const list of args) refuseRow(trimmed(list));
    const given = args.map((list) => reader.expression(trimmed(list)));
    reader.grouped = columns;
    if (isSymbol(significant(args[0] ?? [])[0], '*') && !isAggregate(name))
      throw new RedshiftError(
        SQLSTATE.wrongObjectType,
        `${name}(*) specified, but ${name} is not an aggregate function`,
        {
          position: token.at,
        },
      );
    const expression = typed(rule, {
      name,
      token,
      distinct,
      original: args,
      args: given,
      nulls: trailer.nulls || inner,
      within: trailer.within,
      over: trailer.over,
      unframed: trailer.unframed,
      inFrom,
    });
    if (expression) return expression;
    reader.at = start;
  }
  if (Object.hasOwn(COLUMN_LISTS, name) && path === undefined) return columnList(reader, token, group);
  if (isCalled(reader, token)) {
    if (path === undefined && ELSEWHERE.test(name)) throw unsupported(`function ${name}`, token.at);
    const schema = (Array.isArray(path) ? (path as readonly Fragment[]) : []).at(-3);
    const args = splitAtCommas(group.items).map((list) => reader.expression(trimmed(list)));
    const inFrom = isTablePosition(reader.nodes, reader.nodes.indexOf(token));
    const over = readOver(reader) !== undefined;
    return userCall(token, typeof schema === 'object' && 'text' in schema ? nameOf(schema) : undefined, args, {
      inFrom,
      over,
    });
  }
  const head: Fragment = [path ?? nameFragment(token), before, within(group, reader.rewrite(group.items))];
  const over = readOver(reader);
  return { fragment: over === undefined ? head : [head, over] };
}

/** `f(a, , b)` and `f(a, )` */
function refuseEmptyArgument({ items, close }: Group, lists: readonly (readonly Node[])[]): void {
  const empty = lists.findIndex((list) => firstOf(list) === undefined);
  if (empty < 0) return;
  const next = items.filter((node) => isSymbol(node, ','))[empty] ?? close;
  if (next) throw syntaxError(textOf([next]), startOf(next));
}

/** What a rule makes of a call; that there is no such function is told with the types of all arguments. */
function typed(rule: FunctionRule, call: Call): Expression | undefined {
  try {
    return rule(call);
  } catch (error) {
    if (!(error instanceof NoSuchFunction)) throw error;
    return {
      fragment: {
        operands: call.args,
        shape: anyText,
        resolve: (types) => {
          throw noSuchFunction(call, types.map(shownType));
        },
      },
    };
  }
}

/** Functions that may stand where a table does: that of rows, and what says where one is. */
const IN_FROM: ReadonlySet<string> = new Set(['generate_series', 'current_database', 'current_schema', 'version']);

/** Redshift's functions of spatial types and of models, which are not there either. */
const ELSEWHERE = /^(?:st_\w+|h3_\w+|addbbox|dropbbox|supportsbbox|geometrytype|explain_model)$/;

/** Words that a table's or an alias's name may follow, with a list of columns in parentheses after it. */
const BEFORE_NAMES: ReadonlySet<string> = new Set([
  'AS',
  'WITH',
  'RECURSIVE',
  'INTO',
  'TABLE',
  'VIEW',
  'UPDATE',
  'REFERENCES',
  'EXISTS',
]);

/** Whether a name before parentheses is a function's: not a table's, nor an alias's with its columns. */
function isCalled(reader: Reader, token: Token): boolean {
  const nodes = significant(reader.nodes);
  let at = nodes.indexOf(token);
  const after = nodes[at + 2];
  // WITH a AS (…), b (columns) AS (…)
  if (isWord(after, 'AS') && isParenthesis(nodes[at + 3])) return false;
  if (token.word === 'EXCLUDE' && isSymbol(nodes[at - 1], '*')) return false;
  while (isSymbol(nodes[at - 1], '.')) at -= 2;
  const before = nodes[at - 1];
  if (before === undefined || before.type === 'symbol' || before.type === 'number') return true;
  if (before.type !== 'word') return false;
  return (CLAUSE_WORDS.has(before.word) && !BEFORE_NAMES.has(before.word)) || isWord(before, 'CASE');
}

function withoutQuantifier(
  list: readonly Node[] | undefined,
): readonly [distinct: boolean, list: readonly Node[] | undefined] {
  const at = list?.findIndex((node) => node.type !== 'space' && node.type !== 'comment') ?? -1;
  const word = list?.[at];
  return isWord(word, 'DISTINCT', 'ALL') ? [word.word === 'DISTINCT', list?.slice(at + 1)] : [false, list];
}

/** `FIRST_VALUE(x IGNORE NULLS)` */
function withoutNulls(lists: readonly (readonly Node[])[]): {
  readonly nulls: string;
  readonly lists: readonly (readonly Node[])[];
} {
  const last = lists.at(-1);
  const words = last && significant(last);
  const word = words?.at(-2);
  if (!last || !isWord(words?.at(-1), 'NULLS') || !isWord(word, 'IGNORE', 'RESPECT')) return { nulls: '', lists };
  const at = last.indexOf(word);
  return { nulls: ` ${word.word} NULLS`, lists: [...lists.slice(0, -1), last.slice(0, at)] };
}

/** Whether OVER stands behind the call that is being read. */
function isWindow(reader: Reader): boolean {
  let at = reader.next();
  while (isWord(reader.node(at), 'WITHIN', 'GROUP', 'IGNORE', 'RESPECT', 'NULLS') || isGroup(reader.node(at)))
    at = reader.next(at + 1);
  return isWord(reader.node(at), 'OVER');
}

interface Trailer {
  readonly nulls: string;
  readonly within: readonly OrderTerm[] | undefined;
  readonly over: Fragment | undefined;
  readonly unframed: boolean;
}

function readTrailer(reader: Reader): Trailer {
  let nulls = '';
  let within: readonly OrderTerm[] | undefined;
  const word = reader.node(reader.next());
  if (isWord(word, 'IGNORE', 'RESPECT') && isWord(reader.node(reader.next(reader.next() + 1)), 'NULLS')) {
    nulls = ` ${word.word} NULLS`;
    reader.at = reader.next(reader.next() + 1) + 1;
  }
  if (isWord(reader.node(reader.next()), 'WITHIN')) {
    const group = reader.node(reader.next(reader.next(reader.next() + 1) + 1));
    if (isParenthesis(group)) {
      within = orderTerms(reader, group);
      reader.at = reader.next(reader.next(reader.next() + 1) + 1) + 1;
    }
  }
  const filter = reader.node(reader.next());
  const filtered = reader.node(reader.next(reader.next() + 1));
  // Redshift has no such clause.
  if (isWord(filter, 'FILTER') && isParenthesis(filtered)) throw syntaxError('(', filtered.open.at);
  const window = reader.node(reader.next(reader.next() + 1));
  const over = readOver(reader);
  return { nulls, within, over, unframed: over !== undefined && isGroup(window) && isUnframed(window) };
}

function readOver(reader: Reader): Fragment | undefined {
  const at = reader.next();
  if (!isWord(reader.node(at), 'OVER')) return undefined;
  const window = reader.node(reader.next(at + 1));
  // Redshift has no WINDOW clause that would give a window a name.
  if (window?.type === 'word' || window?.type === 'quoted') throw syntaxError(window.text, window.at);
  if (!isGroup(window)) return undefined;
  const exclusion = window.items.find((node) => isWord(node, 'EXCLUDE'));
  if (isWord(exclusion, 'EXCLUDE')) throw syntaxError(exclusion.text, exclusion.at);
  const [first] = significant(window.items);
  if (isName(first) && !isWord(first, 'PARTITION', 'ORDER', 'ROWS', 'RANGE')) throw syntaxError(first.text, first.at);
  reader.at = reader.next(at + 1) + 1;
  return [' OVER ', within(window, windowItems(reader, window.items))];
}

/**
 * `PARTITION BY a ORDER BY b DESC ROWS …`: rows that differ in the blanks at the end of a text are of one partition, and peers.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
 */
function windowItems(reader: Reader, items: readonly Node[]): Fragment {
  const lists = items.flatMap((node, at) =>
    isWord(node, 'BY') && isWord(significant(items.slice(0, at)).at(-1), 'PARTITION', 'ORDER') ? [at + 1] : [],
  );
  const [start] = lists;
  if (start === undefined) {
    // The words of a frame are no columns.
    const columns = reader.grouped;
    reader.grouped = undefined;
    const frame = reader.rewrite(items);
    reader.grouped = columns;
    return isToEnd(items) ? ' ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING ' : frame;
  }
  const length = items.slice(start).findIndex((node) => isWord(node, 'ORDER', 'ROWS', 'RANGE'));
  const end = length < 0 ? items.length : start + length;
  const keys = splitAtCommas(items.slice(start, end)).map((list): Fragment => {
    const at = list.findIndex((node) => isWord(node, 'ASC', 'DESC', 'NULLS'));
    const value = trimmed(at < 0 ? list : list.slice(0, at));
    const direction = withoutGroups(list.slice(at < 0 ? list.length : at));
    const ordered = isWord(significant(items.slice(0, start - 1)).at(-1), 'ORDER');
    return ordered ? windowKey(reader, value, [' ', direction, ' ']) : [windowKey(reader, value), ' '];
  });
  return [reader.rewrite(items.slice(0, start)), ' ', join(keys, ', '), windowItems(reader, items.slice(end))];
}

/** `ROWS UNBOUNDED FOLLOWING`. https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html */
function isToEnd(items: readonly Node[]): boolean {
  const [rows, unbounded, following] = significant(items);
  return isWord(rows, 'ROWS') && isWord(unbounded, 'UNBOUNDED') && isWord(following, 'FOLLOWING');
}

/** `OVER (ORDER BY …)` without `ROWS` or `RANGE`. */
function isUnframed({ items }: Group): boolean {
  return items.some((node) => isWord(node, 'ORDER')) && !items.some((node) => isWord(node, 'ROWS', 'RANGE'));
}

/** `ORDER BY a DESC, b` */
function orderTerms(reader: Reader, group: Group): readonly OrderTerm[] {
  const by = group.items.findIndex((node) => isWord(node, 'BY'));
  return splitAtCommas(group.items.slice(by + 1)).map((list) => {
    const at = list.findIndex((node) => isWord(node, 'ASC', 'DESC', 'NULLS'));
    return {
      expression: reader.expression(trimmed(at < 0 ? list : list.slice(0, at))),
      direction: at < 0 ? '' : ` ${textOf(list.slice(at)).trim()}`,
    };
  });
}
