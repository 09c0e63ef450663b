import type { Alternatives, Chosen, Fragment, Meeting, Piece } from './fragment.ts';
import { isTrivia, type Token } from './lexer.ts';

/** What is written of one that chooses from several values, or puts several queries together. */
export type Choosing = (choice: Alternatives | Meeting) => Fragment;

export const asWritten: Choosing = (choice) =>
  'united' in choice
    ? choice.united(choice.queries)
    : choice.written(choice.alternatives.map(({ fragment }) => fragment));

/** The forms of what has several, of those that are looked at. */
type Forms = (chosen: Chosen) => readonly Fragment[];

const quickForm: Forms = ({ choose }) => [choose(true)];

/**
 * Calls back for every piece of a fragment as it is shaped while types are not known, inner ones before what they are in. Nothing that is
 * in `seen` is looked at, and all that is goes into it: several forms of one thing have the same in them.
 */
export function walk(
  fragment: Fragment,
  each: (piece: Piece) => void,
  forms: Forms = quickForm,
  seen?: Set<Fragment>,
): void {
  if (typeof fragment === 'string' || 'text' in fragment) {
    each(fragment);
    return;
  }
  if (seen?.has(fragment)) return;
  seen?.add(fragment);
  for (const part of isList(fragment) ? fragment : partsOf(fragment, forms)) walk(part, each, forms, seen);
  if (!isList(fragment)) each(fragment);
}

/** What a piece is made of as it is shaped while types are not known. */
function partsOf(piece: Exclude<Piece, string | Token>, forms: Forms): readonly Fragment[] {
  if ('operands' in piece) {
    const operands = piece.operands.map(({ fragment }) => fragment);
    // What a clause asks the types of it need not write.
    return piece.clause ? [...operands, piece.shape(operands)] : [piece.shape(operands)];
  }
  if ('choose' in piece) return forms(piece);
  return ['mark' in piece ? piece.inner : asWritten(piece)];
}

function isList(fragment: Fragment): fragment is readonly Fragment[] {
  return Array.isArray(fragment);
}

/** What a fragment begins with, spaces and comments aside; nothing where there is nothing else. */
export function beginningOf(fragment: Fragment): string | undefined {
  if (typeof fragment === 'string') return fragment.trim() || undefined;
  if ('text' in fragment) return isTrivia(fragment) ? undefined : fragment.text;
  for (const part of isList(fragment) ? fragment : partsOf(fragment, quickForm)) {
    const beginning = beginningOf(part);
    if (beginning !== undefined) return beginning;
  }
  return undefined;
}
