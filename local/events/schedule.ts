import { AwsError } from '../kernel/index.ts';

/** The first moment (in milliseconds) after `after` at which a schedule fires; `undefined` if it never does again. */
export type Schedule = (after: number, from: number) => number | undefined;

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS };

const invalid = (): AwsError => new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');

/**
 * `rate(5 minutes)` or `cron(0 18 ? * MON-FRI *)`, in UTC.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @throws AwsError `ValidationException`
 */
export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) {
    const count = Number(rate[1]);
    if (count < 1 || (count === 1) === (rate[3] === 's')) throw invalid();
    const period = count * (UNITS[rate[2] ?? ''] ?? MINUTE_MS);
    return (after, from) => from + (Math.floor(Math.max(0, after - from) / period) + 1) * period;
  }
  const fields = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression)?.slice(1);
  if (!fields) throw invalid();
  return parseCron(fields);
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const LAST_YEAR = 2199;

type DayTest = (date: Date) => boolean;

function parseCron([
  minute = '',
  hour = '',
  dayOfMonth = '',
  month = '',
  dayOfWeek = '',
  year = '',
]: readonly string[]): Schedule {
  // "You can't use * in both the Day-of-month and Day-of-week fields. If you use it in one, you must use ? in the other."
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) throw invalid();
  const minutes = values(minute, 0, 59);
  const hours = values(hour, 0, 23);
  const months = new Set(values(month, 1, 12, MONTHS, 1));
  const years = new Set(values(year, 1970, LAST_YEAR));
  const day = dayOfWeek === '?' ? monthDay(dayOfMonth) : weekDay(dayOfWeek);
  return (after) => {
    const start = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    const date = new Date(start);
    date.setUTCHours(0, 0, 0, 0);
    while (date.getUTCFullYear() <= LAST_YEAR) {
      if (!years.has(date.getUTCFullYear())) date.setUTCFullYear(date.getUTCFullYear() + 1, 0, 1);
      else if (!months.has(date.getUTCMonth() + 1)) date.setUTCMonth(date.getUTCMonth() + 1, 1);
      else {
        if (day(date))
          for (const h of hours)
            for (const m of minutes) {
              const time = date.getTime() + (h * 60 + m) * MINUTE_MS;
              if (time >= start) return time;
            }
        date.setUTCDate(date.getUTCDate() + 1);
      }
    }
    return undefined;
  };
}

/** A field's values in order: `*`, `5`, `1-5`, `0/15`, `MON,WED`. `base` is the number of the first name. */
function values(field: string, first: number, last: number, names: readonly string[] = [], base = 0): number[] {
  const read = (text: string): number => {
    const named = names.indexOf(text.toUpperCase());
    const value = named >= 0 ? named + base : Number(text);
    if (!/^(\d+|[A-Za-z]{3})$/.test(text) || !Number.isInteger(value) || value < first || value > last) throw invalid();
    return value;
  };
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const by = step === undefined ? 1 : Number(step);
    if (!Number.isInteger(by) || by < 1) throw invalid();
    const [from, to] = range === '*' || (range === '' && step) ? [first, last] : bounds(range, step !== undefined);
    if (from > to) throw invalid();
    for (let value = from; value <= to; value += by) found.add(value);
  }
  return [...found].toSorted((a, b) => a - b);

  function bounds(range: string, stepped: boolean): [number, number] {
    const [low = '', high] = range.split('-');
    const from = read(low);
    return [from, high === undefined ? (stepped ? last : from) : read(high)];
  }
}

const lengthOfMonth = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

/** `L` is the month's last day, `15W` the weekday nearest to the 15th. */
function monthDay(field: string): DayTest {
  if (field === 'L') return (date) => date.getUTCDate() === lengthOfMonth(date);
  const nearest = /^(\d+)W$/.exec(field)?.[1];
  if (nearest !== undefined) {
    const wanted = Number(nearest);
    if (wanted < 1 || wanted > 31) throw invalid();
    return (date) => {
      const length = lengthOfMonth(date);
      if (wanted > length) return false;
      const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), wanted)).getUTCDay();
      const shift = weekday === 6 ? (wanted === 1 ? 2 : -1) : weekday === 0 ? (wanted === length ? -2 : 1) : 0;
      return date.getUTCDate() === wanted + shift;
    };
  }
  const days = new Set(values(field, 1, 31));
  return (date) => days.has(date.getUTCDate());
}

/** 1 is Sunday. `6L` is the month's last Friday, `3#2` its second Tuesday. */
function weekDay(field: string): DayTest {
  const last = /^(\d)L$/.exec(field)?.[1];
  const nth = /^(\d|[A-Za-z]{3})#([1-5])$/.exec(field);
  if (last !== undefined) {
    const [wanted = 0] = values(last, 1, 7, WEEKDAYS, 1);
    return (date) => date.getUTCDay() + 1 === wanted && date.getUTCDate() + 7 > lengthOfMonth(date);
  }
  if (nth) {
    const [wanted = 0] = values(nth[1] ?? '', 1, 7, WEEKDAYS, 1);
    return (date) => date.getUTCDay() + 1 === wanted && Math.ceil(date.getUTCDate() / 7) === Number(nth[2]);
  }
  const days = new Set(field === 'L' ? [7] : values(field, 1, 7, WEEKDAYS, 1));
  return (date) => days.has(date.getUTCDay() + 1);
}
