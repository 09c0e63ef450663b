import { type Expression, type Fragment, join, type Operation, type Typed } from './fragment.ts';
import { literal, stringValue, type Token } from './lexer.ts';
import { isFloat, isInteger, isNumber } from './numeric-types.ts';
import { superKeys } from './ordered-values.ts';
import { rowAsValue } from './query-groups.ts';
import { RedshiftError, SQLSTATE, unsupported } from './redshift-error.ts';
import { shownType } from './types.ts';

/**
 * Comparisons as Redshift makes them. Blanks at the end of texts do not count
 * (https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks), a SUPER value
 * is compared by the type it turns out to have (https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing).
 */

const TEXT = new Set(['VARCHAR', 'UNKNOWN']);
const DAYS = /^(?:DATE|TIMESTAMP)/;
const EQUALITY = new Set(['=', '<>', '!=']);

export const COMPARISONS = ['=', '<>', '!=', '<', '>', '<=', '>='] as const;

/** `left operator right` */
export function comparison({ left, operator, right, infix }: Operation): Expression {
  return condition({
    operands: [left, right],
    shape: ([l = '', r = '']) => infix(l, r),
    resolve: ([l = '', r = '']) => {
      if (l === 'JSON' || r === 'JSON')
        return {
          emit: ([a = '', b = '']) =>
            withSuper(operator.text, { fragment: a, type: l }, { fragment: b, type: r }, operator.at),
        };
      refuseMixed(l, operator, r);
      return { emit: ([a = '', b = '']) => infix(keyOf(a, l, r), keyOf(b, r, l)) };
    },
  });
}

/** `left IS [NOT] DISTINCT FROM right`; `words` are what stands between the two. */
export function distinctFrom(
  left: Expression,
  right: Expression,
  words: Fragment,
  negated: boolean,
  position: number,
): Expression {
  return condition({
    operands: [left, right],
    shape: ([l = '', r = '']) => [l, words, r],
    resolve: ([l = '', r = '']) => {
      if (l === 'JSON' || r === 'JSON')
        return {
          emit: ([a = '', b = '']) => [
            negated ? '(coalesce(' : '(NOT coalesce(',
            withSuper('=', { fragment: a, type: l }, { fragment: b, type: r }, position),
            ',',
            isMissing(a, l),
            ' AND ',
            isMissing(b, r),
            '))',
          ],
        };
      return { emit: ([a = '', b = '']) => [keyOf(a, l, r), words, keyOf(b, r, l)] };
    },
  });
}

/** `value [NOT] BETWEEN low AND high`; `words` are what stands between the three. */
export function between(
  [value, low, high]: readonly [Expression, Expression, Expression],
  [verb, and]: readonly [Fragment, Fragment],
  negated: boolean,
  position: number,
): Expression {
  return condition({
    operands: [value, low, high],
    shape: ([v = '', l = '', h = '']) => [v, verb, l, and, h],
    resolve: ([v = '', l = '', h = '']) => {
      if (![v, l, h].includes('JSON'))
        return { emit: ([a = '', b = '', c = '']) => [keyOf(a, v, l), verb, keyOf(b, l, v), and, keyOf(c, h, v)] };
      const part = (operator: string, a: Fragment, type: string, b: Fragment): Fragment =>
        withSuper(operator, { fragment: a, type: v }, { fragment: b, type }, position);
      return {
        emit: ([a = '', b = '', c = '']) => [
          negated ? '(NOT ' : '(',
          part('>=', a, l, b),
          ' AND ',
          part('<=', a, h, c),
          ')',
        ],
      };
    },
  });
}

/** `value [NOT] IN (items)`; `head` is what stands between the value and the list. */
export function inList(
  value: Expression,
  items: readonly Expression[],
  head: Fragment,
  negated: boolean,
  position: number,
): Expression {
  const list = (l: Fragment, rest: readonly Fragment[]): Fragment => [l, head, '(', join(rest, ', '), ')'];
  return condition({
    operands: [value, ...items],
    shape: ([v = '', ...rest]) => list(v, rest),
    resolve: ([v = '', ...types]) => {
      if (v !== 'JSON' && !types.includes('JSON'))
        return {
          emit: ([a = '', ...rest]) =>
            list(
              types.every((type) => TEXT.has(type)) ? keyOf(a, v, 'VARCHAR') : a,
              rest.map((item, index) => keyOf(item, types[index] ?? '', v)),
            ),
        };
      return {
        emit: ([a = '', ...rest]) => [
          negated ? '(NOT (' : '((',
          join(
            rest.map((item, index) =>
              withSuper('=', { fragment: a, type: v }, { fragment: item, type: types[index] ?? '' }, position),
            ),
            ' OR ',
          ),
          '))',
        ],
      };
    },
  });
}

