/** How large a manifest may be. Sizes that this service chooses are measured so that a run stays far inside every limit of AWS. */
export const MANIFEST_LIMITS = {
  /** The document itself; it is read and parsed whole. */
  bytes: 5 * 1024 * 1024,
  tables: 2_000,
  files: 50_000,
  /** Columns of a table, Redshift's own limit. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_usage.html */
  columns: 1_600,
  /** Columns of a compound sort key. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html */
  sortKeyColumns: 400,
  /** Bytes of an object key in S3. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
  keyBytes: 1_024,
  /** Findings reported at once; after so many the reader knows. */
  findings: 200,
  /** MAXERROR. https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-load.html */
  maxErrors: 100_000,
} as const;
