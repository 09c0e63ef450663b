import type { Fragment, Piece, Typed } from './fragment.ts';
import { walk } from './walk-fragment.ts';
import { isTrivia, type Token } from './lexer.ts';

/** The typed constructs of a fragment, inner ones before outer ones; with those of a third form that only asks. */
export function typedIn(fragment: Fragment, asking = false): readonly Typed[] {
  const found = new Set<Typed>();
  walk(
    fragment,
    (piece) => {
      if (typeof piece === 'object' && 'operands' in piece) found.add(piece);
    },
    ({ choose, asked }) => (asking && asked !== undefined ? [choose(true), asked] : [choose(true)]),
  );
  return [...found];
}

/** Whether there is something that is written in a quick form, or an exact one. */
export function hasChoice(fragment: Fragment): boolean {
  return has(fragment, (piece) => typeof piece === 'object' && 'choose' in piece);
}

/** Whether there is something of a form that only asks. */
export function hasThirdForm(fragment: Fragment): boolean {
  return has(fragment, (piece) => typeof piece === 'object' && 'choose' in piece && piece.asked !== undefined);
}

function has(fragment: Fragment, is: (piece: Piece) => boolean): boolean {
  let found = false;
  walk(fragment, (piece) => (found ||= is(piece)));
  return found;
}

/** The words of a fragment as they would be written, spaces and comments aside. */
export function wordsOf(fragment: Fragment): string {
  const words: string[] = [];
  walk(fragment, (piece) => {
    if (typeof piece === 'string') words.push(piece);
    else if ('text' in piece) words.push(isTrivia(piece) ? ' ' : piece.text.toLowerCase());
  });
  return words.join('');
}

/** Names and words, in order; an `AS` that the rewriter has put in counts. */
export function namesIn(fragment: Fragment): readonly Token[] {
  const names: Token[] = [];
  walk(fragment, (piece) => {
    if (typeof piece === 'string') {
      if (/\bAS $/.test(piece)) names.push({ type: 'word', text: 'AS', at: 0, word: 'AS' });
    } else if ('text' in piece && (piece.type === 'word' || piece.type === 'quoted')) names.push(piece);
  });
  return names;
}
