import { resolve } from 'node:path';
import { inboxFolder, manifestIn, readBatch, readManifest } from '../batch/batch.ts';
import { compileBatch, LOCAL_ACCOUNT, UNKNOWN_RUN } from '../batch/compile-batch.ts';
import { CommandError, EXIT, textOption, type Command } from '../command.ts';
import { plain } from '../text-width.ts';
import { PHASES, type Plan } from '../../src/plan/plan.ts';

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
    const compiled = compileBatch(path, manifest, onDisk?.files, {
      account: textOption(options, 'account') ?? LOCAL_ACCOUNT,
      stage: textOption(options, 'stage') ?? 'dev',
      runId: textOption(options, 'run') ?? UNKNOWN_RUN,
      folder: inboxFolder(manifest, options),
    });
    terminal.print(script(compiled));
    terminal.data(compiled);
    return EXIT.done;
  },
};

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
