import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError, EXIT } from './command.ts';
import { PROJECT } from './bin/compiled.mjs';

interface Example {
  readonly name: string;
  readonly generate: (
    directory: string,
    options: { readonly seed?: number; readonly scale?: number },
  ) => Promise<{ readonly manifestPath: string }>;
}

/** The examples are found, not imported: nothing of the product depends on them, and a copy without them still works. */
async function examples(): Promise<readonly Example[]> {
  const module = (await import(pathToFileURL(join(PROJECT, 'examples', 'index.ts')).href)) as {
    EXAMPLES: readonly Example[];
  };
  return module.EXAMPLES;
}

/** Names of the examples, the ordinary one first. */
export async function exampleNames(): Promise<readonly string[]> {
  return (await examples()).map(({ name }) => name);
}

/** Writes an example's batch into a folder; returns its manifest's path. */
export async function generateExample(
  name: string,
  directory: string,
  options: { readonly seed?: number; readonly scale?: number },
): Promise<string> {
  const example = (await examples()).find((candidate) => candidate.name === name);
  if (!example)
    throw new CommandError(
      `there is no example '${name}'`,
      `use one of ${(await exampleNames()).join(', ')}`,
      EXIT.usage,
    );
  return (await example.generate(directory, options)).manifestPath;
}
