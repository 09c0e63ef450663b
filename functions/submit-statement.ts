import { readSettings } from '../src/runtime/environment.ts';
import { STATEMENT_VARIABLES } from '../src/runtime/functions/statement.ts';
import { submitStatementFunction } from '../src/runtime/functions/submit-statement.ts';
import { lambdaPlace } from '../src/runtime/place.ts';

/** Submits a unit of SQL, or finds that it is done or on its way. */
export const handler = submitStatementFunction(readSettings(STATEMENT_VARIABLES), lambdaPlace);
