import type { RedshiftColumnType } from './unload-types.ts';

export interface UnloadedFile {
  readonly url: string;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * The manifest UNLOAD writes, to the byte: an entry and a column are a line each. See the examples of https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD_command_examples.html
 */
export function manifestText(
  files: readonly UnloadedFile[],
  columns: readonly { readonly name: string; readonly type: RedshiftColumnType }[],
  verbose: boolean,
): string {
  const entries = files.map(({ url, bytes, rows }) => {
    const meta = verbose ? { content_length: bytes, record_count: rows } : { content_length: bytes };
    return `    {"url":${JSON.stringify(url)}, "meta": ${onOneLine(meta)}}`;
  });
  const sections = [`  "entries": ${list(entries, '  ')}`];
  if (verbose) {
    const elements = columns.map(
      ({ name, type }) => `      {"name": ${JSON.stringify(name)}, "type": ${onOneLine({ ...type })}}`,
    );
    const total = (of: (file: UnloadedFile) => number): number => files.reduce((sum, file) => sum + of(file), 0);
    sections.push(
      `  "schema": {\n    "elements": ${list(elements, '    ')}\n  }`,
      `  "meta": {\n    "content_length": ${total(({ bytes }) => bytes)},\n    "record_count": ${total(({ rows }) => rows)}\n  }`,
      '  "author": {\n    "name": "Amazon Redshift",\n    "version": "1.0.0"\n  }',
    );
  }
  return `{\n${sections.join(',\n')}\n}\n`;
}

function list(lines: readonly string[], indent: string): string {
  return `[\n${lines.map((line, at) => `${line}${at < lines.length - 1 ? ',' : ''}\n`).join('')}${indent}]`;
}

function onOneLine(members: Readonly<Record<string, unknown>>): string {
  const written = Object.entries(members).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{ ${written.join(', ')} }`;
}
