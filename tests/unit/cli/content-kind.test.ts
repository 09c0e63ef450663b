import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { otherContent } from '../../../cli/batch/content-kind.ts';
import { readBatch } from '../../../cli/batch/batch.ts';
import type { Format } from '../../../src/manifest/manifest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'content kind '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CONTENT = {
  text: Buffer.from('a|b\n'),
  gzip: gzipSync('a|b\n'),
  zstd: zstdCompressSync('a|b\n'),
  skippable: Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]),
  Parquet: Buffer.from('PAR1 and so on'),
  empty: Buffer.alloc(0),
  short: Buffer.from('P'),
} as const;

const json = (compression: 'gzip' | 'zstd' | 'none'): Format => ({
  type: 'json',
  paths: 'auto',
  compression,
  truncateColumns: false,
  maxErrors: 0,
});

test.each([
  ['text', json('none'), undefined],
  ['short', json('none'), undefined],
  ['gzip', json('gzip'), undefined],
  ['zstd', json('zstd'), undefined],
  ['skippable', json('zstd'), undefined],
  ['Parquet', { type: 'parquet' }, undefined],
  // A line may begin with these letters.
  ['Parquet', json('none'), undefined],
  ['empty', json('gzip'), undefined],
  ['text', json('gzip'), { found: 'text', expected: 'gzip' }],
  ['gzip', json('none'), { found: 'gzip', expected: 'text' }],
  ['zstd', json('gzip'), { found: 'zstd', expected: 'gzip' }],
  ['gzip', { type: 'parquet' }, { found: 'gzip', expected: 'Parquet' }],
  ['Parquet', json('gzip'), { found: 'Parquet', expected: 'gzip' }],
] as const)('%s under %j', async (content, format, expected) => {
  const path = join(folder, 'file');
  writeFileSync(path, CONTENT[content]);
  expect(await otherContent(path, format)).toEqual(expected);
});

test('a batch whose file is not what its format says is refused, with the file, both kinds and what to do', async () => {
  const table = { name: 't', columns: [{ name: 'a', type: 'integer' }], files: [{ key: 'a 🚀.csv' }] };
  writeFileSync(join(folder, 'a 🚀.csv'), CONTENT.text);
  const path = join(folder, 'manifest.json');
  writeFileSync(
    path,
    JSON.stringify({ version: 1, project: 'p', batch: 'b', schemas: [{ name: 's', tables: [table] }] }),
  );
  await expect(readBatch(path)).rejects.toThrow(
    /schemas\[0\]\.tables\[0\]\.files\[0\]: a 🚀\.csv is text, and the format of s\.t says gzip\..*without a format has gzip.*give the table the format/,
  );
});
