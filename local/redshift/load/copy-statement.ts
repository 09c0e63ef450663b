import type { CopyOptions, Encoding } from './copy-options.ts';
import { checkCopyOptions } from './copy-rules.ts';
import { invalidOption, notSupported } from './failure.ts';
import { delimiterOf, oneCharacter } from './option-characters.ts';
import { readOptions } from './option-list.ts';
import { StatementReader } from './statement-tokens.ts';

export interface TableName {
  readonly database: string | undefined;
  readonly schema: string | undefined;
  readonly name: string;
}

export interface CopyStatement {
  readonly table: TableName;
  readonly columns: readonly string[] | undefined;
  /** `s3://bucket/prefix`, or the manifest's address. */
  readonly source: string;
  readonly options: Readonly<CopyOptions>;
  /** Every option given, in upper case: some formats refuse some. */
  readonly given: ReadonlySet<string>;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-load.html#copy-maxerror */
const LARGEST_MAXERROR = 100_000;
const COMPROWS = [1000, 2_147_483_647] as const;

function within(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}

const DEFAULTS: CopyOptions = {
  format: 'delimited',
  delimiter: '|',
  quote: '"',
  paths: 'auto',
  fixedWidths: [],
  compression: 'none',
  encoding: 'utf8',
  escape: false,
  removeQuotes: false,
  nullAs: '\\N',
  emptyAsNull: false,
  blanksAsNull: false,
  fillRecord: false,
  ignoreHeader: 0,
  ignoreBlankLines: false,
  trimBlanks: false,
  truncateColumns: false,
  acceptInvalidChars: undefined,
  acceptAnyDate: false,
  dateFormat: undefined,
  timeFormat: undefined,
  roundDecimals: false,
  explicitIds: false,
  serializeToJson: false,
  maxError: 0,
  noLoad: false,
  manifest: false,
};

/**
 * Parses a COPY statement. See https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
 * @throws RedshiftError where it is not one, names what the local cluster has not, or combines what Redshift does not.
 */
export function parseCopy(sql: string): CopyStatement {
  const reader = new StatementReader(sql);
  reader.expect('COPY');
  const table = readTable(reader);
  const columns = reader.names();
  reader.expect('FROM');
  const { position } = reader;
  const source = reader.take('string').text;
  checkSource(source, position);
  const options = { ...DEFAULTS };
  const given = readOptions(reader, (word, at) => readOption(word, reader, options, at));
  if (given.has('CSV') && !given.has('DELIMITER')) options.delimiter = ',';
  checkCopyOptions(options, given);
  return { table, columns, source, options, given };
}

function readTable(reader: StatementReader): TableName {
  const parts = [reader.identifier()];
  while (reader.sign('.') && parts.length < 3) parts.push(reader.identifier());
  const [name = '', schema, database] = parts.toReversed();
  return { database, schema, name };
}

function checkSource(source: string, position: number): void {
  if (source.startsWith('emr://'))
    throw notSupported('COPY from Amazon EMR', 'put the files into S3 and COPY from s3://', position);
  if (source.startsWith('dynamodb://'))
    throw notSupported('COPY from DynamoDB', 'export the table to S3 and COPY from s3://', position);
  if (!/^s3:\/\/[^/]+\/?/.test(source))
    throw invalidOption(
      `CREDENTIALS argument is not supported when loading from file system; the source must be an s3:// address: '${source}'`,
      position,
    );
}

/** Flags: the option's word sets a member. */
const FLAGS: Readonly<Record<string, (options: CopyOptions) => void>> = {
  GZIP: (options) => (options.compression = 'gzip'),
  ZSTD: (options) => (options.compression = 'zstd'),
  BZIP2: (options) => (options.compression = 'bzip2'),
  ESCAPE: (options) => (options.escape = true),
  REMOVEQUOTES: (options) => (options.removeQuotes = true),
  EMPTYASNULL: (options) => (options.emptyAsNull = true),
  BLANKSASNULL: (options) => (options.blanksAsNull = true),
  FILLRECORD: (options) => (options.fillRecord = true),
  IGNOREBLANKLINES: (options) => (options.ignoreBlankLines = true),
  TRIMBLANKS: (options) => (options.trimBlanks = true),
  TRUNCATECOLUMNS: (options) => (options.truncateColumns = true),
  ACCEPTANYDATE: (options) => (options.acceptAnyDate = true),
  ROUNDEC: (options) => (options.roundDecimals = true),
  SERIALIZETOJSON: (options) => (options.serializeToJson = true),
  EXPLICIT_IDS: (options) => (options.explicitIds = true),
  NOLOAD: (options) => (options.noLoad = true),
  MANIFEST: (options) => (options.manifest = true),
  IGNOREALLERRORS: (options) => (options.maxError = Number.POSITIVE_INFINITY),
};

const FORMATS = new Set(['CSV', 'JSON', 'PARQUET', 'ORC', 'AVRO', 'SHAPEFILE', 'FIXEDWIDTH', 'TEXT', 'DELIMITER']);

const REFUSED: Readonly<Record<string, string>> = {
  ORC: 'convert the files to Parquet',
  SHAPEFILE: 'spatial types are not there; load coordinates as columns of a CSV file',
  LZOP: 'compress with GZIP or ZSTD',
  ENCRYPTED: 'objects of the local store are not encrypted on the client; leave ENCRYPTED away',
  MASTER_SYMMETRIC_KEY: 'objects of the local store are not encrypted on the client',
  SSH: 'put the files into S3 and COPY from s3://',
  JOB: 'run the COPY when the files are there',
  USING: 'write the options of the template out',
  READRATIO: 'it is for DynamoDB; export the table to S3 and COPY from s3://',
};

/** Reads one option whose word is already taken; returns the name it counts under. */
function readOption(word: string, reader: StatementReader, options: CopyOptions, position: number): string {
  // FORMAT and AS may both be left out.
  if (word === 'FORMAT' || word === 'AS') {
    if (word === 'FORMAT') reader.accept('AS');
    const format = reader.keyword() ?? '';
    if (!FORMATS.has(format)) reader.fail();
    reader.take('word');
    return readOption(format, reader, options, position);
  }
  const instead = REFUSED[word];
  if (instead !== undefined) throw notSupported(`COPY's ${word} option`, instead, position);
  const flag = FLAGS[word];
  if (flag) {
    flag(options);
    return word;
  }
  switch (word) {
    case 'TEXT':
      return word;
    case 'CSV':
      options.format = 'csv';
      return word;
    case 'PARQUET':
      options.format = 'parquet';
      return word;
    case 'JSON':
    case 'AVRO':
      options.format = word === 'JSON' ? 'json' : 'avro';
      reader.accept('AS');
      if (reader.peek?.kind === 'string') options.paths = reader.string();
      return word;
    case 'QUOTE':
      options.quote = oneCharacter('QUOTE', reader.string());
      return word;
    case 'DELIMITER':
      options.delimiter = delimiterOf(reader.string());
      return word;
    case 'FIXEDWIDTH':
      options.format = 'fixedwidth';
      options.fixedWidths = readWidths(reader.string(), position);
      return word;
    case 'NULL':
      options.nullAs = readNull(reader.string(), position);
      return word;
    case 'ENCODING':
      options.encoding = readEncoding(reader, position);
      return word;
    case 'ACCEPTINVCHARS':
      reader.accept('AS');
      options.acceptInvalidChars =
        reader.peek?.kind === 'string' ? oneCharacter('ACCEPTINVCHARS', reader.string()) : '?';
      return word;
    case 'DATEFORMAT':
      options.dateFormat = reader.string();
      return word;
    case 'TIMEFORMAT':
      options.timeFormat = reader.string();
      if (/TZ|OF/i.test(options.timeFormat))
        throw invalidOption("TIMEFORMAT cannot include a time zone specifier (TZ or OF): use 'auto'", position);
      return word;
    case 'IGNOREHEADER':
      options.ignoreHeader = reader.integer();
      if (options.ignoreHeader < 0) throw invalidOption('IGNOREHEADER must not be negative', position);
      return word;
    case 'MAXERROR':
    case 'MAXERRORS':
      options.maxError = reader.integer();
      if (options.maxError < 0 || options.maxError > LARGEST_MAXERROR)
        throw invalidOption(`MAXERROR must be between 0 and ${LARGEST_MAXERROR}`, position);
      return 'MAXERROR';
    default:
      return readIgnored(word, reader);
  }
}

/** Options without effect here: there are no encodings to choose, no statistics to keep and one region. */
function readIgnored(word: string, reader: StatementReader): string {
  switch (word) {
    case 'COMPUPDATE':
      reader.accept('ON', 'OFF', 'TRUE', 'FALSE', 'PRESET');
      return word;
    case 'STATUPDATE':
      reader.accept('ON', 'OFF', 'TRUE', 'FALSE');
      return word;
    case 'COMPROWS':
      if (!within(reader.integer(), COMPROWS)) throw invalidOption('COMPROWS must be between 1000 and 2147483647');
      return word;
    case 'REGION':
      reader.string();
      return word;
    default:
      throw invalidOption(`COPY has no option ${word}`);
  }
}

/** `'name:width, name:width'`. https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-fixedwidth */
function readWidths(text: string, position: number): CopyOptions['fixedWidths'] {
  return text.split(',').map((part) => {
    const match = /^\s*"?([^:"]+?)"?\s*:\s*(\d+)\s*$/.exec(part);
    if (!match || Number(match[2]) === 0) throw invalidOption(`Invalid FIXEDWIDTH specification '${text}'`, position);
    return { label: String(match[1]).toLowerCase(), width: Number(match[2]) };
  });
}

/** `'\0'` and `'\000'` stand for the NUL character; a line feed cannot mark a null, it ends a record. */
function readNull(text: string, position: number): string {
  if (/^\\0{1,3}$/.test(text)) return '\0';
  if (text === '\\n' || text === '\n')
    throw invalidOption("NULL argument cannot be '\\n', which ends a record", position);
  return text;
}

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  UTF8: 'utf8',
  UTF16: 'utf16',
  UTF16LE: 'utf16le',
  UTF16BE: 'utf16be',
  ISO88591: 'latin1',
};

function readEncoding(reader: StatementReader, position: number): Encoding {
  reader.accept('AS');
  const { text } = reader.take('word', 'string', 'name');
  const encoding = ENCODINGS[text.toUpperCase().replaceAll('-', '')];
  if (!encoding) throw invalidOption(`Invalid encoding '${text}': UTF8, UTF16, UTF16LE, UTF16BE or ISO88591`, position);
  return encoding;
}
