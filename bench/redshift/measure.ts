/** One piece of work, measured. */
export interface Run {
  readonly seconds: number;
  /** User and system time of the whole process: what a busy machine changes least. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  /** The longest that the event loop was late. */
  readonly lagMs: number;
  /** The longest that it was late because this process kept it busy, not the machine: processor time of its thread. */
  readonly busyMs: number;
}

const TICK_MS = 5;

export async function measure(work: () => Promise<unknown>): Promise<Run> {
  let peakBytes = process.memoryUsage.rss();
  let lagMs = 0;
  let busyMs = 0;
  let last = performance.now();
  let lastThread = threadMs();
  const tick = (): void => {
    const now = performance.now();
    const thread = threadMs();
    lagMs = Math.max(lagMs, now - last - TICK_MS);
    // Within a tick's own time several pieces of work may have been done: only what made it late counts.
    busyMs = Math.max(busyMs, Math.min(thread - lastThread, now - last - TICK_MS));
    last = now;
    lastThread = thread;
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  };
  const timer = setInterval(tick, TICK_MS);
  const cpu = process.cpuUsage();
  const start = performance.now();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  tick();
  return { seconds, cpuSeconds: (user + system) / 1e6, peakBytes, lagMs, busyMs };
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export interface Comparison {
  readonly ours: readonly Run[];
  readonly theirs: readonly Run[];
}

/** Both take turns, and turns at being first, so that whatever else the machine does meets both. */
export async function sideBySide(
  rounds: number,
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Comparison> {
  const runs: { readonly ours: Run[]; readonly theirs: Run[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    await prepare();
    for (const side of round % 2 === 0 ? (['theirs', 'ours'] as const) : (['ours', 'theirs'] as const))
      runs[side].push(await measure(side === 'ours' ? ours : theirs));
  }
  return runs;
}

/** The median of the rounds' ratios, ours to theirs. */
export function ratio(comparison: Comparison, of: 'seconds' | 'cpuSeconds'): number {
  return median(ratios(comparison, of));
}

function ratios({ ours, theirs }: Comparison, of: 'seconds' | 'cpuSeconds'): readonly number[] {
  return ours.map((run, round) => run[of] / (theirs[round]?.[of] ?? Number.NaN));
}

/** The median and, where there are several, the lowest and the highest. */
export function spread(values: readonly number[]): string {
  const middle = median(values).toFixed(2);
  return values.length < 2 ? middle : `${middle} (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
}

/** A line of the report. */
export function line(name: string, comparison: Comparison, bytes?: number): string {
  const { ours, theirs } = comparison;
  const both = (of: keyof Run, text: (value: number) => string): string =>
    `${text(median(ours.map((run) => run[of])))} : ${text(median(theirs.map((run) => run[of])))}`;
  const time = (value: number): string => (value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`);
  const worst = (of: 'lagMs' | 'busyMs'): string => `${Math.max(...ours.map((run) => run[of])).toFixed(0)} ms`;
  const rate =
    bytes === undefined ? [] : [`${(bytes / 1e6 / median(ours.map(({ seconds }) => seconds))).toFixed(0)} MB/s`];
  return [
    name.padEnd(22),
    `wall ${both('seconds', time)} = ${spread(ratios(comparison, 'seconds'))}`,
    `cpu ${both('cpuSeconds', time)} = ${spread(ratios(comparison, 'cpuSeconds'))}`,
    ...rate,
    `peak ${both('peakBytes', (value) => `${(value / 1e6).toFixed(0)} MB`)}`,
    `lag ${worst('lagMs')}, own ${worst('busyMs')}`,
  ].join('  ');
}
