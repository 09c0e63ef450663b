import { castOf } from './casts.ts';
import { isFloat } from './numeric-types.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { Expression } from './fragment.ts';
import { shownType, type RedshiftType } from './types.ts';

/** The column that a value is put into. */
export interface Target {
  readonly name: string;
  readonly type: RedshiftType;
}

/**
 * A value as a column takes it that it is inserted into or set to: without a cast only what Redshift converts by itself. A literal of text has
 * no type yet and is read as the column's.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html#implicit-conversion-types
 */
export function assigned(value: Expression, target: Target, position: number): Expression {
  return {
    fragment: {
      operands: [value],
      shape: ([given = '']) => given,
      resolve: ([from = '']) => {
        if (from === 'UNKNOWN') return { emit: castOf(from, { ...target.type, explicit: false }, position).emit };
        refuseAssignment(from, target, position);
        const made = conversion(from, target.type);
        return { emit: ([given = '']) => (made === undefined ? given : [`${made}(`, given, ')']) };
      },
    },
  };
}

const INTEGERS = new Set(['int2', 'int4', 'int8']);

/** The macro that makes of a value what the column keeps; undefined where DuckDB does. */
export function conversion(from: string, { name, finest }: RedshiftType): string | undefined {
  if (finest && from === 'INTERVAL') return `rs_interval_${finest}`;
  if (name === 'super')
    return isFloat(from) ? 'rs_super_float' : from.startsWith('DECIMAL') ? 'rs_super_decimal' : undefined;
  if (INTEGERS.has(name)) return isFloat(from) ? 'rs_rounded' : undefined;
  if (name !== 'varchar' && name !== 'bpchar') return undefined;
  if (isFloat(from)) return 'rs_float_text';
  return name === 'bpchar' ? 'rs_key' : undefined;
}

/** @throws RedshiftError (42804) where Redshift wants a cast. */
export function refuseAssignment(from: string, { name, type }: Target, position: number): void {
  if (from === 'NULL' || from === '"NULL"' || takes(type.name, from)) return;
  throw new RedshiftError(
    SQLSTATE.datatypeMismatch,
    `column "${name}" is of type ${type.text.replace(/\(.*\)$/, '')} but expression is of type ${shownType(from)}`,
    { position, hint: 'You will need to rewrite or cast the expression.' },
  );
}

type Kind = 'text' | 'number' | 'boolean' | 'moment' | 'clock' | 'interval' | 'super' | 'bytes';

/** Of a type DuckDB names: whatever is none of the others is a number. */
function kindOf(type: string): Kind {
  if (/^(?:DATE|TIMESTAMP)/.test(type)) return 'moment';
  return KINDS[type] ?? (type.startsWith('TIME') ? 'clock' : 'number');
}

const KINDS: Readonly<Record<string, Kind>> = {
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  INTERVAL: 'interval',
  JSON: 'super',
  BLOB: 'bytes',
};

function takes(to: string, from: string): boolean {
  const kind = kindOf(from);
  switch (to) {
    case 'varchar':
    case 'bpchar':
      return !['boolean', 'super', 'bytes'].includes(kind);
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
    case 'float4':
    case 'float8':
      return kind === 'number';
    case 'bool':
      return kind === 'boolean' || (kind === 'number' && !isFloat(from) && !from.startsWith('DECIMAL'));
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return kind === 'moment';
    case 'time':
    case 'timetz':
      return kind === 'clock' || from.startsWith('TIMESTAMP');
    case 'super':
      return ['super', 'boolean', 'number'].includes(kind);
    default:
      return true;
  }
}
