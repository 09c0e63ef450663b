import { arrayType } from './catalogue-arrays.ts';
import { LITERAL_TYPES } from './keywords.ts';
import { INTERVAL_QUALIFIERS } from './interval-qualifiers.ts';
import { identifier, isTrivia, nameOf, type Token } from './lexer.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  type Node,
} from './token-tree.ts';
import { readType } from './types.ts';

/** What an operand ends with: a name after it is an alias. */
function endsOperand(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if (isWord(node, 'END')) return true;
  if (node.type === 'word') return !OPERATOR_WORDS.has(node.word);
  return node.type !== 'symbol';
}

const OPERATOR_WORDS = new Set(
  'AND OR NOT IS IN LIKE ILIKE SIMILAR TO BETWEEN WHEN THEN ELSE CASE AS ESCAPE FROM OVER DISTINCT ALL INTERVAL ISNULL NOTNULL TIME AT WITH WITHOUT DOUBLE CHARACTER'.split(
    ' ',
  ),
);

/** Words that end an expression and never are an alias without AS. */
const NO_ALIAS = new Set([
  'NULL',
  'TRUE',
  'FALSE',
  'END',
  'UNKNOWN',
  'NULLS',
  'ISNULL',
  'NOTNULL',
  'ZONE',
  'PRECISION',
]);

/** The alias of an item of a SELECT list, and whether AS stands before it. */
export function aliasOf(item: readonly Node[]): { readonly token: Token; readonly as: boolean } | undefined {
  if (item.length < 2 || !isName(item.findLast((node) => !isTrivia(node)))) return undefined;
  const nodes = significant(item);
  const last = nodes.at(-1);
  const before = nodes.at(-2);
  if (nodes.length < 2 || !isName(last) || isStar(nodes)) return undefined;
  if (isWord(before, 'AS')) return { token: last, as: true };
  // `INTERVAL '3' DAY` names a unit.
  if (before?.type === 'string' && isWord(nodes.at(-3), 'INTERVAL') && isWord(last, ...INTERVAL_QUALIFIERS))
    return undefined;
  // `AT TIME ZONE zone`: the zone's column.
  if (isWord(before, 'ZONE') && isWord(nodes.at(-3), 'TIME') && isWord(nodes.at(-4), 'AT')) return undefined;
  // TIME is a type after `::`, elsewhere part of AT TIME ZONE and of longer types.
  const ends = endsOperand(before) || (isWord(before, 'TIME') && isSymbol(nodes.at(-3), '::'));
  if (!ends || (last.type === 'word' && NO_ALIAS.has(last.word))) return undefined;
  return { token: last, as: false };
}

/** An item of a SELECT list as far as its alias, and the AS before that. */
export function withoutAlias(item: readonly Node[]): readonly Node[] {
  const alias = aliasOf(item);
  if (!alias) return item;
  return item.slice(0, alias.as ? item.findLastIndex((node) => isWord(node, 'AS')) : item.lastIndexOf(alias.token));
}

/** ` AS "name"` for an item without an alias, where DuckDB would name the column otherwise than Redshift. */
export function derivedAlias(item: readonly Node[]): string {
  const nodes = significant(item);
  if (nodes.length === 0 || isStar(nodes)) return '';
  if (isColumn(nodes)) return pathAlias(nodes);
  return ` AS ${identifier(columnName(nodes)?.name ?? '?column?')}`;
}

/** The name of an item's column; nothing for a star, and for a list that leaves columns out. */
export function nameOfItem(item: readonly Node[]): string | undefined {
  const words = significant(item);
  if (words.some((node) => isWord(node, 'EXCLUDE'))) return undefined;
  const alias = aliasOf(item);
  if (alias) return nameOf(alias.token);
  const derived = /^ AS "([^]*)"$/.exec(derivedAlias(item))?.[1];
  if (derived !== undefined) return derived.replaceAll('""', '"');
  const last = words.at(-1);
  return isName(last) ? nameOf(last) : undefined;
}

/** DuckDB folds the names of columns, but not those of a path into a SUPER value. */
function pathAlias(nodes: readonly Node[]): string {
  const last = nodes.at(-1);
  if (last?.type !== 'word' || !/\p{Lu}/u.test(last.text) || !(last.exact || nodes.length > LONGEST_COLUMN)) return '';
  return ` AS ${identifier(nameOf(last))}`;
}

/** `schema.table.column`, with its points. */
const LONGEST_COLUMN = 5;

