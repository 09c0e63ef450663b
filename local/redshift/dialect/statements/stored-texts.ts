import { readTable, type StoredTable } from '../attributes.ts';
import { literal, nameOf, stringValue, type Token } from '../lexer.ts';
import type { QualifiedName } from '../names.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  type Node,
} from '../token-tree.ts';
import type { Database } from '../translation.ts';
import type { RedshiftType } from '../types.ts';
import { columnNames } from './column-definition.ts';

/**
 * A CHAR is stored without the blanks at its end: LEN does not count them, and they are gone in every text made of it.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
 */
export function charColumns(table: StoredTable): ReadonlySet<string> {
  return new Set(
    table.columns
      .map(({ name }) => name)
      .filter((name) => table.attributes.columns[name]?.type.startsWith('character(')),
  );
}

/** The table, if it has CHAR columns. */
export async function tableWithChars(database: Database, name: QualifiedName): Promise<StoredTable | undefined> {
  const table = await readTable(database, name);
  return table && charColumns(table).size > 0 ? table : undefined;
}

/** A literal as a column of a text type keeps it; undefined where that is how it was written. Blanks too many are cut off. */
export function storedLiteral(token: Token, { name, length }: RedshiftType): Token | undefined {
  if ((name !== 'bpchar' && name !== 'varchar') || !token.text.endsWith(" '")) return undefined;
  const text = stringValue(token.text);
  const trimmed = text.replace(/ +$/, '');
  const room = (length ?? Number.MAX_SAFE_INTEGER) - Buffer.byteLength(trimmed);
  const blanks = name === 'bpchar' ? 0 : Math.max(0, Math.min(text.length - trimmed.length, room));
  return { ...token, text: literal(trimmed + ' '.repeat(blanks)) };
}

/** `SET a = x` with RTRIM(x) for CHAR columns; up to the FROM, WHERE or WHEN after it. */
export function trimmedAssignments(nodes: readonly Node[], chars: ReadonlySet<string>): readonly Node[] {
  const set = nodes.findIndex((node) => isWord(node, 'SET'));
  if (set < 0) return nodes;
  let cases = 0;
  const length = nodes.slice(set + 1).findIndex((node) => {
    if (isWord(node, 'CASE')) cases++;
    if (isWord(node, 'END')) cases--;
    return cases === 0 && isWord(node, 'FROM', 'WHERE', 'WHEN');
  });
  const end = length < 0 ? nodes.length : set + 1 + length;
  const items = splitAtCommas(nodes.slice(set + 1, end)).map((item) => {
    const equals = item.findIndex((node) => isSymbol(node, '='));
    const column = significant(item.slice(0, Math.max(equals, 0))).at(-1);
    return isName(column) && chars.has(nameOf(column))
      ? [...item.slice(0, equals + 1), ...trim(item.slice(equals + 1))]
      : item;
  });
  const commas = nodes.slice(set + 1, end).filter((node) => isSymbol(node, ','));
  return [
    ...nodes.slice(0, set + 1),
    ...items.flatMap((item, index) => [...item, ...(commas[index] ? [commas[index]] : [])]),
    ...nodes.slice(end),
  ];
}

/** `INSERT [(a, b)] VALUES (x, y)` of a MERGE with RTRIM(x) for CHAR columns. */
export function trimmedValues(nodes: readonly Node[], table: StoredTable): readonly Node[] {
  const chars = charColumns(table);
  const insert = nodes.findIndex((node) => isWord(node, 'INSERT'));
  const values = nodes.findIndex((node, index) => index > insert && isWord(node, 'VALUES'));
  const row = nodes.findIndex((node, index) => index > values && isGroup(node));
  const list = nodes.slice(insert, values).find(isParenthesis);
  const group = nodes[row];
  if (insert < 0 || values < 0 || !isParenthesis(group)) return nodes;
  const columns = list ? columnNames(list.items) : table.columns.map(({ name }) => name);
  const commas = group.items.filter((node) => isSymbol(node, ','));
  const items = splitAtCommas(group.items).flatMap((item, index) => [
    ...(chars.has(columns[index] ?? '') ? trim(item) : item),
    ...(commas[index] ? [commas[index]] : []),
  ]);
  return [...nodes.slice(0, row), { ...group, items }, ...nodes.slice(row + 1)];
}

function trim(value: readonly Node[]): readonly Node[] {
  const [first, ...more] = significant(value);
  if (first === undefined || (more.length === 0 && isWord(first, 'DEFAULT', 'NULL'))) return value;
  const at = first.type === 'group' ? first.open.at : first.at;
  const token = (text: string, type: Token['type'] = 'symbol'): Token => ({ type, text, word: text, at });
  return [
    token(' ', 'space'),
    token('RTRIM', 'word'),
    { type: 'group', open: token('('), items: value, close: token(')') },
    token(' ', 'space'),
  ];
}
