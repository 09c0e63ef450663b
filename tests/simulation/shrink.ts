/**
 * Delta debugging (Zeller's ddmin): the smallest part of `items` it finds for which `fails` still holds. `fails` holds for all of them.
 * https://www.st.cs.uni-saarland.de/papers/tse2002/tse2002.pdf
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (items.length > 0 && (await fails([]))) return [];
  let current = items;
  for (let pieces = 2; current.length >= 2;) {
    const size = Math.ceil(current.length / pieces);
    const without = Array.from({ length: Math.ceil(current.length / size) }, (_none, at) => [
      ...current.slice(0, at * size),
      ...current.slice((at + 1) * size),
    ]);
    const smaller = await firstFailing(without, fails);
    if (smaller) {
      current = smaller;
      pieces = Math.max(pieces - 1, 2);
    } else if (size === 1) break;
    else pieces = Math.min(current.length, pieces * 2);
  }
  return current;
}

async function firstFailing<T>(
  parts: readonly (readonly T[])[],
  fails: (part: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | undefined> {
  for (const part of parts) if (part.length > 0 && (await fails(part))) return part;
  return undefined;
}
