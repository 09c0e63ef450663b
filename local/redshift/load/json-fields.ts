import { invalidOption } from './failure.ts';

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

/** From a parsed record (and its text) to the columns' fields, in order. */
export type Lookup = (value: object, text: string) => readonly (string | null)[];

/** `auto` matches names exactly, `auto ignorecase` whatever their case. A name that is not there is null. */
export function fieldsByName(names: readonly string[], ignoreCase: boolean): Lookup {
  return (value) => {
    const record = value as Record<string, unknown>;
    if (!ignoreCase) return names.map((name) => (Object.hasOwn(record, name) ? fieldText(record[name]) : null));
    const folded = new Map(Object.entries(record).map(([key, member]) => [key.toLowerCase(), member]));
    return names.map((name) => fieldText(folded.get(name.toLowerCase())));
  };
}

/** @throws RedshiftError for a path that is none. */
export function fieldsByPath(paths: readonly string[]): Lookup {
  const steps = paths.map(parsePath);
  return (value) => steps.map((path) => fieldText(path.reduce(step, value)));
}

function step(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof NumberText) return undefined;
  if (Array.isArray(value)) return typeof key === 'number' ? (value[key] as unknown) : undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** A scalar as its text, an object or array as JSON. */
export function fieldText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
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
  for (STEP.lastIndex = 1; STEP.lastIndex < path.length;) {
    const match = STEP.exec(path);
    if (!match) return malformed();
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
  }
  return steps;
}

/** The paths of a jsonpaths file, one a column. @throws RedshiftError for a file that is none. */
export function parseJsonPaths(text: string, source: string, columns: number): readonly string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidOption(`Invalid JSONPath file: ${source} is not JSON`);
  }
  const paths = (parsed as { jsonpaths?: unknown } | null)?.jsonpaths;
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string'))
    throw invalidOption(`Invalid JSONPath file: ${source} has no list of jsonpaths`);
  if (paths.length !== columns)
    throw invalidOption(
      `Number of jsonpaths and the number of columns should match. JSONPath size: ${paths.length}, Number of columns in table or column list: ${columns}`,
    );
  for (const path of paths) parsePath(path);
  return paths;
}
