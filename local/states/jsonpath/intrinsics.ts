import { createHash } from 'node:crypto';
import { StateFailure } from '../failure.ts';
import { isList, isObject, sameJson, type Json } from '../json.ts';
import { MAX_INTRINSIC_TEXT, MAX_RANGE_ITEMS } from '../limits.ts';
import type { Ids } from '../../kernel/index.ts';

type Intrinsic = (values: readonly Json[], ids: Ids) => Json;

const wrong = (message: string): StateFailure => new StateFailure('States.IntrinsicFailure', message);

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw wrong(`Expected a string, found ${JSON.stringify(value)}`);
  return value;
}

function integer(value: Json | undefined): number {
  if (typeof value !== 'number') throw wrong(`Expected a number, found ${JSON.stringify(value)}`);
  return Math.round(value);
}

function list(value: Json | undefined): readonly Json[] {
  if (!isList(value)) throw wrong(`Expected an array, found ${JSON.stringify(value)}`);
  return value;
}

/** Pieces of `size` items each, the last with the rest. */
export function partition(items: readonly Json[], size: number): Json[][] {
  if (!(size > 0)) throw wrong('The size of a partition must be a positive number');
  const pieces: Json[][] = [];
  for (let at = 0; at < items.length; at += size) pieces.push(items.slice(at, at + size));
  return pieces;
}

/** Numbers from `first` to `last`, both included. */
export function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw wrong('The step of a range must not be 0');
  const size = Math.floor((last - first) / step) + 1;
  if (size > MAX_RANGE_ITEMS) throw wrong(`A range holds at most ${MAX_RANGE_ITEMS} items`);
  return Array.from({ length: Math.max(0, size) }, (_, at) => first + at * step);
}

const DIGESTS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

export function hash(data: Json | undefined, algorithm: Json | undefined): string {
  const digest = DIGESTS[text(algorithm)];
  if (!digest) throw wrong(`Unknown hash algorithm ${JSON.stringify(algorithm)}`);
  const bytes = typeof data === 'string' ? data : JSON.stringify(data);
  if (bytes.length > MAX_INTRINSIC_TEXT) throw wrong(`At most ${MAX_INTRINSIC_TEXT} characters can be hashed`);
  return createHash(digest).update(bytes).digest('hex');
}

/** A number in [0, 1) from a seed alone (mulberry32). */
export function seeded(seed: number): number {
  let t = (Math.imul(seed, 1) + 0x6d2b79f5) >>> 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

export function parseJson(source: Json | undefined): Json {
  try {
    return JSON.parse(text(source)) as Json;
  } catch (error) {
    if (error instanceof StateFailure) throw error;
    throw wrong(`Invalid JSON: ${String(error)}`);
  }
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
export const INTRINSICS: Readonly<
  Record<string, { readonly takes: readonly [number, number]; readonly run: Intrinsic }>
> = {
  'States.Format': { takes: [1, Infinity], run: ([template, ...values]) => format(text(template), values) },
  'States.StringToJson': { takes: [1, 1], run: ([source]) => parseJson(source) },
  'States.JsonToString': { takes: [1, 1], run: ([value]) => JSON.stringify(value) },
  'States.Array': { takes: [0, Infinity], run: (values) => values },
  'States.ArrayPartition': { takes: [2, 2], run: ([items, size]) => partition(list(items), integer(size)) },
  'States.ArrayContains': {
    takes: [2, 2],
    run: ([items, value]) => list(items).some((item) => sameJson(item, value ?? null)),
  },
  'States.ArrayRange': {
    takes: [3, 3],
    run: ([first, last, step]) => range(integer(first), integer(last), integer(step)),
  },
  'States.ArrayGetItem': {
    takes: [2, 2],
    run: ([items, index]) => {
      const item = list(items)[integer(index)];
      if (item === undefined) throw wrong(`Index ${JSON.stringify(index)} is out of bounds`);
      return item;
    },
  },
  'States.ArrayLength': { takes: [1, 1], run: ([items]) => list(items).length },
  'States.ArrayUnique': {
    takes: [1, 1],
    run: ([items]) => list(items).filter((item, at, all) => all.findIndex((other) => sameJson(item, other)) === at),
  },
  'States.Base64Encode': { takes: [1, 1], run: ([value]) => Buffer.from(bounded(value)).toString('base64') },
  'States.Base64Decode': { takes: [1, 1], run: ([value]) => Buffer.from(bounded(value), 'base64').toString('utf8') },
  'States.Hash': { takes: [2, 2], run: ([data, algorithm]) => hash(data, algorithm) },
  'States.JsonMerge': {
    takes: [3, 3],
    run: ([first, second, deep]) => {
      if (!isObject(first) || !isObject(second)) throw wrong('States.JsonMerge takes two objects');
      if (deep !== false)
        throw wrong('States.JsonMerge supports shallow merging only: the third argument must be false');
      return { ...first, ...second };
    },
  },
  'States.MathRandom': {
    takes: [2, 3],
    run: ([from, to, seed], ids) => {
      const at = seed === undefined ? ids.random() : seeded(integer(seed));
      return integer(from) + Math.floor(at * (integer(to) - integer(from)));
    },
  },
  'States.MathAdd': { takes: [2, 2], run: ([a, b]) => integer(a) + integer(b) },
  'States.StringSplit': {
    takes: [2, 2],
    run: ([source, delimiters]) => {
      const separators = new Set(text(delimiters));
      const parts: string[] = [''];
      for (const character of text(source))
        if (separators.has(character)) parts.push('');
        else parts.push(parts.pop() + character);
      return parts.filter((part) => part !== '');
    },
  },
  'States.UUID': { takes: [0, 0], run: (_values, ids) => ids.uuid() },
};

function bounded(value: Json | undefined): string {
  const source = text(value);
  if (source.length > MAX_INTRINSIC_TEXT) throw wrong(`At most ${MAX_INTRINSIC_TEXT} characters are allowed`);
  return source;
}

/** `{}` takes the next value; `\{`, `\}` and `\\` stand for themselves. */
function format(template: string, values: readonly Json[]): string {
  let at = 0;
  const result = template.replace(/\\([\s\S])|\{\}/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = values[at++];
    if (value === undefined) throw wrong(`${found} has no value: '${template}'`);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  if (at < values.length) throw wrong(`The template '${template}' has fewer {} than values`);
  return result;
}
