import type { Finding } from '../errors/finding.ts';
import { jsonPath } from './shape-findings.ts';

/** The first place where a text is not JSON. Line and column count from 1. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

interface Frame {
  /** The object's or the list's own key in what holds it. */
  readonly place: PropertyKey | undefined;
  /** Keys seen, in an object only. */
  readonly keys?: Set<string>;
  /** Where the next value goes. */
  next: PropertyKey;
}

// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these in a text
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * What `JSON.parse` does not tell: where exactly a text stops being JSON, and which keys stand twice in one object. It keeps the last of
 * them without a word, which would drop a whole list of files. One pass; nesting costs no call stack.
 */
export function scanJson(text: string): { readonly problem?: SyntaxProblem; readonly repeated: readonly Finding[] } {
  const repeated: Finding[] = [];
  const frames: Frame[] = [];
  let expects: 'value' | 'first value' | 'key' | 'first key' | 'comma' | 'end' = 'value';
  let at = skip(text, 0);
  const stop = (why: string) => ({ problem: { ...lineAndColumn(text, at), why }, repeated });
  const afterValue = (): typeof expects => (frames.length === 0 ? 'end' : 'comma');

  while (at < text.length) {
    const character = text[at] ?? '';
    const frame = frames.at(-1);
    if (expects === 'end') return stop('the document ended before this');
    if (expects === 'comma') {
      if (character === ',') {
        expects = frame?.keys === undefined ? 'value' : 'key';
        if (frame !== undefined && typeof frame.next === 'number') frame.next += 1;
      } else if (character === (frame?.keys === undefined ? ']' : '}')) {
        frames.pop();
        expects = afterValue();
      } else return stop(`a comma or ${frame?.keys === undefined ? ']' : '}'} should be here`);
      at = skip(text, at + 1);
      continue;
    }
    if ((expects === 'first key' && character === '}') || (expects === 'first value' && character === ']')) {
      frames.pop();
      expects = afterValue();
      at = skip(text, at + 1);
      continue;
    }
    if (expects === 'key' || expects === 'first key') {
      const end = match(STRING, text, at);
      if (end === undefined || frame?.keys === undefined)
        return stop(character === '"' ? UNCLOSED : 'a key in double quotation marks should be here');
      const key = JSON.parse(text.slice(at, end)) as string;
      if (frame.keys.has(key))
        repeated.push({
          path: jsonPath([...frames.flatMap(({ place }) => place ?? []), key]),
          what: 'this key is there twice',
          why: 'Only one of its two values could count',
          do: 'Keep one of them',
        });
      frame.keys.add(key);
      frame.next = key;
      at = skip(text, end);
      if (text[at] !== ':') return stop('a colon should be here');
      at = skip(text, at + 1);
      expects = 'value';
      continue;
    }
    if (character === '{' || character === '[') {
      const place = frame?.next;
      frames.push(character === '{' ? { place, keys: new Set(), next: '' } : { place, next: 0 });
      expects = character === '{' ? 'first key' : 'first value';
      at = skip(text, at + 1);
      continue;
    }
    const end = match(character === '"' ? STRING : SCALAR, text, at);
    if (end === undefined)
      return stop(
        character === '"'
          ? UNCLOSED
          : 'a value should be here: an object, a list, a text in double quotation marks, a number, true, false or null',
      );
    at = skip(text, end);
    expects = afterValue();
  }
  return expects === 'end' ? { repeated } : stop('the document ends here, before it is complete');
}

const UNCLOSED = 'this text does not end on its line, or holds a backslash that means nothing';

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function skip(text: string, at: number): number {
  return match(SPACE, text, at) ?? at;
}

function lineAndColumn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
