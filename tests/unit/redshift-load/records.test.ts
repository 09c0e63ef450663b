import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { parseCopy } from '../../../local/redshift/load/copy-statement.ts';
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
