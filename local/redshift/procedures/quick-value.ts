import { nameOf, stringValue, type Token } from '../dialect/lexer.ts';
import type { Sql } from './body.ts';
import type { Scope } from './scope.ts';
import { solid } from './token-reader.ts';
import { isText, isWhole, type Value } from './value.ts';

/**
 * The value of an expression that needs no query: a literal, a variable, a sum or a comparison of two whole numbers, texts joined with `||`.
 * Most of what loops compute is one. Undefined for anything else.
 */
export function quickValue(sql: Sql, scope: Scope): Value | undefined {
  const operands: Value[] = [];
  const operators: Token[] = [];
  const words = solid(sql);
  for (let at = 0; at < words.length;) {
    if (operands.length > operators.length) {
      operators.push(words[at++] as Token);
      continue;
    }
    const read = operandAt(words, at, scope);
    if (!read) return undefined;
    operands.push(read.value);
    at = read.end;
  }
  const [first, second] = operands;
  if (!first || operands.length !== operators.length + 1) return undefined;
  if (operators.length === 0) return first;
  if (operators.every(({ text }) => text === '||')) return joined(operands);
  const [operator] = operators;
  return operators.length === 1 && operator && second ? computed(first, operator.text, second) : undefined;
}

function operandAt(
  words: readonly Token[],
  at: number,
  scope: Scope,
): { readonly value: Value; readonly end: number } | undefined {
  const token = words[at] as Token;
  const end = at + 1;
  if (token.type === 'string') return { value: { text: stringValue(token.text), type: '"unknown"' }, end };
  if (token.type === 'number') {
    const whole = /^\d{1,9}$/.test(token.text);
    return whole ? { value: { text: String(Number(token.text)), type: 'integer' }, end } : undefined;
  }
  if (token.word === 'TRUE' || token.word === 'FALSE')
    return { value: { text: token.word.toLowerCase(), type: 'boolean' }, end };
  if (token.word === 'NULL') return { value: { text: null, type: '"unknown"' }, end };
  if (token.type !== 'word' && token.type !== 'quoted' && token.type !== 'parameter') return undefined;
  if (words[end]?.text === '(') return undefined;
  const dotted = words[end]?.text === '.' ? words[end + 1] : undefined;
  const path = [token, ...(dotted ? [dotted] : [])].map((part) =>
    part.type === 'parameter' ? part.text : nameOf(part),
  );
  const value = scope.value(path);
  return value && { value, end: dotted ? end + 2 : end };
}

function joined(operands: readonly Value[]): Value | undefined {
  if (!operands.every((operand) => isText(operand) || isWhole(operand)) || !operands.some(isText)) return undefined;
  const texts = operands.map(({ text }) => text);
  return { text: texts.includes(null) ? null : texts.join(''), type: 'character varying' };
}

const COMPARED: Readonly<Record<string, (sign: number) => boolean>> = {
  '=': (sign) => sign === 0,
  '<>': (sign) => sign !== 0,
  '!=': (sign) => sign !== 0,
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

const MAX_INTEGER = 2_147_483_647;

function computed(left: Value, operator: string, right: Value): Value | undefined {
  if (!isWhole(left) || !isWhole(right)) return undefined;
  if (left.text === null || right.text === null) return undefined;
  const [a, b] = [Number(left.text), Number(right.text)];
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return undefined;
  const compare = COMPARED[operator];
  if (compare) return { text: String(compare(a - b)), type: 'boolean' };
  if (left.type !== 'integer' || right.type !== 'integer') return undefined;
  const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : undefined;
  if (result === undefined || Math.abs(result) > MAX_INTEGER) return undefined;
  return { text: String(result), type: 'integer' };
}
