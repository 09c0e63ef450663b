/**
 * Maps with at most `limit` calls under way, answers in the order of `items`. After the first failure nothing new is begun; what is under way is
 * waited for, so nothing goes on behind the caller's back.
 */
export async function concurrently<In, Out>(
  items: readonly In[],
  limit: number,
  work: (item: In, at: number) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  results.length = items.length;
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (;;) {
      const at = next++;
      if (failed || at >= items.length) return;
      try {
        results[at] = await work(items[at] as In, at);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason;
  return results;
}
