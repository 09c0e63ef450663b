import { CATALOGUE, type ErrorCode } from '../errors/catalogue.ts';
import { catalogued, type Failure } from '../run/failure-record.ts';

/** An error as a state machine caught it: a name at best. */
export interface CaughtError {
  readonly code?: string | undefined;
  readonly cause?: string | undefined;
}

/** How deep nested machines are looked into: a run starts a Map, which starts a machine, which calls a function. */
const DEPTH = 5;

/** The failure behind an error that a machine caught and of which the run has no record of its own. */
export function caughtFailure(caught: CaughtError, at: number, step: string): Failure {
  const { code, cause } = innermost(caught);
  if (code in CATALOGUE) return catalogued(code as ErrorCode, at, step);
  const failure = catalogued('Unexpected', at, step);
  return { ...failure, message: `${failure.message} (${code}${cause ? `: ${cause.slice(0, 500)}` : ''})` };
}

function innermost(caught: CaughtError): { readonly code: string; readonly cause: string } {
  let { code = 'Unexpected', cause = '' } = caught;
  for (let depth = 0; depth < DEPTH; depth++) {
    const inner = nested(cause);
    if (!inner) break;
    ({ code, cause } = inner);
  }
  return { code, cause };
}

/** `Error` and `Cause` of a nested execution, or `errorType` and `errorMessage` of a function. */
function nested(cause: string): { readonly code: string; readonly cause: string } | undefined {
  try {
    const document = JSON.parse(cause) as Readonly<Record<string, unknown>>;
    const code = document['Error'] ?? document['errorType'];
    const text = document['Cause'] ?? document['errorMessage'];
    return typeof code === 'string' ? { code, cause: typeof text === 'string' ? text : '' } : undefined;
  } catch {
    return undefined;
  }
}