/** `*` or `t.*`, whatever it goes without. */
export function isStar(all: readonly Node[]): boolean {
  const exclude = all.findIndex((node, index) => isWord(node, 'EXCLUDE') && isSymbol(all[index - 1], '*'));
  const nodes = exclude < 0 ? all : all.slice(0, exclude);
  return isSymbol(nodes.at(-1), '*') && (nodes.length === 1 || isSymbol(nodes.at(-2), '.'));
}

/** A bare value such as SYSDATE is no column. */
function isColumn(nodes: readonly Node[]): boolean {
  const [first] = nodes;
  if (first?.type === 'word' && VALUE_NAMES[first.word] !== undefined && nodes.length === 1) return false;
  return nodes.every((node, index) => (index % 2 === 0 ? isName(node) : isSymbol(node, '.')));
}

const VALUE_NAMES: Readonly<Record<string, string>> = {
  SYSDATE: 'timestamp',
  CURRENT_DATE: 'date',
  CURRENT_TIMESTAMP: 'timestamptz',
  CURRENT_TIME: 'timetz',
  LOCALTIMESTAMP: 'timestamp',
  LOCALTIME: 'time',
  CURRENT_USER: 'current_user',
  SESSION_USER: 'session_user',
  USER: 'current_user',
  CURRENT_USER_ID: 'current_user_id',
  TRUE: 'bool',
  FALSE: 'bool',
  NULL: '?column?',
};

/** They name a column that is nothing else only: of a cast the type does. */
const CONSTANTS: ReadonlySet<string> = new Set(['TRUE', 'FALSE', 'NULL']);

/** Functions that Redshift turns into something else before it names the column. */
const CALL_NAMES: Readonly<Record<string, string>> = {
  extract: 'date_part',
  nvl: 'coalesce',
  decode: 'case',
  nvl2: 'case',
  date_part: 'pgdate_part',
  datepart: 'pgdate_part',
  substring: 'substring',
  dateadd: 'date_add',
  log: 'dlog10',
  datediff: 'date_diff',
  getdate: 'timestamp',
};

/** What `TRIM(side …)` is a call of. https://docs.aws.amazon.com/redshift/latest/dg/r_TRIM.html */
const TRIMS: Readonly<Record<string, string>> = { BOTH: 'btrim', LEADING: 'ltrim', TRAILING: 'rtrim' };

/** The function of the side that the contents of TRIM begin with; undefined where they name none. */
export function trimmedSide(items: readonly Node[]): string | undefined {
  const [first] = significant(items);
  return first?.type === 'word' ? TRIMS[first.word] : undefined;
}

interface Named {
  readonly name: string;
  /** A column's or function's name, not merely a type's. */
  readonly strong: boolean;
}

/** PostgreSQL's rule for the name of a column without an alias. */
function columnName(nodes: readonly Node[]): Named | undefined {
  const cast = nodes.findLastIndex((node) => isSymbol(node, '::'));
  if (cast > 0) {
    // Of an operator's last operand only: the whole has no name.
    if (nodes.slice(0, cast).some((node) => node.type === 'symbol' && node.text !== '.' && node.text !== '::'))
      return undefined;
    const array = arrayType(nodes, cast + 1);
    const read = array ? { end: array.end, type: { name: array.element } } : readType(nodes, cast + 1);
    if (read?.end !== nodes.length) return undefined;
    const inner = columnName(nodes.slice(0, cast));
    return inner?.strong ? inner : { name: read.type.name, strong: false };
  }
  const [first, ...rest] = nodes;
  if (isAtTimeZone(nodes)) return { name: 'timezone', strong: true };
  if (isWord(first, 'CASE') && isWord(nodes.at(-1), 'END')) return caseName(nodes);
  if (nodes.length === 1) {
    if (first?.type === 'word')
      return { name: VALUE_NAMES[first.word] ?? nameOf(first), strong: !CONSTANTS.has(first.word) };
    if (first?.type === 'quoted') return { name: nameOf(first), strong: true };
    if (isParenthesis(first) && !isWord(significant(first.items)[0], 'SELECT', 'WITH'))
      return columnName(significant(first.items));
    return undefined;
  }
  const qualifier = intervalQualifier(nodes);
  if (qualifier)
    return { name: /^(?:YEAR|MONTH|QUARTER)/.test(qualifier.word) ? 'intervaly2m' : 'intervald2s', strong: false };
  if (
    first?.type === 'word' &&
    rest.at(-1)?.type === 'string' &&
    (rest.length === 1 || LITERAL_TYPES.test(first.word))
  ) {
    const read = LITERAL_TYPES.test(first.word) ? readType(nodes, 0) : undefined;
    if (read?.end === nodes.length - 1) return { name: read.type.name, strong: false };
    if (rest.length === 1) return { name: first.text.toLowerCase(), strong: false };
  }
  const path = elementPath(nodes);
  if (path) return { name: nameOf(path), strong: true };
  const call = nodes.findIndex((node) => isGroup(node));
  if (call > 0 && nodes.slice(0, call).every((node, index) => (index % 2 === 0 ? isName(node) : isSymbol(node, '.')))) {
    const trailer = nodes.slice(call + 1);
    if (trailer.length > 0 && !isWord(trailer[0], 'OVER', 'WITHIN', 'IGNORE', 'RESPECT')) return undefined;
    if (trailer.some((node, index) => node.type === 'symbol' && index > 0)) return undefined;
    return callName(nodes[call - 1] as Token, nodes[call] as Node);
  }
  if (isWord(first, 'APPROXIMATE')) return columnName(rest);
  return nodes.every((node, index) => (index % 2 === 0 ? isName(node) : isSymbol(node, '.'))) && nodes.length % 2 === 1
    ? { name: nameOf(nodes.at(-1) as Token), strong: true }
    : undefined;
}

