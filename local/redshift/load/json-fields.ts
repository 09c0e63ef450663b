import { invalidOption } from './failure.ts';
import type { Fields } from './field-splitter.ts';
import { LOAD_ERROR, reject, type Reject } from './load-error.ts';
import type { TargetColumn } from './target-column.ts';

/** A number exactly as the file writes it: columns can hold more digits than a double. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export function keepNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? new NumberText(context.source) : value;
}

/** From a parsed record (and its text) to the columns' fields, in order, as text. */
export type Lookup = (value: object, text: string) => Fields;

/** `auto` matches names exactly, `auto ignorecase` whatever their case. A name that is not there is null. */
export function fieldsByName(columns: readonly TargetColumn[], ignoreCase: boolean): Lookup {
  return (value) => {
    if (Array.isArray(value)) return notAnObject();
    const record = value as Record<string, unknown>;
    if (!ignoreCase)
      return columns.map((column) =>
        Object.hasOwn(record, column.name) ? fieldText(record[column.name], column) : null,
      );
    const folded = new Map(Object.entries(record).map(([key, member]) => [key.toLowerCase(), member]));
    return columns.map((column) => fieldText(folded.get(column.name.toLowerCase()), column));
  };
}

/** One path a column. @throws RedshiftError for a path that is none. */
export function fieldsByPath(paths: readonly string[], columns: readonly TargetColumn[]): Lookup {
  const steps = paths.map(parsePath);
  return (value) => {
    const fields: (string | null)[] = [];
    for (const [index, column] of columns.entries()) {
      const found = (steps[index] ?? []).reduce(step, value as unknown);
      if (found === NO_SUCH_ELEMENT)
        return reject(LOAD_ERROR.line, 'Invalid JSONPath format: Not an array or index out of range.');
      if (found === NOT_AN_OBJECT) return notAnObject();
      fields.push(fieldText(found, column));
    }
    return fields;
  };
}

/** An element of an array that is not there fails the record, while a member that is not there is null. */
const NO_SUCH_ELEMENT = Symbol('no such element');
/** So does a member of what has none. */
const NOT_AN_OBJECT = Symbol('not an object');

function notAnObject(): Reject {
  return reject(LOAD_ERROR.line, 'Invalid JSONPath format: Member is not an object.');
}

function step(value: unknown, key: string | number): unknown {
  if (value === undefined || value === null || typeof value === 'symbol') return value;
  if (typeof key === 'number')
    return Array.isArray(value) && key < value.length ? (value[key] as unknown) : NO_SUCH_ELEMENT;
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof NumberText) return NOT_AN_OBJECT;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** A scalar as its text, an object or array as JSON; for SUPER everything as JSON. */
export function fieldText(value: unknown, { type }: Pick<TargetColumn, 'type'>): string | null {
  if (value === undefined || value === null) return null;
  if (type.kind === 'super') return jsonText(value);
  if (typeof value === 'string') return value;
  if (value instanceof NumberText) return value.text;
  if (typeof value === 'object') return jsonText(value);
  return String(value);
}

function jsonText(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}

const STEP = /\.([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff-]*)|\[\s*(?:(\d+)|'([^']*)'|"([^"]*)")\s*\]/y;

/** `$.a.b[0]`, `$['a']["b"]`. https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-json-jsonpaths */
export function parsePath(path: string): readonly (string | number)[] {
  const malformed = (): never => {
    throw invalidOption(`Invalid JSONPath format: ${path} is not supported`);
  };
  if (!path.startsWith('$')) return malformed();
  const steps: (string | number)[] = [];
  const notations = new Set<string>();
  for (STEP.lastIndex = 1; STEP.lastIndex < path.length;) {
    const match = STEP.exec(path);
    if (!match) return malformed();
    if (match[2] === undefined) notations.add(match[1] === undefined ? 'brackets' : 'dots');
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
  }
  // Either notation names a member; a path keeps to one.
  return notations.size > 1 ? malformed() : steps;
}

/**
 * The paths of a jsonpaths file, one a column; undefined where its object has no `jsonpaths`, which is as if `'auto'` were asked for.
 * @throws RedshiftError for a file that is none.
 */
export function parseJsonPaths(text: string, source: string, columns: number): readonly string[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidOption(`Invalid JSONPath file: ${source} is not JSON`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw invalidOption(`Invalid JSONPath file: ${source} is not a JSON object`);
  if (!('jsonpaths' in parsed)) return undefined;
  const { jsonpaths: paths } = parsed;
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string' && path !== ''))
    throw invalidOption(`Invalid JSONPath file: the jsonpaths of ${source} are not a list of paths`);
  if (paths.length !== columns)
    throw invalidOption(
      `Number of jsonpaths and the number of columns should match. JSONPath size: ${paths.length}, Number of columns in table or column list: ${columns}`,
    );
  for (const path of paths) parsePath(path);
  return paths;
}
