import { LIMITS, runAtScale } from '../../bench/orchestration/at-scale.ts';
import { replay } from '../../bench/orchestration/replay.ts';
import { TRACES } from '../../bench/orchestration/traces.ts';

/** The largest batch of all is `npm run bench:scale`; nothing that is measured here grows with the number of tables. */
test('80 tables and 800 files run far within the limits of AWS, throttled by the Data API or not', async () => {
  const small = await runAtScale(20, 10);
  const large = await runAtScale(80, 10);
  expect([small.status, large.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(large.throttled).toBeGreaterThan(0);
  for (const [name, limit] of Object.entries(LIMITS))
    expect([name, large[name as keyof typeof LIMITS] < limit / 4]).toEqual([name, true]);
  expect(large.payloadBytes).toBeLessThan(small.payloadBytes + 100);
  expect(large.historyEvents).toBeLessThan(small.historyEvents + 100);
}, 60_000);

test('following a statement of 24 hours, sixty of all lengths, or a hundred tables, costs next to nothing', async () => {
  const [, mixed, day, many] = TRACES;
  if (!mixed || !day || !many) throw new Error('the traces are not there');
  const [ours, theirs] = [await replay(mixed), await replay(mixed, 5)];
  expect([ours.status, theirs.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(ours.idleSeconds / ours.criticalPathSeconds).toBeLessThan(0.02);
  expect(ours.transitions).toBeLessThan(theirs.transitions / 4);
  // The lengths of all 2,000 are spread as those of any 100 of them.
  const hundred = { ...many, copies: many.copies.slice(0, 100) };
  const [short, loop] = [await replay(hundred), await replay(hundred, 5)];
  expect(short.transitions).toBeLessThan(loop.transitions / 4);
  const long = await replay(day);
  expect(long.status).toBe('SUCCEEDED');
  expect(long.longestHistory).toBeLessThan(5_000);
  // A look every 5 seconds is a Wait, a look and a Choice.
  expect(long.transitions).toBeLessThan(((long.criticalPathSeconds / 5) * 3) / 4);
}, 60_000);
