import { isVector } from './catalogue-arrays.ts';
import { fits, isIntegerLiteral, isoConstant } from './constant-literals.ts';
import type { Expression, Fragment, Resolution } from './fragment.ts';
import { intervalConstant } from './intervals.ts';
import { isFloat, isInteger, isNumber } from './numeric-types.ts';
import { rowAsValue } from './query-groups.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { superOf } from './super-arithmetic.ts';
import { shownType, type RedshiftType } from './types.ts';

/** `CAST(operand AS type)` with Redshift's rules; `position` is where the cast stands. */
export function castExpression(given: Expression, type: RedshiftType, position: number): Expression {
  const cast = castOfOperand(plainLiteral(type.name === 'varbyte' ? padded(given) : given), type, position);
  return type.name === 'bpchar' && type.explicit ? { ...cast, width: type.length } : cast;
}

/** A CHAR(n) has n bytes, blanks at its end. https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_type.html */
export function padded(given: Expression): Expression {
  const { fragment, width } = given;
  return width === undefined ? given : { type: 'VARCHAR', fragment: ['rpad(', fragment, `,${width},' ')`] };
}

function castOfOperand(operand: Expression, type: RedshiftType, position: number): Expression {
  const named = NAMED[type.name];
  if (named) return objectName(operand, ...named);
  const constant = constantCast(operand.fragment, type);
  if (constant !== undefined) return { type: type.duckdb, fragment: constant };
  return {
    type: type.duckdb,
    fragment: {
      operands: [operand],
      shape: ([value = '']) => ['CAST(', value, ` AS ${type.duckdb})`],
      resolve: ([from = '']) => ({ type: type.duckdb, emit: castOf(from, type, position).emit }),
    },
  };
}

/**
 * `TRY_CAST(operand AS type)`: NULL for what cannot be read, an error for a pair of types that has no cast.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_TRY_CAST.html
 */
export function tryCastExpression(given: Expression, type: RedshiftType, position: number): Expression {
  return {
    type: type.duckdb,
    fragment: {
      operands: [plainLiteral(given)],
      shape: ([value = '']) => ['TRY_CAST(', value, ` AS ${type.duckdb})`],
      resolve: ([from = '']) => ({ type: type.duckdb, emit: tryCastOf(from, type, position).emit }),
    },
  };
}

/** Texts as they are read where they may be anything: what gives NULL instead of an error. */
const TRIED: Readonly<Record<string, string>> = {
  int2: 'rs_integer_or_null',
  int4: 'rs_integer_or_null',
  int8: 'rs_integer_or_null',
  numeric: 'rs_number_or_null',
  float4: 'rs_float4_or_null',
  float8: 'rs_float8_or_null',
  date: 'rs_moment',
  timestamp: 'rs_moment',
  timestamptz: 'rs_timestamptz_or_null',
  time: 'rs_time_or_null',
  timetz: 'rs_timetz_or_null',
};

const MOMENTS = new Set(['date', 'time', 'timetz', 'timestamp', 'timestamptz']);

const NUMBERS = 'int2 int4 int8 numeric float4 float8';

/** Types that TRY_CAST makes of a value, by the value's type: any of SUPER but moments, of others these and its own. */
const PERMITTED: Readonly<Record<string, string>> = {
  BOOLEAN: 'bool int2 int4 int8 super',
  VARCHAR: `varchar bpchar ${NUMBERS} date time timetz timestamp timestamptz super`,
  DATE: 'date varchar bpchar timestamp timestamptz',
  TIME: 'time varchar bpchar',
  'TIME WITH TIME ZONE': 'timetz varchar bpchar',
  TIMESTAMP: 'timestamp varchar bpchar timestamptz date time',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz varchar bpchar timestamp date time timetz',
};

