import { fails, unloads, type Chapter } from '../chapter.ts';

const TO = "to 's3://bucket/out/x_' iam_role default";
const VENUES = 'select * from venue order by venueid';

/** Its examples: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD_command_examples.html */
export const UNLOADS: Chapter = {
  title: 'UNLOAD',
  page: 'r_UNLOAD.html',
  setup: [
    'create table venue (venueid smallint, venuename varchar(30), venuecity varchar(25), venuestate char(2), venueseats integer)',
    `insert into venue values (1, 'Pinewood Racetrack', 'Akron', 'OH', 0), (2, 'Columbus "Crew" Stadium', 'Columbus', 'OH', 0),
      (4, 'Community, Ballpark, Arena', 'Kansas City', 'KS', null)`,
    'create table large (a decimal(12,2))',
    'insert into large values (9999999999.99)',
  ],
  cases: [
    unloads(VENUES, 'parallel off', {
      'out/x_000':
        '1|Pinewood Racetrack|Akron|OH|0\n2|Columbus "Crew" Stadium|Columbus|OH|0\n4|Community, Ballpark, Arena|Kansas City|KS|\n',
    }),
    unloads(VENUES, 'csv parallel off', {
      'out/x_000':
        '1,Pinewood Racetrack,Akron,OH,0\n2,"Columbus ""Crew"" Stadium",Columbus,OH,0\n4,"Community, Ballpark, Arena",Kansas City,KS,\n',
    }),
    unloads(VENUES, 'json parallel off', {
      'out/x_000': [
        '{"venueid":1,"venuename":"Pinewood Racetrack","venuecity":"Akron","venuestate":"OH","venueseats":0}\n',
        '{"venueid":2,"venuename":"Columbus \\"Crew\\" Stadium","venuecity":"Columbus","venuestate":"OH","venueseats":0}\n',
        '{"venueid":4,"venuename":"Community, Ballpark, Arena","venuecity":"Kansas City","venuestate":"KS","venueseats":null}\n',
      ].join(''),
    }),
    unloads("select 'Pinewood Race|track' as a, 1 as b", "csv delimiter as '|' header parallel off", {
      'out/x_000': 'a|b\n"Pinewood Race|track"|1\n',
    }),
    unloads(
      `unload ('select venueid, venueseats from venue where venuestate=''OH'' order by 1') ${TO} delimiter as '\\t' parallel off`,
      '',
      { 'out/x_000': '1\t0\n2\t0\n' },
    ),
    unloads(`unload ($q$select 'it''s $$' as a$q$) ${TO} parallel off`, '', { 'out/x_000': "it's $$\n" }),
    unloads('select venueid, venueseats from venue order by 1', "null as 'fred' delimiter ';' parallel off", {
      'out/x_000': '1;0\n2;0\n4;fred\n',
    }),
    unloads(
      'select venueid, venuename, venueseats from venue order by 1',
      "fixedwidth as 'venueid:3,venuename:27,venueseats:2' parallel off",
      {
        'out/x_000': [
          '1  Pinewood Racetrack         0 \n',
          '2  Columbus "Crew" Stadium    0 \n',
          '4  Community, Ballpark, Arena   \n',
        ].join(''),
      },
    ),
    // The manifest, to the byte: the examples give the sizes of theirs.
    unloads('select venueid from venue order by 1', 'parallel off manifest', {
      'out/x_000': '1\n2\n4\n',
      'out/x_manifest':
        '{\n  "entries": [\n    {"url":"s3://bucket/out/x_000", "meta": { "content_length": 6 }}\n  ]\n}\n',
    }),
    unloads(
      'select venueid, venuename, venuestate, venueid::decimal(5,2) as worth from venue where venueid < 3 order by 1',
      'manifest verbose header parallel off',
      {
        'out/x_000':
          'venueid|venuename|venuestate|worth\n1|Pinewood Racetrack|OH|1.00\n2|Columbus "Crew" Stadium|OH|2.00\n',
        'out/x_manifest': `{
  "entries": [
    {"url":"s3://bucket/out/x_000", "meta": { "content_length": 98, "record_count": 3 }}
  ],
  "schema": {
    "elements": [
      {"name": "venueid", "type": { "base": "smallint" }},
      {"name": "venuename", "type": { "base": "character varying", "max_length": 30 }},
      {"name": "venuestate", "type": { "base": "character", "max_length": 2 }},
      {"name": "worth", "type": { "base": "numeric", "precision": 5, "scale": 2 }}
    ]
  },
  "meta": {
    "content_length": 98,
    "record_count": 3
  },
  "author": {
    "name": "Amazon Redshift",
    "version": "1.0.0"
  }
}
`,
      },
    ),
    // With PARTITION BY the prefix is a folder, and the manifest stands in it.
    unloads('select venueid, venuestate from venue order by 1', 'partition by (venuestate) manifest parallel off', {
      'out/x_/venuestate=KS/000': '4\n',
      'out/x_/venuestate=OH/000': '1\n2\n',
      'out/x_/manifest':
        '{\n  "entries": [\n    {"url":"s3://bucket/out/x_/venuestate=KS/000", "meta": { "content_length": 2 }},\n    {"url":"s3://bucket/out/x_/venuestate=OH/000", "meta": { "content_length": 4 }}\n  ]\n}\n',
    }),
    unloads('select 1 as a, null::date as day', 'partition by (day) parallel off', {
      'out/x_/day=__HIVE_DEFAULT_PARTITION__/000': '1\n',
    }),
    unloads("select 1 as a, date '2020-01-02' as day", 'partition by (day) include csv header parallel off', {
      'out/x_/day=2020-01-02/000': 'a,day\n1,2020-01-02\n',
    }),
    ...["json_parse('1')", "timestamptz '2020-01-01'", "to_varbyte('a', 'utf8')", '1.5::float8', "time '01:02'"].map(
      (value) =>
        fails(
          `unload ($$select 1 as a, ${value} as b$$) ${TO} partition by (b)`,
          '0A000',
          'column "b" cannot be a PARTITION BY column',
        ),
    ),
    fails(
      `unload ('select 1 as a') ${TO} partition by (a)`,
      '22023',
      'At least one column must remain beside the partition columns',
    ),
    // Values of every type.
    unloads(
      `select true as a, 1.50::decimal(5,2) as b, 1e20::float8 as c, 'NaN'::float8 as d, 'Infinity'::float8 as e, date '2020-01-02' as f,
        timestamp '2020-01-02 03:04:05.25' as g, timestamptz '2020-01-02 03:04:05+02' as h, time '01:02:03' as i`,
      'parallel off',
      {
        'out/x_000': 't|1.50|1e+20|NaN|Infinity|2020-01-02|2020-01-02 03:04:05.25|2020-01-02 01:04:05+00|01:02:03\n',
      },
    ),
    unloads(
      `select interval '1-2' year to month as a, interval '1 02:03:04' day to second as b, to_varbyte('abc', 'utf8') as c,
        json_parse('{"a":[1,"x"]}') as d`,
      'parallel off',
      { 'out/x_000': '1 year 2 mons|1 day 02:03:04|616263|{"a":[1,"x"]}\n' },
    ),
    unloads(
      'select 12345678901234567890.123456::decimal(38,6) as a, 1.50::decimal(5,2) as b, null::decimal(5,2) as c',
      'json parallel off',
      { 'out/x_000': '{"a":12345678901234567890.123456,"b":1.5,"c":null}\n' },
    ),
    unloads('select sum(a * (1 - a) * (1 + a)) as x from large', 'parallel off', {
      'out/x_000': '-999999999996999999990003000000.009999\n',
    }),
    unloads('select venueid from venue where venueid = 1 -- the first', 'parallel off as csv', { 'out/x_000': '1\n' }),
    unloads('select venueid from venue where false', 'parallel off', { 'out/x_000': '' }),
    unloads('select venueid from venue where false', 'json parallel off', {}),
    unloads(`unload ('select 1') to 's3://bucket/' iam_role default parallel off`, '', { '000': '1\n' }),
    unloads('select * from (select venueid from venue order by 1 limit 1)', "extension 'csv' parallel off", {
      'out/x_000.csv': '1\n',
    }),
    fails(`unload ('select * from venue limit 10') ${TO}`, '0A000', 'Limit clause is not supported'),
    // Options that exclude each other, and such as there are not.
    ...[
      ['parquet text', 'TEXT is not compatible with PARQUET'],
      ['json text', 'TEXT is not compatible with JSON'],
      ["parquet fixedwidth 'a:1'", 'FIXEDWIDTH is not compatible with PARQUET'],
      ['json header', 'JSON is not compatible with HEADER'],
      ["header fixedwidth 'a:1'", 'FIXEDWIDTH is not compatible with HEADER'],
      ["delimiter '||'", 'DELIMITER of UNLOAD must be a single ASCII character'],
      ["delimiter 'é'", 'DELIMITER of UNLOAD must be a single ASCII character'],
      ['parallel off parallel on', 'conflicting or redundant options: PARALLEL'],
      ['encrypted auto encrypted', 'ENCRYPTED is not compatible with ENCRYPTED AUTO'],
      ["csv null as 'n,a'", 'NULL AS of CSV cannot hold the delimiter or a quotation mark'],
      ['verbose', 'UNLOAD has no option VERBOSE'],
      ['ignoreheader 1', 'UNLOAD has no option IGNOREHEADER'],
    ].map(([options = '', message = '']) => fails(`unload ('select 1 as a') ${TO} ${options}`, '22023', message)),
    fails(`unload ('select to_varbyte(''a'', ''utf8'') as b') ${TO} parquet`, '0A000', 'to text or CSV only'),
    fails(`unload ('select interval ''1'' month as b') ${TO} parquet`, '0A000', 'to text, CSV and JSON only'),
    fails(`unload ('selec 1') ${TO}`, '42601', 'syntax error at or near "selec"'),
    fails(`unload ('select * from nowhere') ${TO}`, '42P01', 'relation "nowhere" does not exist'),
  ],
};
