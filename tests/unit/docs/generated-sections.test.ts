import { readFileSync } from 'node:fs';
import { generatedSections, sectionNames, withSections } from '../../../scripts/generated-sections.ts';

const sections = await generatedSections();

/** Prettier pads the cells of tables. */
const unpadded = (text: string): string =>
  text
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/\n{2,}/g, '\n');

test.each([...sections.keys()])(
  "%s says what the code says; 'node scripts/write-docs.ts' brings it up to date",
  (file) => {
    const text = readFileSync(file, 'utf8');
    const known = sections.get(file) ?? new Map<string, string>();
    expect([...sectionNames(text)].sort()).toEqual([...known.keys()].sort());
    expect(unpadded(text)).toBe(unpadded(withSections(text, known)));
  },
);
