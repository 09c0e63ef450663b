import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { attachImage, type ImageContent } from '../../../local/redshift/engine/image.ts';

const CONTENT: ImageContent = {
  name: 'kept',
  settings: ['SET GLOBAL integer_division = true', 'CREATE TABLE memory.seen (n INTEGER)'],
  statements: [
    'CREATE MACRO kept.main.half(n) AS n / 2',
    'CREATE VIEW kept.main.halves AS SELECT kept.main.half(n) AS half FROM memory.seen',
  ],
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What an instance with the image answers. */
async function answer(content = CONTENT, images = folder): Promise<unknown> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(content.settings.join(';'));
    await attachImage(connection, content, images);
    await connection.run('INSERT INTO memory.seen VALUES (7)');
    return (await connection.runAndReadAll('SELECT * FROM kept.main.halves')).getRowsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test('an image is made once, read by as many as ask at the same time, and nothing else is left where it is kept', async () => {
  expect(await Promise.all([answer(), answer(), answer()])).toEqual([[[3]], [[3]], [[3]]]);
  const [file, ...others] = readdirSync(folder);
  expect([file, others]).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.duckdb$/), []]);
});

test('another content is another image, and the one before it goes', async () => {
  await answer();
  const before = readdirSync(folder);
  const changed = { ...CONTENT, statements: [...CONTENT.statements, 'CREATE MACRO kept.main.third(n) AS n / 3'] };
  expect(await answer(changed)).toEqual([[3]]);
  const after = readdirSync(folder);
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
});

test('an image that is damaged is made anew', async () => {
  await answer();
  const [file = ''] = readdirSync(folder);
  writeFileSync(join(folder, file), 'not a database');
  expect(await answer()).toEqual([[3]]);
  expect(await answer()).toEqual([[3]]);
});

test('where nothing can be kept, an instance makes its own', async () => {
  const images = join(folder, 'file', 'images');
  writeFileSync(join(folder, 'file'), '');
  expect(await answer(CONTENT, images)).toEqual([[3]]);
  expect(existsSync(images)).toBe(false);
});

test('what is wrong with a content is told, whether it can be kept or not', async () => {
  const wrong = { ...CONTENT, statements: ['CREATE MACRO kept.main.half(n) AS'] };
  await expect(answer(wrong)).rejects.toThrow(/syntax error/i);
});
