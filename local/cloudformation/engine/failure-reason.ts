import { AwsError } from '../../kernel/index.ts';
import type { Engine } from './engine.ts';

/**
 * A failed call as a resource's status reason.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
 */
export function failureReason({ cloud }: Engine, error: unknown): string {
  if (!(error instanceof AwsError)) {
    cloud.fault(error, 'cloudformation');
    return `Internal Failure: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (error.code === 'ValidationError') return error.message;
  const token = cloud.ids.uuid();
  return `Resource handler returned message: "${error.message}" (RequestToken: ${token}, HandlerErrorCode: ${handlerCode(error)})`;
}

function handlerCode({ code, status }: AwsError): string {
  if (/AlreadyExists|AlreadyOwnedByYou|ResourceExists|EntityAlreadyExists|Conflict/.test(code)) return 'AlreadyExists';
  if (/NotFound|NoSuch|NonExistent/.test(code)) return 'NotFound';
  if (/AccessDenied|NotAuthorized|UnauthorizedOperation|AuthorizationError/.test(code)) return 'AccessDenied';
  if (/Throttl|TooManyRequests/.test(code)) return 'Throttling';
  if (/Limit|Quota/.test(code)) return 'ServiceLimitExceeded';
  if (status >= 500) return status === 501 ? 'UnsupportedAction' : 'ServiceInternalError';
  return 'InvalidRequest';
}
