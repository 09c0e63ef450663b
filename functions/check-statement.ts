import { readSettings } from '../src/runtime/environment.ts';
import { CHECK_VARIABLES, checkStatementFunction } from '../src/runtime/functions/check-statement.ts';
import { lambdaPlace } from '../src/runtime/place.ts';

/** Looks how a statement is doing, keeps what it leaves behind. */
export const handler = checkStatementFunction(readSettings(CHECK_VARIABLES), lambdaPlace);
