import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StandIn } from './stand-in.ts';

/** What is loaded and queried: Redshift's types, which are PostgreSQL's and DuckDB's, too. */
export const COLUMNS: Readonly<Record<string, string>> = {
  id: 'INTEGER',
  customer: 'BIGINT',
  amount: 'DECIMAL(12,2)',
  day: 'DATE',
  happened: 'TIMESTAMP',
  name: 'VARCHAR(40)',
  active: 'BOOLEAN',
  score: 'DOUBLE PRECISION',
};

/** Bytes of a generated row, about. */
const ROW_BYTES = 86;

export const TABLE = `CREATE TABLE t (${Object.entries(COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ')})`;

/** The same rows as 1 and 8 files, plain and gzip: objects `plain-1/part-0`, … */
export async function generate(
  bare: DuckDBConnection,
  standIn: StandIn,
  directory: string,
  bytes: number,
): Promise<void> {
  const rows = Math.ceil(bytes / ROW_BYTES);
  for (const files of [1, 8])
    for (let file = 0; file < files; file++) {
      const [from, to] = [Math.floor((rows * file) / files), Math.floor((rows * (file + 1)) / files)];
      const path = join(directory, `part-${files}-${file}`);
      await bare.run(`COPY (SELECT CAST(i AS INTEGER), (i * 7919) % 100000000, CAST((i * 31) % 1000000 / 100.0 AS DECIMAL(12,2)),
        DATE '2020-01-01' + CAST(i % 1000 AS INTEGER), TIMESTAMP '2020-01-01' + to_seconds(i % 100000000), 'customer number ' || (i % 10000),
        CASE WHEN i % 3 = 0 THEN 't' ELSE 'f' END, i * 1.25::DOUBLE FROM range(${from}, ${to}) r(i))
        TO '${path}' (FORMAT csv, DELIMITER '|', HEADER false, QUOTE '')`);
      await pipeline(createReadStream(path), createGzip({ level: 6 }), createWriteStream(`${path}.gz`));
      await standIn.put(`gzip-${files}/part-${file}.gz`, `${path}.gz`);
      await standIn.put(`plain-${files}/part-${file}`, path);
    }
}

/** Analytical queries that mean the same in both dialects. */
export const QUERIES: Readonly<Record<string, string>> = {
  count: 'select count(*) as n, sum(amount) as total from t',
  group:
    'select active, day, count(*) as n, sum(amount) as total, max(score) as most from t group by active, day order by active, day',
  distinct: 'select active, count(distinct customer) as customers from t group by active order by active',
  join: 'select a.day, sum(b.amount) as total from t a join t b on a.id = b.customer group by a.day order by total desc',
  window:
    'select name, day, running from (select name, day, sum(amount) over (partition by name order by id rows unbounded preceding) as running, row_number() over (partition by name order by id desc) as latest from t) x where latest = 1 order by running desc limit 100',
  top: 'select name, sum(score) as used from t group by name order by used desc, name limit 1000',
  filter:
    "select count(*) as n from t where day between date '2020-03-01' and date '2020-03-31' and active and amount > 10",
  text: "select count(*) as n from t where name like '%77%' and lower(name) <> 'customer number 77'",
};
