import { constraintKey, type TableAttributes } from '../attributes.ts';
import { nameOf } from '../lexer.ts';
import { readName } from '../names.ts';
import { isName, isParenthesis, isWord, type Node } from '../token-tree.ts';
import { columnNames } from './column-definition.ts';
import { refusePrimaryKeys } from './table-rules.ts';

/** The attributes with one more constraint; nothing where the nodes are none. Keys are kept and shown, never enforced. */
export function tableConstraint(
  nodes: readonly Node[],
  attributes: TableAttributes,
  table: string,
): TableAttributes | undefined {
  const named = isWord(nodes[0], 'CONSTRAINT');
  const at = named ? 2 : 0;
  const [kind, second] = [nodes[at], nodes[at + 1]];
  const list = (index: number): readonly string[] => {
    const group = nodes[index];
    return isParenthesis(group) ? columnNames(group.items) : [];
  };
  const name = named && isName(nodes[1]) ? nameOf(nodes[1]) : undefined;
  const names = (key: string): TableAttributes['names'] =>
    name === undefined ? attributes.names : { ...attributes.names, [key]: name };
  if (isWord(kind, 'PRIMARY') && isWord(second, 'KEY')) {
    const primaryKey = list(at + 2);
    if (attributes.primaryKey.length > 0) refusePrimaryKeys(table);
    return { ...attributes, primaryKey, names: names(constraintKey('p', primaryKey)) };
  }
  if (isWord(kind, 'UNIQUE') && isParenthesis(second)) {
    const unique = list(at + 1);
    return { ...attributes, unique: [...attributes.unique, unique], names: names(constraintKey('u', unique)) };
  }
  if (isWord(kind, 'FOREIGN') && isWord(second, 'KEY')) {
    const target = readName(nodes, at + 4);
    const key = { columns: list(at + 2), table: target.name.shown, references: list(target.end) };
    return {
      ...attributes,
      foreignKeys: [...attributes.foreignKeys, key],
      names: names(constraintKey('f', key.columns)),
    };
  }
  return undefined;
}

/** The attributes without the constraint of that name, its own or the one PostgreSQL gives; nothing where there is none. */
export function withoutConstraint(
  table: string,
  attributes: TableAttributes,
  name: string,
): TableAttributes | undefined {
  const is = (kind: 'p' | 'u' | 'f', columns: readonly string[], given: string): boolean =>
    (attributes.names?.[constraintKey(kind, columns)] ?? given) === name;
  const { primaryKey, unique, foreignKeys } = attributes;
  const kept = {
    primaryKey: primaryKey.length > 0 && is('p', primaryKey, `${table}_pkey`) ? [] : primaryKey,
    unique: unique.filter((columns) => !is('u', columns, `${table}_${columns.join('_')}_key`)),
    foreignKeys: foreignKeys.filter(({ columns }) => !is('f', columns, `${table}_${columns[0]}_fkey`)),
  };
  const gone =
    kept.primaryKey !== primaryKey ||
    kept.unique.length < unique.length ||
    kept.foreignKeys.length < foreignKeys.length;
  if (!gone) return undefined;
  return {
    ...attributes,
    ...kept,
    names: Object.fromEntries(Object.entries(attributes.names ?? {}).filter(([, given]) => given !== name)),
  };
}

/** The names of the constraints after columns were renamed. */
export function renamedConstraints(
  { names }: TableAttributes,
  change: (column: string) => string,
): TableAttributes['names'] {
  return (
    names &&
    Object.fromEntries(
      Object.entries(names).map(([key, name]) => {
        const columns = JSON.parse(key.slice(2)) as readonly string[];
        return [constraintKey(key.charAt(0) as 'p' | 'u' | 'f', columns.map(change)), name];
      }),
    )
  );
}
