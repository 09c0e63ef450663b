import type { Expression, Fragment } from './fragment.ts';
import { stringValue } from './lexer.ts';
import { syntaxError, unsupported } from './redshift-error.ts';
import { isName, startOf, textOf, type Node } from './token-tree.ts';

/**
 * Collations: which texts are equal, and in what order they stand. DuckDB's own hold wherever Redshift compares, groups or orders texts, and go
 * with a value through functions, queries and CREATE TABLE AS.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_COLLATE.html
 */
export type Collation = 'case_sensitive' | 'case_insensitive';

const NAMES: Readonly<Record<string, Collation>> = {
  case_sensitive: 'case_sensitive',
  cs: 'case_sensitive',
  case_insensitive: 'case_insensitive',
  ci: 'case_insensitive',
};

const DUCKDB: Readonly<Record<Collation, string>> = { case_sensitive: '"binary"', case_insensitive: 'nocase' };

/**
 * The collation that a word, a name or a text names.
 * @throws RedshiftError
 */
export function collationNamed(node: Node): Collation {
  const written = node.type === 'string' ? stringValue(node.text) : isName(node) ? textOf([node]) : '';
  const collation = NAMES[written.replaceAll('"', '').trim().toLowerCase()];
  if (collation === undefined) throw syntaxError(textOf([node]), startOf(node));
  return collation;
}

/**
 * `COLLATE(value, 'collation')`
 * @throws RedshiftError
 */
export function collate(value: Expression, collation: Collation, position: number): Expression {
  const collated = (v: Fragment): Fragment => ['(', v, ` COLLATE ${DUCKDB[collation]})`];
  return {
    fragment: {
      operands: [value],
      // What a collation is put on itself loses its place in the plan.
      shape: ([v = '']) => collated(['coalesce(CAST(', v, ' AS VARCHAR),NULL)']),
      resolve: ([type = '']) => {
        if (type === 'JSON') throw unsupported('COLLATE of a SUPER value', position, 'Cast it: value::varchar.');
        return { type: 'VARCHAR', emit: ([v = '']) => collated(['CAST(', v, ' AS VARCHAR)']) };
      },
    },
  };
}

/** ` COLLATE …` of a column, for DuckDB; empty for the collation columns have by themselves. */
export function columnCollation(collation: Collation | undefined): string {
  return collation === 'case_insensitive' ? ` COLLATE ${DUCKDB[collation]}` : '';
}

export const COLLATION_MACROS: readonly string[] = [
  // DuckDB tells distinct values of an aggregate apart by their bytes. What the collation is is known when the query is planned.
  `rs_distinct(x VARCHAR) AS CASE WHEN CASE WHEN true THEN 'a' ELSE x END = 'A' THEN lower(rs.main.rs_key(x)) ELSE rs.main.rs_key(x) END, (x) AS x`,
];
