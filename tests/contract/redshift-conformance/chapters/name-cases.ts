import { fails, gives, runs, type Chapter } from '../chapter.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_enable_case_sensitive_identifier.html and r_enable_case_sensitive_super_attribute.html */
export const NAME_CASES: Chapter = {
  title: 'Names that keep their case',
  page: 'r_enable_case_sensitive_identifier.html',
  setup: [
    'set enable_case_sensitive_identifier to true',
    `create table public."MixedCasedTable" ("MixedCasedColumn" int, "Name" varchar(10) encode lzo, data super, primary key ("MixedCasedColumn"))
      distkey ("MixedCasedColumn") sortkey ("Name")`,
    `insert into "MixedCasedTable" values (1, 'a', json_parse('{"Id": 5, "id": 6, "Items": [{"SKU": "x", "sku": "y"}]}'))`,
    `insert into public."MixedCasedTable" ("MixedCasedColumn", "Name") values (2, 'b')`,
    'create view "MyView" as select "Name" as "N", * from "MixedCasedTable"',
    'create view late as select "Name" from public."MixedCasedTable" with no schema binding',
    'create materialized view kept as select data."Id" as "Id" from "MixedCasedTable"',
  ],
  cases: [
    gives('show enable_case_sensitive_identifier', ['enable_case_sensitive_identifier varchar'], ['on']),
    gives(
      'select "MixedCasedColumn" from public."MixedCasedTable" order by 1',
      ['MixedCasedColumn int4'],
      ['1'],
      ['2'],
    ),
    gives(
      'select t."Name" as "theName", count(*) from "MixedCasedTable" t where t."MixedCasedColumn" = 1 group by t."Name" order by t."Name"',
      ['theName varchar', 'count int8'],
      ['a', '1'],
    ),
    gives(
      'select "N", "MixedCasedColumn" as mixedcasedcolumn from "MyView" order by 2',
      ['N varchar', 'mixedcasedcolumn int4'],
      ['a', '1'],
      ['b', '2'],
    ),
    // The case of an attribute in quotes is its own.
    gives(
      'select data."Id", data."Items"[0]."SKU" as "SKU" from "MixedCasedTable" where data."Id" = 5',
      ['Id super', 'SKU super'],
      ['5', '"x"'],
    ),
    gives(
      'select data.id, data."Items"[0].sku as sku from "MixedCasedTable" where "MixedCasedColumn" = 1',
      ['id super', 'sku super'],
      ['6', '"y"'],
    ),
    gives('select i."SKU" from "MixedCasedTable" t, t.data."Items" i', ['SKU super'], ['"x"']),
    fails('select data."Id", data.id from "MixedCasedTable"', '0A000', '"id" beside "Id"'),
    fails('create table mixedcasedtable (a int)', '42P07', 'already exists'),
    runs(`update "MixedCasedTable" set "Name" = 'z' where "MixedCasedColumn" = 2`),
    runs('alter table "MixedCasedTable" add column "NewCol" int default 4'),
    runs('alter table "MixedCasedTable" rename column "NewCol" to "OtherCol"'),
    gives(
      'select "Name", "OtherCol" from "MixedCasedTable" where "MixedCasedColumn" = 2',
      ['Name varchar', 'OtherCol int4'],
      ['z', '4'],
    ),
    gives(
      'show table "MixedCasedTable"',
      ['Show Table DDL statement varchar'],
      [
        'CREATE TABLE public."MixedCasedTable" (\n    "MixedCasedColumn" integer NOT NULL ENCODE az64 distkey,\n    "Name" character varying(10) ENCODE lzo,\n    data super,\n    "OtherCol" integer DEFAULT 4 ENCODE az64,\n    PRIMARY KEY ("MixedCasedColumn")\n)\nDISTSTYLE KEY\nSORTKEY ( "Name" );',
      ],
    ),
    runs('reset enable_case_sensitive_identifier'),
    gives('show enable_case_sensitive_identifier', ['enable_case_sensitive_identifier varchar'], ['off']),
    gives('select * from late order by 1', ['Name varchar'], ['a'], ['z']),
    runs('refresh materialized view kept'),
    gives('select * from kept where "Id" is not null', ['Id super'], ['5']),
    runs('create table "MixedCasedTable2" ("MixedCasedColumn" int)'),
    fails('create table MixedCasedTable2 (MixedCasedColumn int)', '42P07', 'already exists'),
    gives('select "MixedCasedColumn" from "MixedCasedTable2"', ['mixedcasedcolumn int4']),
    // A table of another case is not the one that is meant.
    fails('drop table "MixedCasedTable"', '42P01', 'Table "mixedcasedtable" does not exist'),
    runs('drop table if exists "MixedCasedTable"'),
    runs('create table tbl (col super)'),
    runs(`insert into tbl values (json_parse('{"A": "HELLO", "a": "123", "Arr": [{"X": 1}]}'))`),
    gives('select col.A from tbl', ['a super'], ['"123"']),
    runs('set enable_case_sensitive_super_attribute to on'),
    gives(
      'select col.A, tbl.COL.a as low, col.Arr[0].X as x from tbl',
      ['a super', 'low super', 'x super'],
      ['"HELLO"', '"123"', '1'],
    ),
    gives('select i.X from tbl T, T.col.Arr i', ['x super'], ['1']),
    gives(
      `select json_table.data.ITEMS.Name, json_table.data.price from (select json_parse('{"ITEMS": {"Name": "TV"}, "price": 345}')) as json_table(data)`,
      ['name super', 'price super'],
      ['"TV"', '345'],
    ),
    runs('set enable_case_sensitive_super_attribute to off'),
    gives('select col.A from tbl', ['a super'], ['"123"']),
    runs('set enable_case_sensitive_identifier = on'),
    runs('drop table "MixedCasedTable" cascade'),
    fails('select * from "MixedCasedTable"', '42P01', 'relation "MixedCasedTable" does not exist'),
  ],
};
