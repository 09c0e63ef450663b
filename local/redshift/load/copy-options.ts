export type CopyFormat = 'delimited' | 'csv' | 'json' | 'parquet' | 'avro' | 'fixedwidth';
export type Compression = 'none' | 'gzip' | 'zstd' | 'bzip2';
export type Encoding = 'utf8' | 'utf16' | 'utf16le' | 'utf16be' | 'latin1';

/** How records are found in a file and what becomes of their fields. */
export interface CopyOptions {
  format: CopyFormat;
  delimiter: string;
  /** CSV's quotation mark. */
  quote: string;
  /** `auto`, `auto ignorecase`, `noshred`, or an `s3://` address of a jsonpaths file. JSON and AVRO. */
  paths: string;
  /** FIXEDWIDTH's columns: their widths, in order. */
  fixedWidths: readonly { readonly label: string; readonly width: number }[];
  compression: Compression;
  encoding: Encoding;
  escape: boolean;
  removeQuotes: boolean;
  nullAs: string;
  emptyAsNull: boolean;
  blanksAsNull: boolean;
  fillRecord: boolean;
  ignoreHeader: number;
  ignoreBlankLines: boolean;
  trimBlanks: boolean;
  truncateColumns: boolean;
  /** What stands in for each byte of an invalid character; undefined where those are errors. */
  acceptInvalidChars: string | undefined;
  acceptAnyDate: boolean;
  dateFormat: string | undefined;
  timeFormat: string | undefined;
  roundDecimals: boolean;
  explicitIds: boolean;
  /** Values of a Parquet file that go to SUPER columns become JSON. */
  serializeToJson: boolean;
  maxError: number;
  noLoad: boolean;
  manifest: boolean;
}
