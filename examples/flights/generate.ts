import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExampleBatch } from '../example.ts';

/** Public data as vega-datasets publishes it: https://github.com/vega/vega-datasets. */
const DATA = new URL('../../node_modules/vega-datasets/data/', import.meta.url);

const FILES = [
  { from: 'flights-3m.parquet', key: 'flight/flights-3m.parquet', rows: 3_000_000 },
  { from: 'airports.csv', key: 'airport/airports.csv', rows: 3_376 },
] as const;

/** Three million flights and the airports they leave from, byte for byte as published, with a manifest. Nothing here is generated. */
export async function generateFlights(directory: string): Promise<ExampleBatch> {
  const files = await Promise.all(
    FILES.map(async ({ from, key, rows }) => {
      const source = fileURLToPath(new URL(from, DATA));
      const target = join(directory, key);
      await mkdir(join(target, '..'), { recursive: true });
      await copyFile(source, target);
      const { size } = await stat(target);
      return { key, bytes: size, rows };
    }),
  );
  const [flights, airports] = files;
  const manifest = {
    version: 1,
    project: 'flights',
    batch: '2001-h1',
    schemas: [
      {
        name: 'staging',
        tables: [
          {
            name: 'flight',
            columns: [
              { name: 'departed_at', type: 'timestamp', nullable: false },
              { name: 'delay_minutes', type: 'bigint', nullable: false },
              { name: 'distance_miles', type: 'bigint', nullable: false },
              { name: 'origin', type: 'varchar(3)', nullable: false },
              { name: 'destination', type: 'varchar(3)', nullable: false },
            ],
            distKey: 'origin',
            sortKey: ['departed_at'],
            format: { type: 'parquet' },
            files: [flights],
          },
          {
            name: 'airport',
            columns: [
              { name: 'iata', type: 'varchar(4)', nullable: false },
              { name: 'airport_name', type: 'varchar(100)' },
              { name: 'city', type: 'varchar(60)' },
              { name: 'state', type: 'varchar(2)' },
              { name: 'country', type: 'varchar(60)' },
              { name: 'latitude', type: 'double precision' },
              { name: 'longitude', type: 'double precision' },
            ],
            format: { type: 'csv', header: true, null: 'NA' },
            files: [airports],
          },
        ],
      },
    ],
  };
  const manifestPath = join(directory, 'manifest.json');
  await writeFile(manifestPath, `${JSON.stringify(manifest, undefined, 2)}\n`);
  return { manifestPath, files: files.map(({ key }) => key) };
}
