import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EXAMPLES } from '../../../examples/index.ts';
import { parseManifest } from '../../../src/manifest/parse-manifest.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'examples-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const made = new Map<string, ReturnType<typeof generate>>();

/** Makes each batch once, though several tests look at it. */
function generated(
  name: string,
  into: string,
  options?: { seed?: number; scale?: number },
): ReturnType<typeof generate> {
  const before = made.get(into);
  if (before !== undefined) return before;
  const batch = generate(name, into, options);
  made.set(into, batch);
  return batch;
}

async function generate(name: string, into: string, options?: { seed?: number; scale?: number }) {
  const example = EXAMPLES.find((each) => each.name === name);
  const batch = await example?.generate(join(directory, into), options);
  if (batch === undefined) throw new Error(`no example ${name}`);
  const manifest = parseManifest(await readFile(batch.manifestPath, 'utf8'));
  return { ...batch, manifest, read: (key: string) => readFile(join(directory, into, key)) };
}

test.each(['recommendations', 'flights'])(
  '%s has a manifest that is right about the size of every file',
  async (name) => {
    const { manifest, files } = await generated(name, name);
    const listed = manifest.tables.flatMap((table) => table.files);
    expect(listed.map(({ key }) => key).sort()).toEqual([...files].sort());
    for (const { key, bytes } of listed) expect((await stat(join(directory, name, key))).size).toBe(bytes);
  },
);

test('the ordinary batch has more than 200,000 rows of usage in 8 files, named as Hive and Sqoop name them', async () => {
  const { manifest, files } = await generated('recommendations', 'recommendations');
  const usage = manifest.tables.find(({ name }) => name === 'customer_usage');
  expect(usage?.rows).toBeGreaterThan(200_000);
  expect(usage?.files).toHaveLength(8);
  for (const file of files) expect(basename(file)).toMatch(/^(\d{6}_0|part-m-\d{5})\.gz$/);
});

test('rows are as many as promised, with NULLs, quotation marks and text in many scripts', async () => {
  const { manifest, read } = await generated('recommendations', 'small', { scale: 0.05 });
  let all = '';
  for (const table of manifest.tables)
    for (const { key, rows } of table.files) {
      const [header, ...lines] = gunzipSync(await read(key))
        .toString('utf8')
        .trimEnd()
        .split('\n');
      expect(header?.split('|')).toEqual(table.columns.map(({ name }) => name));
      expect(lines).toHaveLength(rows ?? -1);
      all += lines.join('\n');
    }
  expect(all).toMatch(/\|\|/);
  expect(all).toMatch(/\|"[^"\n]* \| [^"\n]*"/);
  expect(all).toMatch(/[А-я].*[一-龥]/s);
});

test('the same seed and scale give the same bytes, another seed others', async () => {
  const [one, same, other] = await Promise.all([
    generated('recommendations', 'one', { seed: 7, scale: 0.02 }),
    generated('recommendations', 'same', { seed: 7, scale: 0.02 }),
    generated('recommendations', 'other', { seed: 8, scale: 0.02 }),
  ]);
  for (const key of one.files) expect(await same.read(key)).toEqual(await one.read(key));
  expect(same.manifest).toEqual(one.manifest);
  expect(await other.read('customer/000000_0.gz')).not.toEqual(await one.read('customer/000000_0.gz'));
});
