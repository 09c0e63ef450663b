import type { CopyOptions } from './copy-options.ts';
import { literal } from './sql-text.ts';
import type { TargetColumn } from './target-column.ts';

/**
 * DuckDB expressions from a field's text to a column's value, exactly as COPY converts it, or to a flag.
 *
 * DuckDB's own casts are more lenient than Redshift's (`'1.5'` and `'1e3'` are integers, `'2020/1/5'` a date), so a cast counts only
 * where its result prints as the field did, or where the field has the form Redshift takes. What is neither raises the flag: the
 * record readers of this folder then decide.
 */

/** An expression of type BIGINT that is never null and leaves a trace when it is evaluated. */
type Flag = string;

/** @returns undefined for a type that only the record readers convert. */
export function fastValue(
  column: TargetColumn,
  field: string,
  options: Readonly<CopyOptions>,
  flag: Flag,
): string | undefined {
  const context: Context = { column, field: unquoted(field, options, flag), options, flag };
  switch (column.type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return number(context, [form(context, String.raw`[+-]?[0-9]+`)]);
    case 'decimal':
      return decimal(context);
    case 'real':
    case 'double':
      return float(context);
    case 'boolean':
      return boolean(context);
    case 'varchar':
    case 'char':
      return text(context);
    case 'date':
      return date(context);
    case 'timestamp':
    case 'timestamptz':
      return timestamp(context);
    case 'time':
      return moment(context, [form(context, String.raw`([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?`)]);
    case 'super':
    case 'timetz':
    case 'varbyte':
    case 'interval':
      return undefined;
  }
}

interface Context {
  readonly column: TargetColumn;
  readonly field: string;
  readonly options: Readonly<CopyOptions>;
  readonly flag: Flag;
}

const SPACES = "E' \\t\\v\\f\\r\\n'";

/** REMOVEQUOTES: a mark at the start needs its partner at the end, and no delimiter between is possible here. */
function unquoted(field: string, { removeQuotes, nullAs }: Readonly<CopyOptions>, flag: Flag): string {
  if (!removeQuotes) return field;
  const mark = `left(${field}, 1)`;
  return `CASE WHEN ${mark} NOT IN ('"', '''') THEN ${field}
    WHEN strlen(${field}) > 1 AND right(${field}, 1) = ${mark} THEN nullif(${field}[2:-2], ${literal(nullAs)})
    ELSE ${asText(flag)} END`;
}

function asText(flag: Flag): string {
  // The text itself never reaches a table: whatever raises the flag is taken back.
  return `left(CAST(${flag} AS VARCHAR), 0)`;
}

/** A value of the column's type that is never null, for the flag's trace. */
function flagged({ column, flag }: Context): string {
  const { kind, duckdb } = column.type;
  if (kind === 'varchar' || kind === 'char') return asText(flag);
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz')
    return `CAST(make_timestamp(${flag}) AS ${duckdb})`;
  if (kind === 'time') return `CASE WHEN ${flag} > 0 THEN TIME '00:00:00' END`;
  return `CAST(${flag} > 0 AS ${duckdb})`;
}

function absent(context: Context): string {
  return context.column.notNull ? flagged(context) : 'NULL';
}

function form({ field }: Context, pattern: string): string {
  return `regexp_full_match(${field}, ${literal(String.raw`\s*(${pattern})\s*`)})`;
}

function cast({ field, column }: Context): string {
  return `TRY_CAST(${field} AS ${column.type.duckdb})`;
}

/** The field is the cast's own text, or has one of the forms and casts. */
function number(context: Context, forms: readonly string[], bounds = ''): string {
  const { field } = context;
  const value = cast(context);
  return `CASE WHEN CAST(${value} AS VARCHAR) = ${field}${bounds} THEN ${value}
    WHEN ${field} IS NULL OR trim(${field}, ${SPACES}) = '' THEN ${absent(context)}
    ${forms.map((form) => `WHEN ${form} AND ${value} IS NOT NULL${bounds} THEN ${value}`).join(' ')}
    ELSE ${flagged(context)} END`;
}

/** Digits beyond the scale are cut off; with ROUNDEC DuckDB's cast rounds as Redshift does. */
function decimal(context: Context): string {
  const { field, options, column } = context;
  const { scale, duckdb } = column.type;
  const plain = String.raw`[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)`;
  const value = cast(context);
  const trimmed = `trim(${field}, ${SPACES})`;
  const cut = `TRY_CAST(left(${trimmed}, CAST(instr(${trimmed}, '.') + ${scale} AS BIGINT)) AS ${duckdb})`;
  const whole = `instr(${field}, '.') = 0`;
  const short = `(${whole} OR strlen(${trimmed}) - instr(${trimmed}, '.') <= ${scale})`;
  return `CASE WHEN CAST(${value} AS VARCHAR) = ${field} THEN ${value}
    WHEN ${field} IS NULL OR ${trimmed} = '' THEN ${absent(context)}
    WHEN ${form(context, plain)} AND ${options.roundDecimals ? 'true' : short} AND ${value} IS NOT NULL THEN ${value}
    WHEN ${options.roundDecimals ? 'false' : form(context, plain)} AND NOT ${whole} AND ${cut} IS NOT NULL THEN ${cut}
    ELSE ${flagged(context)} END`;
}

function float(context: Context): string {
  const { field } = context;
  const value = cast(context);
  return `CASE WHEN isfinite(${value}) AND NOT contains(${field}, '_') AND NOT contains(${field}, '+-') THEN ${value}
    WHEN ${field} IS NULL OR trim(${field}, ${SPACES}) = '' THEN ${absent(context)}
    ELSE ${flagged(context)} END`;
}

