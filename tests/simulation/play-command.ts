import { execFile } from 'node:child_process';
import { COMPILED } from '../../cli/bin/compiled.mjs';
import type { RunReport } from '../../scripts/simulate.ts';

/**
 * Runs `npm run simulate` in a process of its own: it takes the timers of the process it runs in. One report a run, by seed. One worker
 * plays all seeds, for starting another costs more than a run, and tests run side by side as it is.
 */
export function playCommand(...options: readonly string[]): Promise<readonly RunReport[]> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'scripts/simulate.ts', '--json', '--workers', '1', ...options],
      { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NODE_COMPILE_CACHE: COMPILED } },
      (error, stdout, stderr) => {
        const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
        // Exit code 1 says that a run failed; the reports say which.
        if (lines.length === 0) return reject(new Error(stderr, { cause: error }));
        resolve(lines.map((line) => JSON.parse(line) as RunReport).sort((one, other) => one.seed - other.seed));
      },
    );
  });
}
