/** Writes schema/manifest.schema.json from the code's own schema. Run it after changing src/manifest/document.ts; a test compares the two. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { manifestJsonSchemaText } from '../src/manifest/json-schema.ts';

const target = new URL('../schema/manifest.schema.json', import.meta.url);
mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, manifestJsonSchemaText());
console.log('schema/manifest.schema.json');
