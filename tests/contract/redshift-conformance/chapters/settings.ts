import { fails, gives, runs, type Chapter } from '../chapter.ts';

const label = (expression: string, column: string, value: string): ReturnType<typeof gives> =>
  gives(`select ${expression} from named`, [column], [value]);

/** https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html and the SHOW commands. */
export const SETTINGS: Chapter = {
  title: 'Settings, and what SHOW and EXPLAIN answer',
  page: 'r_SHOW.html',
  setup: [
    'create table named (name varchar(10), n integer)',
    "insert into named values ('dog', 100)",
    'create table keyed (id integer not null encode az64 distkey, note varchar(20) encode lzo, primary key (id)) sortkey (id)',
    "create view dogs as select name from named where name = 'dog'",
  ],
  cases: [
    gives('show search_path', ['search_path varchar'], ['$user, public']),
    gives('show time zone', ['timezone varchar'], ['UTC']),
    gives('show transaction isolation level', ['transaction_isolation varchar'], ['serializable']),
    fails('show nonsense', '42704', 'unrecognized configuration parameter "nonsense"'),
    fails('show model all', '0A000', 'SHOW MODEL'),
    fails('show external table s.t', '0A000', 'SHOW EXTERNAL TABLE'),
    fails('show grants', '42601', 'syntax error at end of input'),
    // r_SHOW
    gives('show query_group', ['query_group varchar'], ['unset']),
    runs("set query_group to 'nightly'"),
    gives('show query_group', ['query_group varchar'], ['nightly']),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_SET_CONFIG.html
    gives("select set_config('query_group', 'test', false)", ['set_config varchar'], ['test']),
    gives('show query_group', ['query_group varchar'], ['test']),
    fails("select set_config('query_group', 'test', n > 1) from named", '0A000', 'set_config is not supported'),
    runs("set app_context.user to 'ada'"),
    gives('show app_context.user', ['app_context.user varchar'], ['ada']),
    fails("set datestyle to 'SQL, DMY'", '0A000', 'datestyle'),
    runs("set datestyle to 'ISO, MDY'"),
    fails("set timezone to 'Nowhere/At_All'", '22023', 'invalid value for parameter "TimeZone": "Nowhere/At_All"'),
    runs("set timezone to '-8:00'"),
    gives(
      "select cast('2024-01-01 12:00:00-08' as timestamptz)::varchar as t",
      ['t varchar'],
      ['2024-01-01 12:00:00-08'],
    ),
    runs("set timezone interval '-8 hours'"),
    runs('set timezone to default'),
    runs("set session.batch = 'b1'"),
    gives('show session.batch', ['session.batch varchar'], ['b1']),
    gives(
      'show table keyed',
      ['Show Table DDL statement varchar'],
      [
        'CREATE TABLE public.keyed (\n    id integer NOT NULL ENCODE az64 distkey,\n    note character varying(20) ENCODE lzo,\n    PRIMARY KEY (id)\n)\nDISTSTYLE KEY\nSORTKEY ( id );',
      ],
    ),
    // Sort keys, and types that are never compressed, have no encoding: https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_TABLE.html
    runs(
      'create table encoded(a int not null distkey, b smallint sortkey, c numeric(8,2) encode raw, d varchar(10), e float, f super, g int encode zstd)',
    ),
    gives(
      'show table encoded',
      ['Show Table DDL statement varchar'],
      [
        'CREATE TABLE public.encoded (\n    a integer NOT NULL ENCODE az64 distkey,\n    b smallint,\n    c numeric(8,2) ENCODE raw,\n    d character varying(10) ENCODE lzo,\n    e double precision,\n    f super,\n    g integer ENCODE zstd\n)\nDISTSTYLE KEY\nSORTKEY ( b );',
      ],
    ),
    fails('set json_parse_dedup_attributes to on', '0A000', 'SET json_parse_dedup_attributes TO on is not supported'),
    gives('show view public.dogs', ['Show View DDL statement varchar'], ["select name from named where name = 'dog';"]),
    fails('show table dogs', '42809', '"dogs" is not a table'),
    fails('show table missing', '42P01', 'relation "missing" does not exist'),
    gives(
      'explain select 1 as one',
      ['QUERY PLAN varchar'],
      ['Projection  (rows=1)'],
      ['  Projections: one'],
      ['  ->  Dummy Scan'],
    ),
    fails('explain select nothing from named', '42703', 'column "nothing" does not exist'),
    fails('explain explain select 1', '42601', 'syntax error at or near "explain"'),
    fails('explain drop table named', '42601', 'syntax error at or near "drop"'),
    fails('explain create table more (a int)', '42601', 'syntax error at or near "create"'),
    fails("set statement_timeout to 'soon'", '22023', 'parameter "statement_timeout" requires an integer value'),
    fails('set enable_result_cache_for_session to maybe', '22023', 'requires a Boolean value'),
    // How columns without a name are called: the pages of the functions.
    label("trim('\"' from '\"dog\"')", 'btrim varchar', 'dog'),
    label('log(100)', 'dlog10 float8', '2'),
    label("nullif(name, 'cat')", 'name varchar', 'dog'),
    label('nullif(n + 1, 0)', 'case int4', '101'),
    label(
      "timestamp with time zone '2001-02-16 20:38:40-05' at time zone 'MST'",
      'timezone timestamp',
      '2001-02-16 18:38:40',
    ),
    // What names no zone is in the session's.
    runs("set timezone to 'America/New_York'"),
    runs('create temp table moments (at timestamptz)'),
    runs(
      "insert into moments values ('2020-06-01 10:00'), ('2020-06-01 10:00:00'), ('June 1,2020 10:00'), ('2020-06-01 10:00 PST')",
    ),
    gives(
      "select at = '2020-06-01 14:00:00+00'::timestamptz as a, at::varchar as t, to_char(at, 'HH24:MI') as c, at::timestamp as w from moments order by at, 2",
      ['a bool', 't varchar', 'c varchar', 'w timestamp'],
      ...[1, 2, 3].map(() => ['true', '2020-06-01 10:00:00-04', '10:00', '2020-06-01 10:00:00']),
      ['false', '2020-06-01 14:00:00-04', '14:00', '2020-06-01 14:00:00'],
    ),
    gives(
      "select to_timestamp('2020-06-01 10', 'YYYY-MM-DD HH24') = '2020-06-01 14:00:00+00'::timestamptz as same",
      ['same bool'],
      ['true'],
    ),
    fails("select to_char(at, 'HH24 TZ') from moments", '0A000', 'TZ and OF of TO_CHAR'),
    runs('reset timezone'),
    gives("select to_char('2020-06-01 10:00'::timestamptz, 'HH24 TZ OF') as t", ['t varchar'], ['10 UTC +00']),
    fails("set session authorization 'bob'", '0A000', 'SET SESSION AUTHORIZATION to another user'),
    runs('set session authorization admin'),
    runs('set session authorization default'),
    fails('select current_namespace', '0A000', 'CURRENT_NAMESPACE is not supported'),
    fails('select current_aws_account', '0A000', 'CURRENT_AWS_ACCOUNT is not supported'),
    // r_CURRENT_SETTING: what a context does not have is NULL if that is asked for
    gives("select current_setting('app_context.user_id', false)", ['current_setting varchar'], [null]),
    fails(
      "select current_setting('app_context.user_id')",
      '42704',
      'unrecognized configuration parameter "app_context.user_id"',
    ),
    runs("set app_context.user_id to '7'"),
    gives("select current_setting('app_context.user_id', false)", ['current_setting varchar'], ['7']),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_RESET.html: a context variable is NULL then
    runs('reset app_context.user_id'),
    gives("select current_setting('app_context.user_id', false)", ['current_setting varchar'], [null]),
    runs("set query_group to 'late'"),
    runs("set timezone to 'America/New_York'"),
    runs("set app_context.user_id to '8'"),
    runs('reset all'),
    gives('show query_group', ['query_group varchar'], ['unset']),
    gives("select '2024-06-01 12:00'::timestamptz::varchar as t", ['t varchar'], ['2024-06-01 12:00:00+00']),
    gives("select current_setting('app_context.user_id', false)", ['current_setting varchar'], [null]),
    // A name that is none of a parameter
    fails('set serach_path to s1', '42704', 'unrecognized configuration parameter "serach_path"'),
    fails('reset serach_path', '42704', 'unrecognized configuration parameter "serach_path"'),
    fails("select set_config('nonsense', '1', false)", '42704', 'unrecognized configuration parameter "nonsense"'),
    fails('set role analyst', '42601', 'syntax error at or near "analyst"'),
    runs("set application_name to 'etl'"),
    gives('show application_name', ['application_name varchar'], ['etl']),
    runs("set names 'UTF8'"),
    gives('show client_encoding', ['client_encoding varchar'], ['UTF8']),
    runs('set transaction isolation level serializable'),
    runs('set enable_hashjoin to off'),
    runs('set client_min_messages = warning'),
    fails('show work_mem', '0A000', 'SHOW work_mem where it is not SET'),
    fails('set transform_null_equals to on', '0A000', 'SET transform_null_equals TO on'),
    fails('set standard_conforming_strings to on', '0A000', 'SET standard_conforming_strings TO on'),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html: a seed is from 0 to 1, and the numbers after it are those of before
    runs('set seed to .25'),
    runs('create temp table drawn as select random() as r'),
    runs('set seed to .25'),
    gives('select random() = r as same from drawn', ['same bool'], ['true']),
    fails('set seed to 5', '22023', 'invalid value for parameter "seed": "5"'),
  ],
};
