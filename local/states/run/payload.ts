import { StateFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';

/** What one state leaves, the next enters with: the text of an unchanged value is made once. */
const texts = new WeakMap<object, string>();

export function jsonText(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}

export function isTooLarge(text: string): boolean {
  // A character is at most three bytes of UTF-8 per UTF-16 unit.
  return text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES;
}

/** @throws StateFailure `States.DataLimitExceeded` */
export function checkSize(value: Json, stateName: string): void {
  if (isTooLarge(jsonText(value)))
    throw new StateFailure(
      'States.DataLimitExceeded',
      `The state/task '${stateName}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
}
