import { AFTER_FROM, JOIN_WORDS, NO_ALIAS, SET_OPERATIONS } from './clause-words.ts';
import { nameOfItem, withoutAlias } from './column-names.ts';
import { endOfKeys, endOfValue } from './grouping.ts';
import { lex, nameOf, type Token } from './lexer.ts';
import { pathOf } from './query-ranges.ts';
import { isNavigation } from './super-paths.ts';
import {
  isGroup,
  isName,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  tree,
  trimmed,
  type Group,
  type Node,
} from './token-tree.ts';

/**
 * `ORDER BY c.price`: what a path into a SUPER value leads to is sorted by its kind, numbers by what they are, texts without their quotation
 * marks; DuckDB would sort the JSON's text, 10 before 9. Two keys come before each that is such a path.
 * The order is that of https://docs.aws.amazon.com/redshift/latest/dg/r_array_sort.html
 */
export function superOrder(nodes: readonly Node[]): readonly Node[] {
  const select = nodes.findIndex((node) => isWord(node, 'SELECT'));
  const order = nodes.findIndex((node, at) => isWord(node, 'ORDER') && isWord(after(nodes, at), 'BY'));
  if (select < 0 || order < select || nodes.some((node) => isWord(node, 'DISTINCT', ...SET_OPERATIONS))) return nodes;
  const from = nodes.findIndex((node, at) => at > select && isWord(node, 'FROM'));
  if (from < 0 || from > order) return nodes;
  const items = splitAtCommas(nodes.slice(select + 1, from)).map(trimmed);
  const tables = tablesOf(nodes.slice(from + 1));
  const start = nodes.findIndex((node, at) => at > order && isWord(node, 'BY')) + 1;
  const end = start + endOfKeys(nodes.slice(start));
  const keys = splitAtCommas(nodes.slice(start, end));
  const written = keys.map((key) => {
    const length = endOfValue(key);
    const value = trimmed(key.slice(0, length));
    const path = valueOf(value, items);
    if (path === undefined || !isSuper(path, tables)) return [key];
    const direction = length === key.length ? [] : [SPACE, ...key.slice(length)];
    return [...KEYS.map((macro) => [...call(macro, path), ...direction]), [SPACE, ...key]];
  });
  if (written.every((one) => one.length === 1)) return nodes;
  const list = written.flat().flatMap((key, at) => (at === 0 ? [SPACE, ...key] : [COMMA, ...key]));
  return [...nodes.slice(0, start), ...list, ...nodes.slice(end)];
}

const after = (nodes: readonly Node[], at: number): Node | undefined => significant(nodes.slice(at + 1))[0];

interface Tables {
  readonly names: ReadonlySet<string>;
  /** Those that are the elements of arrays. */
  readonly elements: ReadonlySet<string>;
}

function tablesOf(nodes: readonly Node[]): Tables {
  const length = nodes.findIndex((node) => isWord(node, ...AFTER_FROM));
  const names = new Set<string>();
  const elements = new Set<string>();
  let words: Node[] = [];
  const add = (): void => {
    const ends = words.findIndex((node) => isWord(node, 'AS', ...NO_ALIAS) || isGroup(node));
    const path = pathOf(takePath(words)) ?? [];
    const rest = words.slice(path.length === 0 ? Math.max(0, ends) : path.length * 2 - 1);
    const alias = rest.find((node) => isName(node) && !isWord(node, 'AS', ...NO_ALIAS));
    const name = isName(alias) ? nameOf(alias) : path.at(-1);
    if (name !== undefined && path.length > 1 && names.has(path[0] ?? '')) elements.add(name);
    if (name !== undefined) names.add(name);
    words = [];
  };
  for (const node of significant(length < 0 ? nodes : nodes.slice(0, length))) {
    if (isSymbol(node, ',') || isWord(node, ...JOIN_WORDS)) add();
    else words.push(node);
  }
  add();
  return { names, elements };
}

/** The path that begins the words. */
function takePath(words: readonly Node[]): readonly Node[] {
  let end = isName(words[0]) ? 1 : 0;
  while (end > 0 && isSymbol(words[end], '.') && isName(words[end + 1])) end += 2;
  return words.slice(0, end);
}

/** What a key stands for: an item of the list, by its number or name, or itself. */
function valueOf(key: readonly Node[], items: readonly (readonly Node[])[]): readonly Node[] | undefined {
  const [first] = key;
  if (key.length !== 1 || first === undefined) return key;
  const value = (item: readonly Node[] | undefined): readonly Node[] | undefined => item && trimmed(withoutAlias(item));
  if (first.type === 'number') {
    const place = Number(first.text);
    return items.slice(0, place).some((item) => isSymbol(item.at(-1), '*')) ? undefined : value(items[place - 1]);
  }
  const named = isName(first) ? items.find((item) => nameOfItem(item) === nameOf(first)) : undefined;
  return named ? value(named) : key;
}

/** Whether it is a path into a SUPER value, or an element of an array. */
function isSuper(value: readonly Node[], { names, elements }: Tables): boolean {
  const words = significant(value);
  const path = pathOf(words);
  if (!path) return isNavigation(words);
  const [first = '', second = ''] = path;
  if (elements.has(first)) return true;
  if (path.length === 1) return false;
  return path.length === 2 ? !names.has(first) : names.has(first) || !names.has(second);
}

const token = (type: 'symbol' | 'space', text: string): Token => ({ type, text, at: 0, word: text });

const SPACE = token('space', ' ');
const COMMA = token('symbol', ',');

/** A call of a macro that is no function of Redshift. */
function call(macro: string, argument: readonly Node[]): readonly Node[] {
  const at = startOf(argument[0] ?? SPACE);
  const [group] = tree(lex('()').map((one) => ({ ...one, at })));
  return [SPACE, { ...token('symbol', macro), at }, { ...(group as Group), items: argument }];
}

const KEYS = ['rs_super_place', 'rs_super_letters'] as const;

const kind = 'json_type(CAST(x AS JSON))';

/** Of what is no SUPER value after all: NULL, so that the key itself decides. */
export const SUPER_ORDER_MACROS: readonly string[] = [
  `${KEYS[0]}(x) AS CASE WHEN typeof(x) = 'JSON' THEN CASE ${kind} WHEN 'NULL' THEN NULL WHEN 'BOOLEAN' THEN CAST('-infinity' AS DOUBLE) WHEN 'VARCHAR' THEN CAST('infinity' AS DOUBLE) WHEN 'ARRAY' THEN CAST('nan' AS DOUBLE) WHEN 'OBJECT' THEN CAST('nan' AS DOUBLE) ELSE CAST(CAST(x AS JSON) ->> '$' AS DOUBLE) END END`,
  `${KEYS[1]}(x) AS CASE WHEN typeof(x) = 'JSON' AND ${kind} = 'VARCHAR' THEN rtrim(CAST(x AS JSON) ->> '$', ' ') END`,
];
