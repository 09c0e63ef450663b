import { remembered } from '../../kernel/index.ts';
import { isObject, type Json } from '../json.ts';

/** `$name.field.field`, by itself or compared with a text or a whole number. */
const PLAIN = /^\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)(?:\s*=\s*(?:'([^'\\]*)'|(\d{1,15})))?$/;
/** What the grammar takes for something else than a name. */
const WORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

interface Plain {
  readonly variable: string;
  readonly fields: readonly string[];
  readonly equals: string | number | undefined;
}

const MOST_READ = 10_000;
const plainOf = remembered(MOST_READ, readPlain);

/**
 * The value of an expression that only follows a path through objects, or compares what it finds there with a literal; undefined for every
 * other expression and wherever JSONata does more than to look a name up (lists, what is missing). Most expressions of a state machine are of
 * this kind, and JSONata takes a promise for each step.
 */
export function plainPath(source: string, variableOf: (name: string) => Json | undefined): Json | undefined {
  const plain = plainOf(source);
  if (!plain) return undefined;
  let value = variableOf(plain.variable);
  for (const field of plain.fields) {
    if (!isObject(value) || !Object.hasOwn(value, field)) return undefined;
    value = value[field];
  }
  if (value === undefined || Array.isArray(value)) return undefined;
  if (plain.equals === undefined) return value;
  return isObject(value) ? undefined : value === plain.equals;
}

function readPlain(source: string): Plain | undefined {
  const [, variable, path = '', text, number] = PLAIN.exec(source) ?? [];
  const fields = path.split('.').slice(1);
  if (variable === undefined || fields.some((field) => WORDS.has(field))) return undefined;
  return { variable, fields, equals: number === undefined ? text : Number(number) };
}
