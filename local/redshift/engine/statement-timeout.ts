import { EngineFailure } from './sql-failures.ts';

const CANCELLED = '57014';

/** Whether a statement failed because it took too long. */
export function isTimeout(error: unknown): boolean {
  return error instanceof EngineFailure && error.code === CANCELLED;
}

/** Node's timers wait no longer; a statement that takes 24 days has other limits. */
const LONGEST_MS = 2_147_483_647;

/**
 * Work that is cancelled when it has taken so many milliseconds, the waiting for tables included; 0 is no limit.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_statement_timeout.html
 * @throws EngineFailure (57014)
 */
export async function withinTimeout<T>(
  limitMs: number,
  { queryId, signal }: { readonly queryId: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limitMs === 0) return work(signal);
  const controller = new AbortController();
  const expire = (): void =>
    controller.abort(new EngineFailure(CANCELLED, `Query (${queryId}) canceled on user's request`));
  const timer = setTimeout(expire, Math.min(limitMs, LONGEST_MS));
  try {
    return await work(AbortSignal.any([signal, controller.signal]));
  } finally {
    clearTimeout(timer);
  }
}
