/**
 * The price of orchestration: traces of statement durations on a virtual clock, through the machines and functions that ship, and through a
 * statement machine with a loop of fixed waits in the place of ours.
 *
 *   npm run bench:orchestration [-- --trace "60 mixed"] [--json]
 *
 * A cluster idles from its being there to its release, less the critical path: what the statements need at the concurrency the machines have.
 * Everything is counted as AWS bills it; how long calls take is in tests/support/timed-calls.ts.
 */
import { parseArgs } from 'node:util';
import { type Price, replay } from './orchestration/replay.ts';
import { TRACES } from './orchestration/traces.ts';

const { values: given } = parseArgs({ options: { trace: { type: 'string' }, json: { type: 'boolean' } } });

const WAYS: readonly { readonly name: string; readonly waitSeconds?: number }[] = [
  { name: 'sluice' },
  { name: 'wait 5 s', waitSeconds: 5 },
  { name: 'wait 10 s', waitSeconds: 10 },
  { name: 'wait 30 s', waitSeconds: 30 },
];

const COLUMNS: readonly (readonly [heading: string, value: (price: Price) => string])[] = [
  ['idle s', ({ idleSeconds }) => idleSeconds.toFixed(1)],
  ['idle %', ({ idleSeconds, criticalPathSeconds }) => ((100 * idleSeconds) / criticalPathSeconds).toFixed(2)],
  ['transitions', ({ transitions }) => String(transitions)],
  ['events', ({ events }) => String(events)],
  ['longest history', ({ longestHistory }) => String(longestHistory)],
  ['Lambda GB-s', ({ gigabyteSeconds }) => gigabyteSeconds.toFixed(1)],
  ['orchestration $', ({ dollars }) => dollars.toFixed(4)],
  ['idle cluster $', ({ idleDollars }) => idleDollars.toFixed(4)],
];

for (const trace of TRACES) {
  if (given.trace !== undefined && given.trace !== trace.name) continue;
  const rows: string[][] = [];
  for (const { name, waitSeconds } of WAYS) {
    const price = await replay(trace, waitSeconds);
    if (given.json) console.log(JSON.stringify({ trace: trace.name, way: name, ...price }));
    else if (price.status !== 'SUCCEEDED')
      rows.push([
        name,
        ...COLUMNS.map((column) => (column[0].startsWith('idle') ? '-' : column[1](price))),
        outcome(price),
      ]);
    else rows.push([name, ...COLUMNS.map(([, value]) => value(price)), '']);
    if (name === 'sluice' && !given.json)
      console.log(`\n${trace.name}: critical path ${price.criticalPathSeconds.toFixed(0)} s`);
  }
  if (!given.json) print([['', ...COLUMNS.map(([heading]) => heading), ''], ...rows]);
}

function outcome({ status, outOfHistory }: Price): string {
  return outOfHistory > 0 ? `${status}: a history of 25,000 events was full` : status;
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_cell, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  for (const row of rows)
    console.log(
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    );
}
