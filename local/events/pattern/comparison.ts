import { AwsError } from '../../kernel/index.ts';
import { parseCidr } from './cidr.ts';

/** One entry of a pattern's array. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export type Comparison =
  | { readonly kind: 'exists'; readonly wanted: boolean }
  | { readonly kind: 'value'; readonly test: (leaf: unknown) => boolean };

const invalid = (reason: string): AwsError =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
const value = (test: (leaf: unknown) => boolean): Comparison => ({ kind: 'value', test });
const onText = (test: (text: string) => boolean): Comparison => value((leaf) => typeof leaf === 'string' && test(leaf));
const fold = (text: string): string => text.toLowerCase();

/** @throws AwsError `InvalidEventPatternException` */
export function compileComparison(entry: unknown, at: string): Comparison {
  if (entry === null || typeof entry !== 'object') return value((leaf) => leaf === entry);
  if (Array.isArray(entry)) throw invalid(`Nested arrays are not allowed at ${at}`);
  const [first, second] = Object.entries(entry);
  if (!first || second) throw invalid(`Only one key allowed in match expression at ${at}`);
  const [operator, operand] = first as [string, unknown];
  switch (operator) {
    case 'prefix':
    case 'suffix': {
      const found = (text: string, part: string): boolean =>
        operator === 'prefix' ? text.startsWith(part) : text.endsWith(part);
      const folded = ignoringCase(operand);
      if (folded !== undefined) return onText((text) => found(fold(text), fold(folded)));
      const part = textOperand(operator, operand, at);
      return onText((text) => found(text, part));
    }
    case 'equals-ignore-case': {
      const wanted = fold(textOperand(operator, operand, at));
      return onText((text) => fold(text) === wanted);
    }
    case 'wildcard': {
      const pattern = wildcard(textOperand(operator, operand, at), at);
      return onText((text) => pattern.test(text));
    }
    case 'cidr': {
      const inRange = parseCidr(textOperand(operator, operand, at));
      if (!inRange) throw invalid(`Malformed CIDR at ${at}`);
      return onText(inRange);
    }
    case 'numeric':
      return value(numeric(operand, at));
    case 'exists':
      if (typeof operand !== 'boolean') throw invalid(`exists match pattern must be either true or false at ${at}`);
      return { kind: 'exists', wanted: operand };
    case 'anything-but':
      return value(anythingBut(operand, at));
    default:
      throw invalid(`Unrecognized match type ${operator}`);
  }
}

function ignoringCase(operand: unknown): string | undefined {
  const text =
    typeof operand === 'object' && operand !== null
      ? (operand as Record<string, unknown>)['equals-ignore-case']
      : undefined;
  return typeof text === 'string' ? text : undefined;
}

function textOperand(operator: string, operand: unknown, at: string): string {
  if (typeof operand !== 'string') throw invalid(`${operator} match pattern must be a string at ${at}`);
  return operand;
}

function anythingBut(operand: unknown, at: string): (leaf: unknown) => boolean {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [first, second] = Object.entries(operand);
    if (!first || second || !['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(first[0]))
      throw invalid(`Unsupported anything-but pattern at ${at}`);
    const alternatives = (Array.isArray(first[1]) ? (first[1] as unknown[]) : [first[1]]).map((text) =>
      compileComparison({ [first[0]]: text }, at),
    );
    return (leaf) =>
      typeof leaf === 'string' && !alternatives.some((other) => other.kind === 'value' && other.test(leaf));
  }
  const refused: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (refused.length === 0 || refused.some((item) => !['string', 'number'].includes(typeof item)))
    throw invalid(`anything-but takes strings or numbers at ${at}`);
  return (leaf) => !refused.includes(leaf);
}

const RELATIONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `["=", 5]` or a range: `[">", 0, "<=", 5]`. */
function numeric(operand: unknown, at: string): (leaf: unknown) => boolean {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  if (parts.length !== 2 && parts.length !== 4) throw invalid(`Value of numeric must be an array of 2 or 4 at ${at}`);
  const bounds: ((leaf: number) => boolean)[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const relation = RELATIONS[String(parts[i])];
    const bound = parts[i + 1];
    if (!relation || typeof bound !== 'number')
      throw invalid(`Unrecognized numeric range operator: ${String(parts[i])}`);
    bounds.push((leaf) => relation(leaf, bound));
  }
  return (leaf) => typeof leaf === 'number' && bounds.every((bound) => bound(leaf));
}

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcard(pattern: string, at: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    const next = pattern.charAt(i + 1);
    if (character === '\\' && (next === '*' || next === '\\')) {
      source += `\\${next}`;
      i++;
    } else if (character === '\\') throw invalid(`Invalid escape character at pos ${i} at ${at}`);
    else if (character === '*') {
      if (next === '*') throw invalid(`Consecutive wildcard characters at pos ${i} at ${at}`);
      source += '[^]*';
    } else source += character.replace(/[.+?^${}()|[\]/-]/, '\\$&');
  }
  return new RegExp(`^${source}$`);
}
