import { CATALOGUE, type ErrorCode } from '../errors/catalogue.ts';
import { SluiceError } from '../errors/sluice-error.ts';

/**
 * An error as it leaves a function: its code and what is true of every error of that code. What the case knows more (a value of a row, a line of a
 * manifest) is in the run's record and never in a state, a log or a trace.
 */
export class PresentableError extends Error {
  override readonly name: string;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = code;
    // Lambda passes the stack on as the error's trace.
    this.stack = `${code}: ${message}`;
  }
}

/** Errors of AWS name operations and resources; they are told as they are. */
const TOLD_IN_FULL: ReadonlySet<string> = new Set(['AwsThrottled', 'AwsUnavailable', 'AwsDenied', 'AwsRefused']);

export function presentable(error: unknown): PresentableError {
  if (error instanceof PresentableError) return error;
  const code = codeOf(error);
  const message =
    error instanceof Error && TOLD_IN_FULL.has(code) ? error.message.slice(0, 1_000) : CATALOGUE[code].happened;
  return new PresentableError(code, message);
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof SluiceError && error.name in CATALOGUE) return error.name as ErrorCode;
  // The parser's own error: what a function was called with does not have the shape it reads.
  if (error instanceof Error && error.name === 'ParseError') return 'InputInvalid';
  return 'Unexpected';
}
