import { readSettings } from '../src/runtime/environment.ts';
import { cancelStatementFunction } from '../src/runtime/functions/cancel-statement.ts';
import { STATEMENT_VARIABLES } from '../src/runtime/functions/statement.ts';
import { lambdaPlace } from '../src/runtime/place.ts';

/** Cancels what a run still has on the cluster. */
export const handler = cancelStatementFunction(readSettings(STATEMENT_VARIABLES), lambdaPlace);
