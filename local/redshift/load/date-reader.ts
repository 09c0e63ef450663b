import { MINUTES_EAST } from '../dialect/functions/time-zones.ts';

/** A date or timestamp in ISO form, or the reason there is none. */
export type DateReader = (field: string) => string | NoDate;

export interface NoDate {
  readonly reason: string;
  /** It is one in Redshift, and no option makes up for that. */
  readonly refused?: true;
}

interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Digits after the point. */
  fraction: string;
  /** Minutes east of UTC. */
  offset: number | undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** DATEFORMAT. https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html */
export function compileDateReader(format: string | undefined): DateReader {
  // The words are read as they are written here: `'AUTO'` is a format, which no date has.
  if (format === 'auto') return (field) => (BEFORE.test(field) ? NO_YEAR : written(automatic(field), 'date', 'auto'));
  const read = compileFormat(format ?? 'YYYY-MM-DD');
  const shown = format ?? 'YYYY-MM-DD';
  return (field) => {
    if (format === undefined && field.length < 10) return { reason: 'Invalid Date Format - length must be 10 or more' };
    // Without a format a time after the date is cut off.
    const dated = format === undefined && REST.test(field.slice(10)) ? field.slice(0, 10) : field;
    return written(read(dated), 'date', shown);
  };
}

/** TIMEFORMAT. */
export function compileTimestampReader(format: string | undefined, kind: 'timestamp' | 'timestamptz'): DateReader {
  if (format === undefined) return (field) => written(standard(field), kind, 'YYYY-MM-DD HH24:MI:SS');
  switch (format) {
    case 'auto':
      return (field) => (BEFORE.test(field) ? NO_YEAR : written(automatic(field), kind, 'auto'));
    case 'epochsecs':
      return (field) => epoch(field, 6, format);
    case 'epochmillisecs':
      return (field) => epoch(field, 3, format);
    default: {
      const read = compileFormat(format);
      return (field) => written(read(field), kind, format);
    }
  }
}

/** `Jan-08-95 BC` */
const BEFORE = /\sBC\s*$/i;
const NO_YEAR: NoDate = { reason: 'Dates before the year 1 are not supported by the local cluster', refused: true };

function written(
  moment: Moment | undefined,
  kind: 'date' | 'timestamp' | 'timestamptz',
  format: string,
): string | NoDate {
  if (!moment || !isDay(moment) || !isTime(moment))
    return { reason: `Invalid ${kind === 'date' ? 'date' : 'timestamp'} format or value [${format}]` };
  const date = `${pad(moment.year, 4)}-${pad(moment.month)}-${pad(moment.day)}`;
  if (kind === 'date') return date;
  const fraction = moment.fraction === '' ? '' : `.${moment.fraction.slice(0, 6)}`;
  const time = `${date} ${pad(moment.hour)}:${pad(moment.minute)}:${pad(moment.second)}${fraction}`;
  return kind === 'timestamptz' ? time + offsetText(moment.offset ?? 0) : time;
}

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function isDay({ year, month, day }: Moment): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function isTime({ hour, minute, second }: Moment): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

/** `digits` is the power of ten from the field's unit to microseconds. */
function epoch(field: string, digits: number, format: string): string | NoDate {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(field);
  if (!match || (match[2] ?? '').length > 15) return { reason: `Invalid timestamp format or value [${format}]` };
  const micros = BigInt(`${match[1]}${match[2]}${(match[3] ?? '').padEnd(digits, '0').slice(0, digits)}`);
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const rest = micros - millis * 1000n;
  const date = new Date(Number(millis));
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999)
    return { reason: `Invalid timestamp format or value [${format}]` };
  return `${date.toISOString().slice(0, 23).replace('T', ' ')}${String(rest).padStart(3, '0')}`;
}

const OFFSET = String.raw`[+-]\d{1,2}(?::?\d{2})?`;
const ZONE = `${Object.keys(MINUTES_EAST).join('|')}|${OFFSET}`;
const clockIn = (zone: string): string =>
  String.raw`(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*([ap]m)?\s*(${zone})?)?$`;

