import type * as z from 'zod';
import type { Finding } from '../errors/finding.ts';
import { boundedText } from '../errors/safe-text.ts';
import { discriminatorOf, keysOf, schemaAt } from './schema-walk.ts';
import { nearestName } from './nearest-name.ts';

type Path = readonly PropertyKey[];

/** `schemas[0].tables[2].name`; a key that is not plain is quoted: `unload["a b"]`. */
export function jsonPath(path: Path): string {
  return path
    .map((part, at) => {
      if (typeof part === 'number') return `[${part}]`;
      const key = shown(String(part));
      if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return at === 0 ? key : `.${key}`;
    })
    .join('');
}

/** What zod found, in words: what, why and what to do. */
export function shapeFindings(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  document: unknown,
): Finding[] {
  return issues.flatMap((issue) => findingsOf(issue, schema, document));
}

function findingsOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType, document: unknown): Finding[] {
  const path = jsonPath(issue.path);
  const value = valueAt(document, issue.path);
  const rule = schemaAt(schema, issue.path, document);
  // oxlint-disable-next-line switch-exhaustiveness-check -- the other codes belong to kinds of schema that no document here uses
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...issue.path, key], keysOf(rule)));
    case 'invalid_type':
      if (value === undefined) return [missing(path, issue.expected)];
      return [
        {
          path,
          what: `this is ${kindOf(value)}, not ${article(issue.expected)}`,
          why: `A manifest has ${article(issue.expected)} here`,
          do: `Write ${article(issue.expected)}`,
        },
      ];
    case 'invalid_value':
      return [notOneOf(path, value, issue.values.map(String))];
    case 'invalid_union':
      return [union(path, value, rule)];
    case 'too_small':
    case 'too_big':
      return [outOfBounds(path, issue)];
    case 'invalid_format':
      return [
        {
          path,
          what: `${quoted(value)} cannot stand here`,
          why: `It must match ${issue.pattern ?? issue.format}`,
          do: 'Write a value of that form',
        },
      ];
    default:
      return [{ path, what: `${quoted(value)} cannot stand here`, why: issue.message, do: 'Correct the value' }];
  }
}

function unknownKey(path: Path, known: readonly string[]): Finding {
  const key = String(path.at(-1));
  const near = nearestName(key, known);
  return {
    path: jsonPath(path),
    what: `there is no key ${quoted(key)} here`,
    why: near === undefined ? `The keys here are ${known.join(', ')}` : `The nearest key that exists is '${near}'`,
    do: near === undefined ? 'Remove it' : `Write '${near}', or remove it`,
  };
}

function missing(path: string, expected: string): Finding {
  return { path, what: 'this is missing', why: `A manifest must have ${article(expected)} here`, do: 'Add it' };
}

function notOneOf(path: string, value: unknown, allowed: readonly string[]): Finding {
  if (value === undefined)
    return { path, what: 'this is missing', why: `It must be one of ${allowed.join(', ')}`, do: 'Add it' };
  const near = typeof value === 'string' ? nearestName(value, allowed) : undefined;
  return {
    path,
    what: `${quoted(value)} cannot stand here`,
    why: allowed.length === 1 ? `The only value is ${allowed[0]}` : `The values are ${allowed.join(', ')}`,
    do: `Write ${near ?? allowed.join(' or ')}`,
  };
}

function union(path: string, value: unknown, rule: z.core.$ZodType | undefined): Finding {
  const discriminator = discriminatorOf(rule);
  if (discriminator === undefined)
    return {
      path,
      what: `${quoted(value)} cannot stand here`,
      why: 'It must be true, false or a number of lines',
      do: 'Write true, false or a whole number',
    };
  const { key, values } = discriminator;
  if (path.endsWith(`.${key}`)) return notOneOf(path, value, values);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return notOneOf(`${path}.${key}`, (value as Record<string, unknown>)[key], values);
  return {
    path,
    what: `this is ${kindOf(value)}, not an object`,
    why: `An object with a '${key}' stands here`,
    do: `Write { "${key}": "${values[0]}" }, or another ${key}: ${values.slice(1).join(', ')}`,
  };
}

function outOfBounds(path: string, issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): Finding {
  const unit = (count: number | bigint): string => {
    if (issue.origin === 'array') return count === 1 ? ' entry' : ' entries';
    if (issue.origin === 'string') return count === 1 ? ' character' : ' characters';
    return '';
  };
  if (issue.code === 'too_big')
    return {
      path,
      what: `this is more than ${issue.maximum}${unit(issue.maximum)}`,
      why: `At most ${issue.maximum}${unit(issue.maximum)} are possible here`,
      do: 'Make it smaller',
    };
  return issue.origin === 'number' || issue.origin === 'int'
    ? {
        path,
        what: `this is less than ${issue.minimum}`,
        why: `At least ${issue.minimum} is needed here`,
        do: 'Make it larger',
      }
    : {
        path,
        what: 'this is empty',
        why: `At least ${issue.minimum}${unit(issue.minimum)} ${issue.minimum === 1 ? 'is' : 'are'} needed here`,
        do: 'Fill it, or remove what it belongs to',
      };
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  return Array.isArray(value) ? 'a list' : article(typeof value);
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function article(type: string): string {
  return WORDS[type] ?? type;
}

/** A value as a message may show it: one line, short. */
export function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${shown(value)}'` : shown(JSON.stringify(value) ?? 'nothing');
}

const SHOWN = 80;

function shown(text: string): string {
  return boundedText(text, SHOWN);
}
