import { fails, gives, runs, type Chapter } from '../chapter.ts';

/** Blanks at the end of a text do not count, so that what comes next decides; SUPER values go by their kind. */
export const SORTING: Chapter = {
  title: 'ORDER BY',
  page: 'r_ORDER_BY_clause.html',
  setup: [
    'create table seen (who varchar(10), n int, doc super)',
    "insert into seen values ('x ', 1, json_parse('10')), ('x', 2, json_parse('9')), ('x  ', 0, json_parse('\"b\"')), ('y', 0, json_parse('true'))",
    'create table other (name varchar(10), n int)',
    "insert into other values ('q ', 1), ('q', 0)",
  ],
  cases: [
    // Computed keys
    gives('select n from seen order by upper(who), n', ['n int4'], ['0'], ['1'], ['2'], ['0']),
    gives(
      "select who || '' as w, n as v from seen order by w desc, v limit 2",
      ['w varchar', 'v int4'],
      ['y', '0'],
      ['x  ', '0'],
    ),
    gives('select upper(who) as n, n as v from seen order by n, v limit 1', ['n varchar', 'v int4'], ['X  ', '0']),
    gives(
      "select case when n > 1 then 'x ' else 'x' end as c, n from seen order by 1, 2 desc limit 2",
      ['c varchar', 'n int4'],
      ['x ', '2'],
      ['x', '1'],
    ),
    // Of groups, and of rows told apart
    gives(
      'select n + 1 as k, max(who) as m from seen group by 1 order by m, k',
      ['k int4', 'm varchar'],
      ['2', 'x '],
      ['3', 'x'],
      ['1', 'y'],
    ),
    gives('select min(n) as m from seen group by n order by max(who), min(n) desc', ['m int4'], ['2'], ['1'], ['0']),
    gives(
      'select who, n, count(*) as c from seen group by who, n order by who, n limit 2',
      ['who varchar', 'n int4', 'c int8'],
      ['x  ', '0', '1'],
      ['x ', '1', '1'],
    ),
    gives(
      'select distinct upper(who) as u, n from seen order by u, n limit 2',
      ['u varchar', 'n int4'],
      ['X  ', '0'],
      ['X ', '1'],
    ),
    gives('select distinct * from other order by name, n', ['name varchar', 'n int4'], ['q', '0'], ['q ', '1']),
    // Of the columns of a star
    gives('select * from other order by 1, 2', ['name varchar', 'n int4'], ['q', '0'], ['q ', '1']),
    gives(
      'select * from seen, other order by name, doc desc limit 1',
      ['who varchar', 'n int4', 'doc super', 'name varchar', 'n int4'],
      ['x  ', '0', '"b"', 'q ', '1'],
    ),
    gives(
      'select s.*, name from seen s join other o on s.n = o.n order by who desc, n',
      ['who varchar', 'n int4', 'doc super', 'name varchar'],
      ['y', '0', 'true', 'q'],
      ['x  ', '0', '"b"', 'q'],
      ['x ', '1', '10', 'q '],
    ),
    gives(
      'select * exclude (doc) from seen join other using (n) order by 2, 1',
      ['n int4', 'who varchar', 'name varchar'],
      ['0', 'x  ', 'q'],
      ['1', 'x ', 'q '],
      ['0', 'y', 'q'],
    ),
    fails('select * from seen, other order by n', '42702', 'is ambiguous'),
    fails(
      "select * from seen s, split_to_array('a', ',') as part order by 3, 1",
      '0A000',
      'ORDER BY 3, … of a * whose columns cannot be told',
    ),
    gives('select * from (select rtrim(who) as w from seen) group by 1 order by 1', ['w varchar'], ['x'], ['y']),
    gives('select count(*) as c from (select * from (select who from seen) group by 1) q', ['c int8'], ['2']),
    // Of set operations
    gives(
      'select who, n from seen where n < 2 union all select name, n from other order by who desc, 2 desc',
      ['who varchar', 'n int4'],
      ['y', '0'],
      ['x ', '1'],
      ['x  ', '0'],
      ['q ', '1'],
      ['q', '0'],
    ),
    gives(
      'select * from other union select who, n from seen where n > 1 order by 1, n',
      ['name varchar', 'n int4'],
      ['q', '0'],
      ['q ', '1'],
      ['x', '2'],
    ),
    gives(
      'select name, n as name from other except select who, n from seen order by 1, 2 limit 1',
      ['name varchar', 'name int4'],
      ['q', '0'],
    ),
    gives(
      'select doc from seen union all select doc from seen where n = 2 order by doc',
      ['doc super'],
      ['true'],
      ['9'],
      ['9'],
      ['10'],
      ['"b"'],
    ),
    // SUPER values: booleans, numbers, texts, arrays, objects
    gives('select doc from seen order by doc', ['doc super'], ['true'], ['9'], ['10'], ['"b"']),
    gives(
      'select n, doc as d from seen order by n, 2 desc',
      ['n int4', 'd super'],
      ['0', '"b"'],
      ['0', 'true'],
      ['1', '10'],
      ['2', '9'],
    ),
    gives('select distinct doc from seen order by 1 desc', ['doc super'], ['"b"'], ['10'], ['9'], ['true']),
    gives(
      'select doc, count(*) as c from seen group by doc order by doc',
      ['doc super', 'c int8'],
      ['true', '1'],
      ['9', '1'],
      ['10', '1'],
      ['"b"', '1'],
    ),
    gives(
      'select n, row_number() over (order by doc desc) as r from seen order by r',
      ['n int4', 'r int8'],
      ['0', '1'],
      ['1', '2'],
      ['2', '3'],
      ['0', '4'],
    ),
    gives(
      "select listagg(n, ',') within group (order by who, doc) as who, listagg(n, ',') within group (order by who, doc) as again from seen",
      ['who varchar', 'again varchar'],
      ['2,1,0,0', '2,1,0,0'],
    ),
    gives("select listagg(n, ',') within group (order by doc) as l from seen", ['l varchar'], ['0,2,1,0']),
    // PIVOT puts rows together
    fails(
      'select * from seen pivot (count(doc) for n in (0, 1))',
      '0A000',
      'PIVOT of texts that end with blanks is not supported here',
    ),
    gives(
      'select * from (select rtrim(who) as w, n from seen) pivot (count(*) for n in (0, 1)) order by 1, 2',
      ['w varchar', '0 int8', '1 int8'],
      ['x', '1', '1'],
      ['y', '1', '0'],
    ),
    runs('drop table other'),
  ],
};
