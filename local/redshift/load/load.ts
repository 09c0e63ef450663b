import type { CopyStatement } from './copy-statement.ts';
import type { LoadError, Replacement } from './load-error.ts';
import type { LoadedFile } from './load-log.ts';
import type { SourceFile } from './source-files.ts';
import type { TargetColumn } from './target-column.ts';
import type { TargetTable } from './target-table.ts';

/** A COPY whose statement, table and files are known. */
export interface Load {
  readonly statement: CopyStatement;
  readonly table: TargetTable;
  readonly columns: readonly TargetColumn[];
  readonly files: readonly SourceFile[];
  /** Contents of the jsonpaths file, where the statement names one. */
  readonly paths: readonly string[] | undefined;
  /** The load fails at this many errors. */
  readonly enoughErrors: number;
  /** For intermediate files. */
  readonly directory: string;
}

/** What came of it. `failed` says that nothing may stay of it. */
export interface LoadOutcome {
  readonly files: readonly LoadedFile[];
  readonly errors: readonly LoadError[];
  readonly replacements?: readonly Replacement[];
  readonly failed: boolean;
}
