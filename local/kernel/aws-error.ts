/** An error as AWS puts it on the wire. `code` is what clients match on; everything else is for people. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  /** Further members of the modelled error shape, by their shape names (for instance `{ StatementId: '…' }`). */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, detail: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

/** Nothing falls through: an operation the local cloud does not have answers 501 with its name. */
export function notImplemented(service: string, operation: string): AwsError {
  return new AwsError('NotImplemented', `${service}:${operation} is not implemented by the local cloud`, 501);
}

/** A member AWS requires. Throws the `ValidationException` AWS would answer with. */
export function required<T>(value: T | null | undefined, member: string): T {
  if (value === undefined || value === null)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}
