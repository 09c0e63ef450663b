import { AwsError } from '../kernel/index.ts';

export interface Block {
  readonly from: number;
  readonly to: number;
}

/** First and last address of an IPv4 block whose prefix is from `shortest` to `longest`. */
export function block(cidr: string | undefined, shortest = 0, longest = 32): Block {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/
    .exec(cidr ?? '')
    ?.slice(1)
    .map(Number);
  const [a = 256, b = 0, c = 0, d = 0, prefix = 33] = parts ?? [];
  if (Math.max(a, b, c, d) > 255 || prefix > 32)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${cidr ?? ''}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    );
  if (prefix < shortest || prefix > longest)
    throw new AwsError('InvalidVpc.Range', `The CIDR '${cidr ?? ''}' is invalid: its size is out of range.`);
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const from = Math.floor(address / size) * size;
  return { from, to: from + size - 1 };
}

export const contains = (outer: Block, inner: Block): boolean => outer.from <= inner.from && inner.to <= outer.to;
export const overlap = (one: Block, other: Block): boolean => one.from <= other.to && other.from <= one.to;
