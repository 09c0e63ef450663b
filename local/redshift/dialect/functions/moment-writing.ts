import { badFormat, dateTemplate, type TemplatePart } from './date-template.ts';
import { remembered } from './remembered.ts';

type Pattern = TemplatePart & { readonly kind: 'pattern' };

/** A moment in its parts. */
interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  /** Days since 1970. */
  readonly days: number;
  readonly dayOfYear: number;
  /** Monday is 1. */
  readonly weekday: number;
  readonly isoYear: number;
  readonly isoWeek: number;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const ROMAN_MONTHS = 'I II III IV V VI VII VIII IX X XI XII'.split(' ');
/** The Julian day of 1970-01-01. */
const JULIAN_EPOCH = 2_440_588;

/** Days since 1970 of a date whose month and day may overflow. */
export function daysOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
}

/** Of a TIMESTAMP as DuckDB writes it. */
function momentIn(text: string): Moment {
  const [, ...parts] = /^(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  if (parts.length === 0) throw new Error(`rs:22008:date/time field value out of range: ${text};`);
  const days = daysOf(year, month, day);
  const weekday = ((((days + 3) % 7) + 7) % 7) + 1;
  // The week belongs to the year that its Thursday is in.
  const thursday = days - weekday + 4;
  const isoYear = new Date(thursday * 86_400_000).getUTCFullYear();
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    micros: Number((parts[6] ?? '').padEnd(6, '0')),
    days,
    dayOfYear: days - daysOf(year, 1, 1) + 1,
    weekday,
    isoYear,
    isoWeek: Math.floor((thursday - daysOf(isoYear, 1, 1)) / 7) + 1,
  };
}

/** Numbers of a fixed width. */
const NUMBERS: Readonly<Record<string, readonly [value: (moment: Moment) => number, width: number]>> = {
  YYYY: [({ year }) => year, 4],
  YYY: [({ year }) => year % 1000, 3],
  YY: [({ year }) => year % 100, 2],
  Y: [({ year }) => year % 10, 1],
  IYYY: [({ isoYear }) => isoYear, 4],
  IYY: [({ isoYear }) => isoYear % 1000, 3],
  IY: [({ isoYear }) => isoYear % 100, 2],
  I: [({ isoYear }) => isoYear % 10, 1],
  Q: [({ month }) => Math.ceil(month / 3), 1],
  MM: [({ month }) => month, 2],
  WW: [({ dayOfYear }) => Math.ceil(dayOfYear / 7), 2],
  W: [({ day }) => Math.ceil(day / 7), 1],
  IW: [({ isoWeek }) => isoWeek, 2],
  CC: [({ year }) => Math.ceil(year / 100), 2],
  DDD: [({ dayOfYear }) => dayOfYear, 3],
  DD: [({ day }) => day, 2],
  D: [({ weekday }) => (weekday % 7) + 1, 1],
  ID: [({ weekday }) => weekday, 1],
  J: [({ days }) => days + JULIAN_EPOCH, 1],
  HH24: [({ hour }) => hour, 2],
  HH12: [({ hour }) => ((hour + 11) % 12) + 1, 2],
  HH: [({ hour }) => ((hour + 11) % 12) + 1, 2],
  MI: [({ minute }) => minute, 2],
  SS: [({ second }) => second, 2],
  SSSS: [({ hour, minute, second }) => hour * 3600 + minute * 60 + second, 1],
  SSSSS: [({ hour, minute, second }) => hour * 3600 + minute * 60 + second, 1],
};

const isUpper = (text: string): boolean => text === text.toUpperCase();
const inCase = (text: string, pattern: string): string => (isUpper(pattern) ? text : text.toLowerCase());

/** A name in the case of its pattern: `MONTH`, `Month`, `month`. */
function named(text: string, pattern: string, width: number): string {
  const cased = isUpper(pattern) ? text.toUpperCase() : isUpper(pattern.charAt(0)) ? text : text.toLowerCase();
  return cased.padEnd(width);
}

export function ordinal(number: bigint | number): string {
  const [tens, ones] = [Number(BigInt(number) % 100n), Number(BigInt(number) % 10n)];
  return tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][ones] ?? 'th');
}

function written(part: Pattern, moment: Moment, zone: string): string | undefined {
  const number = NUMBERS[part.name];
  if (number) {
    const [read, width] = number;
    const value = read(moment);
    const digits = part.bare ? String(value) : String(value).padStart(width, '0');
    if (part.ordinal === undefined) return digits;
    return digits + (part.ordinal === 'TH' ? ordinal(value).toUpperCase() : ordinal(value));
  }
  const width = part.bare ? 0 : 9;
  const dots = part.name.includes('.');
  switch (part.name) {
    case 'MONTH':
      return named(MONTHS[moment.month - 1] ?? '', part.text, width);
    case 'MON':
      return named(MONTHS[moment.month - 1]?.slice(0, 3) ?? '', part.text, 0);
    case 'DAY':
      return named(DAYS[moment.weekday - 1] ?? '', part.text, width);
    case 'DY':
      return named(DAYS[moment.weekday - 1]?.slice(0, 3) ?? '', part.text, 0);
    case 'RM':
      return named(ROMAN_MONTHS[moment.month - 1] ?? '', part.text, part.bare ? 0 : 4);
    case 'MS':
      return String(Math.floor(moment.micros / 1000)).padStart(3, '0');
    case 'US':
      return String(moment.micros).padStart(6, '0');
    case 'Y,YYY':
      return `${Math.floor(moment.year / 1000)},${String(moment.year % 1000).padStart(3, '0')}`;
    case 'AM':
    case 'PM':
    case 'A.M.':
    case 'P.M.':
      return inCase(`${moment.hour < 12 ? 'A' : 'P'}${dots ? '.M.' : 'M'}`, part.text);
    // There is no date before Christ.
    case 'BC':
    case 'AD':
    case 'B.C.':
    case 'A.D.':
      return inCase(dots ? 'A.D.' : 'AD', part.text);
    case 'TZ':
    case 'OF':
      if (zone !== 'UTC')
        throw new Error(
          'rs:0A000:TZ and OF of TO_CHAR in another time zone than UTC are not supported by this stand-in for Amazon Redshift;',
        );
      return part.name === 'OF' ? '+00' : inCase('UTC', part.text);
    default:
      return undefined;
  }
}

const templateOf = remembered(dateTemplate);

/**
 * A TIMESTAMP, as DuckDB writes it, in a format that is known only when the query runs; date-writing.ts has those that are literals.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_TO_CHAR.html
 */
export function momentText(text: string, format: string, zone: string): string {
  const moment = momentIn(text);
  return templateOf(format)
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const said = written(part, moment, zone);
      if (said === undefined) throw badFormat(format, `${part.name} is not supported by this stand-in`, 0);
      return said;
    })
    .join('');
}
