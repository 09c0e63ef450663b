/** The known name a person most likely meant, or undefined when none is near. Case and `_` / `-` do not count as a difference. */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  const plain = simplified(written);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const candidate = simplified(name);
    // `delim` for `delimiter`: an abbreviation is nearer than its missing letters say.
    const distance = plain.length >= 3 && candidate.startsWith(plain) ? 1 : editDistance(plain, candidate);
    if (distance <= Math.max(1, Math.floor(name.length / 3)) && distance < (best?.distance ?? Infinity))
      best = { name, distance };
  }
  return best?.name;
}

/** Long input is cut: beyond this nothing known is near anyway, and the distance stays cheap. */
const LONGEST = 32;

function simplified(name: string): string {
  return name.slice(0, LONGEST).toLowerCase().replaceAll(/[_-]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text the other. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}
