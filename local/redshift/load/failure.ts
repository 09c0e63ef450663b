import { RedshiftError, SQLSTATE } from '../dialect/redshift-error.ts';

/** A failed COPY or UNLOAD. Redshift reports most of them as an internal error. */
export function failure(message: string, code: string = SQLSTATE.internal, position?: number): RedshiftError {
  return new RedshiftError(code, message, { position });
}

/** A value or a pair of options Redshift does not take. */
export function invalidOption(message: string, position?: number): RedshiftError {
  return failure(message, SQLSTATE.invalidParameter, position);
}

/** Something Redshift has and the local cluster has not. */
export function notSupported(construct: string, instead: string, position?: number): RedshiftError {
  return new RedshiftError(SQLSTATE.notSupported, `${construct} is not supported by the local cluster: ${instead}`, {
    position,
    hint: instead,
  });
}

/** What an error of whatever origin says, its first line. */
export function messageOf(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return message.split('\n')[0] ?? '';
}
