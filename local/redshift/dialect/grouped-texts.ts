import { AFTER_BRANCHES, SET_OPERATIONS } from './clause-words.ts';
import { join, type Chosen, type Fragment } from './fragment.ts';
import { isAggregate } from './functions/aggregate.ts';
import { identifier, isTrivia, nameOf, type Token } from './lexer.ts';
import type { Reader } from './reader.ts';
import { aliasOf, nameOfItem, withoutAlias } from './column-names.ts';
import { key } from './comparisons.ts';
import { isQuery } from './query-groups.ts';
import { pathOf } from './query-ranges.ts';
import { SQLSTATE } from './redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  trimmed,
  type Node,
} from './token-tree.ts';
import type { Expression } from './typed.ts';
import { branchAt, textKey } from './window-texts.ts';

/**
 * Texts that differ in the blanks at their end only are of one group
 * (https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks). Exactly written,
 * a query groups by its texts without these blanks, and shows of each group the values of its first row. Such texts are rare, and DuckDB
 * groups by a plain column much faster: quickly written, it does so, and fails when a group's text ends with a blank.
 */
export interface Grouping {
  readonly keys: readonly Key[];
  /** Whether what is grouped by is these keys and nothing else. */
  readonly complete: boolean;
  /** Of ROLLUP, CUBE or GROUPING SETS, which leave columns out. */
  readonly sets: boolean;
  /** The names of the list's columns, and those among them that are no columns by the same name. */
  readonly names: ReadonlySet<string>;
  readonly aliases: ReadonlySet<string>;
  /** The DISTINCT it stands for: of all columns of the list. */
  readonly distinct: boolean;
  /** Whether a text is among the keys: known when their types are, before anything is written. */
  texts: boolean | undefined;
}

interface Key {
  readonly expression: Expression;
  /** Whether the expression is what is grouped by: a name may be a column of a table, or else of the list. */
  readonly sure: boolean;
  /** Of a column. */
  readonly path: readonly string[] | undefined;
}

/** What a column stands for in a list of a query that is grouped. */
export interface GroupedColumns {
  readonly grouping: Grouping;
  /** Names that are columns of the list. */
  readonly aliases: ReadonlySet<string>;
  /** What is written of one: its value, the key it is (in the list of keys, and in the arguments of GROUPING), or its value as a key. */
  readonly as: 'value' | 'key' | 'key value';
}

const FAILS = `error('rs:${SQLSTATE.blanks}:a text to be grouped by ends with a blank;')`;
const REFUSED = `error('rs:${SQLSTATE.notSupported}:GROUP BY of texts that end with blanks is not supported here: write RTRIM(…);')`;

/** The grouping of the query whose SELECT list stands between two places; nothing where no text can be among its keys. */
export function groupingOf(reader: Reader, start: number, end: number, distinct: boolean): Grouping | undefined {
  const branch = branchAt(reader.nodes, end);
  const items = itemsOf(splitAtCommas(reader.nodes.slice(start, end)));
  const list = keyList(branch);
  if (
    distinct
      ? list !== undefined ||
        items.some(({ star, value }) => star || computes(value) || holdsQuery(value)) ||
        namesItsColumns(items, branch)
      : !list
  )
    return undefined;
  const sets = list?.some((node) => isWord(node, 'ROLLUP', 'CUBE', 'SETS')) ?? false;
  const written = list ? (isWord(significant(list)[0], 'ALL') ? undefined : listed(list, sets)) : undefined;
  const found = written
    ? written.map((key) => keyOf(key, items, written))
    : items.some(({ star }) => star)
      ? [undefined]
      : items.filter(({ value }) => !computes(value)).map(({ value }) => ({ nodes: value, sure: true }));
  const known = found.filter((key) => key !== undefined);
  // Of sets it has to be known which columns they leave out.
  const exact = !sets || known.every(({ nodes }) => pathOf(significant(nodes)) !== undefined);
  const keys = known.map(({ nodes, sure }): Key => ({
    expression: reader.expression(nodes),
    sure: sure && exact,
    path: pathOf(significant(nodes)),
  }));
  const complete = !sets && known.length === found.length;
  reader.plainKeys = undefined;
  if (!keys.some(({ expression: { type } }) => type === undefined || type === 'VARCHAR')) {
    if (complete && !distinct) reader.plainKeys = keys.map(({ expression }) => expression.fragment);
    return undefined;
  }
  const names = items.flatMap(({ alias, value }) => alias ?? nameOfItem(value) ?? []);
  return { keys, complete, sets, names: new Set(names), aliases: aliasesOf(items), distinct, texts: undefined };
}

interface Item {
  readonly value: readonly Node[];
  readonly alias: string | undefined;
  readonly star: boolean;
}

