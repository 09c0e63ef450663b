import { assigned, type Target } from '../assignment.ts';
import type { StoredTable } from '../attributes.ts';
import { castExpression } from '../casts.ts';
import { rewrite, rewriteExpression } from '../expressions.ts';
import { type Fragment, join, within } from '../fragment.ts';
import { literal, nameOf, stringValue, type Token } from '../lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import { stringLiteral } from '../string-literals.ts';
import {
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
} from '../token-tree.ts';
import { storedType, type RedshiftType } from '../types.ts';
import { columnNames } from './column-definition.ts';

/** A column of a table as values are put into it. */
export function targetIn({ columns, attributes }: StoredTable, name: string): Target | undefined {
  const column = columns.find((other) => other.name === name);
  return column && { name, type: storedType(attributes.columns[name]?.type, column.type) };
}

/** A value of a row, or of an assignment, as its column keeps it. */
export function storedValue(value: readonly Node[], target: Target | undefined): Fragment {
  const [first, ...more] = significant(value);
  if (first === undefined || target === undefined || (more.length === 0 && isWord(first, 'DEFAULT', 'NULL')))
    return rewrite(value);
  const token = textIn(value);
  if (token === undefined) return assigned(rewriteExpression(value), target, startOf(first)).fragment;
  const { type } = target;
  const stored = storedLiteral(token, type);
  if (stored) return stored;
  if (readsTheSame(stringValue(token.text), type)) return rewrite(value);
  return castExpression(stringLiteral(token), { ...type, explicit: false }, token.at).fragment;
}

/** The string literal that is all of a value. */
export function textIn(value: readonly Node[]): Token | undefined {
  const [node, ...more] = significant(value);
  return node?.type === 'string' && more.length === 0 ? node : undefined;
}

/**
 * A literal as a column of a text type keeps it; undefined where that is how it was written. A CHAR is stored without the blanks at its end:
 * LEN does not count them, and they are gone in every text made of it. Of a VARCHAR blanks too many are cut off.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
 */
function storedLiteral(token: Token, { name, length }: RedshiftType): Token | undefined {
  if ((name !== 'bpchar' && name !== 'varchar') || !token.text.endsWith(" '")) return undefined;
  const text = stringValue(token.text);
  const trimmed = text.replace(/ +$/, '');
  const room = (length ?? Number.MAX_SAFE_INTEGER) - Buffer.byteLength(trimmed);
  const blanks = name === 'bpchar' ? 0 : Math.max(0, Math.min(text.length - trimmed.length, room));
  return { ...token, text: literal(trimmed + ' '.repeat(blanks)) };
}

/** Whether DuckDB makes of a text just what Redshift does. */
function readsTheSame(text: string, { name }: RedshiftType): boolean {
  switch (name) {
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text);
    case 'timestamp':
    case 'timestamptz':
      return /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{1,6})?)?$/.test(text);
    case 'int2':
    case 'int4':
    case 'int8':
      return /^[-+]?\d+$/.test(text);
    case 'numeric':
    case 'float4':
    case 'float8':
      return /^[-+]?\d{1,38}(?:\.\d*)?$/.test(text);
    case 'time':
      return /^\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?$/.test(text);
    case 'timetz':
    case 'intervald2s':
    case 'intervaly2m':
    case 'bool':
    case 'super':
    case 'varbyte':
      return false;
    default:
      return true;
  }
}

/** Of a column that is GENERATED ALWAYS. */
export function identityIsSet(position: number): RedshiftError {
  return new RedshiftError(SQLSTATE.syntaxError, 'cannot set an identity column to a value', { position });
}

/** A statement with `SET a = x, b = y`, up to the FROM, WHERE or WHEN after it, each value as its column keeps it. */
export function withAssignments(nodes: readonly Node[], table: StoredTable): Fragment {
  const set = nodes.findIndex((node) => isWord(node, 'SET'));
  if (set < 0) return withRow(nodes, table);
  let cases = 0;
  const length = nodes.slice(set + 1).findIndex((node) => {
    if (isWord(node, 'CASE')) cases++;
    if (isWord(node, 'END')) cases--;
    return cases === 0 && isWord(node, 'FROM', 'WHERE', 'WHEN');
  });
  const end = length < 0 ? nodes.length : set + 1 + length;
  const items = splitAtCommas(nodes.slice(set + 1, end)).map((item): Fragment => {
    const equals = item.findIndex((node) => isSymbol(node, '='));
    const column = significant(item.slice(0, Math.max(equals, 0))).at(-1);
    if (equals < 0 || item.length === 0)
      throw syntaxError(
        undefined,
        startOf(nodes[end - 1] ?? (nodes[set] as Node)) + textOf([nodes[end - 1] ?? (nodes[set] as Node)]).length,
      );
    const [named, dot] = significant(item);
    if (!isName(column) || !named)
      throw syntaxError(textOf(named ? [named] : []), startOf(named ?? (nodes[set] as Node)));
    if (isName(named) && isSymbol(dot, '.'))
      throw new RedshiftError(
        SQLSTATE.undefinedColumn,
        `column "${nameOf(named)}" of the relation to be updated does not exist`,
        {
          position: named.at,
          hint: 'SET target columns cannot be qualified with the relation name.',
        },
      );
    if (table.attributes.columns[nameOf(column)]?.identity?.byDefault === false) throw identityIsSet(startOf(column));
    return [
      rewrite(item.slice(0, equals)),
      ' = ',
      storedValue(item.slice(equals + 1), targetIn(table, nameOf(column))),
      ' ',
    ];
  });
  return [rewrite(nodes.slice(0, set)), nodes[set] as Token, ' ', join(items, ', '), withRow(nodes.slice(end), table)];
}

/** The rest of a MERGE, with its `INSERT [(a, b)] VALUES (x, y)`. */
function withRow(nodes: readonly Node[], table: StoredTable): Fragment {
  const insert = nodes.findIndex((node) => isWord(node, 'INSERT'));
  const values = nodes.findIndex((node, index) => index > insert && isWord(node, 'VALUES'));
  const row = nodes.findIndex((node, index) => index > values && isGroup(node));
  const list = nodes.slice(insert, values).find(isParenthesis);
  const group = nodes[row];
  if (insert < 0 || values < 0 || !isParenthesis(group)) return rewrite(nodes);
  const columns = list ? columnNames(list.items) : table.columns.map(({ name }) => name);
  return [rewrite(nodes.slice(0, row)), storedRow(group, columns, table), rewrite(nodes.slice(row + 1))];
}

/** `(x, y)` of VALUES. */
export function storedRow(group: Group, columns: readonly string[], table: StoredTable): Fragment {
  const values = splitAtCommas(group.items).map((value, index) =>
    storedValue(value, targetIn(table, columns[index] ?? '')),
  );
  return within(group, join(values, ','));
}
