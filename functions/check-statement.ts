import { readSettings } from '../src/runtime/environment.ts';
import { checkStatementFunction } from '../src/runtime/functions/check-statement.ts';
import { FOLLOW_VARIABLES } from '../src/runtime/functions/statement.ts';
import { lambdaPlace } from '../src/runtime/place.ts';

/** Looks how a statement is doing, keeps what it leaves behind. */
export const handler = checkStatementFunction(readSettings(FOLLOW_VARIABLES), lambdaPlace);