/** Names of a SELECT list that are no columns by the same name. */
export function listAliases(list: readonly Node[]): ReadonlySet<string> {
  return aliasesOf(itemsOf(splitAtCommas(list)));
}

const itemsOf = (lists: readonly (readonly Node[])[]): readonly Item[] => lists.map(itemOf);

function itemOf(nodes: readonly Node[]): Item {
  const words = significant(nodes);
  const alias = aliasOf(nodes);
  const star = words.some((node, at) => isSymbol(node, '*') && (at === 0 || isSymbol(words[at - 1], '.')));
  return { value: trimmed(withoutAlias(nodes)), alias: alias && nameOf(alias.token), star };
}

/** Names of the items that are no columns by the same name. */
function aliasesOf(items: readonly Item[]): ReadonlySet<string> {
  return new Set(
    items.flatMap(({ alias, value }) => (alias === undefined || columnsIn(value).includes(alias) ? [] : [alias])),
  );
}

/** Whether a column of the list is named in the list or in a condition, where DuckDB knows no such names in a query that is grouped. */
function namesItsColumns(items: readonly Item[], branch: readonly Node[]): boolean {
  const aliases = aliasesOf(items);
  const order = branch.findIndex((node) => isWord(node, 'ORDER'));
  const named = [
    ...items.flatMap(({ value }) => columnsIn(value)),
    ...columnsIn(order < 0 ? branch : branch.slice(0, order)),
  ];
  return named.some((name) => aliases.has(name));
}

function keyList(branch: readonly Node[]): readonly Node[] | undefined {
  const by = branch.findIndex(
    (node, at) => isWord(node, 'BY') && isWord(significant(branch.slice(0, at)).at(-1), 'GROUP'),
  );
  return by < 0 ? undefined : branch.slice(by + 1, by + 1 + endOfKeys(branch.slice(by + 1)));
}

/** How many nodes belong to the list of keys that begins them. */
export function endOfKeys(nodes: readonly Node[]): number {
  const end = nodes.findIndex((node) => isWord(node, ...AFTER_KEYS) || isSymbol(node, ';'));
  return end < 0 ? nodes.length : end;
}

const AFTER_KEYS = ['HAVING', 'QUALIFY', 'WINDOW', ...AFTER_BRANCHES, ...SET_OPERATIONS];

/** The keys as they are written. */
function listed(list: readonly Node[], sets: boolean): readonly (readonly Node[])[] {
  return splitAtCommas(list.filter((node) => !isWord(node, 'ROLLUP', 'CUBE', 'GROUPING', 'SETS'))).flatMap((item) => {
    const key = trimmed(item);
    const [only] = key;
    const several = isParenthesis(only) && key.length === 1 && !isQuery(only);
    return several && (sets || splitAtCommas(only.items).length !== 1) ? listed(only.items, sets) : [key];
  });
}

/** Its nodes, and whether it is sure that they are what is grouped by: a name is a column of a table, if there is one, else of the list. */
function keyOf(
  key: readonly Node[],
  items: readonly Item[],
  keys: readonly (readonly Node[])[],
): { readonly nodes: readonly Node[]; readonly sure: boolean } | undefined {
  const [first] = key;
  if (key.length !== 1 || first === undefined) return { nodes: key, sure: true };
  if (first.type === 'number') {
    const at = Number(first.text);
    const item = items[at - 1];
    return item && !items.slice(0, at).some(({ star }) => star) ? { nodes: item.value, sure: true } : undefined;
  }
  const name = isName(first) ? nameOf(first) : undefined;
  const item = items.find(({ alias }) => alias === name);
  if (name === undefined || !item) return { nodes: key, sure: true };
  const columns = columnsIn(item.value);
  if (columns.includes(name) || computes(item.value)) return { nodes: key, sure: true };
  const others = new Set(keys.map((other) => pathOf(significant(other))?.at(-1)));
  // Were it a column of a table, the item could have none that is not grouped by.
  return columns.some((column) => !others.has(column))
    ? { nodes: item.value, sure: true }
    : { nodes: key, sure: false };
}

/** Whether an aggregate or a window function is computed in it. */
export function computes(nodes: readonly Node[]): boolean {
  const words = significant(nodes);
  return words.some((node, at) => {
    if (isGroup(node)) return !isQuery(node) && computes(node.items);
    if (isWord(node, 'OVER')) return true;
    return isName(node) && isParenthesis(words[at + 1]) && isAggregate(nameOf(node));
  });
}

/** Names that may be those of columns. */
function columnsIn(nodes: readonly Node[]): readonly string[] {
  const words = significant(nodes);
  return words.flatMap((node, at) => {
    if (isGroup(node)) return columnsIn(node.items);
    if (!isName(node) || isParenthesis(words[at + 1]) || isSymbol(words[at + 1], '.')) return [];
    return [nameOf(node)];
  });
}

