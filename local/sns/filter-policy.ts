import { isIPv4 } from 'node:net';
import { invalidParameter } from './topics.ts';

/** A parsed policy: a list of conditions, one of which must hold, for each name; all names must hold. */
interface Policy {
  readonly [name: string]: Policy | readonly unknown[];
}

const OPERATORS = new Set([
  'prefix',
  'suffix',
  'anything-but',
  'equals-ignore-case',
  'numeric',
  'exists',
  'cidr',
  'wildcard',
]);

/** @throws AwsError `InvalidParameter` for what SNS would refuse, at the time the policy is set. */
export function parseFilterPolicy(text: string): Policy {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidParameter('FilterPolicy: failed to parse JSON.');
  }
  check(policy);
  return policy as Policy;
}

function check(policy: unknown): void {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw invalidParameter('FilterPolicy: Filter policy must be an object');
  for (const [name, value] of Object.entries(policy)) {
    if (!Array.isArray(value)) check(value);
    else if (name === '$or') value.forEach(check);
    else if (value.length === 0) throw invalidParameter('FilterPolicy: Empty arrays are not allowed');
    else for (const condition of value) checkCondition(condition);
  }
}

function checkCondition(condition: unknown): void {
  if (Array.isArray(condition))
    throw invalidParameter('FilterPolicy: Match value must be String, number, true, false, or null');
  if (typeof condition !== 'object' || condition === null) return;
  const [operator, ...more] = Object.keys(condition);
  if (operator === undefined || more.length > 0 || !OPERATORS.has(operator))
    throw invalidParameter(`FilterPolicy: Unrecognized match type ${operator ?? ''}`);
}

/**
 * Whether a message passes. `values` are its attributes, or its body for the scope `MessageBody`.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function passes(policy: Policy, values: unknown): boolean {
  return Object.entries(policy).every(([name, wanted]) => {
    if (name === '$or' && Array.isArray(wanted)) return wanted.some((branch) => passes(branch as Policy, values));
    const value = isObject(values) && Object.hasOwn(values, name) ? values[name] : undefined;
    if (Array.isArray(wanted)) {
      const candidates: readonly unknown[] = Array.isArray(value) ? value : [value];
      return wanted.some((condition) => candidates.some((candidate) => holds(condition, candidate)));
    }
    const inner: readonly unknown[] = Array.isArray(value) ? value : [value];
    return inner.some((item) => passes(wanted as Policy, item));
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function holds(condition: unknown, value: unknown): boolean {
  if (!isObject(condition)) return value !== undefined && condition === value;
  const [operator = '', operand] = Object.entries(condition)[0] ?? [];
  if (operator === 'exists') return (value !== undefined) === operand;
  if (value === undefined) return false;
  if (operator === 'anything-but') {
    const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
    return !excluded.some((entry) => holds(entry, value));
  }
  if (operator === 'numeric') return typeof value === 'number' && Array.isArray(operand) && inRange(operand, value);
  if (typeof value !== 'string') return false;
  const texts: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  return texts.some((text) => typeof text === 'string' && holdsText(operator, text, value));
}

function holdsText(operator: string, operand: string, value: string): boolean {
  switch (operator) {
    case 'prefix':
      return value.startsWith(operand);
    case 'suffix':
      return value.endsWith(operand);
    case 'equals-ignore-case':
      return value.toLowerCase() === operand.toLowerCase();
    case 'cidr':
      return inBlock(operand, value);
    case 'wildcard':
      return matchesWildcard(operand, value);
    default:
      return false;
  }
}

function inRange(operand: readonly unknown[], value: number): boolean {
  for (let at = 0; at < operand.length; at += 2) {
    const limit = Number(operand[at + 1]);
    const met = {
      '=': value === limit,
      '<': value < limit,
      '<=': value <= limit,
      '>': value > limit,
      '>=': value >= limit,
    }[String(operand[at])];
    if (!met) return false;
  }
  return true;
}

function inBlock(block: string, address: string): boolean {
  const [network = '', bits = '32'] = block.split('/');
  if (!isIPv4(network) || !isIPv4(address)) return false;
  const number = (text: string): number => text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(network) / size) === Math.floor(number(address) / size);
}

function matchesWildcard(pattern: string, value: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (!value.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop();
  if (last === undefined) return value === first;
  for (const piece of rest) {
    const found = value.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return value.length - at >= last.length && value.endsWith(last);
}
