/**
 * Works through ids, each after those it waits for, everything else at once.
 *
 * After a failure what waits for it is left out, and with `stopAtFailure` everything not yet begun.
 * Ends when all that was begun has ended.
 */
export async function inDependencyOrder(
  ids: Iterable<string>,
  waitsFor: (id: string) => Iterable<string>,
  work: (id: string) => Promise<void>,
  options: { readonly stopAtFailure: boolean; readonly onFailure?: () => void },
): Promise<ReadonlyMap<string, Error>> {
  const known = new Set(ids);
  const failures = new Map<string, Error>();
  const begun = new Map<string, Promise<boolean>>();
  const begin = (id: string): Promise<boolean> => {
    const already = begun.get(id);
    if (already) return already;
    const done = run(id);
    begun.set(id, done);
    return done;
  };
  const run = async (id: string): Promise<boolean> => {
    // The promise has to be in the map before a dependency asks for it.
    await Promise.resolve();
    const ready = await Promise.all([...waitsFor(id)].filter((other) => other !== id && known.has(other)).map(begin));
    if (ready.includes(false) || (options.stopAtFailure && failures.size > 0)) return false;
    try {
      await work(id);
      return true;
    } catch (error) {
      failures.set(id, error instanceof Error ? error : new Error(String(error)));
      options.onFailure?.();
      return false;
    }
  };
  await Promise.all([...known].map(begin));
  return failures;
}
