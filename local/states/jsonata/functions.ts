import type { Clock, Ids } from '../../kernel/index.ts';
import { isList, type Json } from '../json.ts';
import { hash, parseJson, partition, range, seeded } from '../jsonpath/intrinsics.ts';

/**
 * What Step Functions adds to JSONata, and what it takes away.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
 */
export function stepFunctionsFunctions(clock: Clock, ids: Ids): Readonly<Record<string, unknown>> {
  return {
    partition: (items: Json | undefined, size: number) =>
      items === undefined ? undefined : partition(isList(items) ? items : [items], size),
    range: (first: number, last: number, step: number) => range(first, last, step),
    hash: (data: Json | undefined, algorithm: Json | undefined) => hash(data, algorithm ?? 'SHA-1'),
    random: (seed?: number) => (seed === undefined ? ids.random() : seeded(seed)),
    uuid: () => ids.uuid(),
    parse: (source: Json | undefined) => (source === undefined ? undefined : parseJson(source)),
    millis: () => clock.now(),
    shuffle: (items: readonly Json[] | undefined) => items && shuffle(items, ids),
    eval: () => {
      throw new Error('$eval is not supported; use $parse to read JSON');
    },
  };
}

function shuffle(items: readonly Json[], ids: Ids): Json[] {
  const shuffled = [...items];
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(ids.random() * (at + 1));
    const [a, b] = [shuffled[at] ?? null, shuffled[other] ?? null];
    shuffled[at] = b;
    shuffled[other] = a;
  }
  return shuffled;
}
