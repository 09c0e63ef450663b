import { cataloguedType, isColumnType, parseColumnType, typeSql } from '../../../src/manifest/column-type.ts';

test.each([
  ['int', 'integer'],
  ['INT8', 'bigint'],
  ['int2', 'smallint'],
  ['float', 'double precision'],
  ['Float4', 'real'],
  ['bool', 'boolean'],
  ['numeric', 'decimal(18,0)'],
  ['DECIMAL ( 12 , 2 )', 'decimal(12,2)'],
  ['numeric(38,37)', 'decimal(38,37)'],
  ['char', 'char(1)'],
  ['character(10)', 'char(10)'],
  ['varchar', 'varchar(256)'],
  ['text', 'varchar(256)'],
  ['Character  Varying(20)', 'varchar(20)'],
  ['varchar(MAX)', 'varchar(65535)'],
  ['varbyte(10)', 'varbyte(10)'],
  ['timestamp without time zone', 'timestamp'],
  ['timestamp  with time\tzone', 'timestamptz'],
  ['timetz', 'timetz'],
  ['super', 'super'],
])('%s is %s', (written, sql) => {
  const type = parseColumnType(written);
  expect(isColumnType(type) ? typeSql(type) : type).toBe(sql);
});

test.each([
  '',
  'varchar(0)',
  'varchar(65536)',
  'char(4097)',
  'decimal(39,0)',
  'decimal(5,6)',
  'decimal(0)',
  'integer(4)',
  'varchar(1,2)',
  'date)',
  'int; drop table x',
  'constructor',
  '__proto__',
  'toString',
  'geometry',
  'interval year to month',
  'hllsketch',
  'json',
  'datetime',
  'varchar(99999999999999)',
])('%j is not a type, and something to do is said', (written) => {
  const type = parseColumnType(written);
  expect(isColumnType(type)).toBe(false);
  expect((type as { do: string }).do).toMatch(/\S/);
});

test('svv_columns tells lengths of texts, and digits of decimals', () => {
  expect(cataloguedType({ name: 'varchar', length: 20 })).toEqual({ dataType: 'character varying', characters: 20 });
  expect(cataloguedType({ name: 'decimal', precision: 12, scale: 2 })).toEqual({
    dataType: 'numeric',
    precision: 12,
    scale: 2,
  });
  expect(cataloguedType({ name: 'timestamptz' })).toEqual({ dataType: 'timestamp with time zone' });
});
