import { type Expression, type Fragment, join } from './fragment.ts';
import { literalToken } from './constant-literals.ts';
import { literal, nameOf, stringValue } from './lexer.ts';
import { isGroup, isName, isSymbol, significant, type Group, type Node } from './token-tree.ts';

/**
 * Arrays as the catalogue has them; a table has none.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-datatypes.html
 */

/** What DuckDB's lists of them hold. */
const ELEMENTS: Readonly<Record<string, string>> = {
  aclitem: 'VARCHAR',
  name: 'VARCHAR',
  text: 'VARCHAR',
  varchar: 'VARCHAR',
  oid: 'BIGINT',
  int8: 'BIGINT',
  int4: 'INTEGER',
  integer: 'INTEGER',
  int2: 'SMALLINT',
};

/**
 * DuckDB's types of `oidvector` and `int2vector`, which differ from arrays in how they are written, `1 2`, and that their first element is 0.
 * https://www.postgresql.org/docs/8.0/catalog-pg-proc.html
 */
const VECTORS: ReadonlySet<string> = new Set(['UINTEGER[]', 'USMALLINT[]']);

export function isVector(type: string): boolean {
  return VECTORS.has(type);
}

/** Whether brackets behind the word ARRAY hold elements, `ARRAY[a, b]`, `ARRAY[1::smallint]`: with no more than an index it is a column of that name. */
export function isElements(node: Node | undefined): node is Group {
  if (!isGroup(node) || node.open.text !== '[') return false;
  return node.items.some((item) => isSymbol(item, ',', '::') || item.type === 'string');
}

/** `ARRAY[a, b]` */
export function arrayOf(elements: readonly Expression[]): Expression {
  const items = elements.map((item) => item.fragment);
  return { fragment: ['[', join(items, ','), ']'] };
}

/** `element[]` at a place. */
interface ArrayType {
  /** As it was named. */
  readonly element: string;
  /** DuckDB's. */
  readonly type: string;
  /** Where it ends. */
  readonly end: number;
}

/** Nothing for any other type. */
export function arrayType(nodes: readonly Node[], at: number): ArrayType | undefined {
  const [name, brackets] = [nodes[at], nodes[at + 1]];
  const element = isName(name) ? nameOf(name) : '';
  const type = ELEMENTS[element];
  const empty = isGroup(brackets) && brackets.open.text === '[' && significant(brackets.items).length === 0;
  return type !== undefined && empty ? { element, type: `${type}[]`, end: at + 2 } : undefined;
}

/** `'{a,b}'::text[]`, `relacl::text[]` */
export function arrayCast(value: Expression, type: string): Expression {
  const token = literalToken(value.fragment);
  const given: Fragment =
    token === undefined
      ? value.fragment
      : [
          '[',
          join(
            (elementsIn(stringValue(token.text)) ?? []).map((item) => item ?? 'NULL'),
            ',',
          ),
          ']',
        ];
  return { type, fragment: ['CAST(', given, ` AS ${type})`] };
}

/** The elements of an array that is written as a text, `{a,"b c",NULL}`, as literals; nothing for what is none. */
export function elementsIn(text: string): readonly (string | undefined)[] | undefined {
  const inner = /^\s*\{([^]*)\}\s*$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  return [...inner.matchAll(/\s*(?:"((?:[^"\\]|\\[^])*)"|([^,]+?))\s*(?:,|$)/g)].map(([, quoted, plain = '']) =>
    quoted === undefined && plain.toUpperCase() === 'NULL'
      ? undefined
      : literal(quoted?.replace(/\\([^])/g, '$1') ?? plain),
  );
}
