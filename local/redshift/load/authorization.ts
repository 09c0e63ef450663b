import { failure, invalidOption, notSupported } from './failure.ts';
import type { StatementReader } from './statement-tokens.ts';

/** Words that begin the authorization of COPY and UNLOAD. */
export const AUTHORIZATION_WORDS = new Set([
  'IAM_ROLE',
  'CREDENTIALS',
  'ACCESS_KEY_ID',
  'SECRET_ACCESS_KEY',
  'SESSION_TOKEN',
]);

/** At most ten roles may be chained. See https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html */
const LONGEST_ROLE_CHAIN = 10;

/** Loose about the account and the name: AWS's own examples write them as placeholders. */
const ROLE = /^arn:aws[\w-]*:iam::[^\s:]+:role\/[^\s:]{1,600}$/;

/**
 * Reads one authorization parameter, whose word is already taken. Local objects need no permission; the form is checked, so that a
 * statement that could not run on AWS does not run here.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html
 */
export function readAuthorization(word: string, reader: StatementReader): void {
  const { position } = reader;
  if (word === 'IAM_ROLE') {
    if (reader.accept('DEFAULT')) return;
    const role = reader.string();
    if (role.toLowerCase() !== 'default' && role.toUpperCase() !== 'SESSION') checkRoles(role, position);
    return;
  }
  if (word === 'CREDENTIALS') {
    reader.accept('WITH');
    checkCredentials(reader.string(), position);
    return;
  }
  if (reader.string() === '') throw invalidOption(`${word} must not be empty`, position);
}

/**
 * One method, whole: a role, credentials, or a key with its secret.
 * @throws RedshiftError for words that do not go together.
 */
export function checkAuthorization(words: ReadonlySet<string>): void {
  const methods = ['IAM_ROLE', 'CREDENTIALS', 'ACCESS_KEY_ID'].filter((method) => words.has(method));
  const [first, second] = methods;
  if (first !== undefined && second !== undefined) throw invalidOption(`${first} is not compatible with ${second}`);
  if (words.has('ACCESS_KEY_ID') !== words.has('SECRET_ACCESS_KEY'))
    throw invalidOption('ACCESS_KEY_ID and SECRET_ACCESS_KEY must be specified together');
  if (words.has('SESSION_TOKEN') && first !== 'ACCESS_KEY_ID')
    throw invalidOption('SESSION_TOKEN needs ACCESS_KEY_ID and SECRET_ACCESS_KEY');
  if (first === undefined)
    throw failure('Authorization is missing: specify IAM_ROLE, CREDENTIALS, or ACCESS_KEY_ID and SECRET_ACCESS_KEY');
}

function checkRoles(text: string, position: number): void {
  const roles = text.split(',');
  if (roles.length > LONGEST_ROLE_CHAIN || !roles.every((role) => ROLE.test(role)))
    throw invalidOption(`Invalid IAM role ARN. Invalid value: ${text}`, position);
}

function checkCredentials(text: string, position: number): void {
  const parts = new Map(
    text.split(';').map((part) => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()] as const;
    }),
  );
  if (parts.has('master_symmetric_key'))
    throw notSupported(
      'master_symmetric_key in CREDENTIALS',
      'objects of the local store are not encrypted on the client',
      position,
    );
  const role = parts.get('aws_iam_role');
  if (role !== undefined) return checkRoles(role, position);
  if (!parts.get('aws_access_key_id') || !parts.get('aws_secret_access_key'))
    throw invalidOption(
      "Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'",
      position,
    );
}
