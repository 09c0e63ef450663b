import { readSettings } from '../src/runtime/environment.ts';
import { JANITOR_VARIABLES, janitorFunction } from '../src/runtime/functions/janitor.ts';
import { lambdaPlace } from '../src/runtime/place.ts';

/** Frees what dead runs hold, takes down clusters that nobody holds. */
export const handler = janitorFunction(readSettings(JANITOR_VARIABLES), lambdaPlace);
