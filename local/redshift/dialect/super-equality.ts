import { DuckDBScalarFunction, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import type { Fragment } from './fragment.ts';

/**
 * Which SUPER values are equal: numbers by what they are, texts without the blanks at their end, arrays and objects by what is in them,
 * whatever the order of an object's attributes. DuckDB compares the JSON's text.
 * https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing
 */

/** The function of DuckDB that writes an array or an object as all that are equal to it are written. */
const CANONICAL = 'rs_super_canonical';

/** Once for each instance. */
export function registerSuperEquality(connection: DuckDBConnection): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: CANONICAL,
      returnType: VARCHAR,
      parameterTypes: [VARCHAR],
      mainFunction: (_info, input, output) => {
        const column = input.getColumnVector(0);
        for (let row = 0; row < input.rowCount; row++) {
          const text = column.getItem(row);
          output.setItem(row, text === null ? null : canonical(String(text)));
        }
        output.flush();
      },
    }),
  );
}

/** The JSON text that all values equal to that of a JSON text have. */
export function canonical(json: string): string {
  return written(JSON.parse(json, revived));
}

/** A whole number has all the digits of its source. */
function revived(_key: string, value: unknown, ...[context]: readonly { readonly source?: string }[]): unknown {
  if (typeof value === 'string') return value.replace(/ +$/, '');
  if (typeof value !== 'number' || !Number.isInteger(value)) return value;
  const source = context?.source ?? '';
  return BigInt(/^-?\d+$/.test(source) ? source : value);
}

function written(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const attributes = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}:${written(each)}`);
  return `{${attributes.toSorted().join(',')}}`;
}

const SAME = 'rs_same';
const SAME_SUPER = 'rs_same_super';

/** What rows are told apart by, of a value whose type is not known: both keys together. */
export function keysOf(value: Fragment): readonly [Fragment, Fragment] {
  return [
    [`${SAME}(`, value, ')'],
    [`${SAME_SUPER}(`, value, ')'],
  ];
}

/** The same of one whose type is known. */
export function keyOfType(value: Fragment, type: string | undefined): Fragment {
  return [type === 'JSON' ? 'rs_super_key(' : 'rs_key(', value, ')'];
}

/** Values that no value written otherwise is equal to: whole numbers, booleans, texts without escapes and blanks at their end. */
const PLAIN = '-?[1-9][0-9]*|0|true|false|""|"[^"\\\\]*[^"\\\\ ]"';

export const SUPER_EQUALITY_MACROS: readonly string[] = [
  // Equal for equal values; NULL for the null of JSON.
  `rs_super_key(x) AS CASE json_type(x) WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN 's' || rtrim(x ->> '$', ' ') WHEN 'DOUBLE' THEN 'n' || regexp_replace(CAST(CAST(x ->> '$' AS DOUBLE) AS VARCHAR), '\\.0$', '') WHEN 'BIGINT' THEN 'n' || (x ->> '$') WHEN 'UBIGINT' THEN 'n' || (x ->> '$') WHEN 'ARRAY' THEN 'o' || ${CANONICAL}(CAST(x AS VARCHAR)) WHEN 'OBJECT' THEN 'o' || ${CANONICAL}(CAST(x AS VARCHAR)) ELSE 'o' || CAST(x AS VARCHAR) END`,
  `rs_super_plain(x) AS coalesce(regexp_full_match(CAST(x AS VARCHAR), '${PLAIN}'), true)`,
  // What rows of any columns are told apart by: both keys together. Of what type a value is is known when the query is planned.
  `${SAME}(x) AS CASE WHEN typeof(x) = 'JSON' THEN NULL ELSE rs.main.rs_key(x) END`,
  `${SAME_SUPER}(x) AS CASE WHEN typeof(x) = 'JSON' THEN rs.main.rs_super_key(x) END`,
  // Without the null of JSON.
  `rs_value(x) AS CASE WHEN typeof(x) = 'JSON' AND CAST(x AS VARCHAR) = 'null' THEN NULL ELSE x END`,
];
