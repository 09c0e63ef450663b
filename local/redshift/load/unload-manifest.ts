import type { RedshiftColumnType } from './unload-types.ts';

export interface UnloadedFile {
  readonly url: string;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * The manifest UNLOAD writes. See the examples of https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD_command_examples.html
 */
export function manifestText(
  files: readonly UnloadedFile[],
  columns: readonly { readonly name: string; readonly type: RedshiftColumnType }[],
  verbose: boolean,
): string {
  if (!verbose) return JSON.stringify({ entries: files.map(({ url }) => ({ url })) }, undefined, 2);
  const total = (of: (file: UnloadedFile) => number): number => files.reduce((sum, file) => sum + of(file), 0);
  return JSON.stringify(
    {
      entries: files.map(({ url, bytes, rows }) => ({ url, meta: { content_length: bytes, record_count: rows } })),
      schema: { elements: columns.map(({ name, type }) => ({ name, type })) },
      meta: { content_length: total(({ bytes }) => bytes), record_count: total(({ rows }) => rows) },
      author: { name: 'Amazon Redshift', version: '1.0.0' },
    },
    undefined,
    2,
  );
}
