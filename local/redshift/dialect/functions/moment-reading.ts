import { datePattern, type DateField } from './date-reading.ts';
import { daysOf } from './moment-writing.ts';
import { remembered } from './remembered.ts';

const patternOf = remembered((format) => {
  const { pattern, found } = datePattern(format, 0);
  return { expression: new RegExp(pattern, 'u'), found };
});

/**
 * A text in a format that is known only when the query runs, as the text of a TIMESTAMP; date-reading.ts has those that are literals.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_TO_TIMESTAMP.html
 */
export function momentRead(text: string, format: string, strict: boolean): string {
  const { expression, found } = patternOf(format);
  const [, ...groups] = expression.exec(text) ?? [];
  if (groups.length === 0) {
    if (text.trim() === '') return '0001-01-01';
    throw new Error(`rs:22007:"${text.replaceAll(';', ',')}" is not in the format ${format.replaceAll(';', ',')};`);
  }
  const said = (name: DateField): string | undefined => groups[found.indexOf(name)];
  const number = (name: DateField, absent: number): number => Number(said(name) ?? absent);
  const year = said('y') === undefined && said('yy') !== undefined ? centuryOf(number('yy', 0)) : number('y', 1);
  const month = monthOf(said('mo'), said('mon'));
  const [day, dayOfYear, minute, second] = [number('d', 1), number('doy', 1), number('mi', 0), number('s', 0)];
  const half = said('half')?.toLowerCase();
  const hour = half === undefined ? number('h', 0) : (number('h', 0) % 12) + (half === 'p' ? 12 : 0);
  const lastDay = new Date(daysOf(year, month + 1, 0) * 86_400_000).getUTCDate();
  const tooMuch = month > 12 || day > lastDay || hour > 23 || minute > 59 || second > 59;
  if (year === 0 || month === 0 || day === 0 || dayOfYear === 0 || (strict && tooMuch))
    throw new Error(`rs:22008:date/time field value out of range: ${text.replaceAll(';', ',')};`);
  // The day of the month and the time overflow into the next month and day unless the caller is strict.
  const days = daysOf(year, month, 1) + day - 1 + dayOfYear - 1;
  const millis = days * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000;
  const [date = '', time = ''] = new Date(millis).toISOString().slice(0, 19).split('T');
  return `${date} ${time}.${(said('f') ?? '').padEnd(6, '0')}`;
}

const centuryOf = (year: number): number => year + (year < 70 ? 2000 : 1900);

/** 0 for what is no month. */
function monthOf(number: string | undefined, name: string | undefined): number {
  if (number !== undefined) return Number(number);
  if (name === undefined) return 1;
  return Math.floor(('janfebmaraprmayjunjulaugsepoctnovdec'.indexOf(name.toLowerCase()) + 3) / 3);
}
