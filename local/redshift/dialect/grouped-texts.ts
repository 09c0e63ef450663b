import { type Chosen, type Expression, type Fragment, join } from './fragment.ts';
import { aliasesOf, computes, holdsQuery, inWords, itemsOf, sameColumn } from './grouping.ts';
import { endOfKeys } from './key-lists.ts';
import { identifier, isTrivia, nameOf, type Token } from './lexer.ts';
import type { Reader } from './reader.ts';
import { directed, key } from './comparisons.ts';
import { pathOf } from './query-ranges.ts';
import { SQLSTATE } from './redshift-error.ts';
import type { GroupedColumns, Grouping, Key } from './text-keys.ts';
import { isWord, significant, type Node, withoutGroups } from './token-tree.ts';
import { superKeys } from './ordered-values.ts';
import { keyOfType } from './super-equality.ts';
import { textKey } from './window-texts.ts';

const FAILS = `error('rs:${SQLSTATE.blanks}:a text to be grouped by ends with a blank;')`;
const REFUSED = `error('rs:${SQLSTATE.notSupported}:GROUP BY of texts that end with blanks is not supported here: write RTRIM(…);')`;
const REFUSED_SUPER = `error('rs:${SQLSTATE.notSupported}:GROUP BY of SUPER values by the name of a column of the list is not supported here: write the expression, or its number;')`;

/** A column of a list of a query that is grouped. */
export function groupedColumn(
  { grouping, aliases, as }: GroupedColumns,
  path: readonly Token[],
  column: Fragment,
): Fragment {
  const names = path.map(nameOf);
  if (names.length === 1 && aliases.has(names[0] ?? '')) return column;
  const place = grouping.keys.findIndex(({ path: key }) => sameColumn(key ?? [], names));
  const key = (): Fragment => keyOfType(column, grouping.types[place]);
  const first = (): Fragment => ['first(', as === 'value' ? column : key(), ')'];
  if (as !== 'key' && !grouping.sets) return exactly(grouping, column, first);
  if (place < 0) return column;
  return exactly(grouping, column, () =>
    as === 'key' ? key() : ['CASE WHEN grouping(', key(), ')=0 THEN ', first(), ' END'],
  );
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
    return exactly(grouping, whole, () => ['first(', whole, ')']);
  }
  return inGroups(reader, grouping, aliasesOf(itemsOf(before)), () => reader.rewrite(value));
}

/** The same of what a query is sorted by. */
export function groupedValue(
  reader: Reader,
  grouping: Grouping,
  value: readonly Node[],
  before: readonly (readonly Node[])[],
): Expression {
  if (holdsQuery(value)) return { fragment: groupedItem(reader, grouping, value, before) };
  return inGroups(reader, grouping, aliasesOf(itemsOf(before)), () => reader.expression(value));
}

/** Whether a value is what is grouped by. */
export function isGroupKey({ keys, distinct }: Grouping, value: readonly Node[]): boolean {
  const path = pathOf(significant(value)) ?? [];
  return distinct || keys.some((key) => sameColumn(key.path ?? [], path) || key.written === inWords(value));
}

/** ` AS name` of a column, which is none any more. */
export function groupedName(grouping: Grouping, item: readonly Node[]): Fragment {
  const name = pathOf(significant(item))?.at(-1);
  return name === undefined ? '' : exactly(grouping, '', () => ` AS ${identifier(name)}`);
}

export function inGroups<T>(reader: Reader, grouping: Grouping, aliases: ReadonlySet<string>, read: () => T): T {
  const outside = reader.grouped;
  reader.grouped = { grouping, aliases, as: 'value' };
  const result = read();
  reader.grouped = outside;
  return result;
}

