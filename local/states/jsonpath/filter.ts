import { runtimeFailure } from '../failure.ts';
import { sameJson, type Json } from '../json.ts';

type Test = (item: Json) => boolean;
/** A side of a comparison; `undefined` where a path finds nothing. */
type Operand = (item: Json) => Json | undefined;

const TOKEN =
  /\s*(&&|\|\||==|!=|<=|>=|<|>|=~|!|\(|\)|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\/(?:\\.|[^/\\])+\/i?|@(?:\.[\w-]+|\[(?:'[^']*'|"[^"]*"|-?\d+)\])*|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*/sy;

/** The inside of `[?(…)]`: comparisons of `@` paths and literals, with `&&`, `||`, `!` and parentheses. `resolve` reads a path. */
export function parseFilter(source: string, resolve: (path: string) => Operand): Test {
  const invalid = (): Error => runtimeFailure(`Invalid filter '${source}'`);
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const token = TOKEN.exec(source)?.[1];
    if (token === undefined) throw invalid();
    tokens.push(token);
  }
  let at = 0;
  const take = (token: string): boolean => tokens[at] === token && ++at > 0;

  const either = (): Test => {
    let left = both();
    while (take('||')) {
      const [first, second] = [left, both()];
      left = (item) => first(item) || second(item);
    }
    return left;
  };
  const both = (): Test => {
    let left = single();
    while (take('&&')) {
      const [first, second] = [left, single()];
      left = (item) => first(item) && second(item);
    }
    return left;
  };
  const single = (): Test => {
    if (take('!')) {
      const negated = single();
      return (item) => !negated(item);
    }
    if (take('(')) {
      const inner = either();
      if (!take(')')) throw invalid();
      return inner;
    }
    const left = operand();
    const operator = tokens[at];
    if (operator === undefined || !/^([=!<>]=?|==|=~)$/.test(operator) || operator === '!')
      return (item) => left(item) !== undefined;
    at++;
    if (operator === '=~') {
      const match = /^\/(.*)\/(i?)$/s.exec(tokens[at++] ?? '');
      if (!match) throw invalid();
      const pattern = new RegExp(`^(?:${match[1]})$`, match[2]);
      return (item) => pattern.test(String(left(item)));
    }
    const right = operand();
    return (item) => compare(left(item), operator, right(item));
  };
  const operand = (): Operand => {
    const token = tokens[at++];
    if (token === undefined) throw invalid();
    if (token.startsWith('@')) return resolve(`$${token.slice(1)}`);
    if (/^['"]/.test(token)) {
      const text = token.slice(1, -1).replace(/\\(.)/gs, '$1');
      return () => text;
    }
    if (!/^(-?\d|true$|false$|null$)/.test(token)) throw invalid();
    const literal = JSON.parse(token) as Json;
    return () => literal;
  };

  const test = either();
  if (at < tokens.length) throw invalid();
  return test;
}

function compare(left: Json | undefined, operator: string, right: Json | undefined): boolean {
  if (operator === '!=') return !compare(left, '==', right);
  if (left === undefined || right === undefined) return false;
  if (operator === '==') return sameJson(left, right);
  if (typeof left === 'string' && typeof right === 'string') return ordered(left < right, left === right, operator);
  if (typeof left === 'number' && typeof right === 'number') return ordered(left < right, left === right, operator);
  return false;
}

function ordered(less: boolean, equal: boolean, operator: string): boolean {
  if (operator === '<') return less;
  if (operator === '<=') return less || equal;
  if (operator === '>') return !less && !equal;
  return !less;
}
