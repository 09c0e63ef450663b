import type { CopyOptions } from './copy-options.ts';
import { AUTHORIZATION_WORDS } from './authorization.ts';
import { SQLSTATE } from '../dialect/redshift-error.ts';
import { failure, invalidOption } from './failure.ts';
import type { TargetColumn } from './target-column.ts';

/** Pairs Redshift refuses. https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html */
const EXCLUSIVE: readonly (readonly [string, readonly string[]])[] = [
  ['CSV', ['FIXEDWIDTH', 'REMOVEQUOTES', 'ESCAPE', 'JSON', 'AVRO', 'PARQUET']],
  ['FIXEDWIDTH', ['DELIMITER', 'CSV', 'ESCAPE', 'REMOVEQUOTES', 'JSON', 'AVRO', 'PARQUET']],
  [
    'JSON',
    [
      'CSV',
      'DELIMITER',
      'AVRO',
      'ESCAPE',
      'FILLRECORD',
      'FIXEDWIDTH',
      'IGNOREBLANKLINES',
      'NULL',
      'REMOVEQUOTES',
      'PARQUET',
    ],
  ],
  [
    'AVRO',
    [
      'CSV',
      'DELIMITER',
      'ESCAPE',
      'FILLRECORD',
      'FIXEDWIDTH',
      'IGNOREHEADER',
      'IGNOREBLANKLINES',
      'JSON',
      'REMOVEQUOTES',
      'PARQUET',
      'GZIP',
      'BZIP2',
      'ZSTD',
    ],
  ],
  ['IGNOREALLERRORS', ['MAXERROR']],
  ['GZIP', ['BZIP2', 'ZSTD']],
  ['BZIP2', ['ZSTD']],
];

/** What COPY takes beside PARQUET, authorization apart. https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html */
const WITH_PARQUET = new Set([
  'PARQUET',
  'ACCEPTINVCHARS',
  'FILLRECORD',
  'STATUPDATE',
  'MANIFEST',
  'EXPLICIT_IDS',
  'SERIALIZETOJSON',
]);

/** @throws RedshiftError naming the two options that exclude each other. */
export function checkCopyOptions(options: Readonly<CopyOptions>, given: ReadonlySet<string>): void {
  for (const [option, others] of EXCLUSIVE) {
    const other = given.has(option) ? others.find((word) => given.has(word)) : undefined;
    if (other !== undefined) throw invalidOption(`${option} is not compatible with ${other}`);
  }
  if (given.has('QUOTE') && !given.has('CSV')) throw invalidOption('QUOTE needs CSV');
  if (given.has('SERIALIZETOJSON') && !given.has('PARQUET')) throw invalidOption('SERIALIZETOJSON needs PARQUET');
  if (options.format === 'fixedwidth' && options.encoding !== 'utf8')
    throw invalidOption('FIXEDWIDTH is not compatible with an ENCODING other than UTF8');
  if (given.has('PARQUET')) {
    const other = [...given].find((word) => !WITH_PARQUET.has(word) && !AUTHORIZATION_WORDS.has(word));
    if (other !== undefined) throw invalidOption(`${other} argument is not supported for PARQUET based COPY`);
  }
  if (options.format === 'avro' && options.paths.toLowerCase() === 'noshred')
    throw invalidOption("AVRO takes 'auto', 'auto ignorecase' or the address of a jsonpaths file, not 'noshred'");
  if (options.format === 'csv' && options.delimiter === options.quote)
    throw invalidOption('The delimiter and the quotation mark of CSV must differ');
  if (options.format === 'delimited' && options.escape && options.delimiter === '\\')
    throw invalidOption('DELIMITER cannot be a backslash together with ESCAPE');
}

/** https://docs.aws.amazon.com/redshift/latest/dg/copy-usage-varbyte.html */
export function checkColumnTypes(
  columns: readonly TargetColumn[],
  { given }: { readonly given: ReadonlySet<string> },
): void {
  const bytes = columns.find(({ type }) => type.kind === 'varbyte');
  const option = ['FIXEDWIDTH', 'REMOVEQUOTES'].find((word) => given.has(word));
  if (bytes && option !== undefined)
    throw failure(`${option} is not supported for VARBYTE column "${bytes.name}"`, SQLSTATE.notSupported);
}
