import type { CopyStatement } from './copy-statement.ts';
import type { Fields } from './field-splitter.ts';
import type { LoadError, Replacement } from './load-error.ts';
import type { TargetColumn } from './target-column.ts';

/** A record of any format, its values as fields one character a byte. */
export interface SourceRecord {
  readonly line: number;
  readonly raw: string;
  readonly fields: Fields;
}

/** What reading a file record by record found. */
export interface FileReading {
  /** Records that can be loaded. */
  readonly rows: number;
  /** Records read. */
  readonly lines: number;
  readonly errors: readonly LoadError[];
  readonly replacements: readonly Replacement[];
  /** The file cannot be read to its end, and nobody knows what rows it holds: no number of errors makes up for that. */
  readonly cutShort: boolean;
}

export interface ReadingOptions {
  readonly statement: CopyStatement;
  readonly columns: readonly TargetColumn[];
  /** Reading stops at this many errors. */
  readonly enoughErrors: number;
  readonly signal: AbortSignal;
  /** Contents of the jsonpaths file, where the statement names one. */
  readonly paths: readonly string[] | undefined;
  /** Where the records that can be loaded are written, as canonical CSV; nowhere for a mere check. */
  readonly output: string | undefined;
}
