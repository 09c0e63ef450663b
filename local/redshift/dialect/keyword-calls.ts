import { castExpression, tryCastExpression } from './casts.ts';
import { trimmedSide } from './column-names.ts';
import { collate, collationNamed } from './collations.ts';
import { matched } from './comparisons.ts';
import { datePart } from './date-parts.ts';
import { isQuery } from './query-groups.ts';
import type { Reader } from './reader.ts';
import { objectTransform } from './functions/object-transform.ts';
import { ofNoBytes, type Call } from './functions/function.ts';
import { extract } from './functions/part-functions.ts';
import { charindex, substring } from './functions/string.ts';
import { isTrivia, nameOf, stringValue, type Token } from './lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from './redshift-error.ts';
import {
  isName,
  isParenthesis,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Group,
  type Node,
} from './token-tree.ts';
import type { Expression } from './fragment.ts';
import { readType } from './types.ts';

/** Calls with a grammar of their own: words instead of commas between the arguments. */
export function keywordCall(reader: Reader, token: Token, group: Group): Expression | undefined {
  const rule = RULES[token.word];
  const expression = rule?.(reader, token, group);
  if (expression) reader.at = reader.next(reader.at + 1) + 1;
  return expression;
}

/**
 * Only COUNT of distinct values is approximate; `token` is the word.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_COUNT.html
 */
export function refusePlainCount(reader: Reader, token: Token): void {
  const call = reader.next(reader.at + 1);
  const list = reader.node(reader.next(call + 1));
  if (!isWord(reader.node(call), 'COUNT') || (isParenthesis(list) && isWord(significant(list.items)[0], 'DISTINCT')))
    return;
  throw syntaxError(token.text, token.at);
}

type KeywordRule = (reader: Reader, token: Token, group: Group) => Expression | undefined;

/** `value AS type` */
function castAs(cast: typeof castExpression): KeywordRule {
  return (reader, token, group) => {
    const at = group.items.findLastIndex((node) => isWord(node, 'AS'));
    if (at < 0) throw syntaxError(')', group.close?.at ?? token.at);
    const read = readType(group.items, at + 1);
    if (!read) throw syntaxError(')', group.close?.at ?? token.at);
    return cast(reader.expression(group.items.slice(0, at)), read.type, token.at);
  };
}

const RULES: Readonly<Record<string, KeywordRule>> = {
  CAST: castAs(castExpression),
  TRY_CAST: castAs(tryCastExpression),
  CONVERT: (reader, token, group) => {
    const [type, ...values] = splitAtCommas(group.items);
    const read = type && readType(type, 0);
    const [value] = values;
    if (!read || !value || values.length > 1) return undefined;
    return castExpression(reader.expression(value), read.type, token.at);
  },
  // https://docs.aws.amazon.com/redshift/latest/dg/r_COLLATE.html
  COLLATE: (reader, token, group) => {
    const [value, name, ...more] = splitAtCommas(group.items);
    const [collation] = significant(name ?? []);
    if (!value || more.length > 0 || collation?.type !== 'string') return undefined;
    return collate(reader.expression(value), collationNamed(collation), token.at);
  },
  // An array of what a query of the catalogue gives; of values, it is a SUPER value. https://www.postgresql.org/docs/8.0/sql-expressions.html
  ARRAY: (reader, _token, group) =>
    isQuery(group) ? { fragment: ['ARRAY', reader.group(group).fragment] } : undefined,
  OBJECT_TRANSFORM: (reader, _token, group) => objectTransform(reader, group),
  EXTRACT: (reader, token, group) => {
    const at = group.items.findIndex((node) => isWord(node, 'FROM'));
    if (at < 0) return undefined;
    const part = partIn(group.items.slice(0, at));
    if (part === undefined) throw notAPart(group.items.slice(0, at), token);
    return extract(part, reader.expression(group.items.slice(at + 1)));
  },
  SUBSTRING: (reader, token, group) => {
    const from = group.items.findIndex((node) => isWord(node, 'FROM'));
    const length = group.items.findIndex((node) => isWord(node, 'FOR'));
    if (from < 0 && length < 0) return undefined;
    const text = group.items.slice(0, from < 0 ? length : from);
    const start = from < 0 ? undefined : group.items.slice(from + 1, length < 0 ? undefined : length);
    const count = length < 0 ? [] : [group.items.slice(length + 1)];
    const original = [text, start ?? [], ...count];
    const args = [
      matched(reader.expression(text)),
      start ? reader.expression(start) : { fragment: '1', type: 'INTEGER' },
      ...count.map((nodes) => reader.expression(nodes)),
    ];
    return substring(plainCall('substring', token, args, original));
  },
  POSITION: (reader, token, group) => {
    const at = group.items.findIndex((node) => isWord(node, 'IN'));
    if (at < 0) return undefined;
    const original = [group.items.slice(0, at), group.items.slice(at + 1)];
    const args = original.map((nodes) => matched(reader.expression(nodes)));
    return charindex(plainCall('position', token, args, original));
  },
  TRIM: (reader, token, group) => {
    const from = group.items.findIndex((node) => isWord(node, 'FROM'));
    const side = trimmedSide(group.items);
    if (from < 0 && !side) return undefined;
    const words = significant(group.items.slice(0, Math.max(0, from)));
    const characters = side ? words.slice(1) : words;
    if (from < 0 && significant(group.items).length < 2) throw syntaxError(')', group.close?.at ?? token.at);
    const begin = from < 0 ? group.items.findIndex((node) => !isTrivia(node)) : from;
    const name = side ?? 'btrim';
    const text = matched(reader.expression(group.items.slice(begin + 1)), 'texts', () =>
      ofNoBytes(name, token),
    ).fragment;
    const what = characters.length > 0 ? reader.rewrite(characters) : "' '";
    return { fragment: [name === 'btrim' ? 'trim(' : `${name}(`, text, ',', what, ')'], type: 'VARCHAR' };
  },
};

/** A call of a scalar function, whatever its grammar was. */
function plainCall(name: string, token: Token, args: Call['args'], original: Call['original']): Call {
  const nothing = { within: undefined, over: undefined, nulls: '' };
  return { name, token, args, original, distinct: false, unframed: false, inFrom: false, ...nothing };
}

/** A date part written as a word, a quoted name or a string. */
function partIn(nodes: readonly Node[]): string | undefined {
  const [node, ...more] = significant(nodes);
  if (more.length > 0) return undefined;
  if (isName(node)) return datePart(nameOf(node));
  return node?.type === 'string' ? datePart(stringValue(node.text).trim()) : undefined;
}

function notAPart(nodes: readonly Node[], token: Token): RedshiftError {
  const [node] = significant(nodes);
  const shown = textOf(nodes).trim().replaceAll("'", '');
  return new RedshiftError(SQLSTATE.invalidParameter, `invalid date part "${shown}" specified for date function`, {
    position: node ? startOf(node) : token.at,
  });
}
