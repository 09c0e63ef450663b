import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { contentTags } from '../../../cli/batch/content-tags.ts';

const folder = mkdtempSync(join(tmpdir(), 'content-tags-'));
afterAll(() => rmSync(folder, { recursive: true }));

const md5 = (data: Uint8Array): Buffer => createHash('md5').update(data).digest();

test('the tags of a content are those S3 gives it, whole or in parts of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 100 }),
      async (data, size) => {
        const path = join(folder, 'file');
        writeFileSync(path, data);
        const parts = Array.from({ length: Math.ceil(data.length / size) }, (_, at) =>
          md5(data.subarray(at * size, (at + 1) * size)),
        );
        expect(await contentTags(path, [size])).toEqual(
          new Set([md5(data).toString('hex'), `${md5(Buffer.concat(parts)).toString('hex')}-${parts.length}`]),
        );
      },
    ),
    { numRuns: 50 },
  );
});
