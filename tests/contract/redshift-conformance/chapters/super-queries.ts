import { fails, gives, type Chapter } from '../chapter.ts';

const ORDERS = `{"orders":[{"key":5,"lines":["a","b"]},{"key":7,"lines":["c"]}],"address":{"city":"Oslo","zip":"0150"}}`;

export const SUPER_QUERIES: Chapter = {
  title: 'Querying semistructured data',
  page: 'query-super.html',
  setup: [
    'create table customer(id int, c super)',
    `insert into customer values (1, json_parse('${ORDERS}')), (2, null)`,
  ],
  cases: [
    gives('select c.address.city from customer where id = 1', ['city super'], ['"Oslo"']),
    gives('select c.orders[1].key::int + 1 as next from customer where id = 1', ['next int4'], ['8']),
    gives(
      "select case when json_typeof(c.orders[0].key) = 'number' then c.orders[0].key::int end as key from customer order by id",
      ['key int4'],
      ['5'],
      [null],
    ),
    gives(
      'select t.id, o.key::int as key, position from customer t, t.c.orders as o at position order by position',
      ['id int4', 'key int4', 'position int8'],
      ['1', '5', '0'],
      ['1', '7', '1'],
    ),
    gives(
      'select o.key::int as key, line::varchar as line from customer as t, t.c.orders o, o.lines line where o.key::int < 6 order by line',
      ['key int4', 'line varchar'],
      ['5', 'a'],
      ['5', 'b'],
    ),
    gives(
      'select attribute, value::varchar as value from customer t, unpivot t.c.address as value at attribute order by attribute',
      ['attribute varchar', 'value varchar'],
      ['city', 'Oslo'],
      ['zip', '0150'],
    ),
    gives(
      'select t.id, count(*) as n from customer t join customer u on u.id = t.id, t.c.orders o group by t.id',
      ['id int4', 'n int8'],
      ['1', '2'],
    ),
    fails('select o from customer t, t.c.address as o', 'XX000', 'Expected ARRAY'),
    fails('select o from customer t, t.c.orders as o at', '42601', 'syntax error'),
    gives("select convert(datetime, '2008-02-18 02:36:48') as t", ['t timestamp'], ['2008-02-18 02:36:48']),
  ],
};
