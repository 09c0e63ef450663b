import { resolve } from 'node:path';
import { manifestIn, readBatch, readManifest } from '../batch/batch.ts';
import { requirePlan } from '../batch/compile-batch.ts';
import { EXIT, type Command } from '../command.ts';
import { bytes } from '../table.ts';
import { counted } from '../../src/report/words.ts';

export const validate: Command = {
  name: 'validate',
  synopsis: 'MANIFEST',
  summary: 'Check a manifest, its SQL project and, with --files, the data files beside it; offline',
  options: { files: { type: 'boolean' } },
  optionHelp: {
    files: 'also check that each data file is there, with the size and the kind of content the manifest gives',
  },
  positionals: { least: 1, most: 1 },
  async run({ options, positionals, directory, terminal }) {
    const path = await manifestIn(resolve(directory, positionals[0] ?? ''));
    const batch = options['files'] === true ? await readBatch(path) : undefined;
    const manifest = batch?.manifest ?? (await readManifest(path)).manifest;
    requirePlan(path, manifest, batch?.files);
    const files = manifest.tables.reduce((sum, table) => sum + table.files.length, 0);
    const size = batch?.files.reduce((sum, file) => sum + file.bytes, 0);
    terminal.print(
      `${manifest.project}, batch ${manifest.batch}: valid. ${counted(manifest.tables.length, 'table')}, ${counted(files, 'file')}${size === undefined ? '' : `, ${bytes(size)}`}.`,
    );
    terminal.data({
      valid: true,
      project: manifest.project,
      batch: manifest.batch,
      tables: manifest.tables.length,
      files,
      bytes: size,
    });
    return EXIT.done;
  },
};
