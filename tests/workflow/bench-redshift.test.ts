import { spawnSync } from 'node:child_process';

test('the benchmark of the local Redshift compares COPY, queries and UNLOAD with DuckDB', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      'bench/redshift.ts',
      '--mb',
      '0.2',
      '--rounds',
      '1',
      '--only',
      'copy,queries,unload,statements',
    ],
    { encoding: 'utf8', env: { ...process.env, UV_THREADPOOL_SIZE: '16' } },
  );
  expect([status, stderr]).toEqual([0, '']);
  const names = stdout.split('\n').map((line) => line.split('  ')[0]);
  expect(names).toEqual(
    expect.arrayContaining(['COPY plain, 1 file', 'COPY gzip, 8 files', 'query window', 'UNLOAD CSV gzip']),
  );
  expect(stdout).toMatch(/8 statements at once: .*lag \d+ ms, own \d+ ms/);
  expect(stdout).toContain('files left in the spill folder: 0');
}, 120_000);
