import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { manifestJsonSchema, manifestJsonSchemaText } from '../../../src/manifest/json-schema.ts';
import { manifestDocumentWith, table } from './manifest-builder.ts';

const published = new URL('../../../schema/manifest.schema.json', import.meta.url);

test('the published schema is the code’s (node scripts/publish-manifest-schema.ts writes it)', () => {
  expect(readFileSync(published, 'utf8')).toBe(manifestJsonSchemaText());
});

test('it accepts a manifest and refuses unknown keys anywhere, as an editor would', () => {
  const validate = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: true }).compile(manifestJsonSchema());
  const formats = [
    { type: 'parquet' },
    { type: 'csv', header: 2 },
    { type: 'json', paths: 'auto ignorecase' },
    { type: 'delimited', null: '\\N' },
  ];
  for (const format of formats)
    expect(validate(manifestDocumentWith([table({ format })], { $schema: 'x' }))).toBe(true);
  expect(validate(manifestDocumentWith([table({ colums: 1 })]))).toBe(false);
  expect(validate(manifestDocumentWith([table({ format: { type: 'parquet', header: true } })]))).toBe(false);
  expect(validate({})).toBe(false);
});
