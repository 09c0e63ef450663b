import { AwsDenied, AwsRefused, AwsThrottled, AwsUnavailable } from '../errors/errors.ts';
import { SluiceError } from '../errors/sluice-error.ts';

/** What SDK errors have in common, as far as it is read here. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
  readonly code?: string;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, and the Data API's own. */
const THROTTLES = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'SlowDown',
  'ActiveStatementsExceededException',
  'ActiveSessionsExceededException',
  'ActiveWaitingRequestsExceededException',
  'ExecutionLimitExceeded',
  'PriorRequestNotComplete',
]);

const DENIALS = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'UnauthorizedOperation',
  'KMSAccessDenied',
]);

/** Passing faults that come with a 4xx status, or with none. */
const PASSING = new Set([
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'InternalServerException',
  'InternalFailure',
  'ServiceUnavailable',
  'ExpiredToken',
  'ExpiredTokenException',
  'OperationAborted',
  'ConditionalRequestConflict',
  'KMSThrottling',
]);

const NETWORK = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

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
  return (error as Partial<SdkError> | undefined)?.$metadata?.httpStatusCode;
}

function translated(what: string, error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  if (!(error instanceof Error)) return new AwsUnavailable(`${what} failed.`, { cause: error });
  const sdk = error as unknown as SdkError;
  const status = httpStatus(error) ?? 0;
  const message = `${what}: ${sdk.name}: ${sdk.message}`;
  if (THROTTLES.has(sdk.name) || sdk.$retryable?.throttling || status === 429)
    return new AwsThrottled(message, { cause: error });
  if (DENIALS.has(sdk.name) || status === 401 || (status === 403 && !PASSING.has(sdk.name)))
    return new AwsDenied(message, { cause: error });
  if (PASSING.has(sdk.name) || NETWORK.has(sdk.code ?? '') || sdk.$retryable || status >= 500)
    return new AwsUnavailable(message, { cause: error });
  // No status at all: the request never got an answer, unless the SDK refused it before sending.
  if (status === 0 && sdk.name !== 'TypeError') return new AwsUnavailable(message, { cause: error });
  return new AwsRefused(message, { cause: error });
}
