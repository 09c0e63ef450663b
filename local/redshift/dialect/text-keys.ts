import type { Expression, Fragment } from './fragment.ts';
import type { Node } from './token-tree.ts';

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
  /** Whether a text, or a SUPER value, is among the keys: known when their types are, before anything is written. */
  texts: boolean | undefined;
  /** Of the keys, when they are known. */
  types: readonly string[];
}

export interface Key {
  readonly expression: Expression;
  /** Whether the expression is what is grouped by: a name may be a column of a table, or else of the list. */
  readonly sure: boolean;
  /** Of a column. */
  readonly path: readonly string[] | undefined;
  /** Its words. */
  readonly written: string;
  /** Its place in the SELECT list, where GROUP BY ALL stands for it. */
  readonly ordinal?: number | undefined;
}

/** What a column stands for in a list of a query that is grouped. */
export interface GroupedColumns {
  readonly grouping: Grouping;
  /** Names that are columns of the list. */
  readonly aliases: ReadonlySet<string>;
  /** What is written of one: its value, the key it is (in the list of keys, and in the arguments of GROUPING), or its value as a key. */
  readonly as: 'value' | 'key' | 'key value';
}

/**
 * `ORDER BY name, n`: exactly written, a query is sorted by the values as they are compared; quickly, by its columns as they are, and fails
 * where that is not the same.
 */
export interface Sorting {
  /** Undefined is one that is sorted by as it is. */
  readonly keys: readonly (SortedKey | undefined)[];
  /** Whether there is a WHERE to look at columns in. */
  readonly where: boolean;
}

export type SortedKey =
  | { readonly column: readonly Node[]; readonly last: boolean }
  /** One that may be a text, or a SUPER value; `guarded` if the quick form fails anyway where a text of it ends with a blank. */
  | { readonly expression: Expression; readonly last: boolean; readonly guarded: boolean };

/**
 * The text columns by which windows of one query put rows together or in order. Exactly written, a window has a column of its own of each
 * without the blanks at its end (https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks),
 * which DuckDB computes, keeps and sorts beside the text itself. Such blanks are rare: quickly written, the column is used as it is, and the
 * query's WHERE fails where a text of it ends with one.
 */
export interface WindowTexts {
  /** Names of the query's list, which WHERE would take for columns. */
  readonly aliases: ReadonlySet<string>;
  /** By their paths: known when the types are, before anything is written. */
  readonly columns: Map<string, Fragment>;
  readonly hasWhere: boolean;
}
