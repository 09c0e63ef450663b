import { fails, gives, runs, type Chapter } from '../chapter.ts';

const keysOf = (table: string): string =>
  `select "column", encoding, distkey, sortkey from pg_table_def where tablename = '${table}' order by "column"`;
const COLUMNS = ['column varchar', 'encoding varchar', 'distkey bool', 'sortkey int4'];

/** The examples of https://docs.aws.amazon.com/redshift/latest/dg/r_CTAS_examples.html are among the cases. */
export const TABLE_KEYS: Chapter = {
  title: 'Keys and encodings of tables',
  page: 'r_CTAS_usage_notes.html',
  setup: [
    'create table event (eventid int distkey, venueid smallint, dateid smallint sortkey, eventname varchar(200), open boolean, price float)',
  ],
  cases: [
    gives(
      keysOf('event'),
      COLUMNS,
      ['dateid', 'none', 'false', '1'],
      ['eventid', 'az64', 'true', '0'],
      ['eventname', 'lzo', 'false', '0'],
      ['open', 'none', 'false', '0'],
      ['price', 'none', 'false', '0'],
      ['venueid', 'az64', 'false', '0'],
    ),
    runs('create table event_backup as select eventid, dateid from event'),
    gives(keysOf('event_backup'), COLUMNS, ['dateid', 'none', 'false', '1'], ['eventid', 'az64', 'true', '0']),
    runs('create table eventdistsort distkey (1) sortkey (1,3) as select eventid, venueid, dateid from event'),
    gives(
      keysOf('eventdistsort'),
      COLUMNS,
      ['dateid', 'none', 'false', '2'],
      ['eventid', 'none', 'true', '1'],
      ['venueid', 'az64', 'false', '0'],
    ),
    runs('create table eventdisteven diststyle even as select eventid, dateid from event'),
    gives(keysOf('eventdisteven'), COLUMNS, ['dateid', 'az64', 'false', '0'], ['eventid', 'az64', 'false', '0']),
    runs('create table venuedistevent distkey(venueid) as select venueid, dateid from event'),
    gives(keysOf('venuedistevent'), COLUMNS, ['dateid', 'az64', 'false', '0'], ['venueid', 'az64', 'true', '0']),
    runs('create table ordered as select eventid as id, venueid from event where dateid > 0 order by venueid desc'),
    gives(keysOf('ordered'), COLUMNS, ['id', 'az64', 'true', '0'], ['venueid', 'none', 'false', '1']),
    runs('create table few as select eventid, dateid from event limit 100'),
    gives(keysOf('few'), COLUMNS, ['dateid', 'az64', 'false', '0'], ['eventid', 'az64', 'false', '0']),
    runs('create table counted as select eventid, dateid from event group by eventid, dateid'),
    gives(keysOf('counted'), COLUMNS, ['dateid', 'az64', 'false', '0'], ['eventid', 'az64', 'false', '0']),
    runs('create table named (x, y) as select eventid, dateid + 1 from event as e'),
    gives(keysOf('named'), COLUMNS, ['x', 'az64', 'true', '0'], ['y', 'az64', 'false', '0']),
    runs('create temp table passing (eventid int encode raw, dateid int)'),
    gives(keysOf('passing'), COLUMNS, ['dateid', 'none', 'false', '0'], ['eventid', 'none', 'false', '0']),
    fails('create table t distkey(7) as select * from event', '42703', 'column "7" named in key does not exist'),
    fails('create table t sortkey(nope) as select * from event', '42703', 'column "nope" named in key does not exist'),
    fails('create table t (a int) distkey(1)', '42703', 'column "1" named in key does not exist'),
    fails(
      'create table t as select a.*, b.eventid from event a, event b',
      '42701',
      '"eventid" specified more than once',
    ),
    fails('select eventid, eventid into t from event', '42701', 'column "eventid" specified more than once'),
    fails('create view t as select eventid, eventid from event', '42701', '"eventid" specified more than once'),
    fails('create materialized view t as select 1 as a, 2 as a', '42701', 'column "a" specified more than once'),
  ],
};
