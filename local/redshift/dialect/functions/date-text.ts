import { literal } from '../lexer.ts';

/**
 * Text as a moment, in the forms of https://docs.aws.amazon.com/redshift/latest/dg/r_Date_and_time_literals.html and
 * https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html, months before days.
 */

const YEAR_FIRST = ['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y-%b-%d', '%Y-%B-%d', '%Y %b %d', '%Y %B %d'];
/** `17.12.1997` is a day of December, `05.12.1997` one of May. */
const YEAR_LAST = ['%m/%d/%Y', '%m-%d-%Y', '%m.%d.%Y', '%d.%m.%Y'].concat(
  ['%b', '%B'].flatMap((month) => [
    `%d ${month} %Y`,
    `%d-${month}-%Y`,
    `${month}-%d-%Y`,
    `${month} %d %Y`,
    `${month} %d,%Y`,
    `${month} %d, %Y`,
  ]),
);
const CLOCKS = ['%I:%M %p', '%I:%M:%S %p', '%I:%M:%S.%f %p', '%I:%M%p', '%I:%M:%S%p', '%I:%M:%S.%f%p', '%H%M%S'];

const list = (formats: readonly string[]): string => `[${formats.map(literal).join(', ')}]`;

const TIME = String.raw`[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]*)?)?`;
// America is no morning.
const CLOCK = String.raw`${TIME}(?: ?[AaPp][Mm]\b)?|[0-9]{6}`;
const OFFSET = '[+-][0-9]{1,2}(?::[0-9]{2})?|[+-][0-9]{4}';
/** An offset or a name. */
const ZONE = `[Zz]|${OFFSET}|[A-Za-z]{2,}/[A-Za-z_/-]+|[A-Za-z]{3,}(?:[0-9][A-Za-z]{3})?`;

/** What a text consists of; each part may be empty. The day of a time alone is left out, and so is the time of a day. */
const PARTS = `^(.+?)(?:[ Tt](${CLOCK}) ?(${ZONE})?)?$`;
const TIME_PARTS = `^(?:(.+?)[ Tt])?(${CLOCK}) ?(${ZONE})?$`;

const invalid = (type: string): string => `error('rs:22007:invalid input syntax for type ${type}: "' || x || '"')`;

/** Of a moment: what Redshift makes of an infinite one is not documented. */
const noMoment = (type: string): string =>
  `CASE WHEN lower(trim(x)) IN ('infinity', '-infinity') THEN error('rs:0A000:an infinite ${type} is not supported here: write a moment far away') ELSE ${invalid(type)} END`;

/** The macro of this name, an error where the one that gives NULL does. */
const orInvalid = (name: string, type: string): string =>
  `rs_${name}(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(rs.main.rs_${name}_or_null(x), ${type.startsWith('timestamp') ? noMoment(type) : invalid(type)}) END`;

/** A macro's argument is put wherever its parameter stands, a lambda's is not: that keeps what DuckDB has to bind small. */
const given = (value: string, name: string, body: string): string =>
  `list_transform([${value}], lambda ${name}: ${body})[1]`;
/** `17 Dec 07:37:16 1997` has its year last. */
const YEAR_AFTER_TIME = `^([0-9]{1,2} [A-Za-z]{3,9}|[A-Za-z]{3,9} [0-9]{1,2}) (${CLOCK}) ([0-9]{4})( |$)`;
const SPACED = `regexp_replace(trim(x), '\\s+', ' ', 'g')`;
const inParts = (parts: string, body: string): string =>
  given(
    `regexp_extract(regexp_replace(${SPACED}, '${YEAR_AFTER_TIME}', '\\1 \\3 \\2\\4'), '${parts}', ['d', 't', 'z'])`,
    'p',
    body,
  );

/** The plain form, which DuckDB reads as Redshift does. */
const PLAIN = `CASE WHEN NOT starts_with(x, '0000') AND regexp_full_match(x, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[ T][0-9:.]+)?') THEN TRY_CAST(x AS TIMESTAMP) END`;

