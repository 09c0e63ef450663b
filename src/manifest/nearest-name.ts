/** Long input is cut, and long lists too: beyond this nobody is helped, and a hostile document would cost minutes. */
const LONGEST = 32;
const CANDIDATES = 300;

/** The known name a person most likely meant, or undefined when none is near. Case and `_` / `-` do not count as a difference. */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  const plain = simplified(written);
  let best: { readonly name: string; readonly distance: number } | undefined;
  let seen = 0;
  for (const name of known) {
    seen += 1;
    if (seen > CANDIDATES) break;
    const candidate = simplified(name);
    const most = Math.min(Math.max(1, Math.floor(candidate.length / 3)), (best?.distance ?? Infinity) - 1);
    // `delim` for `delimiter`: an abbreviation is nearer than its missing letters say.
    const distance = plain.length >= 3 && candidate.startsWith(plain) ? 1 : editDistance(plain, candidate, most);
    if (distance <= most) best = { name, distance };
  }
  return best?.name;
}

function simplified(name: string): string {
  return name.slice(0, LONGEST).toLowerCase().replaceAll(/[_-]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text the other; Infinity as soon as it is more than `most`. */
function editDistance(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return Infinity;
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let cost = (previous[column - 1] ?? 0) + (same ? 0 : 1);
      cost = lesser(cost, (previous[column] ?? 0) + 1);
      cost = lesser(cost, (current[column - 1] ?? 0) + 1);
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        cost = lesser(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
      least = lesser(least, cost);
    }
    // A swap reaches two rows back and saves at most one.
    if (least > most + 1) return Infinity;
    before = previous;
    previous = current;
  }
  return previous[to.length] ?? Infinity;
}

function lesser(one: number, other: number): number {
  return one < other ? one : other;
}
