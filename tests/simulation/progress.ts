/** How far a simulation is, in one line: `120 of 2000 runs, 0 failed, 8.4 a second, 4 min left`. */
export function progressLine(runs: number, done: number, failed: number, seconds: number): string {
  const rate = done / Math.max(seconds, 0.001);
  const told = [`${done} of ${runs} runs`, `${failed} failed`];
  if (done > 0) told.push(`${rate.toFixed(1)} a second`, `${duration((runs - done) / rate)} left`);
  return told.join(', ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
