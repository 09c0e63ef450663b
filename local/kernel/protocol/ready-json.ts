import type { NormalizedSchema } from '@smithy/core/schema';
import { toJson } from './json.ts';

interface ReadyJson {
  readonly rest: object;
  readonly name: string;
  readonly json: string;
}

const READY = new WeakMap<object, ReadyJson>();

/**
 * An answer with one member more whose JSON, as the wire has it, is there already: it goes over the wire as it is, and is read only
 * for callers in this process.
 */
export function withReadyJson<Rest extends object, Name extends string, Value>(
  rest: Rest,
  name: Name,
  json: string,
  read: (json: string) => Value,
): Rest & Readonly<Record<Name, Value>> {
  const answer = Object.defineProperty({ ...rest }, name, { enumerable: true, get: () => read(json) });
  READY.set(answer, { rest, name, json });
  return answer as Rest & Readonly<Record<Name, Value>>;
}

/** The JSON text of an operation's answer. */
export function answerJson(schema: NormalizedSchema, answer: object): string {
  const ready = READY.get(answer);
  if (!ready) return JSON.stringify(toJson(schema, answer));
  const rest = JSON.stringify(toJson(schema, ready.rest));
  return `${rest.slice(0, -1)}${rest === '{}' ? '' : ','}${JSON.stringify(ready.name)}:${ready.json}}`;
}
