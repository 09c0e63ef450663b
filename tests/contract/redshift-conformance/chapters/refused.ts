import { fails, type Chapter } from '../chapter.ts';

const REFUSED_SQL: readonly (readonly [sql: string, construct: string])[] = [
  ["create library l language plpythonu from 's3://b/k'", 'CREATE LIBRARY'],
  ["create external schema s from data catalog database 'd'", 'CREATE EXTERNAL SCHEMA'],
  ['create model m from t target c function f', 'CREATE MODEL'],
  ['select 1 from t start with a = 1 connect by prior a = b', 'CONNECT BY'],
  ['select hll(1)', 'function hll'],
  ["select collate('a', 'case_insensitive') = 'A'", 'COLLATE CASE_INSENSITIVE'],
  ['create table g (a geometry)', 'type "geometry"'],
];

export const REFUSED: Chapter = {
  title: 'What cannot be faithful is refused by name',
  page: 'c_unsupported-postgresql-features.html',
  setup: [],
  cases: [
    ...REFUSED_SQL.map(([sql, construct]) => fails(sql, '0A000', construct)),
    fails('select * from "package.json"', '42P01', 'relation "package.json" does not exist'),
    fails('select * from "/etc/hostname"', '42P01', 'relation "/etc/hostname" does not exist'),
    fails("select 'never closed", '42601', 'unterminated quoted string'),
  ],
};