/** The DAY of `INTERVAL '3' DAY TO SECOND (3)`. */
function intervalQualifier([first, text, ...rest]: readonly Node[]): Token | undefined {
  if (!isWord(first, 'INTERVAL') || text?.type !== 'string') return undefined;
  const [qualifier] = rest;
  const whole = rest.every((node) => isWord(node, 'TO', ...INTERVAL_QUALIFIERS) || isParenthesis(node));
  return whole && isWord(qualifier, ...INTERVAL_QUALIFIERS) ? qualifier : undefined;
}

/** The last name of a path into a SUPER value with elements of arrays in it: `c.items[0].price`, `c.items[0]`. */
function elementPath(nodes: readonly Node[]): Token | undefined {
  const names = nodes.filter((node) => !isGroup(node));
  const elements = nodes.filter(isGroup);
  if (elements.length === 0 || isGroup(nodes[0]) || elements.some(({ open }) => open.text !== '[')) return undefined;
  const path = names.every((node, index) => (index % 2 === 0 ? isName(node) : isSymbol(node, '.')));
  const last = names.at(-1);
  return path && isName(last) ? last : undefined;
}

/** `value AT TIME ZONE zone` is a call of TIMEZONE. https://docs.aws.amazon.com/redshift/latest/dg/r_AT_TIME_ZONE.html */
function isAtTimeZone(nodes: readonly Node[]): boolean {
  const at = nodes.length - 4;
  return (
    at > 0 &&
    isWord(nodes[at], 'AT') &&
    isWord(nodes[at + 1], 'TIME') &&
    isWord(nodes[at + 2], 'ZONE') &&
    !nodes.slice(0, at).some((node) => node.type === 'symbol' && node.text !== '.' && node.text !== '::')
  );
}

function callName(token: Token, group: Node): Named {
  const name = nameOf(token);
  if ((name === 'cast' || name === 'try_cast' || name === 'convert') && isGroup(group)) {
    const items = significant(group.items);
    const at = items.findLastIndex((node) => isWord(node, 'AS') || isSymbol(node, ','));
    const [value, type] =
      name === 'convert' ? [items.slice(at + 1), items.slice(0, at)] : [items.slice(0, at), items.slice(at + 1)];
    const inner = columnName(value);
    if (inner?.strong) return inner;
    return { name: readType(type, 0)?.type.name ?? name, strong: false };
  }
  if (name === 'trim' && isGroup(group)) return { name: trimmedSide(group.items) ?? 'btrim', strong: true };
  // NULLIF is a CASE with its first argument in the ELSE. https://docs.aws.amazon.com/redshift/latest/dg/r_NULLIF_function.html
  if (name === 'nullif' && isGroup(group)) return elseName(significant(splitAtCommas(group.items)[0] ?? []));
  return { name: CALL_NAMES[name] ?? name, strong: true };
}

/** CASE is named after its ELSE if that has a name. */
function caseName(nodes: readonly Node[]): Named {
  let depth = 0;
  const at = nodes.findIndex((node) => {
    if (isWord(node, 'CASE')) depth++;
    if (isWord(node, 'END')) depth--;
    return depth === 1 && isWord(node, 'ELSE');
  });
  return elseName(at < 0 ? [] : nodes.slice(at + 1, -1));
}

function elseName(nodes: readonly Node[]): Named {
  const otherwise = columnName(nodes);
  return otherwise?.strong && otherwise.name !== '?column?' ? otherwise : { name: 'case', strong: true };
}
