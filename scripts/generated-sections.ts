/** The parts of `docs/` that say what the code says: made from the code, so that they cannot differ from it. A test compares the two. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allCommands } from '../cli/commands/index.ts';
import { EXIT } from '../cli/command.ts';
import { overview, usage } from '../cli/main.ts';
import { RESOURCE_TYPES } from '../local/cloudformation/resource-types/index.ts';
import { createCloud, openDocuments, seededIds, systemClock, type Service } from '../local/kernel/index.ts';
import { registerServices } from '../local/services.ts';
import { CATALOGUE } from '../src/errors/catalogue.ts';
import { manifestJsonSchemaText } from '../src/manifest/json-schema.ts';
import { manifestKeys } from './manifest-keys.ts';
import { table } from './markdown-table.ts';
import { redshiftSections } from './redshift-sections.ts';

/** Text of each generated section, by file and name. */
export async function generatedSections(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  return new Map([
    ['docs/operations.md', new Map([['errors', errors()]])],
    ['docs/manifest.md', new Map(manifestKeys(JSON.parse(manifestJsonSchemaText())))],
    [
      'docs/cli.md',
      new Map([
        ['overview', fenced(await overview())],
        ['exit-codes', exitCodes()],
        ...(await allCommands()).map((command) => [`usage-${command.name}`, fenced(usage(command))] as const),
      ]),
    ],
    ['docs/redshift.md', redshiftSections()],
    [
      'docs/local-cloud.md',
      new Map([
        ['services', await services()],
        [
          'resource-types',
          Object.keys(RESOURCE_TYPES)
            .sort()
            .map((type) => `\`${type}\``)
            .join(', '),
        ],
      ]),
    ],
  ]);
}

const MARKED = /(<!-- generated: ([\w-]+) -->\n)[^]*?(<!-- end of generated -->)/g;

/** A document with its generated sections as they are now. Throws when a section is not known. */
export function withSections(text: string, sections: ReadonlyMap<string, string>): string {
  return text.replace(MARKED, (_, begin: string, name: string, end: string) => {
    const section = sections.get(name);
    if (section === undefined) throw new Error(`There is no generated section '${name}'.`);
    return `${begin}\n${section}\n\n${end}`;
  });
}

export function sectionNames(text: string): readonly string[] {
  return [...text.matchAll(MARKED)].map(([, , name = '']) => name);
}

function errors(): string {
  return table(
    ['code', 'what happened', 'why', 'what to do', 'tried again by itself'],
    Object.entries(CATALOGUE).map(([code, { happened, why, next, retryable }]) => [
      `\`${code}\``,
      happened,
      why,
      next,
      retryable ? 'yes' : 'no',
    ]),
  );
}

function exitCodes(): string {
  const source = readFileSync(new URL('../cli/command.ts', import.meta.url), 'utf8');
  return table(
    ['exit code', 'name', 'meaning'],
    Object.entries(EXIT).map(([name, code]) => [
      `${code}`,
      name,
      new RegExp(`/\\*\\* (.*?) \\*/\\n\\s*${name}:`).exec(source)?.[1] ?? '',
    ]),
  );
}

async function services(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'services-'));
  const documents = openDocuments(join(directory, 'state.db'));
  const cloud = createCloud({ clock: systemClock, ids: seededIds(1), documents, directory });
  const registered: Service[] = [];
  try {
    registerServices({
      ...cloud,
      register: (service) => {
        registered.push(service);
        cloud.register(service);
      },
    });
    return table(
      ['service', 'operations'],
      registered
        .toSorted((one, other) => one.name.localeCompare(other.name))
        .map(({ name, operations }) => [`\`${name}\``, Object.keys(operations).sort().join(', ')]),
    );
  } finally {
    await cloud.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