/** A column of a list of a query that is grouped. */
export function groupedColumn(
  { grouping, aliases, as }: GroupedColumns,
  path: readonly Token[],
  column: Fragment,
): Fragment {
  const names = path.map(nameOf);
  if (names.length === 1 && aliases.has(names[0] ?? '')) return column;
  const key: Fragment = ['rs_key(', column, ')'];
  const first: Fragment = ['first(', as === 'value' ? column : key, ')'];
  if (as !== 'key' && !grouping.sets) return exactly(grouping, column, first);
  if (!grouping.keys.some(({ path: key }) => sameColumn(key ?? [], names))) return column;
  return exactly(grouping, column, as === 'key' ? key : ['CASE WHEN grouping(', key, ')=0 THEN ', first, ' END']);
}

/** The value of an item of the list; as a whole, where a query in it might be about a column. */
export function groupedItem(
  reader: Reader,
  grouping: Grouping,
  value: readonly Node[],
  before: readonly (readonly Node[])[],
): Fragment {
  if (!grouping.sets && !computes(value) && holdsQuery(value)) {
    const whole = reader.rewrite(value);
    return exactly(grouping, whole, ['first(', whole, ')']);
  }
  return inGroups(reader, grouping, aliasesOf(itemsOf(before)), () => reader.rewrite(value));
}

/** ` AS name` of a column, which is none any more. */
export function groupedName(grouping: Grouping, item: readonly Node[]): Fragment {
  const name = pathOf(significant(item))?.at(-1);
  return name === undefined ? '' : exactly(grouping, '', ` AS ${identifier(name)}`);
}

function holdsQuery(nodes: readonly Node[]): boolean {
  return nodes.some((node) => isGroup(node) && (isQuery(node) || holdsQuery(node.items)));
}

function inGroups<T>(reader: Reader, grouping: Grouping, aliases: ReadonlySet<string>, read: () => T): T {
  const outside = reader.grouped;
  reader.grouped = { grouping, aliases, as: 'value' };
  const result = read();
  reader.grouped = outside;
  return result;
}

/** What a window puts its rows together, or in order, by. */
export function windowKey(reader: Reader, value: readonly Node[]): Fragment {
  const columns = reader.grouped;
  if (!columns) return textKey(reader, value);
  if (computes(value)) return key(reader.expression(value)).fragment;
  reader.grouped = undefined;
  const quick = key(reader.expression(value)).fragment;
  reader.grouped = { ...columns, as: 'key value' };
  const exact = reader.rewrite(value);
  reader.grouped = columns;
  return exactly(columns.grouping, quick, exact);
}

/** The condition of HAVING or QUALIFY, which is the current node. */
export function conditionOfGroups(reader: Reader, grouping: Grouping): Fragment {
  reader.at++;
  const nodes = reader.nodes.slice(reader.at);
  const length = endOfKeys(nodes);
  reader.at += length;
  return inGroups(reader, grouping, grouping.aliases, () => reader.rewrite(nodes.slice(0, length)));
}

/** `ORDER BY a DESC NULLS FIRST, 2`: of names and numbers of the list's columns these are meant. */
export function groupedOrder(reader: Reader, grouping: Grouping): Fragment {
  const by = reader.next(reader.at + 1);
  const nodes = reader.nodes.slice(by + 1);
  const length = endOfKeys(nodes);
  const keys = splitAtCommas(nodes.slice(0, length)).map((key): Fragment => {
    const found = key.findIndex((node) => isWord(node, 'ASC', 'DESC', 'NULLS'));
    const end = found < 0 ? key.length : found;
    const [only, ...more] = significant(key.slice(0, end));
    const named = more.length === 0 && (only?.type === 'number' || (isName(only) && grouping.names.has(nameOf(only))));
    const value = key.slice(0, end);
    const read = (): Fragment => reader.rewrite(value);
    return [named ? read() : inGroups(reader, grouping, grouping.aliases, read), key.slice(end) as readonly Token[]];
  });
  const head = reader.nodes.slice(reader.at, by + 1) as readonly Token[];
  reader.at = by + 1 + length;
  return [head, join(keys, ',')];
}

/** Whether two paths are of one column, as far as both say of which table. */
export function sameColumn(a: readonly string[], b: readonly string[]): boolean {
  const length = Math.min(a.length, b.length);
  return length > 0 && a.slice(-length).join('.') === b.slice(-length).join('.');
}

function exactly(grouping: Grouping, quick: Fragment, exact: Fragment): Chosen {
  return {
    choose: (quickly) =>
      quickly || grouping.texts !== true || !grouping.keys.some(({ sure }) => sure) ? quick : exact,
  };
}

