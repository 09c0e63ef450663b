import { CATALOGUE, type ErrorCode } from './catalogue.ts';

/**
 * Names of AWS errors that ask to slow down. The SDK retries some of them by itself; these are what remains.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, and the Data API's own.
 */
const THROTTLES: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ActiveStatementsExceededException',
  'ActiveSessionsExceededException',
  'ActiveWaitingRequestsExceededException',
  'ProvisionedThroughputExceededException',
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'ExecutionLimitExceeded',
  'PriorRequestNotComplete',
  'Lambda.TooManyRequestsException',
]);

/** Names of errors behind which a service or the network failed for a moment. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'InternalServerException',
  'InternalServerError',
  'InternalFailure',
  'InternalError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ServiceException',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'AbortError',
  'NetworkingError',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'OperationAborted',
  'ConditionalRequestConflict',
  'KMSThrottling',
  // Credentials of a role change under a function that runs; the next call has the new ones.
  'ExpiredToken',
  'ExpiredTokenException',
  'DatabaseConnectionException',
  'BatchExecuteStatementException',
  'ExecuteStatementException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'States.Timeout',
  'States.HeartbeatTimeout',
]);

const DENIED: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
  'NotAuthorized',
  'Forbidden',
  'KMSAccessDenied',
  'KMSAccessDeniedException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
]);

interface Foreign {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  /** Set by the SDK on what it would try again. */
  readonly $retryable?: { readonly throttling?: unknown };
}

/** The code of the catalogue for an error that is not the product's own: by its name and HTTP status, never by its message. */
export function classified(thrown: unknown): ErrorCode {
  if (typeof thrown !== 'object' || thrown === null) return 'Unexpected';
  const { name, code, $metadata, $retryable } = thrown as Foreign;
  // A state machine prefixes the names of services it calls itself: `RedshiftData.ActiveStatementsExceededException`.
  const names = [name, code].flatMap((text) =>
    typeof text === 'string' ? [text, text.replace(/^[A-Za-z0-9]+\./, '')] : [],
  );
  for (const text of names) if (Object.hasOwn(CATALOGUE, text)) return text as ErrorCode;
  const is = (known: ReadonlySet<string>): boolean => names.some((text) => known.has(text));
  if (is(THROTTLES) || $retryable?.throttling === true) return 'AwsThrottled';
  if (is(DENIED)) return 'AwsDenied';
  if (is(UNAVAILABLE) || $retryable !== undefined) return 'AwsUnavailable';
  const status = $metadata?.httpStatusCode;
  if (typeof status !== 'number') return 'Unexpected';
  if (status === 429) return 'AwsThrottled';
  if (status === 401 || status === 403) return 'AwsDenied';
  if (status >= 500) return 'AwsUnavailable';
  return status >= 400 ? 'AwsRefused' : 'Unexpected';
}
