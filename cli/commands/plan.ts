import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { manifestIn, readBatch, readManifest, type BatchFile } from '../batch/batch.ts';
import { CommandError, EXIT, textOption, type Command } from '../command.ts';
import { PROJECT } from '../serverless.ts';
import { SluiceError } from '../../src/errors/sluice-error.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { compilePlan } from '../../src/plan/compile-plan.ts';
import { PHASES, type Plan, type PlannedFile } from '../../src/plan/plan.ts';
import { loadProject } from '../../src/sql-project/load-project.ts';

/** The run's id is a hash of the manifest's version in the inbox, which nobody knows before it is there. */
const UNKNOWN_RUN = '0000000000000000';
/** The local cloud's account. */
const LOCAL_ACCOUNT = '000000000000';

export const plan: Command = {
  name: 'plan',
  synopsis: 'MANIFEST',
  summary: 'Print exactly the SQL a run would send; offline',
  options: { account: { type: 'string' }, run: { type: 'string' }, to: { type: 'string' } },
  optionHelp: {
    account: `AWS account, part of the buckets' names; the local cloud's unless given`,
    run: 'id of the run, part of the ledger rows and of the result path',
    to: 'folder in the inbox; PROJECT/BATCH unless given',
  },
  positionals: { least: 1, most: 1 },
  async run({ options, positionals, directory, terminal }) {
    const path = await manifestIn(resolve(directory, positionals[0] ?? ''));
    const { manifest } = await readManifest(path);
    const onDisk = await readBatch(path).catch((error: unknown) => {
      if (error instanceof CommandError) return undefined;
      throw error;
    });
    const account = textOption(options, 'account') ?? LOCAL_ACCOUNT;
    const prefix = `sluice-${textOption(options, 'stage') ?? 'dev'}`;
    const folder = textOption(options, 'to') ?? `${manifest.project}/${manifest.batch}`;
    const compiled = compile(path, () =>
      compilePlan({
        manifest,
        project: loadProject(manifest.project, projectFiles(manifest.project)),
        settings: {
          workBucket: `${prefix}-work-${account}`,
          resultsBucket: `${prefix}-results-${account}`,
          resultsPrefix: 'results/',
          redshiftRoleArn: `arn:aws:iam::${account}:role/${prefix}-redshift`,
        },
        runId: textOption(options, 'run') ?? UNKNOWN_RUN,
        files: plannedFiles(manifest, onDisk?.files, `${prefix}-inbox-${account}`, folder),
      }),
    );
    terminal.print(script(compiled));
    terminal.data(compiled);
    return EXIT.done;
  },
};

function compile(path: string, make: () => Plan): Plan {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new CommandError(`${path}: ${error.message}`, error.next, EXIT.invalid, { cause: error });
  }
}

/** A SQL project's texts by path below its folder, as the deployed function carries them. */
function projectFiles(name: string): ReadonlyMap<string, string> {
  const folder = join(PROJECT, 'sql', name);
  const names = readdirSync(join(PROJECT, 'sql'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  if (!names.includes(name))
    throw new CommandError(
      `there is no SQL project '${name}'`,
      `use one of ${names.join(', ')}, or add sql/${name}/`,
      EXIT.invalid,
    );
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [
          path
            .slice(folder.length + 1)
            .split('\\')
            .join('/'),
          readFileSync(path, 'utf8'),
        ];
      }),
  );
}

/** The files as a run would find them. Without the files beside it, a manifest's own word is taken for their sizes. */
function plannedFiles(
  manifest: Manifest,
  onDisk: readonly BatchFile[] | undefined,
  bucket: string,
  folder: string,
): ReadonlyMap<string, PlannedFile> {
  const sizes = new Map(onDisk?.map(({ key, bytes }) => [key, bytes]));
  return new Map(
    manifest.tables
      .flatMap(({ files }) => files)
      .map(({ key, bytes, rows }) => [
        key,
        {
          bucket,
          key: `${folder}/${key}`,
          etag: '',
          bytes: sizes.get(key) ?? bytes ?? 0,
          ...(rows === undefined ? {} : { rows }),
        },
      ]),
  );
}

/** The plan as a script a person reads: phases, units, purposes, statements. */
function script({ project, batch, units, waves }: Plan): string {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const lines = [`-- ${project}, batch ${batch}: ${units.length} units. Each unit is one transaction.`];
  for (const phase of PHASES)
    for (const [at, wave] of waves[phase].entries()) {
      const where = waves[phase].length > 1 ? `${phase}, wave ${at + 1} of ${waves[phase].length}` : phase;
      lines.push('', `-- ══ ${where}: ${wave.length} unit${wave.length === 1 ? '' : 's, side by side'}`);
      for (const id of wave) {
        const unit = byId.get(id);
        if (!unit) continue;
        lines.push('', `-- ── ${unit.title} (${id})${unit.source ? `, ${unit.source}` : ''}`);
        for (const statement of unit.statements)
          lines.push(`-- ${statement.role}: ${statement.purpose}`, `${statement.sql.trim()};`);
      }
    }
  return lines.join('\n');
}
