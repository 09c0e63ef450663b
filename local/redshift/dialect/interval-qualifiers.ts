import { datePart } from './date-parts.ts';

/** A duration as intervals keep it: none of the three follows from the others. */
interface Duration {
  months: number;
  days: number;
  micros: number;
}

const MICROS: Readonly<Record<string, number>> = {
  hour: 3_600_000_000,
  minute: 60_000_000,
  second: 1_000_000,
  millisecond: 1_000,
  microsecond: 1,
};
const MONTHS: Readonly<Record<string, number>> = {
  millennium: 12_000,
  century: 1_200,
  decade: 120,
  year: 12,
  quarter: 3,
  month: 1,
};

/** Qualifiers, the coarsest first. */
const FIELDS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];
/** What may follow the text of an interval literal: no abbreviations, which are aliases there. */
export const INTERVAL_QUALIFIERS = [...FIELDS, 'WEEK', 'QUARTER'].flatMap((field) => [field, `${field}S`]);
const fieldOf = (word: string): string => word.replace(/S$/, '');

/**
 * The text of an interval literal with a qualifier, as DuckDB reads it: what is smaller than the qualifier's last field is cut off, a number
 * alone counts that field. Nothing for what is no interval of that kind.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html
 */
export function qualified(text: string, first: string, to: string | undefined, digits = 6): string | undefined {
  const last = fieldOf(to ?? first);
  const duration = durationOf(
    text.trim().replaceAll(BEYOND_MICROS, '$1'),
    last,
    to === undefined ? undefined : fieldOf(first),
  );
  if (duration === undefined) return undefined;
  const ofMonths = last === 'YEAR' || last === 'MONTH';
  if (!ofMonths && duration.months !== 0) return undefined;
  const cut = (amount: number, unit: number): number => Math.trunc(amount / unit) * unit;
  const months = last === 'YEAR' ? cut(duration.months, 12) : duration.months;
  const days = ofMonths ? 0 : duration.days;
  const finest = MICROS[last.toLowerCase()];
  const micros =
    ofMonths || finest === undefined
      ? 0
      : last === 'SECOND'
        ? rounded(duration.micros, digits)
        : cut(duration.micros, finest);
  if (ofMonths) return `${months} months`;
  // 36 hours are a day and twelve hours.
  const whole = Math.trunc(micros / DAY);
  return `${months} months ${days + whole} days ${micros - whole * DAY} microseconds`;
}

const DAY = 24 * 3_600_000_000;

/** The digits of a fraction that are cut off. */
const BEYOND_MICROS = /(\.\d{6})\d+/g;

/** To so many digits of a second. */
function rounded(micros: number, digits: number): number {
  const unit = 10 ** Math.max(0, 6 - digits);
  return Math.round(micros / unit) * unit;
}

/** The text of an interval without a qualifier, as DuckDB reads it. Nothing for what is no interval. */
export function intervalText(text: string): string | undefined {
  const duration = durationOf(text.trim().replace(/^@\s*/, ''), 'SECOND', undefined);
  return duration && `${duration.months} months ${duration.days} days ${duration.micros} microseconds`;
}

/** What a time such as 10:20:30 says. */
const CLOCK = ['hour', 'minute', 'second', 'millisecond', 'microsecond'];

function durationOf(text: string, last: string, first: string | undefined): Duration | undefined {
  const total: Duration = { months: 0, days: 0, micros: 0 };
  // Each may be said once.
  const said = new Set<string>();
  const twice = (...parts: readonly string[]): boolean => {
    const again = parts.some((part) => said.has(part));
    for (const part of parts) said.add(part);
    return again;
  };
  const pair = /^([+-]?)(\d+)-(\d+)$/.exec(text);
  if (pair) {
    const months = Number(pair[2]) * 12 + Number(pair[3]);
    return { ...total, months: pair[1] === '-' ? -months : months };
  }
  if (/^[+-]?\d*\.?\d+$/.test(text)) return add(total, Number(text), last.toLowerCase()) ? total : undefined;
  const pieces =
    /\s*(?:([+-]?\d*\.?\d+)\s*([a-z]+)|([+-]?)(\d+):(\d+)(?::(\d+(?:\.\d+)?))?|([+-]?\d+)(?=\s+[+-]?\d+:)|,)\s*/giy;
  if (text === '') return undefined;
  const ago = /\s+ago$/i.test(text);
  const rest = text.replace(/\s+ago$/i, '');
  let sign = 1;
  for (let at = 0; at < rest.length; at = pieces.lastIndex) {
    pieces.lastIndex = at;
    const piece = pieces.exec(rest);
    if (!piece) return undefined;
    const [, amount, unit, minus, one, two, three, days] = piece;
    if (days !== undefined) {
      if (twice('day')) return undefined;
      sign = days.startsWith('-') ? -1 : 1;
      total.days += Number(days);
    } else if (unit !== undefined) {
      const part = datePart(unit) ?? '';
      if (twice(part) || !add(total, Number(amount), part)) return undefined;
    } else if (one !== undefined) {
      if (twice(...CLOCK)) return undefined;
      total.micros += (minus === '-' ? -1 : sign) * clock([one, two, three], last, first);
    }
  }
  return ago ? { months: -total.months, days: -total.days, micros: -total.micros } : total;
}

/** `10:20` is hours and minutes, but between MINUTE and SECOND. */
function clock(numbers: readonly (string | undefined)[], last: string, first: string | undefined): number {
  const given = numbers.filter((number) => number !== undefined).map(Number);
  const start =
    given.length === 2 && last === 'SECOND' && first === 'MINUTE' ? FIELDS.indexOf('MINUTE') : FIELDS.indexOf('HOUR');
  return given.reduce(
    (sum, number, index) => sum + number * (MICROS[FIELDS[start + index]?.toLowerCase() ?? ''] ?? 0),
    0,
  );
}

/** Fractions go on in the smaller units: half a year is six months, half a day twelve hours. */
function add(total: Duration, amount: number, part: string): boolean {
  const months = MONTHS[part];
  const micros = MICROS[part];
  if (months !== undefined) {
    const whole = Math.trunc(amount * months);
    total.months += whole;
    return part === 'month' || part === 'quarter' ? add(total, (amount * months - whole) * 30, 'day') : true;
  }
  if (part === 'week' || part === 'day') {
    const days = amount * (part === 'week' ? 7 : 1);
    total.days += Math.trunc(days);
    total.micros += Math.round((days - Math.trunc(days)) * 24 * 3_600_000_000);
    return true;
  }
  if (micros === undefined) return false;
  total.micros += Math.round(amount * micros);
  return true;
}
