import type { ColumnType } from './column-type.ts';

/** How a batch enters a table that may hold rows already. */
export type LoadMode = 'replace' | 'append' | 'merge';
export type Compression = 'gzip' | 'zstd' | 'none';

/** What every text format has in common. Named after COPY's options. */
export interface TextOptions {
  readonly compression: Compression;
  readonly dateFormat?: string;
  readonly timeFormat?: string;
  readonly acceptInvalidCharacters?: string;
  readonly truncateColumns: boolean;
  /** Rows of one load that COPY may refuse without failing. 0 unless the manifest says otherwise. */
  readonly maxErrors: number;
}

/** What the formats with delimiters have in common. */
export interface DelimiterOptions extends TextOptions {
  readonly delimiter: string;
  /** Lines to skip at the start of each file. */
  readonly headerLines: number;
  readonly null?: string;
  readonly emptyAsNull: boolean;
  readonly blanksAsNull: boolean;
  readonly trimBlanks: boolean;
  readonly ignoreBlankLines: boolean;
  readonly fillRecord: boolean;
}

export type Format =
  | ({ readonly type: 'delimited'; readonly removeQuotes: boolean; readonly escape: boolean } & DelimiterOptions)
  | ({ readonly type: 'csv'; readonly quote: string } & DelimiterOptions)
  | ({ readonly type: 'json'; readonly paths: 'auto' | 'auto ignorecase' } & TextOptions)
  | { readonly type: 'parquet' };

export interface Column {
  /** Folded to lower case, as Redshift does. */
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly encode?: string;
}

/** A data file, relative to the manifest's own folder. */
export interface ManifestFile {
  readonly key: string;
  readonly bytes?: number;
  readonly rows?: number;
}

export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
  /** Columns that tell rows apart. Never empty for `merge`. */
  readonly key: readonly string[];
  readonly distKey?: string;
  readonly sortKey: readonly string[];
  readonly load: LoadMode;
  /** Whether `append` may load a file that an earlier run has loaded. */
  readonly loadAgain: boolean;
  readonly format: Format;
  readonly files: readonly ManifestFile[];
  /** Rows the manifest promises: the table's own number, or the sum of its files' when each gives one. */
  readonly rows?: number;
  /** Where the table stands in the document: `schemas[0].tables[2]`. */
  readonly path: string;
}

export interface ClusterWishes {
  readonly existing: 'reuse' | 'replace';
  readonly afterRun: 'delete' | 'pause' | 'keep';
  readonly nodeType?: string;
  readonly nodes?: number;
}

export interface UnloadWishes {
  /** Name of the result without its extension; the project's name unless given. */
  readonly name?: string;
  /** Several files written at once rather than one. */
  readonly parallel: boolean;
  /** MAXFILESIZE in MB, 5 to 6200. */
  readonly maxFileSizeMb?: number;
  readonly header: boolean;
  readonly delimiter: string;
  readonly compression: Compression;
}

/** A manifest as the product works with it: checked, defaults filled in, names folded to lower case. */
export interface Manifest {
  readonly version: 1;
  readonly project: string;
  readonly batch: string;
  /** Each once, in the order of the document. */
  readonly schemas: readonly string[];
  /** In the order of the document. */
  readonly tables: readonly Table[];
  readonly cluster: ClusterWishes;
  readonly unload: UnloadWishes;
}

/** `schema.table`, for people. */
export function tableLabel(table: { readonly schema: string; readonly name: string }): string {
  return `${table.schema}.${table.name}`;
}
