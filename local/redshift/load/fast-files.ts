import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readContent } from './content.ts';
import { LineSurveyor, surveyLines, type LineSurvey, type SurveyOptions } from './line-survey.ts';
import type { Load } from './load.ts';
import type { SourceFile } from './source-files.ts';

/** A file DuckDB can read in parallel. */
export interface PreparedFile {
  readonly file: SourceFile;
  /** The file itself, or its decompressed copy. */
  readonly path: string;
  readonly survey: Promise<LineSurvey>;
}

/** Files loaded by one statement. */
export type Group = readonly PreparedFile[];

/** While one group loads, the next is decompressed; a group needs about this much of the disk, a few times over. */
const GROUP_BYTES = { plain: 2 ** 31, compressed: 2 ** 26 };

/** Files decompressed at the same time: each takes a thread. */
const CONCURRENT = 2;

/** The load's files, in order, in groups of bounded size. */
export function groupFiles({ files, statement }: Load): readonly (readonly SourceFile[])[] {
  const limit = statement.options.compression === 'none' ? GROUP_BYTES.plain : GROUP_BYTES.compressed;
  const groups: SourceFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (bytes + file.bytes > limit) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(file);
    bytes += file.bytes;
  }
  return groups;
}

/**
 * Decompresses a group's files; the surveys of plain ones go on meanwhile.
 * @throws UnreadableContent
 */
export async function prepareGroup(group: readonly SourceFile[], load: Load, signal: AbortSignal): Promise<Group> {
  const { options } = load.statement;
  const survey: SurveyOptions = {
    counting: load.files.length > 1,
    quote: options.format === 'csv' ? options.quote : undefined,
  };
  const prepared: PreparedFile[] = [];
  for (let at = 0; at < group.length; at += CONCURRENT)
    prepared.push(
      ...(await Promise.all(group.slice(at, at + CONCURRENT).map((file) => prepareFile(file, load, survey, signal)))),
    );
  return prepared;
}

async function prepareFile(
  file: SourceFile,
  load: Load,
  options: SurveyOptions,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const { compression, encoding } = load.statement.options;
  if (compression === 'none') {
    const survey = surveyLines(file.path, options, signal);
    // Whoever awaits it learns of its failure; until then nobody does.
    survey.catch(() => undefined);
    return { file, path: file.path, survey };
  }
  const surveyor = new LineSurveyor(options);
  const path = join(load.directory, `file-${load.files.indexOf(file)}`);
  const surveyed = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of readContent(file.path, compression, encoding, signal)) {
      surveyor.take(chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.from(surveyed()), createWriteStream(path));
  return { file, path, survey: Promise.resolve(surveyor.survey) };
}

/** Removes decompressed copies. */
export async function removeCopies(group: Group): Promise<void> {
  for (const { file, path } of group) if (path !== file.path) await rm(path, { force: true });
}
