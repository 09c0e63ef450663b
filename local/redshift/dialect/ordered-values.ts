import { type Expression, type Fragment, join } from './fragment.ts';
import { keyOfType, keysOf } from './super-equality.ts';
import { SQLSTATE } from './redshift-error.ts';

/**
 * Values that rows are put in order by. Texts that differ in the blanks at their end only are equal, so that what comes next decides; of the
 * last key nothing hangs on it
 * (https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks). SUPER values are
 * sorted by their kind, numbers by what they are, texts without their quotation marks; DuckDB would sort the JSON's text, 10 before 9
 * (https://docs.aws.amazon.com/redshift/latest/dg/query-super.html).
 */

/** A key that may be computed. `written` is its name or number in the list, good for what is `guarded`: looked at, in the quick form. */
export function orderedBy(
  value: Expression,
  direction: Fragment,
  { last, guarded }: { readonly last: boolean; readonly guarded: boolean },
  written: Fragment | undefined,
): Fragment {
  return {
    clause: true,
    operands: [value],
    shape: ([v = '']) => [v, direction],
    resolve: ([type]) => ({
      emit: ([v = '']) => {
        if (type === 'JSON') return superKeys(v, direction);
        const plain: Fragment = written ?? [v, direction];
        if (type !== 'VARCHAR' || last) return plain;
        const exact: Fragment = [' rs_key(', v, ')', direction];
        return guarded ? { choose: (quickly) => (quickly ? plain : exact) } : exact;
      },
    }),
  };
}

/** A key that is a column of whatever type, and how it stands in the query, where it may be the name of another of the list. */
export function orderedColumn(column: Fragment, direction: Fragment, last: boolean, written: Fragment): Fragment {
  const kind = kindKeys(column, direction);
  if (last) return [kind, written, direction];
  return [
    kind,
    join(
      keysOf(column).map((key) => [key, direction]),
      ', ',
    ),
  ];
}

/** A SUPER value: by its kind, and by what it is. */
export function superKeys(value: Fragment, direction: Fragment): Fragment {
  return [kindKeys(value, direction), keyOfType(value, 'JSON'), direction];
}

function kindKeys(value: Fragment, direction: Fragment): Fragment {
  const [place, letters] = [`${PLACE}(`, `${LETTERS}(`];
  return [' ', place, value, ')', direction, ', ', letters, value, ')', direction, ', '];
}

/** A condition that fails where a column cannot be sorted by as it is. */
export function isSortable(column: Fragment, last: boolean): Fragment {
  return [last ? NO_SUPER : SORTABLE, '(', column, ')'];
}

const PLACE = 'rs_super_place';
const LETTERS = 'rs_super_letters';
const SORTABLE = 'rs_sortable';
const NO_SUPER = 'rs_no_super';

const kind = 'json_type(CAST(x AS JSON))';
const fails = `error('rs:${SQLSTATE.blanks}:a value to be sorted by is not sorted by its text;')`;
export const ORDER_MACROS: readonly string[] = [
  // Of what is no SUPER value: NULL, so that the key itself decides.
  `${PLACE}(x) AS CASE WHEN typeof(x) = 'JSON' THEN CASE ${kind} WHEN 'NULL' THEN NULL WHEN 'BOOLEAN' THEN CAST('-infinity' AS DOUBLE) WHEN 'VARCHAR' THEN CAST('infinity' AS DOUBLE) WHEN 'ARRAY' THEN CAST('nan' AS DOUBLE) WHEN 'OBJECT' THEN CAST('nan' AS DOUBLE) ELSE CAST(CAST(x AS JSON) ->> '$' AS DOUBLE) END END`,
  `${LETTERS}(x) AS CASE WHEN typeof(x) = 'JSON' AND ${kind} = 'VARCHAR' THEN rtrim(CAST(x AS JSON) ->> '$', ' ') END`,
  // An overload for texts would be taken for SUPER values, too.
  `${SORTABLE}(x) AS CASE WHEN typeof(x) = 'JSON' OR (typeof(x) = 'VARCHAR' AND suffix(CAST(x AS VARCHAR), ' ')) THEN ${fails} ELSE true END`,
  `${NO_SUPER}(x) AS CASE WHEN typeof(x) = 'JSON' THEN ${fails} ELSE true END`,
];
