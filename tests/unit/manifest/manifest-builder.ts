/** A manifest document, as small as one can be, with what a test wants different. */
export interface TableParts {
  readonly [key: string]: unknown;
}

export function column(name: string, type = 'integer'): { name: string; type: string } {
  return { name, type };
}

export function table(parts: TableParts = {}): TableParts {
  return {
    name: 'usage',
    columns: [column('id'), column('amount', 'decimal(12,2)')],
    files: [{ key: 'usage/000000_0.gz' }],
    ...parts,
  };
}

export function manifestDocumentWith(
  tables: readonly TableParts[] = [table()],
  parts: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    version: 1,
    project: 'recommendations',
    batch: '2026-11-22',
    schemas: [{ name: 'staging', tables }],
    ...parts,
  };
}