export const DATE_TEXT_MACROS: readonly string[] = [
  `rs_special(x) AS CASE lower(trim(x)) WHEN 'now' THEN CAST(now() AS TIMESTAMP) WHEN 'today' THEN CAST(current_date AS TIMESTAMP) WHEN 'yesterday' THEN CAST(current_date - 1 AS TIMESTAMP) WHEN 'tomorrow' THEN CAST(current_date + 1 AS TIMESTAMP) WHEN 'epoch' THEN TIMESTAMP '1970-01-01 00:00:00' END`,
  // DuckDB's own cast to TIME reads as far as it understands: 10:00 PM as ten in the morning.
  `rs_clock(t) AS CASE WHEN regexp_full_match(t, '${TIME}') THEN TRY_CAST(t AS TIME) ELSE CAST(try_strptime(t, ${list(CLOCKS)}) AS TIME) END`,
  `rs_century(y) AS CASE WHEN length(y) < 3 THEN CASE WHEN CAST(y AS INTEGER) < 70 THEN 2000 ELSE 1900 END ELSE 0 END + CAST(y AS INTEGER)`,
  // Years of one or two digits: below 70 of this century. DuckDB would take 01-02-03 for a day of the year 1.
  `rs_year_last(e) AS CASE WHEN length(e['y']) IN (1, 2, 4) AND e['y'] <> '0000' THEN try_strptime(e['m'] || rs.main.rs_century(e['y']), ${list(YEAR_LAST)}) END`,
  // There is no year 0.
  `rs_day_of(d) AS CASE WHEN regexp_matches(d, '^0000([^0-9]|[0-9]{4}$)') THEN NULL
    WHEN regexp_full_match(d, '[0-9]{8}') THEN try_strptime(d, '%Y%m%d')
    WHEN regexp_full_match(d, '[0-9]{6}') THEN try_strptime(rs.main.rs_century(d[:2]) || d[3:], '%Y%m%d')
    WHEN regexp_full_match(d, '[0-9]{4}\\.[0-9]{3}') THEN try_strptime(d, '%Y.%j')
    WHEN regexp_full_match(d, '[Jj][0-9]{1,7}') THEN CAST(DATE '1970-01-01' + CAST(CAST(d[2:] AS INTEGER) - 2440588 AS INTEGER) AS TIMESTAMP)
    WHEN regexp_matches(d, '^[0-9]{4}[^0-9]') THEN try_strptime(d, ${list(YEAR_FIRST)})
    ELSE ${given("regexp_extract(d, '^(.*[^0-9])([0-9]+)$', ['m', 'y'])", 'e', 'rs.main.rs_year_last(e)')} END`,
  `rs_together(d, t) AS CASE WHEN t = '' THEN d ELSE CAST(d AS DATE) + rs.main.rs_clock(t) END`,
  // Redshift ignores the zone in what becomes a TIMESTAMP.
  `rs_moment(x) AS coalesce(${PLAIN}, rs.main.rs_special(x), ${inParts(PARTS, "rs.main.rs_together(rs.main.rs_day_of(p['d']), p['t'])")})`,
  // Of a SUPER value: nothing where it is no moment.
  `rs_super_moment(x) AS CASE WHEN json_type(x) = 'VARCHAR' THEN ${given("x ->> '$'", 'v', 'rs.main.rs_moment(v)')} END`,
  `rs_timestamp(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(rs.main.rs_moment(x), ${noMoment('timestamp')}) END`,
  // An offset is hours east, other than in POSIX's names of zones.
  `rs_offset_minutes(z) AS CASE WHEN regexp_full_match(z, '${OFFSET}') THEN CASE WHEN z[1] = '-' THEN -1 ELSE 1 END * (CAST(regexp_extract(z, '^.([0-9]{1,2})', 1) AS INTEGER) * 60 + coalesce(TRY_CAST(regexp_extract(z, '^.[0-9]{1,2}:?([0-9]{2})$', 1) AS INTEGER), 0)) END`,
  `rs_in_utc(t, z) AS CASE WHEN z = '' THEN t ELSE coalesce(t - to_minutes(rs.main.rs_offset_minutes(z)), rs.main.rs_to_utc(t, z)) END`,
  // What names no zone is in the session's.
  `rs_timestamptz_or_null(x) AS coalesce(CAST(coalesce(${PLAIN}, rs.main.rs_special(x)) AS TIMESTAMP WITH TIME ZONE), ${inParts(PARTS, given("rs.main.rs_together(rs.main.rs_day_of(p['d']), p['t'])", 't', "CASE WHEN p['z'] = '' THEN CAST(t AS TIMESTAMP WITH TIME ZONE) ELSE rs.main.rs_in_utc(t, p['z']) AT TIME ZONE 'UTC' END"))})`,
  orInvalid('timestamptz', 'timestamp with time zone'),
  // Behind a time of day DuckDB reads no further.
  `rs_interval(x) AS CASE WHEN regexp_matches(x, ':[0-9.]+\\s+\\S') THEN error('rs:22007:invalid input syntax for type interval: "' || x || '"') ELSE CAST(x AS INTERVAL) END`,
  `rs_date(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(CAST(rs.main.rs_moment(x) AS DATE), ${invalid('date')}) END`,
  `rs_time_or_null(x) AS coalesce(${inParts(TIME_PARTS, "rs.main.rs_clock(p['t'])")}, CAST(rs.main.rs_special(x) AS TIME))`,
  orInvalid('time', 'time'),
  // Kept in UTC, as Redshift shows it.
  `rs_timetz_or_null(x) AS CAST(CAST(coalesce(${inParts(TIME_PARTS, given("DATE '2000-01-02' + rs.main.rs_clock(p['t'])", 't', "rs.main.rs_in_utc(t, p['z'])"))}, rs.main.rs_special(x)) AS TIME) AS TIME WITH TIME ZONE)`,
  orInvalid('timetz', 'time with time zone'),
];