/** DISTINCT, or nothing where a GROUP BY of all columns stands for it. */
export function distinctWord(grouping: Grouping, word: Token): Chosen {
  return { choose: () => (grouping.texts === false ? word : '') };
}

/** `GROUP BY 1, 2` that stands for DISTINCT. */
export function distinctKeys(grouping: Grouping): Fragment {
  const written = (key: (of: Key, at: number) => Fragment): Fragment => [
    // A comment may stand before it.
    '\nGROUP BY ',
    join(grouping.keys.map(key), ', '),
    ' ',
  ];
  return {
    choose: (quickly) => {
      if (grouping.texts === false) return '';
      return quickly || grouping.texts === undefined ? written((_key, at) => String(at + 1)) : written(exactKey);
    },
    asked: grouping.complete && grouping.texts !== false ? written(({ expression }) => expression.fragment) : undefined,
  };
}

const exactKey = ({ expression: { fragment }, sure }: Key): Fragment => (sure ? ['rs_key(', fragment, ')'] : fragment);

/** The list of keys, from the current node on. */
export function groupKeys(reader: Reader, grouping: Grouping): Fragment {
  const end = reader.at + endOfKeys(reader.nodes.slice(reader.at));
  const nodes = reader.nodes.slice(reader.at, end);
  reader.at = end;
  if (grouping.sets) {
    reader.grouped = { grouping, aliases: grouping.aliases, as: 'key' };
    const list = reader.rewrite(nodes);
    reader.grouped = undefined;
    return list;
  }
  const quick = reader.rewrite(nodes);
  const last = nodes.findLastIndex((node) => !isTrivia(node)) + 1;
  const written = (key: (of: Key) => Fragment): Fragment => [
    ' ',
    join(grouping.keys.map(key), ', '),
    nodes.slice(last) as readonly Token[],
  ];
  return {
    ...exactly(grouping, quick, written(exactKey)),
    // In DuckDB's plan the value of a key that is a number, or a name of the list, stands where that is.
    asked: grouping.complete ? written(({ expression }) => expression.fragment) : undefined,
  };
}

/** The list of keys, from the current node on, of which none is a text. */
export function plainKeys(reader: Reader, keys: readonly Fragment[]): Fragment {
  const end = reader.at + endOfKeys(reader.nodes.slice(reader.at));
  const nodes = reader.nodes.slice(reader.at, end);
  reader.at = end;
  const list = reader.rewrite(nodes);
  const last = nodes.findLastIndex((node) => !isTrivia(node)) + 1;
  return { choose: () => list, asked: [' ', join(keys, ', '), nodes.slice(last) as readonly Token[]] };
}

/** HAVING with its condition, if any is `written`: before it is asked, each group's texts are looked at. */
export function guarded(grouping: Grouping, written: Fragment | undefined): Fragment {
  const { keys } = grouping;
  const open = written === undefined ? ' ' : ' (';
  const head: Fragment = {
    clause: true,
    operands: keys.map(({ expression }) => expression),
    shape: (parts) => {
      const anyNull = join(
        parts.map((part) => ['(', part, ') IS NULL']),
        ' OR ',
      );
      if (grouping.texts === false) return written === undefined ? '' : ' HAVING ';
      return [' HAVING CASE WHEN ', anyNull, ` THEN false ELSE${open}`, written === undefined ? 'true END ' : ''];
    },
    resolve: (types) => {
      grouping.texts = types.includes('VARCHAR');
      const tested = (parts: readonly Fragment[], failure: string, which: (key: Key) => boolean): Fragment => {
        const texts = parts.filter((_part, at) => types[at] === 'VARCHAR' && which(keys[at] as Key));
        if (texts.length === 0) return written === undefined ? '' : ' HAVING (';
        const blanks = texts.map((text): Fragment => ['suffix(', text, ",' ')"]);
        // What is of the keys alone DuckDB would ask of every row.
        return [
          ' HAVING CASE WHEN ',
          join(blanks, ' OR '),
          ` THEN ${failure} ELSE${open}`,
          written === undefined ? 'count(*)>0 END ' : '',
        ];
      };
      const emit = (parts: readonly Fragment[]): Fragment => ({
        choose: (quickly) => {
          if (grouping.texts === false) return written === undefined ? '' : ' HAVING ';
          return quickly ? tested(parts, FAILS, () => true) : tested(parts, REFUSED, ({ sure }) => !sure);
        },
      });
      return { emit };
    },
  };
  const end = (quickly: boolean): string => {
    if (grouping.texts === false) return '';
    return quickly || grouping.texts === undefined || keys.some(({ sure }) => !sure) ? ') END ' : ') ';
  };
  return written === undefined ? head : [head, written, { choose: end }];
}
