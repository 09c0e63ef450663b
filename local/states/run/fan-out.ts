import { SiblingFailed } from '../failure.ts';
import type { Scope } from './scope.ts';

/**
 * Runs `work` for 0 … count-1, at most `limit` at a time, in order of index. The first failure cancels the others; when all have ended it is
 * thrown.
 */
export async function fanOut(
  count: number,
  limit: number,
  scope: Scope,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: Error | undefined;
  const worker = async (): Promise<void> => {
    while (next < count && !scope.reason) {
      try {
        await work(next++);
      } catch (error) {
        failure ??= error as Error;
        scope.cancel(new SiblingFailed('another branch failed'));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
  if (failure) throw failure;
  scope.throwIfCancelled();
}