/** Of single characters DuckDB takes those Redshift does; of words it takes more. */
function boolean(context: Context): string {
  const { field } = context;
  const value = cast(context);
  return `CASE WHEN strlen(${field}) = 1 AND ${value} IS NOT NULL THEN ${value}
    WHEN ${field} IN ('true', 't', 'y', '1', 'yes', 'T', 'TRUE', 'True', 'Y', 'YES') THEN true
    WHEN ${field} IN ('false', 'f', 'n', '0', 'no', 'F', 'FALSE', 'False', 'N', 'NO') THEN false
    WHEN ${field} IS NULL OR trim(${field}, ${SPACES}) = '' THEN ${absent(context)}
    ELSE ${flagged(context)} END`;
}

function text(context: Context): string {
  const { column, options, field } = context;
  const { length = Number.MAX_SAFE_INTEGER, kind } = column.type;
  const value = options.trimBlanks && kind === 'varchar' ? `rtrim(${field}, ${SPACES})` : field;
  const nulls = [
    ...(options.blanksAsNull ? [`${field} <> '' AND trim(${field}, ${SPACES}) = ''`] : []),
    ...(options.emptyAsNull ? [`${value} = ''`] : []),
    `${value} IS NULL`,
  ];
  const oneByte = kind === 'char' ? ` AND strlen(${value}) = length(${value})` : '';
  return `CASE WHEN ${nulls.join(' OR ')} THEN ${absent(context)}
    WHEN strlen(${value}) <= ${length}${oneByte} THEN ${kind === 'char' ? withoutBlanks(value) : value}
    ELSE ${flagged(context)} END`;
}

/** A CHAR is stored without the blanks at its end: few have any, and to look is cheaper than to trim. */
function withoutBlanks(value: string): string {
  return `CASE WHEN suffix(${value}, ' ') THEN rtrim(${value}, ' ') ELSE ${value} END`;
}

const ISO_DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const ISO_TIME = String.raw`([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?`;

/** Like a number, of a fixed form. DuckDB's dates go on where Redshift's four digits of a year end, and to infinity. */
function moment(context: Context, forms: readonly string[]): string {
  const value = cast(context);
  return number(context, forms, context.column.type.kind === 'time' ? '' : ` AND ${fourDigits(value, context)}`);
}

/** Whether a date or timestamp is of a year Redshift writes: there is no year 0. */
function fourDigits(value: string, { column }: Context): string {
  const limit = (day: string): string => `CAST(DATE '${day}' AS ${column.type.duckdb})`;
  return `${value} >= ${limit('0001-01-01')} AND ${value} < ${limit('10000-01-01')}`;
}

function date(context: Context): string {
  const { options } = context;
  if (
    options.dateFormat !== undefined &&
    options.dateFormat !== 'auto' &&
    options.dateFormat.toUpperCase() !== 'YYYY-MM-DD'
  )
    return formatted(context, options.dateFormat);
  return moment(context, []);
}

function timestamp(context: Context): string {
  const { options, column, field } = context;
  const format = options.timeFormat;
  const zone = column.type.kind === 'timestamptz' ? String.raw`( ?([+-][0-9]{2}(:?[0-9]{2})?|Z))?` : '';
  const epoch = { epochsecs: 1_000_000, epochmillisecs: 1000 }[format ?? ''];
  if (epoch !== undefined) {
    const count = `TRY_CAST(${field} AS BIGINT)`;
    const limit = (day: string): number => (Date.parse(day) * 1000) / epoch;
    const bounds = `${count} BETWEEN ${limit('0001-01-01')} AND ${limit('+010000-01-01') - 1}`;
    const value = `CAST(make_timestamp(${count} * ${epoch}) AS ${column.type.duckdb})`;
    return `CASE WHEN ${bounds} AND (CAST(${count} AS VARCHAR) = ${field} OR ${form(context, '-?[0-9]+')}) THEN ${value}
      ELSE ${flaggedUnlessAbsent(context)} END`;
  }
  if (format !== undefined && format !== 'auto') return formatted(context, format);
  return moment(context, [form(context, `${ISO_DATE}([ T]${ISO_TIME}${zone})?`)]);
}

const STRPTIME: Readonly<Record<string, string>> = {
  YYYY: '%Y',
  MM: '%m',
  DD: '%d',
  HH24: '%H',
  HH: '%H',
  MI: '%M',
  SS: '%S',
};

/** A format of fixed-width numbers; others are for the record readers. */
function formatted(context: Context, format: string): string {
  const { field, column } = context;
  let written = '';
  let length = 0;
  for (let at = 0; at < format.length;) {
    const element = ['YYYY', 'HH24', 'MM', 'DD', 'HH', 'MI', 'SS'].find(
      (name) => format.slice(at, at + name.length).toUpperCase() === name,
    );
    const character = format[at] ?? '';
    if (!element && /[A-Za-z0-9%]/.test(character)) return flaggedUnlessAbsent(context);
    written += element ? STRPTIME[element] : character;
    length += element ? (element === 'YYYY' ? 4 : 2) : 1;
    at += element?.length ?? 1;
  }
  const value = `CAST(try_strptime(${field}, ${literal(written)}) AS ${column.type.duckdb})`;
  return `CASE WHEN strlen(${field}) = ${length} AND ${fourDigits(value, context)} THEN ${value}
    ELSE ${flaggedUnlessAbsent(context)} END`;
}

function flaggedUnlessAbsent(context: Context): string {
  const { field } = context;
  return `CASE WHEN ${field} IS NULL OR trim(${field}, ${SPACES}) = '' THEN ${absent(context)} ELSE ${flagged(context)} END`;
}
