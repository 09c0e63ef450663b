import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

test('the example beside the Redshift stand-in prints what its README shows', async () => {
  const { stdout } = await promisify(execFile)('node', ['local/redshift/example.ts']);
  const [, shown] = /example\.ts\n(\[.*\])\n/.exec(readFileSync('local/redshift/README.md', 'utf8')) ?? [];
  expect(stdout.trim()).toBe(shown);
});
