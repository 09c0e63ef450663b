const SURROGATES = { first: 0xd800, last: 0xdfff } as const;

const isSurrogate = (unit: number): boolean => unit >= SURROGATES.first && unit <= SURROGATES.last;

/** The order of two texts' UTF-8 bytes. It is that of their UTF-16 units, but for surrogates, which stand for what comes last. */
export function inUtf8Order(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    if (isSurrogate(x) !== isSurrogate(y)) return isSurrogate(x) ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}
