import { AFTER_FROM, JOIN_WORDS, NO_ALIAS } from './clause-words.ts';
import type { Reader } from './reader.ts';
import type { Fragment } from './fragment.ts';
import { identifier, nameOf, WITH_OFFSET, type Token } from './lexer.ts';
import { syntaxError, unsupported } from './redshift-error.ts';
import { refuseFile } from './table-names.ts';
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
  type Group,
  type Node,
} from './token-tree.ts';

/**
 * `FROM t, t.items AS item AT position` iterates over the array in a SUPER column of each row, `UNPIVOT t.object AS value AT key` over an
 * object's attributes, `UNNEST(t.items) WITH OFFSET AS alias(item, position)` over an array; each may be joined, too. Nothing where the list has
 * only tables. https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
 */
export function unnesting(reader: Reader, from: Token): Fragment | undefined {
  const start = reader.at + 1;
  const length = reader.nodes.slice(start).findIndex((node) => isWord(node, ...AFTER_FROM));
  const end = length < 0 ? reader.nodes.length : start + length;
  const items = splitAtCommas(reader.nodes.slice(start, end));
  const known = new Set(reader.outerAliases());
  const elements = new Set<string>();
  const read = items.map((item) =>
    joined(item).map((nodes) => {
      const iteration = iterationOf(significant(nodes), known, elements);
      if (iteration) elements.add(iteration.alias ?? iteration.value);
      for (const name of iteration ? [iteration.alias ?? iteration.value] : aliases(significant(nodes)))
        known.add(name);
      return { nodes, iteration };
    }),
  );
  if (!read.some((parts) => parts.some(({ iteration }) => iteration !== undefined))) return undefined;
  for (let at = start; at < end; at++) refuseFile(reader.nodes, at);
  reader.at = end;
  const written = read.map((parts, index): Fragment => [
    index === 0 ? '' : ',',
    parts.map(({ nodes, iteration }) => (iteration ? subquery(reader, iteration) : reader.rewrite(nodes))),
  ]);
  return [from, written, ' '];
}

/** An item of a FROM list in pieces: what is joined stands by itself, `LEFT JOIN t.items AS item ON true` as after a comma. */
function joined(item: readonly Node[]): readonly (readonly Node[])[] {
  const parts: (readonly Node[])[] = [];
  let start = 0;
  for (const [at, node] of item.entries()) {
    if (!isWord(node, 'JOIN') || at < start) continue;
    const length = item.slice(at + 1).findIndex((next) => isWord(next, ...JOIN_WORDS));
    const end = length < 0 ? item.length : at + 1 + length;
    parts.push(item.slice(start, at + 1), item.slice(at + 1, end));
    start = end;
  }
  return [...parts, item.slice(start)].filter((part) => firstOf(part) !== undefined);
}

interface Iteration {
  readonly path: readonly Node[];
  readonly value: string;
  /** What UNNEST's rows are called; the name of the value is theirs elsewhere. */
  readonly alias?: string;
  /** Of the position in an array, or of an object's attribute. */
  readonly at: string | undefined;
  readonly kind: 'array' | 'object';
}

/**
 * `alias.path [AS] value [AT name]` whose alias is known, or `UNPIVOT` of anything. A name alone is an array only where it is an element of
 * another: `FROM t, t other` joins a table to itself.
 */
function iterationOf(
  nodes: readonly Node[],
  known: ReadonlySet<string>,
  elements: ReadonlySet<string>,
): Iteration | undefined {
  const call = nodes[1];
  if (isWord(nodes[0], 'UNNEST') && isParenthesis(call)) return unnested(call, nodes.slice(2));
  const kind = isWord(nodes[0], 'UNPIVOT') ? 'object' : 'array';
  const first = kind === 'object' ? 1 : 0;
  const head = nodes[first];
  if (!isName(head) || !known.has(nameOf(head))) return undefined;
  let end = first + 1;
  for (;;) {
    const node = nodes[end];
    if (isSymbol(node, '.') && isName(nodes[end + 1])) end += 2;
    else if (isGroup(node) && node.open.text === '[') end++;
    else break;
  }
  if (kind === 'array' && end === first + 1 && (!elements.has(nameOf(head)) || !isName(nodes[end]))) return undefined;
  const path = nodes.slice(first, end);
  if (isWord(nodes[end], 'AS')) end++;
  const value = nodes[end];
  if (!isName(value) || isWord(value, ...JOIN_WORDS))
    throw syntaxError(value && textOf([value]), startOf(value ?? head));
  const at = isWord(nodes[end + 1], 'AT') ? nodes[end + 2] : undefined;
  if (isWord(nodes[end + 1], 'AT') && !isName(at))
    throw syntaxError(at && textOf([at]), startOf(nodes[end + 1] ?? value));
  const rest = nodes[end + (at ? 3 : 1)];
  if (rest) throw syntaxError(textOf([rest]).slice(0, 40), startOf(rest));
  return { path, value: nameOf(value), at: isName(at) ? nameOf(at) : undefined, kind };
}

