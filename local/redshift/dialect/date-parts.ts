/**
 * Date parts under every name they have, as DuckDB calls them.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
 */
const NAMES: Readonly<Record<string, string>> = {
  millennium: 'millennium millennia mil mils millenniums',
  century: 'century centuries c cent cents',
  decade: 'decade decades dec decs',
  year: 'year years y yr yrs yyyy yy',
  quarter: 'quarter quarters qtr qtrs q',
  month: 'month months mon mons mm',
  week: 'week weeks w wk wks',
  dayofweek: 'dayofweek dow dw weekday',
  dayofyear: 'dayofyear doy dy yearday',
  day: 'day days d dd',
  hour: 'hour hours h hr hrs hh',
  minute: 'minute minutes m min mins mi n',
  second: 'second seconds s sec secs ss',
  millisecond: 'millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon',
  microsecond: 'microsecond microseconds microsec microsecs microsecond usecond useconds us usec usecs',
  epoch: 'epoch',
  timezone: 'timezone',
  timezone_hour: 'timezone_hour',
  timezone_minute: 'timezone_minute',
};

const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([part, names]) => names.split(' ').map((name) => [name, part] as const)),
);

/** DuckDB's name of a date part; nothing for what is none. */
export function datePart(name: string): string | undefined {
  return BY_NAME.get(name.toLowerCase());
}
