import { fails, gives, type Case, type Chapter } from '../chapter.ts';

const value = (expression: string, type: string, answer: string | null): Case =>
  gives(`select ${expression} as v`, [`v ${type}`], [answer]);

const STAR = `'{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}}'`;
const BROKEN = `'{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}'`;

export const JSON_AND_SUPER: Chapter = {
  title: 'JSON, array and SUPER type information functions',
  page: 'json-functions.html',
  setup: [
    'create table test_json (id int identity(0,1), json_strings varchar)',
    `insert into test_json(json_strings) values ('{"a":2}'), ('{"a":{"b":{"c":1}}}'), ('{"a": [1,2,"b"]}'), ('{{}}'), ('{1:"a"}'), ('[1,2,3]')`,
  ],
  cases: [
    // Each call would hold the one in it some twenty times: this took minutes.
    gives(
      `select json_extract_path_text(json_extract_array_element_text(json_extract_path_text(p, 'items'), 0), 'sku') as s,
        json_array_length(json_extract_path_text(json_extract_array_element_text(json_extract_path_text(p, 'items'), 0), 'n')) as n
        from (select '{"items":[{"sku":"a","n":[1,2]}]}' as p)`,
      ['s varchar', 'n int4'],
      ['a', '2'],
    ),
    // Here the calls are twelve deep, and grouped by.
    gives(
      `select upper(upper(upper(upper(upper(upper(upper(upper(upper(upper(upper(upper(k)))))))))))) as u,
        split_part(split_part(split_part(split_part(split_part(split_part(k, ';', 1), ';', 1), ';', 1), ';', 1), ',', 2), '-', 1)::varchar(3) as p,
        nullif(json_extract_path_text(j, 'at'), '')::timestamp as t, count(*) as n
        from (select 'a,bcde-f'::varchar as k, '{"at":"2024-01-02 03:04:05"}'::varchar as j union all select 'a,bcde-f', '{"at":""}'
          union all select 'a,bcde-f', '{"at":""}') group by 1, 2, 3 having count(*) > 0 order by t`,
      ['u varchar', 'p varchar', 't timestamp', 'n int8'],
      ['A,BCDE-F', 'bcd', '2024-01-02 03:04:05', '1'],
      ['A,BCDE-F', 'bcd', null, '2'],
    ),
    gives(
      'select json_strings, is_valid_json(json_strings) as valid from test_json order by id',
      ['json_strings varchar', 'valid bool'],
      ['{"a":2}', 'true'],
      ['{"a":{"b":{"c":1}}}', 'true'],
      ['{"a": [1,2,"b"]}', 'true'],
      ['{{}}', 'false'],
      ['{1:"a"}', 'false'],
      ['[1,2,3]', 'false'],
    ),
    value(`is_valid_json_array('["a",["b",1,["c",2,3,null]]]')`, 'bool', 'true'),
    value("is_valid_json_array('[1,2,]')", 'bool', 'false'),
    value("is_valid_json_array('a')", 'bool', 'false'),
    value(`json_array_length('[11,12,13,{"f1":21,"f2":[25,26]},14]')`, 'int4', '5'),
    value(`json_array_length('[11,12,13,{"f1":21,"f2":[25,26]},14',true)`, 'int4', null),
    fails(`select json_array_length('[11,12,13,{"f1":21,"f2":[25,26]},14')`, '22023', 'JSON parsing error'),
    value("json_extract_array_element_text('[111,112,113]', 2)", 'varchar', '113'),
    // What is not there is NULL, and so is what NULL asks for, of no JSON too: https://docs.aws.amazon.com/redshift/latest/dg/JSON_EXTRACT_PATH_TEXT.html
    value("json_extract_array_element_text('[111,112,113]', 3)", 'varchar', null),
    value("json_extract_array_element_text('[111,112,113]', -1)", 'varchar', null),
    value("json_extract_array_element_text('invalid_json', null)", 'varchar', null),
    value(`json_extract_path_text(${STAR}, null)`, 'varchar', null),
    value(`json_extract_path_text(${STAR}, 'f4', null)`, 'varchar', null),
    value("json_extract_path_text('invalid_json', null)", 'varchar', null),
    value(`json_extract_array_element_text('["a",["b",1,["c",2,3,null,]]]',1,true)`, 'varchar', null),
    fails(`select json_extract_array_element_text('["a",["b",1,["c",2,3,null,]]]',1)`, '22023', 'JSON parsing error'),
    value(`json_extract_path_text(${STAR},'f4', 'f6')`, 'varchar', 'star'),
    value(`json_extract_path_text(${STAR},'f2')`, 'varchar', '{"f3":1}'),
    value(`json_extract_path_text(${STAR},'f4', 'missing')`, 'varchar', null),
    // The text of a number is the one that was written.
    value(
      `json_extract_path_text('{"a":{"p":10.50,"t":"x 1.50","q":[1.0,-2E5,0.1234567890123456789]}}','a')`,
      'varchar',
      '{"p":10.50,"t":"x 1.50","q":[1.0,-2E5,0.1234567890123456789]}',
    ),
    value(`json_extract_path_text('{"a":"1.50","p":10.50}','p')`, 'varchar', '10.50'),
    value(`json_extract_array_element_text('[1.10,"a 1.10"]',0)`, 'varchar', '1.10'),
    value(`json_extract_array_element_text('[1.10,"a 1.10"]',1)`, 'varchar', 'a 1.10'),
    fails(`select json_parse('{"a":0.1234567890123456789}')`, '0A000', 'the number 0.1234567890123456789'),
    value(`can_json_parse('{"a":NaN}') or can_json_parse('Infinity')`, 'bool', 'false'),
    value(`can_json_parse('["Infinity, nan,]"]')`, 'bool', 'true'),
    value(`json_extract_path_text('{"a/b":{"~c":1}}','a/b', '~c')`, 'varchar', '1'),
    value(`json_extract_path_text(${BROKEN},'f4', 'f6',true)`, 'varchar', null),
    fails(`select json_extract_path_text(${BROKEN},'f4', 'f6')`, '22023', 'JSON parsing error'),
    value(`json_parse('[10001,10002,"abc"]')`, 'super', '[10001,10002,"abc"]'),
    value(`can_json_parse('[10001,10002,"abc"]')`, 'bool', 'true'),
    value(`json_serialize(json_parse('[10001,10002,"abc"]'))`, 'varchar', '[10001,10002,"abc"]'),
    value(`json_size(json_parse('[10001,10002,"⬤"]'))`, 'int4', '19'),
    value(`json_typeof(array(1,2))`, 'varchar', 'array'),
    value(
      `json_typeof(json_parse('null')) || json_typeof(json_parse('"a"')) || json_typeof(json_parse('2.5'))`,
      'varchar',
      'nullstringnumber',
    ),
    value('array_concat(array(10001,10002),array(10003,10004))', 'super', '[10001,10002,10003,10004]'),
    value('array_flatten(array(array(1,2,3,4),array(5,6,7,8),array(9,10)))', 'super', '[1,2,3,4,5,6,7,8,9,10]'),
    value('get_array_length(array(1,2,3,4,5,6,7,8,9,10))', 'int4', '10'),
    value("split_to_array('12|345|6789', '|')", 'super', '["12","345","6789"]'),
    value("subarray(array('a', 'b', 'c', 'd', 'e', 'f'), 2, 3)", 'super', '["c","d","e"]'),
    value(
      "is_integer(json_parse('5')) and not is_integer(json_parse('5.5')) and not is_integer(json_parse('2147483648'))",
      'bool',
      'true',
    ),
    value(
      "is_bigint(json_parse('2147483648')) and is_array(json_parse('[]')) and is_object(json_parse('{}'))",
      'bool',
      'true',
    ),
    value(
      "is_scalar(json_parse('1')) and not is_scalar(json_parse('[1]')) and is_varchar(json_parse('\"a\"'))",
      'bool',
      'true',
    ),
    // JSON_PARSE and CAN_JSON_PARSE read VARBYTE, functions of texts do not
    value('json_parse(\'{"é":"ü"}\'::varbyte)', 'super', '{"é":"ü"}'),
    value('can_json_parse(\'{"é":1}\'::varbyte)', 'bool', 'true'),
    fails("select is_valid_json('{}'::varbyte)", '42883', 'function is_valid_json(binary varying) does not exist'),
    fails("select to_varbyte('é'::varbyte, 'utf8')", '42883', 'function to_varbyte(binary varying) does not exist'),
    // r_array: SUPER has neither dates nor bytes
    fails("select array(date '2020-01-02')", '42846', 'ARRAY could not convert type date to super'),
    fails("select object('a', 'b'::varbyte)", '42846', 'OBJECT could not convert type'),
    fails("select 'b'::varbyte::super", '42846', 'to super'),
  ],
};