/** What a window puts its rows together by; in order, with its `direction`. */
export function windowKey(reader: Reader, value: readonly Node[], direction?: Fragment): Fragment {
  const columns = reader.grouped;
  if (!columns) return textKey(reader, value, direction);
  if (computes(value)) return key(reader.expression(value), direction).fragment;
  reader.grouped = undefined;
  const quick = key(reader.expression(value), direction).fragment;
  const read = (as: GroupedColumns['as']): Fragment => {
    reader.grouped = { ...columns, as };
    return reader.rewrite(value);
  };
  const [shown, computed] = [read('value'), read('key value')];
  reader.grouped = columns;
  const { grouping } = columns;
  const path = pathOf(significant(value)) ?? [];
  const words = inWords(value);
  const place = grouping.keys.findIndex(
    (other) => sameColumn(other.path ?? [], path) || (!grouping.sets && other.written === words),
  );
  // What is grouped by is written as it is there: its types are known.
  const written = grouping.keys[place]?.expression.fragment;
  const exact = (): Fragment => {
    const type = grouping.types[place];
    const sets = written === undefined || grouping.sets;
    if (direction !== undefined && type === 'JSON')
      return superKeys(sets ? shown : ['first(', written, ')'], direction);
    return directed(sets ? computed : ['first(', keyOfType(written, type), ')'], direction);
  };
  return exactly(grouping, quick, exact);
}

/** The condition of HAVING or QUALIFY, which is the current node. */
export function conditionOfGroups(reader: Reader, grouping: Grouping): Fragment {
  reader.at++;
  const nodes = reader.nodes.slice(reader.at);
  const length = endOfKeys(nodes);
  reader.at += length;
  return inGroups(reader, grouping, grouping.aliases, () => reader.rewrite(nodes.slice(0, length)));
}

function exactly(grouping: Grouping, quick: Fragment, exact: () => Fragment): Chosen {
  return {
    choose: (quickly) =>
      quickly || grouping.texts !== true || !grouping.keys.some(({ sure }) => sure) ? quick : exact(),
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
      return quickly || grouping.texts === undefined
        ? written((_key, at) => String(at + 1))
        : written(exactKey(grouping));
    },
    asked: grouping.complete && grouping.texts !== false ? written(({ expression }) => expression.fragment) : undefined,
  };
}

const exactKey =
  ({ types, keys }: Grouping) =>
  (key: Key): Fragment =>
    key.sure ? keyOfType(key.expression.fragment, types[keys.indexOf(key)]) : key.expression.fragment;

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
  const last = nodes.findLastIndex((node) => !isTrivia(node)) + 1;
  const written = (key: (of: Key) => Fragment): Fragment => [
    ' ',
    join(grouping.keys.map(key), ', '),
    withoutGroups(nodes.slice(last)),
  ];
  // With ALL, DuckDB would group by the columns that HAVING looks at, too.
  const all = isWord(significant(nodes)[0], 'ALL');
  const quick = all ? written(({ ordinal }) => String(ordinal)) : reader.rewrite(nodes);
  return {
    ...exactly(grouping, quick, () => written(exactKey(grouping))),
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
  return { choose: () => list, asked: [' ', join(keys, ', '), withoutGroups(nodes.slice(last))] };
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
      grouping.types = types;
      grouping.texts = types.includes('VARCHAR') || types.includes('JSON');
      // Of no row at all there is a group where sets are grouped by.
      const some = grouping.sets ? 'count(*)>=0' : 'count(*)>0';
      const tested = (
        parts: readonly Fragment[],
        [blanks, supers]: readonly [string, string],
        which: (key: Key) => boolean,
      ): Fragment => {
        const tests = parts.flatMap((part, at): readonly Fragment[] => {
          if (!which(keys[at] as Key)) return [];
          if (types[at] === 'JSON') return [['WHEN NOT rs_super_plain(', part, `) THEN ${supers} `]];
          return types[at] === 'VARCHAR' ? [['WHEN suffix(', part, `,' ') THEN ${blanks} `]] : [];
        });
        if (tests.length === 0) return written === undefined ? '' : ' HAVING (';
        // What is of the keys alone DuckDB would ask of every row.
        return [' HAVING CASE ', tests, `ELSE${open}`, written === undefined ? `${some} END ` : ''];
      };

      const emit = (parts: readonly Fragment[]): Fragment => ({
        choose: (quickly) => {
          if (grouping.texts === false) return written === undefined ? '' : ' HAVING ';
          return quickly
            ? tested(parts, [FAILS, FAILS], () => true)
            : tested(parts, [REFUSED, REFUSED_SUPER], ({ sure }) => !sure);
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
