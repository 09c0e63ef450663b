import { stringValue, type Token } from '../lexer.ts';
import { isSymbol, significant, textOf, type Node } from '../token-tree.ts';
import type { Call } from './function.ts';

/** A string literal that is all of a value, with or without the casts to text that Redshift writes into the definition of a view. */
export function stringLiteralIn(value: readonly Node[]): Token | undefined {
  const [node, ...more] = significant(value);
  const casts = textOf(more);
  return node?.type === 'string' && (casts === '' || /^(?:::(?:text|varchar|charactervarying|bpchar))+$/i.test(casts))
    ? node
    : undefined;
}

/** The text of an argument that is a string literal. */
export function literalText(call: Call, index: number): string | undefined {
  const token = stringLiteralIn(call.original[index] ?? []);
  return token && stringValue(token.text);
}

/** The value of an argument that is an integer literal. */
export function literalInteger(call: Call, index: number): number | undefined {
  const nodes = significant(call.original[index] ?? []);
  const negative = isSymbol(nodes[0], '-');
  const [node, ...more] = negative ? nodes.slice(1) : nodes;
  if (node?.type !== 'number' || more.length > 0 || !/^\d+$/.test(node.text)) return undefined;
  return negative ? -Number(node.text) : Number(node.text);
}

/** The value of an argument that is a number without sign. */
export function literalNumber(call: Call, index: number): number | undefined {
  const [node, ...more] = significant(call.original[index] ?? []);
  return node?.type === 'number' && more.length === 0 ? Number(node.text) : undefined;
}
