/**
 * A batch at the largest a manifest may be, through the machines and functions that ship, on a virtual clock: how near it comes to AWS's limits.
 *
 *   npm run bench:scale [-- --tables 2000 --files 25]
 *
 * Exits 1 when a limit is passed.
 */
import { parseArgs } from 'node:util';
import { LIMITS, runAtScale } from './orchestration/at-scale.ts';

const { values: given } = parseArgs({
  options: { tables: { type: 'string', default: '2000' }, files: { type: 'string', default: '25' } },
});

const begun = performance.now();
const measured = await runAtScale(Number(given.tables), Number(given.files));
for (const [name, limit] of Object.entries(LIMITS)) {
  const value = measured[name as keyof typeof LIMITS];
  if (value > limit) process.exitCode = 1;
  console.log(`${name.padEnd(18)} ${String(value).padStart(9)} of ${limit}${value > limit ? '  PASSED' : ''}`);
}
const { status, executions, throttled, manifestBytes, peakRssMiB } = measured;
console.log(
  `${status}: ${executions} executions, ${throttled} calls throttled, manifest ${manifestBytes} bytes, peak ${peakRssMiB.toFixed(0)} MiB, ` +
    `${((performance.now() - begun) / 1000).toFixed(0)} s`,
);
if (status !== 'SUCCEEDED') process.exitCode = 1;
