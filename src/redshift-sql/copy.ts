import type { DelimiterOptions, Format, TextOptions } from '../manifest/manifest.ts';
import { identifiers } from './identifier.ts';
import { integer, literal, roleLiteral, s3Literal } from './literal.ts';

export interface CopySource {
  /** Where the COPY manifest is. */
  readonly manifest: { readonly bucket: string; readonly key: string };
  readonly roleArn: string;
}

/**
 * COPY of the files of a COPY manifest into a table whose name is given as SQL.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
 */
export function copySql(target: string, columns: readonly string[], format: Format, source: CopySource): string {
  // Columns are named where a line could have them in another order than the table; JSON and Parquet find them otherwise.
  const list = format.type === 'delimited' || format.type === 'csv' ? ` (${identifiers(columns)})` : '';
  return [
    `copy ${target}${list}`,
    `from ${s3Literal(source.manifest.bucket, source.manifest.key)}`,
    `iam_role ${roleLiteral(source.roleArn)}`,
    'manifest',
    ...formatSql(format),
  ].join('\n');
}

/** https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html */
function formatSql(format: Format): string[] {
  if (format.type === 'parquet') return ['format as parquet'];
  if (format.type === 'json') return [`format as json ${literal(format.paths)}`, ...textSql(format)];
  if (format.type === 'csv')
    return [`format as csv quote as ${literal(format.quote)}`, ...delimitedSql(format), ...textSql(format)];
  return [
    ...delimitedSql(format),
    ...(format.removeQuotes ? ['removequotes'] : []),
    ...(format.escape ? ['escape'] : []),
    ...textSql(format),
  ];
}

function delimitedSql(format: DelimiterOptions): string[] {
  return [
    `delimiter as ${format.delimiter === '\t' ? String.raw`'\t'` : literal(format.delimiter)}`,
    ...(format.headerLines === 0 ? [] : [`ignoreheader as ${integer(format.headerLines)}`]),
    ...(format.null === undefined ? [] : [`null as ${literal(format.null)}`]),
    ...(format.emptyAsNull ? ['emptyasnull'] : []),
    ...(format.blanksAsNull ? ['blanksasnull'] : []),
    ...(format.trimBlanks ? ['trimblanks'] : []),
    ...(format.ignoreBlankLines ? ['ignoreblanklines'] : []),
    ...(format.fillRecord ? ['fillrecord'] : []),
  ];
}

function textSql(format: TextOptions): string[] {
  return [
    ...(format.compression === 'none' ? [] : [format.compression]),
    ...(format.dateFormat === undefined ? [] : [`dateformat as ${literal(format.dateFormat)}`]),
    ...(format.timeFormat === undefined ? [] : [`timeformat as ${literal(format.timeFormat)}`]),
    ...(format.acceptInvalidCharacters === undefined
      ? []
      : [`acceptinvchars as ${literal(format.acceptInvalidCharacters)}`]),
    ...(format.truncateColumns ? ['truncatecolumns'] : []),
    ...(format.maxErrors === 0 ? [] : [`maxerror as ${integer(format.maxErrors)}`]),
    // The encodings are in the table's DDL or Redshift's automatic choice; a sample on each load would only cost time.
    'compupdate off',
  ];
}

/** One file as a COPY manifest names it. https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html */
export interface CopyManifestEntry {
  readonly url: string;
  readonly bytes: number;
}

/** `mandatory` is false unless said, and a missing file would then be left out without a word. */
export function copyManifestJson(entries: readonly CopyManifestEntry[]): string {
  return JSON.stringify({
    entries: entries.map(({ url, bytes }) => ({ url, mandatory: true, meta: { content_length: bytes } })),
  });
}
