import { AwsDenied, AwsRefused, AwsThrottled, AwsUnavailable } from '../errors/errors.ts';
import { classified } from '../errors/foreign-error.ts';
import { SluiceError } from '../errors/sluice-error.ts';

/**
 * Makes a call and turns what AWS throws into an error of the catalogue, which says whether a retry helps. `what` is the operation, for people.
 * The SDK's own retries with backoff and jitter come first; the state machine's come after.
 */
export async function call<T>(what: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw translated(what, error);
  }
}

/** The SDK's name for an error: what adapters match on, never its text. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function httpStatus(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)?.$metadata
    ?.httpStatusCode;
}

const ERRORS = { AwsThrottled, AwsDenied, AwsUnavailable, AwsRefused } as const;

function translated(what: string, error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  if (!(error instanceof Error)) return new AwsUnavailable(`${what} failed.`, { cause: error });
  return new ERRORS[kindOf(error)](`${what}: ${error.name}: ${error.message}`, { cause: error });
}

function kindOf(error: Error): keyof typeof ERRORS {
  const code = classified(error);
  if (code in ERRORS) return code as keyof typeof ERRORS;
  // No status at all: the request never got an answer, unless the SDK refused it before sending.
  return httpStatus(error) === undefined && error.name !== 'TypeError' ? 'AwsUnavailable' : 'AwsRefused';
}
