import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { columnType } from '../../../local/redshift/load/column-type.ts';
import { readContent } from '../../../local/redshift/load/content.ts';
import { parseCopy } from '../../../local/redshift/load/copy-statement.ts';
import { fieldSplitter, recordSplitter } from '../../../local/redshift/load/field-splitter.ts';
import { inspectChunks } from '../../../local/redshift/load/file-inspector.ts';
import { plainRecords, type PlainNulls, type PlainVerdict } from '../../../local/redshift/load/plain-records.ts';

const COLUMNS = [columnType('INTEGER', undefined), columnType('VARCHAR', undefined)].map((type, index) => ({
  name: `c${index}`,
  type,
  notNull: false,
  hasDefault: false,
  identity: undefined,
}));

function verdict(file: string, options: string, chunkBytes: number, nulls: PlainNulls = 'empty'): PlainVerdict {
  const statement = parseCopy(`copy t from 's3://b/k' iam_role default ${options}`);
  const inspector = plainRecords(COLUMNS, statement.options, nulls)?.inspect();
  if (!inspector) throw new Error('the table is too large');
  const bytes = Buffer.from(file);
  for (let at = 0; at < bytes.length; at += chunkBytes) if (!inspector.take(bytes.subarray(at, at + chunkBytes))) break;
  return inspector.end();
}

const piece = fc.constantFrom('1|a\n', '-20|b c\n', '|\n', '3|\n', '1', 'x', '|', '\n', '\r\n', '\r', '"', '\\N', ' ');
const quotedPiece = fc.constantFrom('1,a\n', '2,"b,\nc"\n', '"3","d""e"\n', ',\n', '1', ',', '\n', '"', '\r\n', 'x');

test.each([
  ['', piece],
  ['csv', quotedPiece],
])('%s: a file is plain, or not, wherever its chunks end', (options, pieces) => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), fc.integer({ min: 1, max: 60 }), (parts, size) => {
      const file = parts.join('');
      // The line ends of the first chunk count, so that one holds a line.
      const first = Math.max(size, file.indexOf('\n') + 1);
      expect(verdict(file, options, first)).toEqual(verdict(file, options, file.length + 1));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['', piece],
  ['csv', quotedPiece],
])('%s: a plain file has the records and fields that the record readers find', (options, pieces) => {
  const statement = parseCopy(`copy t from 's3://b/k' iam_role default ${options}`);
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const file = parts.join('');
      const found = verdict(file, options, 1_000);
      if (!found.plain) return;
      const splitter = recordSplitter(statement.options);
      const split = fieldSplitter(statement.options);
      const records = [...splitter.push(file), ...splitter.end()].map(split);
      expect(records.map((fields) => (Array.isArray(fields) ? fields.length : fields))).toEqual(
        Array.from({ length: found.records }, () => COLUMNS.length),
      );
    }),
    { numRuns: 2_000 },
  );
});

test('header lines are no records', () => {
  expect(verdict('n|c\n1|a\n2|b', 'ignoreheader 1', 3)).toEqual({ plain: true, records: 2 });
});

test('a header line with a quotation mark may go on in the next, so nobody vouches for the file', () => {
  expect(verdict('"n\n",c\n1,a\n', 'csv ignoreheader 1', 100)).toEqual({ plain: false });
});

test('of a text that stands for null and of an empty number only one may be there', () => {
  expect(verdict('1|\\N\n', '', 100, 'empty')).toEqual({ plain: false });
  expect(verdict('1|\\N\n', '', 100, 'named')).toEqual({ plain: true, records: 1 });
  expect(verdict('|a\n', '', 100, 'empty')).toEqual({ plain: true, records: 1 });
  expect(verdict('|a\n', '', 100, 'named')).toEqual({ plain: false });
});

test('the memory of a chunk that was looked at is given back, and the next ones are what they were', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plain-records-'));
  try {
    const path = join(directory, 'rows.gz');
    const rows = 100_000;
    writeFileSync(path, gzipSync(Array.from({ length: rows }, (_each, row) => `${row}|text of row ${row}\n`).join('')));
    const statement = parseCopy(`copy t from 's3://b/k' iam_role default gzip`);
    const inspector = plainRecords(COLUMNS, statement.options, 'empty')?.inspect();
    const chunks: Buffer[] = [];
    const found = await inspectChunks(readContent(path, 'gzip', 'utf8', new AbortController().signal), {
      take: (chunk) => {
        chunks.push(chunk);
        return inspector?.take(chunk) === true;
      },
      end: () => inspector?.end(),
    });
    expect(found).toEqual({ plain: true, records: rows });
    expect(chunks.some(({ length }) => length === 0)).toBe(true);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
