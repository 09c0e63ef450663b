/**
 * Zone abbreviations stand for a fixed offset from UTC, whatever the season; a zone's name follows its daylight-saving time. DuckDB takes
 * abbreviations for names. https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html#CONVERT_TIMEZONE-usage-notes
 */
export const MINUTES_EAST: Readonly<Record<string, number>> = {
  UTC: 0,
  UT: 0,
  GMT: 0,
  Z: 0,
  ZULU: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  MET: 60,
  CEST: 120,
  MEST: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  PKT: 300,
  ICT: 420,
  HKT: 480,
  JST: 540,
  KST: 540,
  AEST: 600,
  AEDT: 660,
  ACST: 570,
  ACDT: 630,
  AWST: 480,
  NZST: 720,
  NZDT: 780,
  NST: -210,
  NDT: -150,
  AST: -240,
  ADT: -180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
};

const offsets = Object.entries(MINUTES_EAST)
  .map(([name, minutes]) => `'${name}': ${minutes}`)
  .join(', ');

/** POSIX counts hours west of Greenwich: `GMT+2` is two hours behind UTC. Whatever stands before the number is only a name. */
const POSIX = `'^[A-Za-z_/ ]*?\\s*([+-]?)(\\d{1,2})(?::(\\d{2}))?$'`;

export const ZONE_MACROS: readonly string[] = [
  `rs_zone_minutes(zone) AS coalesce(MAP {${offsets}}[upper(trim(zone))], CASE WHEN regexp_matches(zone, ${POSIX}) THEN
    CASE WHEN regexp_extract(zone, ${POSIX}, 1) = '-' THEN 1 ELSE -1 END
    * (CAST(regexp_extract(zone, ${POSIX}, 2) AS INTEGER) * 60 + coalesce(TRY_CAST(nullif(regexp_extract(zone, ${POSIX}, 3), '') AS INTEGER), 0)) END)`,
  // A local time in a zone, as UTC, and the other way round.
  `rs_to_utc(t, zone) AS CASE WHEN rs.main.rs_zone_minutes(zone) IS NOT NULL THEN t - to_minutes(rs.main.rs_zone_minutes(zone)) ELSE (t AT TIME ZONE zone) AT TIME ZONE 'UTC' END`,
  `rs_from_utc(t, zone) AS CASE WHEN rs.main.rs_zone_minutes(zone) IS NOT NULL THEN t + to_minutes(rs.main.rs_zone_minutes(zone)) ELSE (t AT TIME ZONE 'UTC') AT TIME ZONE zone END`,
];
