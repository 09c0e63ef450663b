import { progressLine } from '../../simulation/progress.ts';

test.each([
  [[2_000, 0, 0, 3], '0 of 2000 runs, 0 failed'],
  [[2_000, 120, 1, 60], '120 of 2000 runs, 1 failed, 2.0 a second, 16 min left'],
  [[10_000, 100, 0, 100], '100 of 10000 runs, 0 failed, 1.0 a second, 2 h 45 min left'],
  [[10, 9, 0, 9], '9 of 10 runs, 0 failed, 1.0 a second, 1 s left'],
  [[10, 10, 0, 0], '10 of 10 runs, 0 failed, 10000.0 a second, 0 s left'],
] as const)('progress %j reads: %s', ([runs, done, failed, seconds], line) => {
  expect(progressLine(runs, done, failed, seconds)).toBe(line);
});
