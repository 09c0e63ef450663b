import { literal } from '../lexer.ts';

/** Text in the forms https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html lists, months before days. */
const DATES = [
  '%Y-%m-%d',
  '%Y%m%d',
  // Two digits of a year before four: they would read as a year of the first century.
  '%m/%d/%y',
  '%m-%d-%y',
  '%m/%d/%Y',
  '%m-%d-%Y',
  '%m.%d.%Y',
  '%Y/%m/%d',
  '%Y.%m.%d',
  '%d %b %Y',
  '%d-%b-%Y',
  '%b-%d-%Y',
  '%b %d %Y',
  '%b %d,%Y',
  '%b %d, %Y',
  '%B %d %Y',
  '%B %d,%Y',
  '%B %d, %Y',
];
const TIMES = ['', ' %H:%M:%S', ' %H:%M:%S.%f', ' %H:%M', ' %I:%M:%S %p', ' %I:%M %p'];
const FORMATS = `[${DATES.flatMap((date) => TIMES.map((time) => literal(date + time))).join(', ')}]`;

/** A time of day, and the zone after it: an offset or a name. */
const ZONED = `'(:[0-9]{2}(?:\\.[0-9]+)?)\\s*([Zz]|[+-][0-9]{1,2}(?::?[0-9]{2})?|[A-Za-z]{3,}(?:/[A-Za-z_]+)*)$'`;

export const DATE_TEXT_MACROS: readonly string[] = [
  `rs_special(x) AS CASE lower(trim(x)) WHEN 'now' THEN CAST(now() AS TIMESTAMP) WHEN 'today' THEN CAST(current_date AS TIMESTAMP) WHEN 'yesterday' THEN CAST(current_date - 1 AS TIMESTAMP) WHEN 'tomorrow' THEN CAST(current_date + 1 AS TIMESTAMP) WHEN 'epoch' THEN TIMESTAMP '1970-01-01 00:00:00' WHEN 'infinity' THEN TIMESTAMP 'infinity' WHEN '-infinity' THEN TIMESTAMP '-infinity' END`,
  `rs_zone_of(x) AS nullif(regexp_extract(trim(x), ${ZONED}, 2), '')`,
  // Two digits of a year come last: DuckDB would take 01-02-03 for a day of the year 1. Its strptime knows words, and takes `epoch` for 1900.
  `rs_plain_moment(x) AS coalesce(CASE WHEN regexp_matches(x, '^\\s*[0-9]{4}') THEN TRY_CAST(x AS TIMESTAMP) END, rs.main.rs_special(x), try_strptime(regexp_replace(trim(x), '\\s+', ' ', 'g'), ${FORMATS}))`,
  // Redshift ignores the zone in what becomes a TIMESTAMP.
  `rs_moment(x) AS CASE WHEN rs.main.rs_zone_of(x) IS NULL THEN rs.main.rs_plain_moment(x) ELSE rs.main.rs_plain_moment(regexp_replace(trim(x), ${ZONED}, '\\1')) END`,
  // Of a SUPER value: nothing where it is no moment.
  `rs_super_moment(x) AS CASE WHEN json_type(x) = 'VARCHAR' THEN rs.main.rs_moment(x ->> '$') END`,
  `rs_timestamp(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(rs.main.rs_moment(x), error('rs:22007:invalid input syntax for type timestamp: "' || x || '"')) END`,
  // An offset is hours east, other than in POSIX's names of zones.
  `rs_offset_minutes(z) AS CASE WHEN regexp_full_match(z, '[+-][0-9:]+') THEN CASE WHEN z[1] = '-' THEN -1 ELSE 1 END * (CAST(regexp_extract(z, '^.([0-9]{1,2})', 1) AS INTEGER) * 60 + coalesce(TRY_CAST(regexp_extract(z, '^.[0-9]{2}:?([0-9]{2})$', 1) AS INTEGER), 0)) END`,
  `rs_in_utc(t, z) AS CASE WHEN z IS NULL THEN t WHEN rs.main.rs_offset_minutes(z) IS NOT NULL THEN t - to_minutes(rs.main.rs_offset_minutes(z)) ELSE rs.main.rs_to_utc(t, z) END`,
  `rs_timestamptz(x) AS CASE WHEN x IS NULL THEN NULL ELSE rs.main.rs_in_utc(coalesce(rs.main.rs_moment(x), error('rs:22007:invalid input syntax for type timestamp with time zone: "' || x || '"')), rs.main.rs_zone_of(x)) AT TIME ZONE 'UTC' END`,
  `rs_date(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(CAST(rs.main.rs_moment(x) AS DATE), error('rs:22007:invalid input syntax for type date: "' || x || '"')) END`,
  // Kept in UTC, as Redshift shows it.
  `rs_timetz(x) AS CASE WHEN x IS NULL THEN NULL ELSE CAST(CAST(rs.main.rs_in_utc(coalesce(TRY_CAST('2000-01-02 ' || regexp_replace(trim(x), ${ZONED}, '\\1') AS TIMESTAMP), rs.main.rs_moment(x), error('rs:22007:invalid input syntax for type time with time zone: "' || x || '"')), rs.main.rs_zone_of(x)) AS TIME) AS TIME WITH TIME ZONE) END`,
];