/** `UNNEST(array) [WITH OFFSET] [AS] alias(value[, position])`. https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-unnest-examples.html */
function unnested(call: Group, after: readonly Node[]): Iteration {
  const offset = isWord(after[0], 'WITH') && isWord(after[1], WITH_OFFSET);
  const named = after.slice(offset ? 2 : 0);
  const [alias, list, rest] = isWord(named[0], 'AS') ? named.slice(1) : named;
  if (!isName(alias) || isWord(alias, ...JOIN_WORDS) || !isParenthesis(list))
    throw unsupported(
      'UNNEST without an alias and a name for its column',
      startOf(call),
      'Name both: UNNEST(…) AS alias(column).',
    );
  const names = splitAtCommas(list.items).map(significant);
  const wrong = names.find((name) => name.length !== 1 || !isName(name[0])) ?? names[offset ? 2 : 1];
  if (wrong || rest || names.length === 0) {
    const at = wrong?.[0] ?? rest ?? list;
    throw syntaxError(textOf([at]).slice(0, 40), startOf(at));
  }
  const [value, position] = names.flat().filter(isName).map(nameOf);
  return {
    path: call.items,
    value: value ?? '',
    alias: nameOf(alias),
    at: offset ? (position ?? 'offset_col') : undefined,
    kind: 'array',
  };
}

/** What the tables of an item are called, those joined to it too. */
function aliases(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((_, index) => {
    if (index > 0 ? !isWord(nodes[index - 1], 'JOIN') : isWord(nodes[0], ...JOIN_WORDS)) return [];
    let at = index;
    while (isName(nodes[at]) && isSymbol(nodes[at + 1], '.')) at += 2;
    const next = isWord(nodes[at + 1], 'AS') ? nodes[at + 2] : nodes[at + 1];
    const name = isName(next) && !isWord(next, ...NO_ALIAS) ? next : nodes[at];
    return isName(name) ? [nameOf(name)] : [];
  });
}

/** What a query calls the rows of its FROM clause, where it does not call them as their tables are called. */
export function aliasesOf(query: readonly Node[]): readonly string[] {
  return rangesOf(query).flatMap(({ alias }) => alias ?? []);
}

/** What a query calls the rows of its FROM clause. */
export function rangeNames(query: readonly Node[]): readonly string[] {
  return rangesOf(query).flatMap(({ name, alias }) => alias ?? name ?? []);
}

/** The tables of a query's FROM clause, and what else gives rows there. */
function rangesOf(
  query: readonly Node[],
): readonly { readonly name: string | undefined; readonly alias: string | undefined }[] {
  const from = query.findIndex((node) => isWord(node, 'FROM')) + 1;
  if (from === 0) return [];
  const length = query.slice(from).findIndex((node) => isWord(node, ...AFTER_FROM));
  const items = splitAtCommas(query.slice(from, length < 0 ? query.length : from + length));
  return items.flatMap(joined).flatMap((part) => {
    const nodes = significant(part);
    let at = nodes.findIndex((node) => !isWord(node, 'UNPIVOT', ...JOIN_WORDS)) + 1;
    if (at === 0 || isWord(nodes[0], 'ON', 'USING')) return [];
    while (isSymbol(nodes[at], '.') || isGroup(nodes[at])) at += isGroup(nodes[at]) ? 1 : 2;
    const named = nodes[at - 1];
    if (isWord(nodes[at], 'WITH')) at += 2;
    const alias = isWord(nodes[at], 'AS') ? nodes[at + 1] : nodes[at];
    return [
      {
        name: isName(named) ? nameOf(named) : undefined,
        alias: isName(alias) && !isWord(alias, ...NO_ALIAS) ? nameOf(alias) : undefined,
      },
    ];
  });
}

/** A row for each element; DuckDB finds `value.attribute` in a column as Redshift does in the iteration's alias. */
function subquery(reader: Reader, { path, value, alias, at, kind }: Iteration): Fragment {
  const whole = reader.expression(path).fragment;
  const as = (name: string | undefined): string => (name === undefined ? '' : ` AS ${identifier(name)}`);
  const columns: Fragment =
    kind === 'array'
      ? [
          `unnest(x.x)${as(value)}`,
          at === undefined ? '' : `, CAST(generate_subscripts(x.x, 1) - 1 AS BIGINT)${as(at)}`,
        ]
      : [`unnest(map_values(x.x))${as(value)}`, at === undefined ? '' : `, unnest(map_keys(x.x))${as(at)}`];
  const type = kind === 'array' ? 'JSON[]' : 'MAP(VARCHAR, JSON)';
  return [
    ' (SELECT ',
    columns,
    ' FROM (SELECT CAST(',
    whole,
    ` AS ${type}) AS x) AS x) AS ${identifier(alias ?? `each ${value}`)}`,
  ];
}
