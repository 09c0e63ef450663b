import type { GetRandomPasswordRequest } from '@aws-sdk/client-secrets-manager';
import { AwsError, type Ids } from '../kernel/index.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const NUMBERS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

const DEFAULT_LENGTH = 32;
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
const LONGEST = 4096;

/** @throws AwsError `InvalidParameterException`. */
export function randomPassword(ids: Ids, input: GetRandomPasswordRequest): string {
  const length = input.PasswordLength ?? DEFAULT_LENGTH;
  const excluded = new Set(input.ExcludeCharacters ?? '');
  const types = [
    input.ExcludeLowercase ? '' : LOWER,
    input.ExcludeUppercase ? '' : UPPER,
    input.ExcludeNumbers ? '' : NUMBERS,
    input.ExcludePunctuation ? '' : PUNCTUATION,
    input.IncludeSpace ? ' ' : '',
  ].map((type) => Array.from(type).filter((character) => !excluded.has(character)));
  const present = types.filter((type) => type.length > 0);
  const required = (input.RequireEachIncludedType ?? true) ? present : [];
  const all = present.flat();
  if (!Number.isInteger(length) || length < Math.max(1, required.length) || length > LONGEST)
    throw new AwsError(
      'InvalidParameterException',
      `Password length ${length} is not possible with the requested character types.`,
    );
  if (all.length === 0)
    throw new AwsError('InvalidParameterException', 'There are no characters left to generate a password from.');
  const one = (from: readonly string[]): string => from[below(ids, from.length)] ?? '';
  const characters = [...required.map(one), ...Array.from({ length: length - required.length }, () => one(all))];
  // Shuffled, so that the required characters are not always the first.
  for (let at = characters.length - 1; at > 0; at--) {
    const other = below(ids, at + 1);
    [characters[at], characters[other]] = [characters[other] ?? '', characters[at] ?? ''];
  }
  return characters.join('');
}

/** From `hex`, whose source is a cryptographic one outside simulations. */
function below(ids: Ids, limit: number): number {
  return Number.parseInt(ids.hex(12), 16) % limit;
}
