import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError, EXIT, textOption, type Options } from '../command.ts';
import { describeFinding, type Finding } from '../../src/errors/finding.ts';
import { SluiceError } from '../../src/errors/sluice-error.ts';
import { tableLabel, type Manifest } from '../../src/manifest/manifest.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { counted } from '../../src/report/words.ts';
import { otherContent } from './content-kind.ts';

/** The base name the inbox's rule starts a run for. */
export const MANIFEST_NAME = 'manifest.json';

export interface BatchFile {
  readonly path: string;
  /** Relative to the manifest, as the manifest says it. */
  readonly key: string;
  readonly bytes: number;
  readonly table: string;
}

export interface Batch {
  readonly manifestPath: string;
  /** The manifest as it was read: what was checked is what is sent. */
  readonly text: Buffer;
  readonly manifest: Manifest;
  readonly files: readonly BatchFile[];
}

/**
 * Reads a manifest from disk.
 * @throws CommandError (invalid) with every finding, one a line.
 */
export async function readManifest(path: string): Promise<{ readonly text: string; readonly manifest: Manifest }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(
      error.code === 'ENOENT' ? `there is no ${path}` : `${path}: ${error.message}`,
      `name a manifest file, or a folder that holds a ${MANIFEST_NAME}`,
      EXIT.usage,
      { cause: error },
    );
  });
  try {
    return { text, manifest: parseManifest(text) };
  } catch (error) {
    if (error instanceof SluiceError) throw invalid(path, error);
    throw error;
  }
}

/** Reads a manifest and looks at each of its data files beside it. */
export async function readBatch(manifestPath: string): Promise<Batch> {
  const { text, manifest } = await readManifest(manifestPath);
  const folder = dirname(manifestPath);
  const files: BatchFile[] = [];
  const findings: Finding[] = [];
  for (const table of manifest.tables)
    for (const [at, file] of table.files.entries()) {
      const path = join(folder, ...file.key.split('/'));
      const found = await stat(path).catch(() => undefined);
      const place = `${table.path}.files[${at}]`;
      if (!found?.isFile())
        findings.push({
          path: place,
          what: `there is no file ${path}`,
          why: 'Files are named relative to the manifest',
          do: 'Put it there, or take it out of the manifest',
        });
      else if (file.bytes !== undefined && file.bytes !== found.size)
        findings.push({
          path: `${place}.bytes`,
          what: `${file.key} has ${found.size} bytes, the manifest says ${file.bytes}`,
          why: 'The file is not the one the manifest was written for, or it is cut off',
          do: 'Send the right file, or correct the manifest',
        });
      else {
        files.push({ path, key: file.key, bytes: found.size, table: tableLabel(table) });
        const other = await otherContent(path, table.format);
        if (other)
          findings.push({
            path: place,
            what: `${file.key} is ${other.found}, and the format of ${tableLabel(table)} says ${other.expected}`,
            why: 'COPY would refuse it, or read it as something it is not; a table without a format has gzip',
            do: `Send the file as ${other.expected}, or give the table the format its files have`,
          });
      }
    }
  if (findings.length > 0) throw invalidBatch(manifestPath, findings);
  return { manifestPath, text: Buffer.from(text), manifest, files };
}

/** The folder of the inbox a batch is dropped to: empty, or ending in a slash. */
export function inboxFolder({ project, batch }: Manifest, options: Options): string {
  const parts = (textOption(options, 'to') ?? `${project}/${batch}`).split('/').filter((part) => part !== '');
  const bad = parts.find((part) => part === '.' || part === '..' || /\p{Cc}/u.test(part));
  if (bad !== undefined)
    throw new CommandError(
      `--to: '${bad}' is not a folder's name`,
      'name a folder of the inbox, as in billing/today',
      EXIT.usage,
    );
  return parts.map((part) => `${part}/`).join('');
}

/** The manifest a person means by a folder or a file. */
export async function manifestIn(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? join(path, MANIFEST_NAME) : path;
}

/** What a person is told of a manifest or a batch that cannot be run. */
export function invalid(path: string, error: SluiceError): CommandError {
  if (error.findings.length > 0) return invalidBatch(path, error.findings);
  return new CommandError(`${path}: ${error.message}`, error.next, EXIT.invalid, { cause: error });
}

function invalidBatch(path: string, findings: readonly Finding[]): CommandError {
  const count = counted(findings.length, 'finding');
  return new CommandError(
    `${path} is not valid, ${count}:\n${findings.map((finding) => `  - ${describeFinding(finding)}`).join('\n')}`,
    `mend ${findings.length === 1 ? 'it' : 'them all'} and try again; nothing was sent`,
    EXIT.invalid,
    { findings },
  );
}
