import type { Expression, Fragment, Typed } from './fragment.ts';
import { typedIn, wordsOf } from './fragment-contents.ts';

/**
 * DuckDB binds what stands twice in a query only once: the `a / b` of a SELECT list is the one of its GROUP BY. What was left out takes
 * the types of its twin: in every round anew, for the twin's types may have changed.
 */
export function borrow(
  statement: Fragment,
  marks: Map<Expression, string>,
  answer: ReadonlyMap<Expression, string>,
  asking = false,
): void {
  const all = typedIn(statement, asking);
  const silent = (operand: Expression): boolean => operand.type === undefined && !answer.has(operand);
  const lacking = all.filter(({ operands }) => operands.some(silent));
  if (lacking.length === 0) return;
  const twins = new Map<string, Typed>();
  for (const typed of all)
    if (!lacking.includes(typed))
      for (const key of [inWords(typed), withoutTables(inWords(typed))]) twins.set(key, typed);
  for (const typed of lacking) {
    const twin = twins.get(inWords(typed)) ?? twins.get(withoutTables(inWords(typed)));
    typed.operands.forEach((operand, index) => {
      const other = twin?.operands[index];
      const type = other && (other.type ?? marks.get(other));
      if (type !== undefined && silent(operand)) marks.set(operand, type);
    });
  }
}

/** What tells a construct from others that are written alike: itself, and its operands. */
function inWords({ shape, operands }: Typed): string {
  const parts = operands.map(({ fragment }) => fragment);
  return [shape(parts), ...parts].map(wordsOf).join('\n');
}

/** `t.a % 2` and `a % 2` are one expression to DuckDB. */
function withoutTables(words: string): string {
  return words.replace(/(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")*")\s*\.\s*(?=[\p{L}_"])/gu, '');
}
