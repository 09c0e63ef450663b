import { isTrivia, nameOf, type Token } from './lexer.ts';
import { unsupported } from './redshift-error.ts';

/**
 * Names that differ in their case only are two to Redshift where those in quotes keep it, and one to DuckDB: a statement that has both is
 * refused, unless one of them does nothing but name a column of its list once (`"userId" AS userid`).
 * @throws RedshiftError
 */
export function refuseTwins(tokens: readonly Token[]): void {
  if (!tokens.some(({ exact, type, text }) => exact === true && type === 'quoted' && /\p{Lu}/u.test(text))) return;
  const words = tokens.filter((token) => !isTrivia(token));
  const seen = new Map<string, { readonly name: string; readonly places: number[] }[]>();
  for (const [at, token] of words.entries()) {
    if (token.type !== 'quoted' && token.type !== 'word') continue;
    const name = nameOf(token);
    const alike = seen.get(name.toLowerCase()) ?? [];
    const known = alike.find((other) => other.name === name);
    if (known) known.places.push(at);
    else alike.push({ name, places: [at] });
    seen.set(name.toLowerCase(), alike);
  }
  for (const alike of seen.values()) {
    const used = alike.filter(({ places }) => places.length > 1 || !isAlias(words, places[0] ?? 0));
    const [, second] = used.length > 1 ? used : alike.length > 2 ? alike : [];
    if (second)
      throw unsupported(
        `"${second.name}" beside "${used[0]?.name}"`,
        words[second.places[0] ?? 0]?.at ?? 0,
        'Names have to differ in more than their case.',
      );
  }
}

/** `x AS name`, or `x name` with nothing but a comma or FROM behind it. */
function isAlias(words: readonly Token[], at: number): boolean {
  const [before, after] = [words[at - 1], words[at + 1]];
  return before?.word === 'AS' || (before?.type === 'quoted' && (after?.text === ',' || after?.word === 'FROM'));
}
