import { stringValue } from '../dialect/lexer.ts';
import { invalidOption, notSupported } from './failure.ts';
import { delimiterOf } from './option-characters.ts';
import { parseS3Address, type S3Address } from './s3-address.ts';
import { readOptions } from './option-list.ts';
import { StatementReader } from './statement-tokens.ts';
import type { UnloadOptions } from './unload-options.ts';
import { checkUnloadOptions } from './unload-rules.ts';

export interface UnloadStatement {
  /** In Redshift's dialect. */
  readonly query: string;
  /** Offset in the statement for an offset in the query. */
  readonly queryOffset: (offset: number) => number;
  readonly target: S3Address;
  readonly options: Readonly<UnloadOptions>;
}

const MEGABYTE = 1024 * 1024;
const GIGABYTE = 1024 * MEGABYTE;
/** https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-maxfilesize */
const LARGEST_FILE_BYTES = 6.2 * GIGABYTE;
const SMALLEST_MAXFILESIZE = 5 * MEGABYTE;
const SMALLEST_ROW_GROUP = 32 * MEGABYTE;
const LARGEST_ROW_GROUP = 128 * MEGABYTE;

const DEFAULTS: UnloadOptions = {
  format: 'delimited',
  delimiter: '|',
  fixedWidths: [],
  header: false,
  addQuotes: false,
  escape: false,
  nullAs: '',
  compression: 'none',
  extension: undefined,
  parallel: true,
  maxFileSize: LARGEST_FILE_BYTES,
  rowGroupSize: undefined,
  manifest: 'none',
  allowOverwrite: false,
  cleanPath: false,
  partitionBy: [],
  includePartitions: false,
  kmsKeyId: undefined,
};

/**
 * Parses an UNLOAD statement. See https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
 * @throws RedshiftError
 */
export function parseUnload(sql: string): UnloadStatement {
  const reader = new StatementReader(sql);
  reader.expect('UNLOAD');
  if (!reader.sign('(')) reader.fail();
  const literal = reader.take('string');
  const written = sql.slice(literal.start, literal.end);
  const query = written.startsWith('$') ? literal.text : stringValue(written);
  if (!reader.sign(')')) reader.fail();
  reader.expect('TO');
  const { position } = reader;
  const url = reader.take('string').text;
  const target = parseS3Address(url);
  if (target.key === '' && !url.endsWith('/'))
    throw invalidOption('UNLOAD needs a key prefix after the bucket', position);
  const options = { ...DEFAULTS };
  const given = readOptions(reader, (word, at) => readOption(word, reader, options, at));
  if (options.format === 'csv' && !given.has('DELIMITER')) options.delimiter = ',';
  checkUnloadOptions(options, given);
  return { query, queryOffset: (offset) => literal.start + writtenOffset(written, offset), target, options };
}

/** Where in a literal as it is written, between dollars or quotation marks, its text has come to this offset. */
function writtenOffset(written: string, offset: number): number {
  if (written.startsWith('$')) return written.indexOf('$', 1) + 1 + offset;
  let at = written.indexOf("'") + 1;
  // Doubled quotation marks and what stands behind a backslash are one character each.
  for (let passed = 0; passed < offset; passed++) at += written[at] === "'" || written[at] === '\\' ? 2 : 1;
  return at;
}

const FLAGS: Readonly<Record<string, (options: UnloadOptions) => void>> = {
  CSV: (options) => (options.format = 'csv'),
  PARQUET: (options) => (options.format = 'parquet'),
  JSON: (options) => (options.format = 'json'),
  TEXT: (options) => (options.format = 'delimited'),
  HEADER: (options) => (options.header = true),
  ADDQUOTES: (options) => (options.addQuotes = true),
  ESCAPE: (options) => (options.escape = true),
  GZIP: (options) => (options.compression = 'gzip'),
  ZSTD: (options) => (options.compression = 'zstd'),
  ALLOWOVERWRITE: (options) => (options.allowOverwrite = true),
  CLEANPATH: (options) => (options.cleanPath = true),
};

