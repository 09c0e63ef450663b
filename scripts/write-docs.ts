/** Writes the generated sections of the documents. Run it after changing what they are made from; a test compares the two. */
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedSections, withSections } from './generated-sections.ts';

for (const [file, sections] of await generatedSections()) {
  const target = new URL(`../${file}`, import.meta.url);
  writeFileSync(target, withSections(readFileSync(target, 'utf8'), sections));
  console.log(file);
}
