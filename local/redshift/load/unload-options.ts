export type UnloadFormat = 'delimited' | 'csv' | 'json' | 'parquet' | 'fixedwidth';

export interface UnloadOptions {
  format: UnloadFormat;
  delimiter: string;
  fixedWidths: readonly number[];
  header: boolean;
  addQuotes: boolean;
  escape: boolean;
  nullAs: string;
  compression: 'none' | 'gzip' | 'zstd';
  /** What stands after the file's number; undefined for the format's own. */
  extension: string | undefined;
  parallel: boolean;
  /** Bytes at most in a file. */
  maxFileSize: number;
  /** Bytes of a row group of Parquet; undefined leaves it to DuckDB. */
  rowGroupSize: number | undefined;
  manifest: 'none' | 'plain' | 'verbose';
  allowOverwrite: boolean;
  cleanPath: boolean;
  partitionBy: readonly string[];
  /** Whether partition columns stay in the files. */
  includePartitions: boolean;
  /** The key S3 encrypts the files with; undefined for the bucket's default encryption. */
  kmsKeyId: string | undefined;
}