function readOption(word: string, reader: StatementReader, options: UnloadOptions, position: number): string {
  const flag = FLAGS[word];
  if (flag) {
    flag(options);
    return word;
  }
  switch (word) {
    case 'FORMAT':
    case 'AS': {
      if (word === 'FORMAT') reader.accept('AS');
      const format = reader.keyword() ?? '';
      if (!['CSV', 'PARQUET', 'JSON', 'TEXT'].includes(format)) reader.fail();
      reader.take('word');
      return readOption(format, reader, options, position);
    }
    case 'DELIMITER':
      options.delimiter = delimiterOf(reader.string());
      if (options.delimiter.length > 1)
        throw invalidOption('DELIMITER of UNLOAD must be a single ASCII character', position);
      return word;
    case 'FIXEDWIDTH':
      options.format = 'fixedwidth';
      options.fixedWidths = readWidths(reader.string(), position);
      return word;
    case 'NULL':
      options.nullAs = reader.string();
      return word;
    case 'EXTENSION':
      options.extension = reader.string();
      return word;
    case 'PARALLEL':
      options.parallel = !reader.accept('OFF', 'FALSE');
      if (options.parallel) reader.accept('ON', 'TRUE');
      return word;
    case 'MAXFILESIZE':
      options.maxFileSize = readSize(reader);
      if (options.maxFileSize < SMALLEST_MAXFILESIZE || options.maxFileSize > LARGEST_FILE_BYTES)
        throw invalidOption('MAXFILESIZE must be between 5 MB and 6.2 GB', position);
      return word;
    case 'ROWGROUPSIZE': {
      const size = readSize(reader);
      if (size < SMALLEST_ROW_GROUP || size > LARGEST_ROW_GROUP || size % MEGABYTE !== 0)
        throw invalidOption('ROWGROUPSIZE must be a whole number between 32 MB and 128 MB', position);
      options.rowGroupSize = size;
      return word;
    }
    case 'MANIFEST':
      options.manifest = reader.accept('VERBOSE') ? 'verbose' : 'plain';
      return word;
    case 'PARTITION':
      reader.expect('BY');
      options.partitionBy = reader.names() ?? reader.fail();
      options.includePartitions = reader.accept('INCLUDE');
      return word;
    case 'REGION':
      reader.string();
      return word;
    case 'ENCRYPTED':
      // Encryption on the server changes no byte a reader gets; objects say which key they were written with.
      return reader.accept('AUTO') ? 'ENCRYPTED AUTO' : word;
    case 'KMS_KEY_ID':
      options.kmsKeyId = reader.string();
      return word;
    case 'MASTER_SYMMETRIC_KEY':
      throw notSupported(
        "UNLOAD's MASTER_SYMMETRIC_KEY option",
        'objects of the local store are not encrypted on the client',
        position,
      );
    case 'BZIP2':
      throw notSupported("UNLOAD's BZIP2 option", 'compress with GZIP or ZSTD', position);
    default:
      throw invalidOption(`UNLOAD has no option ${word}`, position);
  }
}

function readWidths(text: string, position: number): readonly number[] {
  return text.split(',').map((part) => {
    const width = Number(/:\s*(\d+)\s*$/.exec(part)?.[1] ?? 0);
    if (width === 0) throw invalidOption(`Invalid FIXEDWIDTH specification '${text}'`, position);
    return width;
  });
}

/** `5 MB`, `6.2GB`; megabytes without a unit. */
function readSize(reader: StatementReader): number {
  reader.accept('AS');
  const amount = Number(reader.take('number').text);
  const unit = reader.accept('GB') ? GIGABYTE : MEGABYTE;
  if (unit === MEGABYTE) reader.accept('MB');
  return Math.floor(amount * unit);
}
