import { keyOfType, keysOf } from './super-equality.ts';
import { AFTER_SELECT_LIST } from './clause-words.ts';
import { aliasOf, derivedAlias, nameOfItem, withoutAlias } from './column-names.ts';
import { groupedItem, groupedName } from './grouped-texts.ts';
import { hiddenOf } from './connect-by.ts';
import type { Reader } from './reader.ts';
import { type Fragment, join } from './fragment.ts';
import { identifier, isTrivia, nameOf, type Token } from './lexer.ts';
import { mergedColumns } from './merged-columns.ts';
import { nameFragment } from './names.ts';
import { refuseRow } from './query-groups.ts';
import { syntaxError, unsupported } from './redshift-error.ts';
import {
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  trimmed,
  type Node,
} from './token-tree.ts';

const END_OF_LIST: ReadonlySet<string> = new Set(AFTER_SELECT_LIST);

/** The items of a SELECT list, from the current node on. Columns without an alias get Redshift's name. */
export function selectList(reader: Reader): Fragment {
  const parts: Fragment[] = [];
  const end = endOfList(reader);
  const after = reader.node(end);
  if (after && reader.nodes.slice(reader.at, end).every(isTrivia)) throw syntaxError(textOf([after]), startOf(after));
  const hidden = hiddenOf(reader);
  const merged = hidden === '' ? mergedColumns(reader.nodes.slice(end)) : [];
  const excluded = excluding(reader.nodes.slice(reader.at, end));
  if (excluded) {
    if (hidden !== '')
      throw unsupported('EXCLUDE with CONNECT BY', startOf(reader.nodes[reader.at] as Node), 'Name the columns.');
    reader.at = end;
    return [
      join(
        excluded.items.map(({ nodes, without }) => star(nodes, merged, without) ?? item(reader, nodes, [])),
        ', ',
      ),
      ' ',
    ];
  }
  const items: (readonly Node[])[] = [];
  while (reader.at < end) {
    let itemEnd = reader.at;
    while (itemEnd < end && !isSymbol(reader.node(itemEnd), ',')) itemEnd++;
    const nodes = reader.nodes.slice(reader.at, itemEnd);
    refuseRow(trimmed(withoutAlias(nodes)));
    parts.push(
      star(nodes, merged) ?? item(reader, nodes, items),
      isSymbol(significant(nodes).at(-1), '*') ? hidden : '',
    );
    items.push(nodes);
    const comma = reader.node(itemEnd);
    if (itemEnd < end && comma) {
      refuseLastComma(reader, itemEnd, end);
      parts.push(comma as Token);
    }
    reader.at = Math.min(itemEnd + 1, end);
  }
  return parts;
}

const pair = (value: Fragment): Fragment => join(keysOf(value), ', ');

/**
 * ` ON (…)` behind DISTINCT: rows that differ in the blanks at the end of a text are the same. Nothing where no item of the list, which begins
 * at the current node, can be a text.
 */
export function distinctRows(reader: Reader): Fragment {
  const end = endOfList(reader);
  const merged = mergedColumns(reader.nodes.slice(end));
  const excluded = excluding(reader.nodes.slice(reader.at, end));
  const list =
    excluded?.items.map(({ nodes }) => nodes) ?? splitAtCommas(reader.nodes.slice(reader.at, end)).map(trimmed);
  if (hiddenOf(reader) !== '') return '';
  const { grouping } = reader;
  let texts = false;
  const keys = list.map((nodes, index): Fragment => {
    if (isSymbol(nodes.at(-1), '*')) {
      texts = true;
      const without = excluded?.items[index]?.without ?? [];
      const first = isBareStar(nodes) ? merged.filter((name) => !without.includes(name)) : [];
      const keys = first.map((name): Fragment => [join(keysOf(identifier(name)), ', '), ', ']);
      return [keys, pair(['columns(', reader.rewrite(nodes), exclude([...first, ...without]), ')'])];
    }
    const value = withoutAlias(nodes);
    if (grouping) {
      texts = true;
      return pair(groupedItem(reader, grouping, value, list.slice(0, index)));
    }
    const { fragment, type } = reader.expression(value);
    texts ||= type === undefined || type === 'VARCHAR' || type === 'JSON';
    return type === undefined ? pair(fragment) : keyOfType(fragment, type);
  });
  return texts ? [' ON (', join(keys, ', '), ')'] : '';
}

/** A star without some columns; of a join that merges columns these come first. Nothing where it can stay as it is. */
function star(
  nodes: readonly Node[],
  merged: readonly string[],
  without: readonly string[] = [],
): Fragment | undefined {
  const first = isBareStar(nodes) ? merged.filter((name) => !without.includes(name)) : [];
  if (!endsWithStar(nodes) || first.length + without.length === 0) return undefined;
  const end = nodes.findLastIndex((node) => isSymbol(node, '*')) + 1;
  const at = first.length === 0 ? 0 : end - 1;
  return [
    nodes.slice(0, at) as readonly Token[],
    first.map((name) => `${identifier(name)}, `),
    nodes.slice(at, end) as readonly Token[],
    exclude([...first, ...without]),
    nodes.slice(end) as readonly Token[],
  ];
}