function permits(from: string, { name }: RedshiftType): boolean {
  if (from === 'NULL') return true;
  if (from === 'JSON') return !MOMENTS.has(name);
  if (isNumber(from))
    return `${NUMBERS} varchar bpchar super ${isInteger(from) ? 'bool' : ''}`.split(' ').includes(name);
  return PERMITTED[from === 'UNKNOWN' ? 'VARCHAR' : from]?.split(' ').includes(name) ?? false;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_TRY_CAST.html */
function tryCastOf(from: string, type: RedshiftType, position: number): Resolution {
  if (!permits(from, type)) throw cannotCast(from, type, position);
  const strict = castOf(from, type, position);
  const rounding = isFloat(from) && type.name in BYTES ? 'rs_rounded' : '';
  const read = TEXT.has(from) ? TRIED[type.name] : isNumber(from) && type.name in TRIED ? rounding : undefined;
  return read === undefined ? strict : { emit: ([value = '']) => [`TRY_CAST(${read}(`, value, `) AS ${type.duckdb})`] };
}

/** Types that are names of what the catalogue numbers: what gives the number of a name, and the name of a number. */
const NAMED: Readonly<Record<string, readonly [number: string, name: string]>> = {
  regclass: ['rs_relation_oid', 'rs_relation_name'],
  regproc: ['rs_routine_oid', 'rs_routine_name'],
  regprocedure: ['rs_routine_oid', 'rs_routine_signature'],
  regtype: ['rs_named_type', 'rs_numbered_type'],
};

/** A name as a relation is its number, which the catalogue joins on; a number as a relation is shown by its name. */
function objectName(operand: Expression, number: string, name: string): Expression {
  return operand.type === 'UNKNOWN' || operand.type === 'VARCHAR'
    ? { type: 'BIGINT', fragment: [`${number}(`, operand.fragment, ')'] }
    : { type: 'VARCHAR', fragment: [`${name}(`, operand.fragment, ')'] };
}

/** The cast of a literal that is known here and now. */
function constantCast(operand: Fragment, type: RedshiftType): Fragment | undefined {
  const plain = (): Fragment => ['CAST(', operand, ` AS ${type.duckdb})`];
  switch (type.name) {
    case 'date':
      return isoConstant(operand, 'DATE');
    case 'timestamp':
      return isoConstant(operand, 'TIMESTAMP');
    case 'int2':
    case 'int4':
    case 'int8':
      return isIntegerLiteral(operand) ? plain() : undefined;
    case 'intervald2s':
    case 'intervaly2m':
      return intervalConstant(operand, type);
    case 'varchar':
      return type.length !== undefined && fits(operand, type.length) ? plain() : undefined;
    default:
      return undefined;
  }
}

/** A literal as it was written, not as what it is compared with: the cast says what it is. */
function plainLiteral(operand: Expression): Expression {
  const { fragment } = operand;
  const literal = typeof fragment === 'object' && 'operands' in fragment && fragment.literal && !fragment.wrap;
  return literal ? { fragment: fragment.operands[0]?.fragment ?? fragment, type: operand.type } : operand;
}

const TEXT = new Set(['VARCHAR', 'UNKNOWN']);

/** Bytes of an integer, as a VARBYTE keeps it. https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_type.html */
const WIDTHS: Readonly<Record<string, number>> = { SMALLINT: 2, INTEGER: 4, BIGINT: 8 };
const BYTES: Readonly<Record<string, number>> = { int2: 2, int4: 4, int8: 8 };

/** Values that DuckDB would write in another way. */
const TEXT_MACROS: Readonly<Record<string, readonly [open: string, close: string]>> = {
  DOUBLE: ['rs_float_text(', ')'],
  BLOB: ['decode(', ')'],
  INTERVAL: ['rs_interval_text(', ')'],
};

const VECTOR_TEXT = ['array_to_string(', ",' ')"] as const;

/** How a value of a DuckDB type becomes one of a Redshift type. */
export function castOf(from: string, type: RedshiftType, position: number): Resolution {
  const wrap =
    (before: string, after: string) =>
    ([value = '']: readonly Fragment[]): Fragment => [before, value, after];
  const plain: Resolution = { emit: wrap('CAST(', ` AS ${type.duckdb})`) };
  if (from === 'NULL') return plain;
  if (from.startsWith('STRUCT')) throw rowAsValue(position);
  if (from === 'JSON' && type.name !== 'super') return fromSuper(type, position);
  switch (type.name) {
    case 'varchar':
    case 'bpchar': {
      if (from === 'BOOLEAN' || (from.endsWith('[]') && !isVector(from))) throw cannotCast(from, type, position);
      const [open, close] = TEXT_MACROS[isFloat(from) ? 'DOUBLE' : from] ??
        (isVector(from) ? VECTOR_TEXT : undefined) ?? ['CAST(', ' AS VARCHAR)'];
      if (!type.explicit) return { emit: wrap(open, close) };
      const macro = type.name === 'bpchar' ? 'rs_char' : 'rs_truncate';
      return { emit: wrap(`${macro}(${open}`, `${close},${type.length})`) };
    }
    case 'int2':
    case 'int4':
    case 'int8':
      if (from === 'BLOB')
        return { emit: wrap(`CAST(rs_integer_of(`, `,${BYTES[type.name] ?? 8}) AS ${type.duckdb})`) };
      if (TEXT.has(from)) return { emit: wrap('CAST(rs_integer_text(', `) AS ${type.duckdb})`) };
      if (!isNumber(from) && from !== 'BOOLEAN') throw cannotCast(from, type, position);
      return isFloat(from) ? { emit: wrap('CAST(rs_rounded(', `) AS ${type.duckdb})`) } : plain;
    case 'numeric':
    case 'float4':
    case 'float8': {
      if (!TEXT.has(from) && !isNumber(from)) throw cannotCast(from, type, position);
      const read = type.name === 'numeric' ? 'rs_number_text' : `rs_${type.name}_text`;
      return TEXT.has(from) ? { emit: wrap(`CAST(${read}(`, `) AS ${type.duckdb})`) } : plain;
    }
    case 'bool':
      if (TEXT.has(from)) return { emit: wrap('rs_boolean(', ')') };
      if (!isInteger(from) && from !== 'BOOLEAN') throw cannotCast(from, type, position);
      return plain;
    case 'date':
      if (TEXT.has(from)) return { emit: wrap('rs_date(', ')') };
      if (from !== 'DATE' && !from.startsWith('TIMESTAMP')) throw cannotCast(from, type, position);
      return plain;
    case 'timestamp':
      return TEXT.has(from) ? { emit: wrap('rs_timestamp(', ')') } : plain;
    case 'timestamptz':
      return TEXT.has(from) ? { emit: wrap('rs_timestamptz(', ')') } : plain;
    case 'time':
      if (from === 'TIMESTAMP WITH TIME ZONE') return { emit: wrap('CAST(CAST(', ' AS TIMESTAMP) AS TIME)') };
      return TEXT.has(from) ? { emit: wrap('rs_time(', ')') } : plain;
    case 'timetz':
      return TEXT.has(from) ? { emit: wrap('rs_timetz(', ')') } : plain;
    case 'super':
      if (/^(?:DATE|TIME|BLOB)/.test(from)) throw cannotCast(from, type, position);
      return { emit: ([value = '']) => superOf(value, from) };
    case 'intervald2s':
    case 'intervaly2m':
      if (TEXT.has(from))
        return {
          emit: wrap(
            type.finest ? `rs_interval_${type.finest}(rs_interval(` : 'rs_interval(',
            type.finest ? '))' : ')',
          ),
        };
      return type.finest && from === 'INTERVAL' ? { emit: wrap(`rs_interval_${type.finest}(`, ')') } : plain;
    case 'varbyte': {
      const width = WIDTHS[from];
      if (width !== undefined) return { emit: wrap('rs_bytes_of(', `,${width})`) };
      return TEXT.has(from) ? { emit: wrap('encode(', ')') } : plain;
    }
    default:
      return plain;
  }
}

/**
 * A cast of a SUPER value that cannot be made gives NULL. https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#lax-semantics
 */
function fromSuper(type: RedshiftType, position: number): Resolution {
  const ofText = (text: Fragment): Fragment => castOf('VARCHAR', type, position).emit([text]);
  const tried = (macro: string): Resolution => ({
    emit: ([value = '']) => [`TRY_CAST(${macro}(`, value, `) AS ${type.duckdb})`],
  });
  switch (type.name) {
    case 'varchar':
    case 'bpchar':
      return { emit: ([value = '']) => ofText(['rs_super_scalar(', value, ')']) };
    case 'int2':
    case 'int4':
    case 'int8':
      return tried('rs_super_whole');
    case 'numeric':
    case 'float4':
    case 'float8':
      return tried('rs_super_scalar');
    case 'bool':
      return { emit: ([value = '']) => ['rs_super_truth(', value, ')'] };
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return tried('rs_super_moment');
    default:
      return { emit: ([value = '']) => ofText(['rs_super_scalar(', value, ')']) };
  }
}

function cannotCast(from: string, type: RedshiftType, position: number): RedshiftError {
  return new RedshiftError(
    SQLSTATE.cannotCoerce,
    `cannot cast type ${shownType(from)} to ${type.text.replace(/\(.*/, '')}`,
    { position },
  );
}
