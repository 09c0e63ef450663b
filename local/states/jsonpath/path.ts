import { remembered } from '../../kernel/index.ts';
import { isList, isObject, type Json } from '../json.ts';
import { runtimeFailure } from '../failure.ts';
import { parseFilter } from './filter.ts';

/**
 * JSONPath as Step Functions reads it (Jayway's dialect).
 * https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
 */
export interface Path {
  readonly segments: readonly Segment[];
  /** Names and single indexes only: the path yields one value, not a list of matches. */
  readonly definite: boolean;
  /** Ends in `.length()`. */
  readonly length: boolean;
}

export type Segment =
  | { readonly kind: 'name'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly indexes: readonly number[] }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly step: number;
    }
  | { readonly kind: 'filter'; readonly test: (item: Json) => boolean }
  | { readonly kind: 'every' }
  | { readonly kind: 'descend' };

/** Paths come from definitions, which are few; the bound only guards against a program that makes them up. */
const MAX_PARSED = 10_000;

/** Parses a path that starts with `$` (what `$` stands for is the caller's affair). @throws StateFailure `States.Runtime` */
export const parsePath: (text: string) => Path = remembered(MAX_PARSED, parse);

function parse(text: string): Path {
  const invalid = (): Error => runtimeFailure(`Invalid path '${text}'`);
  if (!text.startsWith('$')) throw invalid();
  const segments: Segment[] = [];
  let at = 1;
  let length = false;
  while (at < text.length) {
    const rest = text.slice(at);
    if (rest === '.length()') {
      length = true;
      break;
    }
    if (rest.startsWith('..')) {
      segments.push({ kind: 'descend' });
      at += rest[2] === '[' ? 2 : 1;
    } else if (rest.startsWith('.*')) {
      segments.push({ kind: 'every' });
      at += 2;
    } else if (rest.startsWith('.')) {
      const name = /^[^.[\]()'"\s*,]+/.exec(rest.slice(1))?.[0];
      if (name === undefined) throw invalid();
      segments.push({ kind: 'name', names: [name] });
      at += 1 + name.length;
    } else if (rest.startsWith('[')) {
      const end = closingBracket(text, at);
      if (end < 0) throw invalid();
      const segment = bracket(text.slice(at + 1, end).trim());
      if (!segment) throw invalid();
      segments.push(segment);
      at = end + 1;
    } else throw invalid();
  }
  const definite = segments.every(
    (segment) =>
      (segment.kind === 'name' && segment.names.length === 1) ||
      (segment.kind === 'index' && segment.indexes.length === 1),
  );
  return { segments, definite, length };
}

/** The bracket that closes the one at `open`, past quoted text; -1 if there is none. */
function closingBracket(text: string, open: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let at = open; at < text.length; at++) {
    const character = text[at];
    if (quote) {
      if (character === '\\') at++;
      else if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '[') depth++;
    else if (character === ']' && --depth === 0) return at;
  }
  return -1;
}

function bracket(inside: string): Segment | undefined {
  if (inside === '*') return { kind: 'every' };
  const filter = /^\?\s*\((.*)\)$/s.exec(inside)?.[1];
  if (filter !== undefined) return { kind: 'filter', test: parseFilter(filter, firstOf) };
  const slice = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(inside);
  if (slice) {
    const bound = (digits: string | undefined): number | undefined =>
      digits === undefined ? undefined : Number(digits);
    const step = bound(slice[3]) ?? 1;
    return step > 0 ? { kind: 'slice', from: bound(slice[1]), to: bound(slice[2]), step } : undefined;
  }
  if (/^-?\d+(\s*,\s*-?\d+)*$/.test(inside)) return { kind: 'index', indexes: inside.split(',').map(Number) };
  if (!/^('(\\.|[^'\\])*'|"(\\.|[^"\\])*")(\s*,\s*('(\\.|[^'\\])*'|"(\\.|[^"\\])*"))*$/s.test(inside)) return undefined;
  const names = [...inside.matchAll(/'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"/gs)].map((match) =>
    (match[1] ?? match[2] ?? '').replace(/\\(.)/gs, '$1'),
  );
  return { kind: 'name', names };
}

function firstOf(text: string): (item: Json) => Json | undefined {
  const path = parsePath(text);
  return (item) => find(path, item)[0];
}

/** Everything a path finds in `root`, in document order. */
export function find(path: Path, root: Json): readonly Json[] {
  let found: Json[] = [root];
  for (const segment of path.segments) {
    const next: Json[] = [];
    for (const value of found) step(segment, value, next);
    found = next;
  }
  return path.length
    ? found.map((value) => (isList(value) ? value.length : isObject(value) ? Object.keys(value).length : null))
    : found;
}

function step(segment: Segment, value: Json, found: Json[]): void {
  if (isList(value)) {
    if (segment.kind === 'index')
      for (const index of segment.indexes) {
        const item = value.at(index);
        if (item !== undefined) found.push(item);
      }
    else if (segment.kind === 'slice') {
      const items = value.slice(segment.from, segment.to);
      for (let at = 0; at < items.length; at += segment.step) found.push(items[at] ?? null);
    }
  }
  if (segment.kind === 'name' && isObject(value)) {
    for (const name of segment.names) if (Object.hasOwn(value, name)) found.push(value[name] ?? null);
  } else if (segment.kind === 'every' && (isList(value) || isObject(value))) {
    for (const item of Object.values(value)) found.push(item);
  } else if (segment.kind === 'filter') {
    for (const item of isList(value) ? value : [value]) if (segment.test(item)) found.push(item);
  } else if (segment.kind === 'descend') descend(value, found);
}

function descend(value: Json, found: Json[]): void {
  if (!isList(value) && !isObject(value)) return;
  found.push(value);
  for (const item of Object.values(value)) descend(item, found);
}
