import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import avro from 'avsc';
import { Buffer } from 'node:buffer';
import { AVRO_CODECS } from './avro-codecs.ts';
import { UnreadableContent } from './content.ts';
import { fieldsByName, fieldsByPath } from './json-fields.ts';
import { asBytes } from './json-records.ts';
import { messageOf } from './failure.ts';
import type { ReadingOptions, SourceRecord } from './reading.ts';
import type { SourceFile } from './source-files.ts';

/**
 * The records of an Avro object container file (codecs null, deflate and snappy), their line being their number in the file.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-avro.html
 */
export async function* avroRecords(file: SourceFile, reading: ReadingOptions): AsyncGenerator<SourceRecord> {
  const { options } = reading.statement;
  const lookup = reading.paths
    ? fieldsByPath(reading.paths, reading.columns)
    : fieldsByName(reading.columns, options.paths.toLowerCase() === 'auto ignorecase');
  const source = createReadStream(file.path);
  const decoder = new avro.streams.BlockDecoder({ codecs: AVRO_CODECS, parseHook: typeOf });
  source.on('error', (error) => decoder.destroy(error));
  let marker: Buffer | undefined;
  decoder.on('metadata', (_type, _codec, header: { readonly sync: Buffer }) => (marker = header.sync));
  let line = 0;
  try {
    for await (const value of source.pipe(decoder)) {
      reading.signal.throwIfAborted();
      line++;
      const plain = plainValue(value) as object;
      const fields = asBytes(lookup(plain, ''));
      yield { line, raw: 'code' in fields ? '' : fields.map((field) => field ?? '').join('|'), fields };
    }
    // The decoder does not mind a file that ends early; a whole one ends with its marker.
    if (!marker?.equals(await lastBytes(file, marker.length))) throw new Error('the file is cut short');
  } catch (error) {
    reading.signal.throwIfAborted();
    throw new UnreadableContent(`Invalid Avro data: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

async function lastBytes(file: SourceFile, length: number): Promise<Buffer> {
  const handle = await open(file.path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, Math.max(0, file.bytes - length));
    return buffer;
  } finally {
    await handle.close();
  }
}

const notRead = (): never => {
  throw new Error('values are only read');
};

/** Longs of all 64 bits: a number has 53. */
// oxlint-disable-next-line no-underscore-dangle -- the library's own name.
const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: notRead,
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: notRead,
});

function typeOf(schema: avro.Schema): avro.Type {
  const typeHook = (part: avro.Schema): avro.Type | undefined => (isLong(part) ? LONG : undefined);
  return avro.Type.forSchema(schema, { typeHook });
}

function isLong(schema: avro.Schema): boolean {
  return schema === 'long' || (typeof schema === 'object' && 'type' in schema && schema.type === 'long');
}

/** Bytes as JSON has them, a character a byte; unions and records as what they hold. */
function plainValue(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  // Of a union of several numbers or records.
  if ('unwrap' in value && typeof value.unwrap === 'function') return plainValue(value.unwrap());
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainValue(member)]));
}
