import { readSettings } from '../src/runtime/environment.ts';
import { FOLLOW_VARIABLES } from '../src/runtime/functions/statement.ts';
import { submitStatementFunction } from '../src/runtime/functions/submit-statement.ts';
import { lambdaPlace } from '../src/runtime/place.ts';

/** Submits a unit of SQL, or finds that it is done or on its way, and waits a while for its end. */
export const handler = submitStatementFunction(readSettings(FOLLOW_VARIABLES), lambdaPlace);
