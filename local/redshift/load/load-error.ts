/**
 * Load error codes. https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
 */
export const LOAD_ERROR = {
  parse: 1200,
  extraColumns: 1202,
  missingColumns: 1203,
  tooLong: 1204,
  date: 1205,
  timestamp: 1206,
  digit: 1207,
  float: 1208,
  decimal: 1209,
  boolean: 1210,
  emptyLine: 1211,
  fileNotFound: 1212,
  notNull: 1213,
  delimiter: 1214,
  char: 1215,
  line: 1216,
  identity: 1217,
  utf8: 1220,
  encoding: 1221,
  overflow: 1222,
  type: 1223,
  json: 1224,
} as const;

/** Why a field or a record was not loaded. */
export interface Reject {
  readonly code: number;
  readonly reason: string;
  /** Byte in the field, from 0. */
  readonly position: number;
}

export function reject(code: number, reason: string, position = 0): Reject {
  return { code, reason, position };
}

/** One row of `stl_replacements`. */
export interface Replacement {
  /** `s3://bucket/key`. */
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly rawLine: string;
}

/** As many are kept of a COPY. https://docs.aws.amazon.com/redshift/latest/dg/r_STL_REPLACEMENTS.html */
export const MOST_REPLACEMENTS = 100;

/** One row of `stl_load_errors`. */
export interface LoadError extends Reject {
  /** `s3://bucket/key`. */
  readonly file: string;
  /** From 1. For CSV the line a record begins on; for Parquet the row. */
  readonly line: number;
  /** Empty where the whole record is at fault. */
  readonly column: string;
  readonly type: string;
  /** As `stl_load_errors` prints it; -1 for types without a length. */
  readonly length: string;
  readonly rawLine: string;
  readonly rawField: string;
  /** The fields of the record up to the one at fault, where one is. */
  readonly parsed?: readonly ParsedField[];
}

/** One row of `stl_loaderror_detail`. */
export interface ParsedField extends Pick<LoadError, 'column' | 'type' | 'length'> {
  readonly value: string | null;
}

/** Errors of a COPY whose fields are kept. https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOADERROR_DETAIL.html */
export const MOST_DETAILED = 20;