/** `value [NOT] IN (query)`: the query's texts lose their blanks as the value does. */
export function inQuery(value: Expression, query: Fragment, head: Fragment, position: number): Expression {
  return condition({
    operands: [value, { fragment: query, type: 'QUERY' }],
    shape: ([v = '', q = '']) => [v, head, q],
    resolve: ([v = '']) => {
      if (v === 'JSON') throw unsupported('IN (SELECT …) of a SUPER value', position, 'Cast it first.');
      if (v !== 'VARCHAR') return { emit: ([a = '', q = '']) => [a, head, q] };
      return {
        emit: ([a = '', q = '']) => [keyOf(a, v, 'VARCHAR'), head, '(SELECT rs_key(each) FROM ', q, ' AS each(each))'],
      };
    },
  });
}

/**
 * What a function of text is given, or a pattern is matched against: the text in a SUPER value, nothing where it is none. A float is text as
 * Redshift writes it, without `.0`, unless `floats` stay numbers. Bytes are no text to what says why not: DuckDB would write them as escapes.
 */
export function matched(
  value: Expression,
  floats: 'texts' | 'numbers' = 'texts',
  ofBytes?: () => RedshiftError,
): Expression {
  return {
    fragment: {
      operands: [value],
      shape: ([v = '']) => v,
      resolve: ([v = '']) => {
        if (v === 'JSON') return { type: 'VARCHAR', emit: ([a = '']) => ['rs_super_string(', a, ')'] };
        if (v === 'BLOB' && ofBytes) throw ofBytes();
        if (v.startsWith('STRUCT')) throw rowAsValue();
        return floats === 'texts' && isFloat(v)
          ? { type: 'VARCHAR', emit: ([a = '']) => ['rs_float_text(', a, ')'] }
          : { emit: ([a = '']) => a };
      },
    },
  };
}

/**
 * A value that rows are told apart or, if it has a `direction`, ordered by, or that is compared with others of its kind. Its type is asked for
 * where it is not known: of two overloads of a macro DuckDB takes the first, the one for texts, for whatever has an aggregate in it.
 */
export function key(value: Expression, direction?: Fragment): Expression {
  return {
    fragment: {
      operands: [value],
      shape: ([v = '']) => directed(v, direction),
      resolve: ([v = '']) => ({
        emit: ([a = '']) =>
          v === 'JSON'
            ? direction
              ? superKeys(a, direction)
              : ['rs_super_key(', a, ')']
            : directed(keyOf(a, v, 'VARCHAR'), direction),
      }),
    },
  };
}

export const directed = (value: Fragment, direction: Fragment | undefined): Fragment =>
  direction === undefined ? value : [value, direction];

/** The operand of `CASE operand WHEN …`. */
export function chosen(value: Expression, position: number): Expression {
  return {
    fragment: {
      operands: [value],
      shape: ([v = '']) => v,
      resolve: ([v = '']) => {
        if (v === 'JSON')
          throw unsupported('CASE of a SUPER value', position, 'Cast it, or write CASE WHEN value = … THEN.');
        return { emit: ([a = '']) => keyOf(a, v, 'VARCHAR') };
      },
    },
  };
}

function condition(typed: Typed): Expression {
  return { type: 'BOOLEAN', fragment: typed };
}

/** A text as it is compared, anything else as it is. */
function keyOf(fragment: Fragment, type: string, other: string): Fragment {
  if (!TEXT.has(type) || !TEXT.has(other)) return fragment;
  return withoutBlanks(fragment) ?? (type === 'UNKNOWN' ? fragment : ['rs_key(', fragment, ')']);
}

/** A literal without the blanks at its end; undefined for whatever is none. */
export function withoutBlanks(fragment: Fragment): Fragment | undefined {
  if (typeof fragment !== 'object') return undefined;
  if ('operands' in fragment)
    return fragment.literal && !fragment.wrap ? withoutBlanks(fragment.operands[0]?.fragment ?? '') : undefined;
  if (!('text' in fragment) || fragment.type !== 'string') return undefined;
  const text = stringValue(fragment.text);
  return text.endsWith(' ') ? { ...fragment, text: literal(text.replace(/ +$/, '')) } : fragment;
}

/** NULL, or the null of JSON. */
const isMissing = (value: Fragment, type: string): Fragment =>
  type === 'JSON' ? ['rs_super_key(', value, ') IS NULL'] : [value, ' IS NULL'];

interface Side {
  readonly fragment: Fragment;
  readonly type: string;
}

