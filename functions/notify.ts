import { readSettings } from '../src/runtime/environment.ts';
import { NOTIFY_VARIABLES, notifyFunction } from '../src/runtime/functions/notify.ts';
import { lambdaPlace } from '../src/runtime/place.ts';

/** Writes the report, tells the analysts. */
export const handler = notifyFunction(readSettings(NOTIFY_VARIABLES), lambdaPlace);
