import { avroRecords } from './avro-records.ts';
import { readContent } from './content.ts';
import { fieldSplitter, recordSplitter } from './field-splitter.ts';
import { jsonRecords } from './json-records.ts';
import type { ReadingOptions, SourceRecord } from './reading.ts';
import type { SourceFile } from './source-files.ts';

/** @throws UnreadableContent */
export function recordsOf(file: SourceFile, reading: ReadingOptions): AsyncIterable<SourceRecord> {
  const { format } = reading.statement.options;
  if (format === 'json') return jsonRecords(chunksOf(file, reading), reading);
  if (format === 'avro') return avroRecords(file, reading);
  return textRecords(file, reading);
}

function chunksOf(file: SourceFile, { statement, signal }: ReadingOptions): AsyncIterable<Buffer> {
  const { compression, encoding } = statement.options;
  return readContent(file.path, compression, encoding, signal);
}

async function* textRecords(file: SourceFile, reading: ReadingOptions): AsyncGenerator<SourceRecord> {
  const { options } = reading.statement;
  const splitter = recordSplitter(options);
  const split = fieldSplitter(options);
  for await (const chunk of chunksOf(file, reading))
    for (const record of splitter.push(chunk.toString('latin1')))
      if (record.text !== '' || !options.ignoreBlankLines)
        yield { line: record.line, raw: record.text, fields: split(record) };
  for (const record of splitter.end())
    if (record.text !== '' || !options.ignoreBlankLines)
      yield { line: record.line, raw: record.text, fields: split(record) };
}
