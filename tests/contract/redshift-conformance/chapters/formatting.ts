import { fails, gives, type Case, type Chapter } from '../chapter.ts';

/** One value in one column `v`. */
const value = (expression: string, type: string, text: string | null): Case =>
  gives(`select ${expression} as v`, [`v ${type}`], [text]);

/** No value `v` for which a format gives something else when it is computed. */
const computedAlike = (values: string, call: (format: string) => string, formats: readonly string[]): Case =>
  gives(
    `with given as (${values}) ${formats
      .map(
        (format) =>
          `select '${format}' as f, v::varchar from given where ${call(`'${format}'`)} <> ${call(`'${format}' || ''`)}`,
      )
      .join(' union all ')}`,
    ['f varchar', 'v varchar'],
  );

export const FORMATTING: Chapter = {
  title: 'Data type formatting functions',
  page: 'r_Data_type_formatting.html',
  setup: [
    'create table sales (pricepaid decimal(8,2), commission decimal(8,2))',
    'insert into sales values (728.00, 109.20), (76.00, 11.40)',
    `create table numbers as with recursive r (n) as (select 0 union all select n + 1 from r where n < 60) select n from r`,
  ],
  cases: [
    // r_VARBYTE_type, r_VARBYTE_OPERATORS, r_GETBIT
    value('to_hex(5::smallint::varbyte) || to_hex(5::int::varbyte)', 'varchar', '000500000005'),
    value('to_hex((-2)::bigint::varbyte)', 'varchar', 'fffffffffffffffe'),
    value('(-2)::int::varbyte::int', 'int4', '-2'),
    value("to_hex('a'::varbyte + 'b'::varbyte)", 'varchar', '6162'),
    // r_STRPOS, r_POSITION, r_CHARINDEX: of bytes
    value("strpos(from_hex('ff6162'), from_hex('61'))", 'int4', '2'),
    value("position(from_hex('62') in from_hex('ff6162'))", 'int4', '3'),
    value("charindex('zz'::varbyte, 'abc'::varbyte)", 'int4', '0'),
    value("getbit(from_hex('4d'), 2)", 'int4', '1'),
    value("getbit(from_hex('4d'), 7)", 'int4', '0'),
    // r_TO_CHAR: datetimes
    value(
      "to_char(timestamp '2009-12-31 23:15:59', 'MONTH-DY-DD-YYYY HH12:MIPM')",
      'varchar',
      'DECEMBER -THU-31-2009 11:15PM',
    ),
    value("to_char(timestamp '2009-12-31 23:15:59', 'DDD')", 'varchar', '365'),
    value("to_char(timestamp '2022-05-16 23:15:59', 'ID')", 'varchar', '1'),
    value("to_char(date '2009-12-31', 'MONTH')", 'varchar', 'DECEMBER '),
    value("to_char(timestamp '2009-12-31 23:15:59', 'HH24:MI:SS')", 'varchar', '23:15:59'),
    value("to_char(timestamp '2008-01-25 14:30:00', 'MON-DD-YYYY HH12:MIPM')", 'varchar', 'JAN-25-2008 02:30PM'),
    value("to_char(timestamp '2008-02-18 02:36:48', 'cc')", 'varchar', '21'),
    value("to_char(timestamp '2008-01-25 14:30:00', 'HH12:MI:SS TZ')", 'varchar', '02:30:00 UTC'),
    value("to_char(timestamp '2015-04-10 18:45:09.325143', 'HH24:MI:SS.MS')", 'varchar', '18:45:09.325'),
    value("to_char(timestamp '2015-04-10 18:45:09.325143', 'HH24:MI:SS:US')", 'varchar', '18:45:09:325143'),
    // r_FORMAT_strings: every pattern
    value("to_char(date '2009-02-07', 'YYYY YYY YY Y Y,YYY')", 'varchar', '2009 009 09 9 2,009'),
    value("to_char(date '2009-02-07', 'Month|Mon|mon|FMMonth|MM|FMMM')", 'varchar', 'February |Feb|feb|February|02|2'),
    value("to_char(date '2009-02-07', 'Day|DY|D|ID|DDD')", 'varchar', 'Saturday |SAT|7|6|038'),
    value("to_char(date '2009-02-07', 'Q WW IW W RM rm')", 'varchar', '1 06 06 1 II   ii  '),
    value("to_char(date '2009-02-07', 'J FMDDth BC')", 'varchar', '2454870 7th AD'),
    value("to_char(timestamp '2021-12-31 23:59:59.999999', 'J')", 'varchar', '2459580'),
    value("to_char(timestamp '2009-02-07 00:05:06', 'HH24 HH12 HH A.M. pm SSSS')", 'varchar', '00 12 12 A.M. am 306'),
    value(`to_char(date '2009-02-07', 'YYYY"-Day-"DD')`, 'varchar', '2009-Day-07'),
    // r_TO_CHAR: numbers
    value("to_char(-125.8, '999D99S')", 'varchar', '125.80-'),
    value("to_char(125, '999PL') || to_char(-125, 'PL999') || to_char(-125, 'FMPL999')", 'varchar', ' 125+ -125-125'),
    value("to_char(-125.88, '$S999D99')", 'varchar', '$-125.88'),
    value("to_char(-125.88, '$999D99PR')", 'varchar', '$<125.88>'),
    value("trim(to_char(125, 'RN'))", 'varchar', 'CXXV'),
    gives(
      "select to_char(pricepaid - commission, 'rn') as roman, to_char(pricepaid - commission, 'l99999D99') as money from sales",
      ['roman varchar', 'money varchar'],
      ['          dcxix', '$   618.80'],
      ['            lxv', '$    64.60'],
    ),
    // r_Numeric_formating
    value("to_char(1234567.891, 'FM9,999,999.00')", 'varchar', '1,234,567.89'),
    value("to_char(485, '9,999')", 'varchar', '   485'),
    value("to_char(5, '000')", 'varchar', ' 005'),
    value("to_char(0.1, '9.9') || to_char(0.1, '0.9')", 'varchar', '  .1 0.1'),
    value("to_char(1234, '99')", 'varchar', ' ##'),
    value("to_char(-12, '99MI') || to_char(12, 'SG99') || to_char(12, 'S99')", 'varchar', '12-+12+12'),
    value("to_char(3, 'FM9th')", 'varchar', '3rd'),
    value("to_char(125.8, 'PL999D99')", 'varchar', '+ 125.80'),
    value("to_char(125.8, '999D99SG') || to_char(482, '999th')", 'varchar', '125.80+ 482nd'),
    // as PostgreSQL has it: FM leaves no blank of a sign, a text between digits always stands, an ordinal is of whole numbers only
    value("to_char(5, 'FM99MI') || '|' || to_char(-5, 'FMPL99')", 'varchar', '5|-5'),
    value("to_char(-7, '9\"-\"99') || '|' || to_char(7, 'FM9\"-\"99')", 'varchar', ' - -7|-7'),
    value("to_char(12.5, '99D9th') || '|' || to_char(123, '99th')", 'varchar', ' 12.5| ##'),
    value("to_char(-12, '999 S') || to_char(12, '999THS')", 'varchar', ' 12-  12+TH'),
    value("to_char(7, '9.') || to_char(7, ',999') || to_char(0.5, '.99')", 'varchar', ' 7    7 .##'),
    fails("select to_char(1, 'S99MI')", '0A000', 'S and MI cannot be used together'),
    fails("select to_char(1, 'B99')", '0A000', 'B is not supported'),
    fails("select to_char(1, 'PR99')", '0A000', 'PR before its digits'),
    value("to_char(null::int, '999')", 'varchar', null),
    fails("select to_char(1, '9EEEE')", '0A000', 'EEEE'),
    value("to_char(12.5, '99' || '.9')", 'varchar', ' 12.5'),
    // A format that is computed is read by other code than one that is a literal.
    computedAlike(
      `select sysdate - n * interval '1 day' * 37.21 as v from numbers`,
      (format) => `to_char(v, ${format})`,
      `YYYY YYY YY Y Y,YYY|IYYY IW ID|Month|MONTH|FMmonth DDth|Mon MON mon|DAY Day FMday DY dy|D DD DDD J|Q W WW CC RM rm|HH HH12 HH24 MI SS MS US SSSS|AM p.m. BC a.d.|"Week "WW, TZ OF tz|DDTH FMMM.FMDD x`.split(
        '|',
      ),
    ),
    computedAlike(
      'select (n - 20) * (n - 7) * (n - 30) * 1.37 as v from numbers',
      (format) => `to_char(v, ${format})`,
      `999|9,999.99|FM9,999.90|000|FM000.00|99.99|S9999D9|9999S|MI9999|9999MI|9999PR|FM9999PR|L99,999.00|SG999|PL999|FMPL999|FM999MI|9999TH|9999th|9999THS|999D9th|RN|FMrn|.99|FM9.9|"a"99"b"99|FM99"b"99|,999|FM,999|9999 S|999.|9L99|99999999999.999999`.split(
        '|',
      ),
    ),
    computedAlike(
      `select to_char(sysdate - n * interval '1 day' * 37.21, 'YYYY-MM-DD HH12:MI:SS Mon AM') as v from numbers`,
      (format) => `to_timestamp(v, ${format})`,
      `YYYY-MM-DD HH12:MI:SS MON AM|YYYY-DD-MM|YYYY/MM/DD|YYYY DD`.split('|'),
    ),
    fails(
      `select to_date(v, f, true) from (select '2020-02-30' as v, 'YYYY-MM' || '-DD' as f) q`,
      '22008',
      'out of range',
    ),
    fails(`select to_date(v, f) from (select 'x' as v, 'YY' || 'YY' as f) q`, '22007', '"x" is not in the format YYYY'),
    fails("select to_char(1, '9' || 'EEEE')", '0A000', 'EEEE is not supported'),
    fails("select to_number('1', '9' || '9')", '0A000', 'to_number with a format that is not a literal'),
    // r_TO_DATE_function
    value("to_date('02 Oct 2001', 'DD Mon YYYY')", 'date', '2001-10-02'),
    value("to_date('20010631', 'YYYYMMDD', FALSE)", 'date', '2001-07-01'),
    fails("select to_date('20010631', 'YYYYMMDD', TRUE)", '22008', 'date/time field value out of range'),
    fails("select to_date('yesterday', 'YYYYMMDD')", '22007', 'yesterday'),
    value("to_date('2011-12-18 24:38:15', 'YYYY-MM-DD')", 'date', '2011-12-18'),
    // r_TO_TIMESTAMP
    value("to_timestamp('2017','YYYY')", 'timestamptz', '2017-01-01 00:00:00+00'),
    value("to_timestamp('2011-12-18 24:38:15', 'YYYY-MM-DD HH24:MI:SS')", 'timestamptz', '2011-12-19 00:38:15+00'),
    fails(
      "select to_timestamp('2011-12-18 24:38:15', 'YYYY-MM-DD HH24:MI:SS', TRUE)",
      '22008',
      'date/time field value out of range',
    ),
    value(
      "to_timestamp('05/06/99 01:02:03.5 PM', 'MM/DD/YY HH12:MI:SS.MS AM')",
      'timestamptz',
      '1999-05-06 13:02:03.5+00',
    ),
    fails("select to_timestamp('2017 UTC','YYYY TZ')", '0A000', 'TZ cannot be read'),
    // r_TO_NUMBER
    value("to_number('12,454.8-', '99G999D9S')", 'numeric(6,1)', '-12454.8'),
    value("to_number('$ 12,454.88', 'L 99G999D99')", 'numeric(7,2)', '12454.88'),
    // r_TEXT_TO_NUMERIC_ALT
    value("text_to_numeric_alt('1.5')", 'numeric(38,0)', '2'),
    value("text_to_numeric_alt('2.5')", 'numeric(38,0)', '2'),
    value("text_to_numeric_alt('2.51')", 'numeric(38,0)', '3'),
    value("text_to_numeric_alt('123.52501', 10, 2)", 'numeric(10,2)', '123.53'),
    value("text_to_numeric_alt('-' || repeat('9', 38))", 'numeric(38,0)', `-${'9'.repeat(38)}`),
    value("text_to_numeric_alt('123.456-')", 'numeric(38,0)', '-123'),
    value("text_to_numeric_alt('-123E2')", 'numeric(38,0)', '-12300'),
    value("text_to_numeric_alt(' ')", 'numeric(38,0)', '0'),
    fails("select text_to_numeric_alt('123{', '999S')", '0A000', 'TEXT_TO_NUMERIC_ALT with a format'),
    // r_TO_VARBYTE, r_FROM_VARBYTE
    value("from_varbyte(to_varbyte('01001101', 'binary'), 'hex')", 'varchar', '4d'),
    value("from_varbyte(from_hex('4d'), 'binary')", 'varchar', '01001101'),
    // r_VARBYTE_OPERATORS
    value("is_utf8('é'::varbyte)", 'bool', 'true'),
    value("is_utf8(from_hex('ff41'))", 'bool', 'false'),
    value("from_varbyte(~'a'::varbyte, 'binary')", 'varchar', '10011110'),
    value("from_varbyte('a'::varbyte & 'b'::varbyte, 'binary')", 'varchar', '01100000'),
    value("from_varbyte((''::varbyte & ''::varbyte) || ~''::varbyte, 'binary')", 'varchar', ''),
    value("from_varbyte('a'::varbyte | 'b'::varbyte, 'binary')", 'varchar', '01100011'),
    value("to_number('123.456', '999D9')", 'numeric(4,1)', '123.4'),
    fails("select to_number('abc', '999')", '22P02', 'invalid input syntax for type numeric: "abc"'),
    // r_TO_HEX, r_STRTOL
    value('to_hex(2147676847)', 'varchar', '8002f2af'),
    value('to_hex(-1) || to_hex(-1::bigint)', 'varchar', 'ffffffffffffffffffffffff'),
    // r_TO_VARBYTE, r_FROM_VARBYTE
    value("from_varbyte(to_varbyte('SGVsbG8=', 'base64'), 'utf_8')", 'varchar', 'Hello'),
    value("from_varbyte(to_varbyte('Hello', 'utf_8'), 'BASE64')", 'varchar', 'SGVsbG8='),
    fails("select to_varbyte('SG!', 'base64')", '22023', 'invalid base64 text "SG!"'),
    // r_numeric_computations201
    fails(
      'select 1.5::decimal(38,20) * 1.5::decimal(38,20)',
      '22003',
      '128 bit numeric data overflow (multiplication)',
    ),
    value("to_hex('abc'::varbyte)", 'varchar', '616263'),
    value("strtol('0xf',16)", 'int8', '15'),
    value("strtol('abcd1234',16)", 'int8', '2882343476'),
    value("strtol('1234567', 8)", 'int8', '342391'),
    value("strtol('110101', 2)", 'int8', '53'),
    value("strtol(' -1010', 2)", 'int8', '-10'),
    value("strtol('', 10)", 'int8', '0'),
    fails("select strtol('xyz', 10)", '22023', 'not valid to be converted to base 10'),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_TEXT_TO_INT_ALT.html
    gives(
      "select text_to_int_alt('123-') as a, text_to_int_alt('2147483647+') as b, text_to_int_alt('-123E-2') as c, text_to_int_alt(' ') as d",
      ['a int4', 'b int4', 'c int4', 'd int4'],
      ['-123', '2147483647', '-1', '0'],
    ),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_VARBYTE.html
    gives(
      "select from_varbyte('ab', 'hex') as h, from_varbyte(from_hex('4d'), 'utf8') as t",
      ['h varchar', 't varchar'],
      ['6162', 'M'],
    ),
    fails("select from_varbyte('ab', 'octal')", '0A000', 'FROM_VARBYTE knows hex, binary, utf8 and base64'),
    gives(
      "select date('2020-01-05 10:00:00') as a, date(timestamp '2020-01-05 10:00') as b",
      ['a date', 'b date'],
      ['2020-01-05', '2020-01-05'],
    ),
  ],
};