/** At least one of the two is SUPER. Values of different types are not equal, and neither is less. */
function withSuper(operator: string, left: Side, right: Side, position: number): Fragment {
  if (left.type !== 'JSON') return withSuper(MIRRORED[operator] ?? operator, right, left, position);
  const { fragment: value, type } = right;
  const equality = EQUALITY.has(operator);
  const finished = (equal: Fragment): Fragment => (operator === '=' ? equal : ['(NOT ', equal, ')']);
  if (type === 'NULL') return [left.fragment, ' = NULL'];
  if (type === 'JSON')
    return equality
      ? ['(rs_super_key(', left.fragment, ')', operator, 'rs_super_key(', value, '))']
      : [
          '(CASE WHEN rs_super_number(',
          left.fragment,
          ') IS NOT NULL THEN rs_super_number(',
          left.fragment,
          ')',
          operator,
          'rs_super_number(',
          value,
          ') ELSE rs_key(rs_super_string(',
          left.fragment,
          '))',
          operator,
          'rs_key(rs_super_string(',
          value,
          ')) END)',
        ];
  if (TEXT.has(type)) {
    const key = keyOf(value, type, 'VARCHAR');
    if (!equality) return ['(rs_key(rs_super_string(', left.fragment, '))', operator, key, ')'];
    return finished([
      'rs_super_is(',
      left.fragment,
      ",'VARCHAR',rs_key(rs_super_string(",
      left.fragment,
      '))=',
      key,
      ')',
    ]);
  }
  if (type === 'BOOLEAN' && equality)
    return finished(['rs_super_is(', left.fragment, ",'BOOLEAN',rs_super_boolean(", left.fragment, ')=', value, ')']);
  if (isNumber(type)) {
    const whole: Fragment = isInteger(type) ? ['rs_super_integer(', left.fragment, ')', operator, value] : 'NULL';
    return [
      equality ? 'rs_super_numbers(' : 'rs_super_order(',
      left.fragment,
      ',',
      whole,
      ',rs_super_number(',
      left.fragment,
      ')',
      operator,
      isInteger(type) ? value : ['CAST(', value, ' AS DOUBLE)'],
      equality && operator !== '=' ? ',true)' : equality ? ',false)' : ')',
    ];
  }
  throw unsupported(
    `a comparison of SUPER with ${shownType(type)}`,
    position,
    `Cast the SUPER value: value::${shownType(type).replace('"unknown"', 'varchar')}.`,
  );
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** What Redshift has no operator for, DuckDB sometimes has. */
function refuseMixed(left: string, operator: Token, right: string): void {
  const clash = (a: string, b: string): boolean => DAYS.test(a) && (isNumber(b) || b === 'BOOLEAN');
  if (!clash(left, right) && !clash(right, left)) return;
  throw new RedshiftError(
    SQLSTATE.undefinedFunction,
    `operator does not exist: ${shownType(left)} ${operator.text} ${shownType(right)}`,
    {
      position: operator.at,
      hint: 'No operator matches the given name and argument type(s). You may need to add explicit type casts.',
    },
  );
}

export const COMPARISON_MACROS: readonly string[] = [
  // Two overloads: DuckDB takes the first for texts only. Few texts end with a blank, and telling is much cheaper than trimming.
  "rs_key(x VARCHAR) AS CASE WHEN suffix(x, ' ') THEN rtrim(x, ' ') ELSE x END, (x) AS x",
  "rs_super_string(x) AS CASE WHEN json_type(x) = 'VARCHAR' THEN x ->> '$' END",
  "rs_super_boolean(x) AS CASE WHEN json_type(x) = 'BOOLEAN' THEN CAST(x ->> '$' AS BOOLEAN) END",
  "rs_super_number(x) AS CASE WHEN json_type(x) IN ('BIGINT', 'UBIGINT', 'DOUBLE') THEN CAST(x ->> '$' AS DOUBLE) END",
  "rs_super_integer(x) AS CASE WHEN json_type(x) IN ('BIGINT', 'UBIGINT') THEN CAST(x ->> '$' AS HUGEINT) END",
  "rs_super_is(x, type, equal) AS CASE WHEN json_type(x) = type THEN equal WHEN json_type(x) <> 'NULL' THEN false END",
  "rs_super_numbers(x, whole, fraction, otherwise) AS CASE WHEN json_type(x) IN ('BIGINT', 'UBIGINT') THEN coalesce(whole, fraction) WHEN json_type(x) = 'DOUBLE' THEN fraction WHEN json_type(x) <> 'NULL' THEN otherwise END",
  "rs_super_order(x, whole, fraction) AS CASE WHEN json_type(x) IN ('BIGINT', 'UBIGINT') THEN coalesce(whole, fraction) ELSE fraction END",
  // A decimal keeps the digits it is written with.
  "rs_super_scalar(x) AS CASE WHEN json_type(x) = 'DOUBLE' AND NOT contains(CAST(x AS VARCHAR), 'e') THEN CAST(x AS VARCHAR) WHEN json_type(x) NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN x ->> '$' END",
  `rs_super_whole(x) AS CASE WHEN json_type(x) = 'DOUBLE' THEN CAST(round(TRY_CAST(x ->> '$' AS DECIMAL(38,9)), 0) AS DECIMAL(38,0))::VARCHAR WHEN json_type(x) = 'BOOLEAN' THEN NULL WHEN regexp_full_match(x ->> '$', '\\s*[+-]?\\d+\\s*') THEN x ->> '$' END`,
  "rs_super_truth(x) AS CASE json_type(x) WHEN 'BOOLEAN' THEN CAST(x ->> '$' AS BOOLEAN) WHEN 'BIGINT' THEN (x ->> '$') <> '0' WHEN 'UBIGINT' THEN (x ->> '$') <> '0' WHEN 'VARCHAR' THEN CASE WHEN lower(trim(x ->> '$')) IN ('t', 'true', 'y', 'yes', '1', 'on') THEN true WHEN lower(trim(x ->> '$')) IN ('f', 'false', 'n', 'no', '0', 'off') THEN false END END",
];
