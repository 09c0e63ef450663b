import { AwsError } from '../kernel/index.ts';

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message, 400, { Message: message });
}

/** https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_DescribeStatement.html */
const STATEMENT_ID = /^([a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12})(?::(\d+))?$/;

export interface StatementId {
  readonly id: string;
  /** Of a batch's statement, from 1. */
  readonly number: number | undefined;
}

/** @throws AwsError `ValidationException` for text that cannot be an id. */
export function statementId(text: string | undefined): StatementId {
  const [, id, number] = STATEMENT_ID.exec(text ?? '') ?? [];
  if (id === undefined)
    throw validation('id must satisfy regex pattern: ^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d+)?$');
  return { id, number: number === undefined ? undefined : Number(number) };
}

export function within(name: string, value: number | undefined, least: number, most: number): number | undefined {
  if (value !== undefined && (!Number.isInteger(value) || value < least || value > most))
    throw validation(`${name} must be between ${least} and ${most}, not ${value}.`);
  return value;
}

/** @throws AwsError `ValidationException` for a value that is none of an enumeration's. */
export function oneOf(member: string, value: string | undefined, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value))
    throw validation(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
    );
}

/** A page's token: where to go on, bound to what is being read. */
export function pageToken(what: string, offset: number): string {
  return Buffer.from(JSON.stringify([what, offset])).toString('base64url');
}

/** @throws AwsError `ValidationException` for a token that was not given out for `what`. */
export function pageOffset(what: string, token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed[0] === what && Number.isSafeInteger(parsed[1]) && Number(parsed[1]) >= 0)
      return Number(parsed[1]);
  } catch {
    // Not a token at all: the same answer as for somebody else's.
  }
  throw validation('NextToken is not valid.');
}
