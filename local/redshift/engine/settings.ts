/** How a cluster's stand-in uses this machine. Every part has a default. */
export interface EngineOptions {
  /** `memory` keeps nothing on disk: for simulations. */
  readonly storage?: 'disk' | 'memory' | undefined;
  /** Statements running at the same time, over all clusters; the rest wait their turn. */
  readonly concurrency?: number | undefined;
  /** For each cluster, as DuckDB writes sizes (`2GB`); beyond it operators spill to disk. */
  readonly memoryLimit?: string | undefined;
  /** For what is spilled, as DuckDB writes sizes. */
  readonly spillLimit?: string | undefined;
  /** Worker threads of each cluster. */
  readonly threads?: number | undefined;
}

export interface EngineSettings {
  readonly storage: 'disk' | 'memory';
  readonly concurrency: number;
  readonly memoryLimit: string | undefined;
  readonly spillLimit: string | undefined;
  readonly threads: number | undefined;
}

/** What libuv starts with unless `UV_THREADPOOL_SIZE` says otherwise. */
const LIBUV_THREADS = 4;

/** More statements at a time than this only take memory from each other. */
const USEFUL_CONCURRENCY = 3;

/**
 * Each running statement holds one of libuv's threads from start to end, and file reads and name look-ups of the whole process need
 * the others: one thread at least is always left to them.
 */
export function engineSettings(
  options: EngineOptions = {},
  libuvThreads: number = Number(process.env['UV_THREADPOOL_SIZE']) || LIBUV_THREADS,
): EngineSettings {
  return {
    storage: options.storage ?? 'disk',
    concurrency: Math.max(1, Math.min(options.concurrency ?? USEFUL_CONCURRENCY, libuvThreads - 1)),
    memoryLimit: options.memoryLimit,
    spillLimit: options.spillLimit,
    threads: options.threads,
  };
}
