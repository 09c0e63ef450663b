import { AwsError } from '../kernel/index.ts';

type Test = (message: string) => boolean;

/**
 * A filter pattern over unstructured text: terms that must all be there, `?term` of which one must be, `-term` that must not, `"quoted text"`,
 * `%regular expression%`; or `{ $.level = "ERROR" }` over JSON with one comparison or several joined by `&&` or `||`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws AwsError `InvalidParameterException`
 */
export function parseFilterPattern(pattern: string | undefined): Test {
  const text = pattern?.trim() ?? '';
  if (text === '') return () => true;
  if (text.startsWith('{')) return jsonPattern(text);
  const terms = [...text.matchAll(/([?-]?)(?:"((?:\\.|[^"\\])*)"|%([^%]*)%|(\S+))/g)].map(
    (found): { sign: string; test: Test } => {
      const [, sign = '', quoted, expression, word] = found;
      if (expression !== undefined) {
        const regular = new RegExp(expression);
        return { sign, test: (message) => regular.test(message) };
      }
      const wanted = quoted?.replace(/\\(.)/g, '$1') ?? word ?? '';
      return { sign, test: (message) => message.includes(wanted) };
    },
  );
  const optional = terms.filter(({ sign }) => sign === '?');
  return (message) =>
    terms.every(({ sign, test }) => sign === '?' || (sign === '-' ? !test(message) : test(message))) &&
    (optional.length === 0 || optional.some(({ test }) => test(message)));
}

function jsonPattern(pattern: string): Test {
  const inside = /^\{(.*)\}$/s.exec(pattern)?.[1];
  if (inside === undefined) throw invalid(pattern);
  const alternatives = inside
    .split('||')
    .map((all) => all.split('&&').map((one) => jsonComparison(one.trim(), pattern)));
  return (message) => {
    let document: unknown;
    try {
      document = JSON.parse(message);
    } catch {
      return false;
    }
    return alternatives.some((all) => all.every((test) => test(document)));
  };
}

function jsonComparison(text: string, pattern: string): (document: unknown) => boolean {
  const found = /^\(?\s*\$((?:\.[\w-]+|\[\d+\])+)\s*(=|!=|<=|>=|<|>)\s*("(?:\\.|[^"\\])*"|[^\s")]+)\s*\)?$/.exec(text);
  if (!found) throw invalid(pattern);
  const [, path = '', operator = '', literal = ''] = found;
  const keys = [...path.matchAll(/[\w-]+/g)].map(([key]) => key);
  const wanted: string = literal.startsWith('"') ? (JSON.parse(literal) as string) : literal;
  const glob = new RegExp(
    `^${wanted
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
  return (document) => {
    let value: unknown = document;
    for (const key of keys)
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined;
    if (value === undefined || (typeof value === 'object' && value !== null)) return false;
    const equal = glob.test(String(value));
    if (operator === '=') return equal;
    if (operator === '!=') return !equal;
    const [left, right] = [Number(value), Number(wanted)];
    if (operator === '<') return left < right;
    if (operator === '<=') return left <= right;
    return operator === '>' ? left > right : left >= right;
  };
}

const invalid = (pattern: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid filter pattern: ${pattern}`);
