import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { parseCopy } from '../../../local/redshift/load/copy-statement.ts';
import { groupFiles } from '../../../local/redshift/load/fast-files.ts';
import { fieldSplitter, recordSplitter } from '../../../local/redshift/load/field-splitter.ts';
import { JsonCutter } from '../../../local/redshift/load/json-records.ts';
import { LineSurveyor } from '../../../local/redshift/load/line-survey.ts';

/** The text in chunks of the given sizes, in turn. */
function chunks(text: string, sizes: readonly number[]): readonly string[] {
  const parts: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(text.slice(at, at + size));
    at += size;
  }
  return parts;
}

function fieldsOf(text: string, options: string, sizes: readonly number[]): readonly unknown[] {
  const statement = parseCopy(`copy t from 's3://b/k' iam_role default ${options}`);
  const splitter = recordSplitter(statement.options);
  const split = fieldSplitter(statement.options);
  const records = chunks(text, sizes).flatMap((chunk) => [...splitter.push(chunk)]);
  return [...records, ...splitter.end()].map(split);
}

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
const table = (field: fc.Arbitrary<string>): fc.Arbitrary<string[][]> =>
  fc.array(fc.array(field, { minLength: 2, maxLength: 2 }), { maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom('a', '"', "'", ',', '|', '\n', '\\', ' ', '%') });

test('CSV that was written with quotation marks is read back, however the file is cut', () => {
  fc.assert(
    fc.property(table(text), sizes, (rows, sizes) => {
      const file = rows.map((row) => `${row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`).join('');
      expect(fieldsOf(file, 'csv', sizes)).toEqual(rows);
    }),
  );
});

test('text that was written with ESCAPE is read back, however the file is cut', () => {
  fc.assert(
    fc.property(table(text), sizes, (rows, sizes) => {
      const file = rows
        .map((row) => `${row.map((field) => field.replaceAll(/[\\|\n]/g, String.raw`\$&`)).join('|')}\n`)
        .join('');
      expect(fieldsOf(file, `escape null as 'never'`, sizes)).toEqual(rows);
    }),
  );
});

test('JSON values are cut apart wherever the chunks end', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 }), sizes, (values, sizes) => {
      const cutter = new JsonCutter();
      const file = values.map((value, index) => JSON.stringify(value, undefined, index % 2)).join('\n');
      const pieces = chunks(file, sizes).flatMap((chunk) => [...cutter.push(chunk)]);
      expect(pieces.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
        values.map((value) => JSON.parse(JSON.stringify(value)) as unknown),
      );
      expect(cutter.rest()).toBeUndefined();
    }),
  );
});

test('a survey finds an empty line that two chunks share', () => {
  for (const parts of [
    ['a\r\n\r', '\n'],
    ['a\r\n', '\r', '\n'],
    ['a\n', '\n'],
  ]) {
    const surveyor = new LineSurveyor({ counting: true, quote: undefined });
    for (const part of parts) surveyor.take(Buffer.from(part));
    expect(surveyor.end()).toMatchObject({ emptyLine: true, regular: true });
  }
});

test('a survey finds empty lines and irregular line breaks wherever the chunks end', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r') }), sizes, (file, sizes) => {
      const surveyor = new LineSurveyor({ counting: true, quote: undefined });
      for (const chunk of chunks(file, sizes)) surveyor.take(Buffer.from(chunk));
      const { regular, emptyLine, lines } = surveyor.end();
      const feeds = file.split('\n').length - 1;
      const returns = file.split('\r').length - 1;
      const pairs = file.split('\r\n').length - 1;
      expect(regular).toBe(returns === 0 || (returns === pairs && pairs === feeds));
      // What looks like an empty line may be none where line breaks are irregular; then the survey counts for nothing anyway.
      if (regular) expect(emptyLine).toBe(/(?:^|\n)\r?\n/.test(file));
      expect(lines).toBe(feeds + (file === '' || file.endsWith('\n') ? 0 : 1));
    }),
  );
});

describe('a record larger than 4 MB is refused without being kept, and the next one found', () => {
  const piece = 'x'.repeat(99);
  const LONG = 9 * 1024 * 1024;
  test.each([
    ['delimiter ","', piece, 'tail\n', 1],
    ['delimiter "," ignoreheader 1', piece, 'tail\n', 2],
    ['delimiter "," escape', `${piece.repeat(50)}\\\n\\\\`, 'tail\n', undefined],
    ['csv', `"",\n${piece.repeat(50)}`, '"\n', undefined],
  ])('%s', (options, unit, tail, line) => {
    const statement = parseCopy(`copy t from 's3://b/k' iam_role default ${options.replaceAll('"', "'")}`);
    const header = options.includes('ignoreheader') ? 'header\n' : '';
    const begin = options === 'csv' ? '1,"' : '1,';
    const file = `${header}${begin}${unit.repeat(LONG / unit.length)}${tail}2,ok\n`;
    const splitter = recordSplitter(statement.options);
    const split = fieldSplitter(statement.options);
    const records = chunks(file, [512 * 1024, 511 * 1024 + 1]).flatMap((chunk) => [...splitter.push(chunk)]);
    const [long, next, ...more] = [...records, ...splitter.end()];
    expect(long?.text.length).toBeLessThan(4.1 * 1024 * 1024);
    expect(long && split(long)).toMatchObject({ reason: 'Input line is longer than 4 MB' });
    expect(next && split(next)).toEqual(['2', 'ok']);
    expect(next?.line).toBe(file.slice(0, -'2,ok\n'.length).split('\n').length);
    expect(long?.line).toBe(line ?? 1);
    expect(more).toEqual([]);
  });

  test('json', () => {
    const cutter = new JsonCutter();
    const file = `{"a": "${`${piece.repeat(50)}\\"\\\\`.repeat(LONG / 5000)}",\n"b": [${'1,\n'.repeat(LONG / 300)}1]}\n{"a": "ok"}\n`;
    const [long, next, ...more] = chunks(file, [512 * 1024, 511 * 1024 + 1]).flatMap((chunk) => [
      ...cutter.push(chunk),
    ]);
    expect(long?.text.length).toBeGreaterThan(4 * 1024 * 1024);
    expect(long?.text.length).toBeLessThan(5.2 * 1024 * 1024);
    expect(next).toEqual({ text: '{"a": "ok"}', line: file.trimEnd().split('\n').length });
    expect(more).toEqual([]);
  });
});

test('files are loaded a thousand at a time at most', () => {
  const statement = parseCopy(`copy t from 's3://b/k' iam_role default`);
  const file = { url: 's3://b/k', path: 'k', bytes: 1, release: () => undefined };
  const groups = groupFiles({ statement, files: Array.from({ length: 2500 }, () => file) });
  expect(groups.map(({ length }) => length)).toEqual([1000, 1000, 500]);
});
