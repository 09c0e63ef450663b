import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { readContent, UnreadableContent } from '../../../local/redshift/load/content.ts';

const directory = mkdtempSync(join(tmpdir(), 'content-'));
const path = join(directory, 'file');
const { signal } = new AbortController();

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** More than any window of a compressor, so that it may be repeated. */
const DIGITS = Buffer.from(randomBytes(500_000).toString('hex'));

function text(bytes: number): Buffer {
  return Buffer.concat(Array<Buffer>(Math.ceil(bytes / DIGITS.length)).fill(DIGITS)).subarray(0, bytes);
}

/** A chunk is there until the next is asked for, so each is copied. */
async function contentOf(compression: 'none' | 'gzip' | 'zstd'): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readContent(path, compression, 'utf8', signal)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('the content of a file', () => {
  const compress = {
    none: (of: Buffer) => of,
    gzip: (of: Buffer) => gzipSync(of, { level: 1 }),
    zstd: zstdCompressSync,
  };

  test.each(['none', 'gzip', 'zstd'] as const)('is whole, whatever its size (%s)', async (compression) => {
    for (const bytes of [0, 1, 128 * 1024, 128 * 1024 + 1, 1024 * 1024, 3_000_017]) {
      const expected = text(bytes);
      writeFileSync(path, compress[compression](expected));
      expect((await contentOf(compression)).equals(expected)).toBe(true);
    }
  });

  test('goes on where one gzip ends and another begins', async () => {
    writeFileSync(
      path,
      Buffer.concat([gzipSync(text(700_000)), gzipSync(''), gzipSync(text(5)), gzipSync(text(900_000))]),
    );
    expect((await contentOf('gzip')).equals(Buffer.concat([text(700_000), text(5), text(900_000)]))).toBe(true);
  });

  test.each([1, 17, 200_000])('that lacks its last %i bytes cannot be read', async (missing) => {
    const whole = gzipSync(text(3_000_000), { level: 1 });
    writeFileSync(path, whole.subarray(0, -missing));
    await expect(contentOf('gzip')).rejects.toThrow(UnreadableContent);
  });

  test('holds the memory of a few chunks only, however much there is', async () => {
    writeFileSync(path, gzipSync(text(16_000_000), { level: 1 }));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let bytes = 0;
    for await (const chunk of readContent(path, 'gzip', 'utf8', signal)) {
      bytes += chunk.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(bytes).toBe(16_000_000);
    expect(most).toBeLessThan(8_000_000);
  });

  test('may be left in the middle', async () => {
    writeFileSync(path, gzipSync(text(6_000_000), { level: 1 }));
    for (let times = 0; times < 3; times++)
      for await (const chunk of readContent(path, 'gzip', 'utf8', signal)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
  });
});