/** `*` or `t.*`; what an operator has no operand behind is none. */
function endsWithStar(nodes: readonly Node[]): boolean {
  const words = significant(nodes);
  return isSymbol(words.at(-1), '*') && (words.length === 1 || isSymbol(words.at(-2), '.'));
}

function isBareStar(nodes: readonly Node[]): boolean {
  const words = significant(nodes);
  return words.length === 1 && isSymbol(words[0], '*');
}

function exclude(names: readonly string[]): string {
  return names.length === 0 ? '' : ` EXCLUDE (${names.map(identifier).join(', ')})`;
}

/** DuckDB takes a comma after the last item. */
function refuseLastComma(reader: Reader, comma: number, end: number): void {
  if (!reader.nodes.slice(comma + 1, end).every(isTrivia)) return;
  const next = reader.node(end);
  throw syntaxError(next && textOf([next]), startOf(next ?? (reader.node(comma) as Node)));
}

interface Kept {
  readonly nodes: readonly Node[];
  /** Columns that a star goes without. */
  readonly without: readonly string[];
}

/**
 * `SELECT *, 1 AS one EXCLUDE (a, b)` and `SELECT * EXCLUDE a, b`: columns that the list as a whole goes without. Nothing where no EXCLUDE
 * ends the list. https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html
 */
function excluding(nodes: readonly Node[]): { readonly items: readonly Kept[] } | undefined {
  const at = nodes.findIndex(
    (node, index) => isWord(node, 'EXCLUDE') && endsItem(significant(nodes.slice(0, index)).at(-1)),
  );
  const exclude = nodes[at];
  if (!exclude) return undefined;
  const [group, ...more] = significant(nodes.slice(at + 1));
  const list = isParenthesis(group) && more.length === 0 ? significant(group.items) : significant(nodes.slice(at + 1));
  const names = list.flatMap((node, index) => (index % 2 === 0 && isName(node) ? [nameOf(node)] : []));
  const separated = list.every((node, index) => index % 2 === 0 || isSymbol(node, ','));
  if (names.length === 0 || list.length !== 2 * names.length - 1 || !separated) return undefined;
  const items = splitAtCommas(nodes.slice(0, at)).map(trimmed);
  const stars = items.filter(endsWithStar);
  const named = new Set(items.flatMap((one) => (stars.includes(one) ? [] : [nameOfItem(one) ?? ''])));
  const ofStar = names.filter((name) => !named.has(name));
  if (ofStar.length > 0 && stars.length !== 1)
    throw unsupported('EXCLUDE of columns in a list without one *', startOf(exclude), 'Name the columns.');
  return {
    items: items
      .filter((one) => stars.includes(one) || !names.includes(nameOfItem(one) ?? ''))
      .map((one) => ({ nodes: one, without: stars.includes(one) ? ofStar : [] })),
  };
}

/** Whether an item of the list may end with this. */
function endsItem(node: Node | undefined): boolean {
  return node !== undefined && !isWord(node, 'AS') && (node.type !== 'symbol' || node.text === '*');
}

/** Where the SELECT list that begins at the current node ends. */
export function endOfList(reader: Reader): number {
  let at = reader.at;
  for (; at < reader.nodes.length; at++) {
    const node = reader.node(at);
    if (
      node?.type === 'word' &&
      END_OF_LIST.has(node.word) &&
      !isSymbol(reader.node(at - 1), '.') &&
      // After AS any word is a name.
      !isWord(reader.node(at - 2), 'AS') &&
      !endsWithin(reader, at)
    )
      break;
    if (isSymbol(node, ';')) break;
  }
  return at;
}

/** The GROUP of `WITHIN GROUP`. */
function endsWithin(reader: Reader, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /^(?:space|comment)$/.test(reader.node(before)?.type ?? '')) before--;
  return isWord(reader.node(at), 'GROUP') && isWord(reader.node(before), 'WITHIN');
}

/** `before` are the items before it: their names can stand in it. */
function item(reader: Reader, nodes: readonly Node[], before: readonly (readonly Node[])[]): Fragment {
  const { grouping } = reader;
  const value = (nodes: readonly Node[]): Fragment =>
    grouping ? groupedItem(reader, grouping, nodes, before) : reader.rewrite(nodes);
  const alias = aliasOf(nodes);
  if (!alias) {
    // Space and comments after the item stay after the alias.
    const end = nodes.findLastIndex((node) => node.type !== 'space' && node.type !== 'comment') + 1;
    return [
      value(nodes.slice(0, end)),
      derivedAlias(nodes) || (grouping ? groupedName(grouping, nodes) : ''),
      nodes.slice(end) as readonly Token[],
    ];
  }
  const at = nodes.lastIndexOf(alias.token);
  const written = withoutAlias(nodes);
  return [
    value(written),
    nodes.slice(written.length, at) as readonly Token[],
    // Without AS DuckDB takes no keyword of its own as an alias, and it has many.
    !alias.as && alias.token.type === 'word' ? 'AS ' : '',
    nameFragment(alias.token),
    nodes.slice(at + 1) as readonly Token[],
  ];
}
