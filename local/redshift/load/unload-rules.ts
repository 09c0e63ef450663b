import { invalidOption } from './failure.ts';
import type { UnloadOptions } from './unload-options.ts';

/** Pairs Redshift refuses. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html */
const EXCLUSIVE: readonly (readonly [string, readonly string[]])[] = [
  ['CSV', ['FIXEDWIDTH', 'ADDQUOTES', 'ESCAPE', 'PARQUET', 'JSON', 'TEXT']],
  ['TEXT', ['FIXEDWIDTH', 'PARQUET', 'JSON']],
  ['FIXEDWIDTH', ['DELIMITER', 'HEADER', 'ADDQUOTES', 'ESCAPE', 'PARQUET', 'JSON']],
  ['PARQUET', ['JSON', 'DELIMITER', 'ADDQUOTES', 'ESCAPE', 'NULL', 'HEADER', 'GZIP', 'BZIP2', 'ZSTD']],
  ['JSON', ['DELIMITER', 'HEADER', 'ADDQUOTES', 'ESCAPE', 'NULL']],
  ['ENCRYPTED', ['ENCRYPTED AUTO']],
  ['GZIP', ['ZSTD', 'BZIP2']],
  ['CLEANPATH', ['ALLOWOVERWRITE']],
  ['KMS_KEY_ID', ['CREDENTIALS']],
];

/** @throws RedshiftError naming the two options that exclude each other. */
export function checkUnloadOptions(options: Readonly<UnloadOptions>, given: ReadonlySet<string>): void {
  for (const [option, others] of EXCLUSIVE) {
    const other = given.has(option) ? others.find((word) => given.has(word)) : undefined;
    if (other !== undefined) throw invalidOption(`${option} is not compatible with ${other}`);
  }
  if (given.has('ROWGROUPSIZE') && !given.has('PARQUET')) throw invalidOption('ROWGROUPSIZE needs PARQUET');
  if (options.format === 'csv' && (options.nullAs.includes('"') || options.nullAs.includes(options.delimiter)))
    throw invalidOption('NULL AS of CSV cannot hold the delimiter or a quotation mark');
  // https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-encrypted
  if (given.has('ENCRYPTED') && !given.has('KMS_KEY_ID'))
    throw invalidOption('ENCRYPTED needs AUTO, KMS_KEY_ID or MASTER_SYMMETRIC_KEY');
  if (given.has('KMS_KEY_ID') && !given.has('ENCRYPTED'))
    throw invalidOption(
      given.has('ENCRYPTED AUTO') ? 'ENCRYPTED AUTO is not compatible with KMS_KEY_ID' : 'KMS_KEY_ID needs ENCRYPTED',
    );
}
