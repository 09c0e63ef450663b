import { AwsError } from '../../kernel/index.ts';
import { compileComparison, type Comparison } from './comparison.ts';

/** Whether an event matches a pattern. */
export type EventMatcher = (event: unknown) => boolean;
/** Tests one node of the event; `undefined` where it is absent. */
type NodeTest = (node: unknown) => boolean;

const invalidPattern = (reason: string): AwsError =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Compiles a pattern's text. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * @throws AwsError `InvalidEventPatternException`
 */
export function compilePattern(text: string): EventMatcher {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw invalidPattern((error as Error).message);
  }
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  return objectTest(pattern, '');
}

function objectTest(pattern: Readonly<Record<string, unknown>>, at: string): NodeTest {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern(at ? `Empty objects are not allowed at ${at}` : 'Filter is empty');
  const tests = entries.map(([name, value]): NodeTest => {
    if (name === '$or' && isAlternatives(value)) {
      const alternatives = value.map((alternative) => objectTest(alternative, `${at}/$or`));
      return (node) => alternatives.some((test) => test(node));
    }
    const inner = fieldTest(value, `${at}/${name}`);
    return (node) => inner(isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined);
  });
  return (node) => tests.every((test) => test(node));
}

/** `$or` is a keyword only where it holds two or more objects; elsewhere it is a field of that name. */
function isAlternatives(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.length >= 2 && value.every(isObject) && !value.every(isComparisonObject);
}

const COMPARISONS = new Set([
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'numeric',
  'cidr',
  'anything-but',
  'exists',
]);
const isComparisonObject = (value: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(value).length === 1 && Object.keys(value).every((name) => COMPARISONS.has(name));

function fieldTest(pattern: unknown, at: string): NodeTest {
  if (isObject(pattern)) {
    const test = objectTest(pattern, at);
    // An array of objects matches if one of them does.
    return (node) => (Array.isArray(node) ? node.flat(Infinity).some((item) => test(item)) : test(node));
  }
  if (!Array.isArray(pattern)) throw invalidPattern(`"${at.slice(1)}" must be an object or an array`);
  if (pattern.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${at}`);
  const comparisons = pattern.map((entry): Comparison => compileComparison(entry, at));
  return (node) => {
    const values = node === undefined ? [] : Array.isArray(node) ? (node.flat(Infinity) as unknown[]) : [node];
    const leaves = values.filter((value) => value === null || typeof value !== 'object');
    return comparisons.some((comparison) =>
      comparison.kind === 'exists'
        ? comparison.wanted === leaves.length > 0
        : leaves.some((leaf) => comparison.test(leaf)),
    );
  };
}
