import { validationError } from '../validation-error.ts';

/**
 * `Fn::Cidr`: the first `count` blocks of `2^hostBits` addresses within `block`. IPv4 only.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html
 */
export function cidrBlocks(block: string, count: number, hostBits: number): readonly string[] {
  const { base, size } = parseCidr(block);
  const refuse = (why: string): Error => validationError(`Template error: Fn::Cidr ${why}`);
  if (!Number.isInteger(count) || count < 1 || count > 256) throw refuse('count must be from 1 to 256');
  if (!Number.isInteger(hostBits) || hostBits < 0 || hostBits > 32) throw refuse('cidrBits must be from 0 to 32');
  const step = 2 ** hostBits;
  if (step * count > size) throw refuse(`cannot cut ${count} blocks of /${32 - hostBits} out of ${block}`);
  return Array.from({ length: count }, (_, at) => `${dotted(base + at * step)}/${32 - hostBits}`);
}

/** First address and number of addresses. */
export function parseCidr(block: string): { readonly base: number; readonly size: number } {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block)?.slice(1).map(Number);
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = parts ?? [];
  if (!parts || Math.max(a, b, c, d) > 255 || prefix > 32)
    throw validationError(`Template error: Fn::Cidr needs an IPv4 CIDR block, not ${JSON.stringify(block)}`);
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { base: Math.floor(address / size) * size, size };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
