import { StateFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { MAX_VARIABLE_BYTES, MAX_VARIABLES_BYTES } from '../limits.ts';
import { jsonText } from './payload.ts';

/** @throws StateFailure `States.DataLimitExceeded` where one variable, or all a state can see together, are too large */
export function checkVariables(own: Readonly<Record<string, Json>>, outer: Readonly<Record<string, Json>>): void {
  let total = 0;
  for (const [name, value] of [...Object.entries(outer), ...Object.entries(own)]) {
    const bytes = Buffer.byteLength(jsonText(value));
    if (bytes > MAX_VARIABLE_BYTES)
      throw new StateFailure('States.DataLimitExceeded', `The variable '${name}' exceeds ${MAX_VARIABLE_BYTES} bytes.`);
    total += bytes;
  }
  if (total > MAX_VARIABLES_BYTES)
    throw new StateFailure('States.DataLimitExceeded', `The variables together exceed ${MAX_VARIABLES_BYTES} bytes.`);
}
