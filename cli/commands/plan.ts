import { resolve } from 'node:path';
import { stackOf } from '../aws/deployment.ts';
import { inboxFolder, manifestIn, MANIFEST_NAME, readBatch, readManifest, type BatchFile } from '../batch/batch.ts';
import { CommandError, EXIT, textOption, type Command } from '../command.ts';
import { SluiceError } from '../../src/errors/sluice-error.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { plain } from '../text-width.ts';
import { PHASES, type Plan, type PlannedFile } from '../../src/plan/plan.ts';
import { RESULTS_PREFIX } from '../../src/run/layout.ts';
import { createPlanner } from '../../src/run/planner.ts';
import { isRepeat } from '../../src/run/run-id.ts';
import { projectFolder } from '../../src/runtime/project-folder.ts';

/** The run's id is a hash of the manifest's version in the inbox, which nobody knows before it is there. */
const UNKNOWN_RUN = '0000000000000000';
/** So is the version S3 gives each file; statements that keep versions hold this instead. */
export const UNKNOWN_VERSION = '<version>';
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
      if (!(error instanceof CommandError)) throw error;
      terminal.say(
        `The data files beside ${plain(path)} are not all there as the manifest says; sizes are taken from it.`,
      );
      return undefined;
    });
    const account = textOption(options, 'account') ?? LOCAL_ACCOUNT;
    const prefix = stackOf(textOption(options, 'stage') ?? 'dev');
    const folder = inboxFolder(manifest, options);
    const runId = textOption(options, 'run') ?? UNKNOWN_RUN;
    const planner = createPlanner(projectFolder(new URL('../../sql/', import.meta.url)), {
      workBucket: `${prefix}-work-${account}`,
      resultsBucket: `${prefix}-results-${account}`,
      resultsPrefix: RESULTS_PREFIX,
      redshiftRoleArn: `arn:aws:iam::${account}:role/${prefix}-redshift`,
    });
    const compiled = compile(path, () => {
      planner.requireProject(manifest);
      return planner.compile(
        manifest,
        { runId, repeated: isRepeat(runId), key: folder + MANIFEST_NAME },
        plannedFiles(manifest, onDisk?.files, `${prefix}-inbox-${account}`, folder),
      );
    });
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
    throw new CommandError(`${path}: ${error.message}`, error.next, EXIT.invalid, {
      cause: error,
      findings: error.findings,
    });
  }
}

/** The files as a run would find them. Without the files beside it, a manifest's own word is taken for their sizes. */
function plannedFiles(
  manifest: Manifest,
  onDisk: readonly BatchFile[] | undefined,
  bucket: string,
  folder: string,
): readonly PlannedFile[] {
  const sizes = new Map(onDisk?.map(({ key, bytes }) => [key, bytes]));
  return manifest.tables
    .flatMap(({ files }) => files)
    .map(({ key, bytes, rows }) => ({
      bucket,
      key: folder + key,
      etag: UNKNOWN_VERSION,
      bytes: sizes.get(key) ?? bytes ?? 0,
      ...(rows === undefined ? {} : { rows }),
    }));
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