/** Without TIMEFORMAT: ISO order, `-`, `/` or `.` between, time and offset optional. */
const STANDARD = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${clockIn(`z|utc|gmt|${OFFSET}`)}`, 'i');

function standard(field: string): Moment | undefined {
  const match = STANDARD.exec(field);
  if (!match) return undefined;
  return withClock({ year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }, match.slice(4));
}

type Day = Pick<Moment, 'year' | 'month' | 'day'>;

function withClock(day: Day, clock: readonly (string | undefined)[]): Moment {
  const [hour = '0', minute = '0', second = '0', fraction = '', half, zone] = clock;
  return {
    ...day,
    hour: halfDay(Number(hour), half),
    minute: Number(minute),
    second: Number(second),
    fraction,
    offset: offsetOf(zone),
  };
}

function halfDay(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

function offsetOf(zone: string | undefined): number | undefined {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone ?? '');
  if (!match) return zone === undefined ? undefined : MINUTES_EAST[zone.toUpperCase()];
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
}

/** https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html */
const AUTOMATIC: readonly (readonly [RegExp, (groups: readonly string[]) => Day | undefined])[] = [
  [/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/, ([y, m, d]) => day(y, m, d)],
  [/^(\d{4})(\d{2})(\d{2})(?!\d)/, ([y, m, d]) => day(y, m, d)],
  [/^(\d{2})(\d{2})(\d{2})(?!\d)/, ([y, m, d]) => day(century(y), m, d)],
  [/^(\d{4})\.(\d{3})(?!\d)/, ([y, n]) => dayOfYear(Number(y), Number(n))],
  [/^J(\d{7})(?!\d)/i, ([n]) => julian(Number(n))],
  [/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})/, ([m, d, y]) => day(y, m, d)],
  [/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})(?!\d)/, ([m, d, y]) => day(century(y), m, d)],
  [/^([a-z]{3,9})[- ](\d{1,2}),?[- ](\d{4})/i, ([m, d, y]) => day(y, monthOf(m), d)],
  [/^(\d{1,2})[- ]([a-z]{3,9})[- ](\d{4})/i, ([d, m, y]) => day(y, monthOf(m), d)],
  [/^(\d{1,2})[- ]([a-z]{3,9})[- ](\d{2})(?!\d)/i, ([d, m, y]) => day(century(y), monthOf(m), d)],
  [/^(\d{4})[- ]([a-z]{3,9})[- ](\d{1,2})/i, ([y, m, d]) => day(y, monthOf(m), d)],
];

const REST = new RegExp(`^${clockIn(ZONE)}`, 'i');
/** `HHMISS` */
const COMPACT_CLOCK = /^[ T]+(\d{2})(\d{2})(\d{2})$/i;
/** `17 Dec 07:37:16 1997 PST` */
const YEAR_AFTER = new RegExp(
  String.raw`^(\d{1,2}) ([a-z]{3,9}) (\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?) (\d{4})(?: (${ZONE}))?$`,
  'i',
);

function automatic(text: string): Moment | undefined {
  const field = text.replace(YEAR_AFTER, (_all, d, m, clock, y, zone = '') => `${d} ${m} ${y} ${clock} ${zone}`.trim());
  for (const [pattern, read] of AUTOMATIC) {
    const match = pattern.exec(field);
    const rest = field.slice(match?.[0].length ?? 0);
    const clock = match && (COMPACT_CLOCK.exec(rest) ?? REST.exec(rest));
    const found = match && clock ? read(match.slice(1)) : undefined;
    if (found && clock) return withClock(found, clock.slice(1));
  }
  return undefined;
}

type Part = string | number | undefined;

function day(year: Part, month: Part, date: Part): Day {
  return { year: Number(year), month: Number(month), day: Number(date) };
}

/** Two-digit years below 70 are of this century. */
function century(year: Part): number {
  return Number(year) + (Number(year) < 70 ? 2000 : 1900);
}

function monthOf(name: string | undefined): number {
  const at = MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase());
  return at < 0 ? Number.NaN : at + 1;
}

function dayOfYear(year: number, number: number): Day {
  const date = new Date(Date.UTC(year, 0, number));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Day 2,440,588 is 1970-01-01. */
function julian(number: number): Day {
  const date = new Date((number - 2_440_588) * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

type Setter = (moment: Moment, text: string) => void;

/** Format elements, longest first. */
const ELEMENTS: readonly (readonly [string, string, Setter])[] = [
  ['YYYY', String.raw`(\d{4})`, (moment, text) => (moment.year = Number(text))],
  ['YY', String.raw`(\d{2})`, (moment, text) => (moment.year = century(text))],
  ['MONTH', '([a-z]{3,9})', (moment, text) => (moment.month = monthOf(text))],
  ['MON', '([a-z]{3,9})', (moment, text) => (moment.month = monthOf(text))],
  ['MM', String.raw`(\d{1,2})`, (moment, text) => (moment.month = Number(text))],
  ['DD', String.raw`(\d{1,2})`, (moment, text) => (moment.day = Number(text))],
  ['HH24', String.raw`(\d{1,2})`, (moment, text) => (moment.hour = Number(text))],
  ['HH12', String.raw`(\d{1,2})`, (moment, text) => (moment.hour = Number(text))],
  ['HH', String.raw`(\d{1,2})`, (moment, text) => (moment.hour = Number(text))],
  ['MI', String.raw`(\d{1,2})`, (moment, text) => (moment.minute = Number(text))],
  [
    'SS',
    String.raw`(\d{1,2}(?:\.\d+)?)`,
    (moment, text) => {
      moment.second = Number(text.split('.')[0]);
      moment.fraction = text.split('.')[1] ?? '';
    },
  ],
  ['AM', '([ap]m)', (moment, text) => (moment.hour = halfDay(moment.hour, text))],
  ['PM', '([ap]m)', (moment, text) => (moment.hour = halfDay(moment.hour, text))],
];

function compileFormat(format: string): (field: string) => Moment | undefined {
  const setters: Setter[] = [];
  let pattern = '';
  for (let at = 0; at < format.length;) {
    const element = ELEMENTS.find(([name]) => format.slice(at, at + name.length).toUpperCase() === name);
    // A `T` between date and time may be written in the format as itself.
    if (element) {
      pattern += element[1];
      setters.push(element[2]);
      at += element[0].length;
    } else {
      const character = format[at++] ?? '';
      pattern += character === ' ' ? String.raw`\s+` : character.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    }
  }
  // A zone cannot be part of the format; a value may have one.
  if (/SS/i.test(format)) {
    pattern += String.raw`(?:\s*(z|utc|[+-]\d{2}(?::?\d{2})?))?`;
    setters.push((moment, text) => (moment.offset = text === '' ? undefined : offsetOf(text)));
  }
  const expression = new RegExp(`^${pattern}$`, 'i');
  return (field) => {
    const match = expression.exec(field);
    if (!match) return undefined;
    const moment: Moment = {
      year: 1,
      month: 1,
      day: 1,
      hour: 0,
      minute: 0,
      second: 0,
      fraction: '',
      offset: undefined,
    };
    for (const [index, set] of setters.entries()) set(moment, match[index + 1] ?? '');
    return moment;
  };
}
