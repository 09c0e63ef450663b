import { resolve } from 'node:path';
import { createClients } from '../aws/clients.ts';
import { deployedService } from '../aws/deployment.ts';
import { inboxFolder, manifestIn, MANIFEST_NAME, readBatch, type Batch } from '../batch/batch.ts';
import { ArrivalUnknown, isThere, sendLikeDistCp, sendLikePut, type Transfer } from '../batch/distcp.ts';
import { requirePlan } from '../batch/compile-batch.ts';
import { CommandError, EXIT, type Command } from '../command.ts';
import { bytes } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { plain } from '../text-width.ts';
import { counted } from '../../src/report/words.ts';

/** Files on their way at the same time, as DistCp's mappers. */
const MAPPERS = 4;

export const drop: Command = {
  name: 'drop',
  synopsis: 'DIR',
  summary: 'Send a batch to the inbox as DistCp does, the manifest last; that starts its run',
  options: { to: { type: 'string' }, unchecked: { type: 'boolean' } },
  optionHelp: {
    to: 'folder in the inbox; PROJECT/BATCH unless given',
    unchecked: "send it even if it does not fit this checkout's SQL projects, because others are deployed",
  },
  positionals: { least: 1, most: 1 },
  async run(invocation) {
    const { options, positionals, directory, terminal, signal } = invocation;
    const batch = await readBatch(await manifestIn(resolve(directory, positionals[0] ?? '')));
    const folder = inboxFolder(batch.manifest, options);
    if (options['unchecked'] !== true) requireFit(batch);
    using clients = createClients(invocation);
    const { inbox } = await deployedService(clients, invocation);
    const dropped = await dropBatch({ s3: clients.s3, bucket: inbox, signal }, batch, folder, terminal);
    terminal.print(plain(`s3://${inbox}/${dropped.key}`));
    terminal.data({ bucket: inbox, ...dropped });
    return EXIT.done;
  },
};

/** What the run would find out once everything is copied. */
function requireFit({ manifestPath, manifest, files }: Batch): void {
  try {
    requirePlan(manifestPath, manifest, files);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message, next, exitCode, findings } = error;
    const elsewhere = 'where other SQL projects are deployed than are in this checkout, add --unchecked';
    throw new CommandError(message, `${next}; ${elsewhere}`, exitCode, { findings, cause: error });
  }
}

export interface Dropped {
  /** The manifest's. */
  readonly key: string;
  readonly files: number;
  readonly bytes: number;
  /** Files that were there already, byte for byte. */
  readonly unchanged: number;
}

/**
 * Sends the data files, then the manifest. Interrupted at any moment, what is in the inbox is whole files under their final names, and no
 * manifest without all of them; dropping again sends what is missing.
 */
export async function dropBatch(
  transfer: Transfer,
  batch: Batch,
  folder: string,
  terminal: Terminal,
): Promise<Dropped> {
  // A file may feed two tables; it is sent once.
  const files = [...new Map(batch.files.map((file) => [file.key, file])).values()];
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const waiting = files.entries().toArray();
  let done = 0;
  let doneBytes = 0;
  let unchanged = 0;
  const failure = new AbortController();
  const signal = AbortSignal.any([transfer.signal, failure.signal]);
  const mapper = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, file] = next;
      signal.throwIfAborted();
      const target = { ...file, key: folder + file.key };
      if (await isThere({ ...transfer, signal }, target)) unchanged++;
      else {
        const attempt = `attempt_${Date.now()}_0001_m_${String(at).padStart(6, '0')}_0`;
        await sendLikeDistCp({ ...transfer, signal }, target, attempt);
      }
      done++;
      doneBytes += file.bytes;
      terminal.draw([`  sending  ${done} of ${files.length} files, ${bytes(doneBytes)} of ${bytes(total)}`]);
    }
  };
  const key = folder + MANIFEST_NAME;
  try {
    // All of them are waited for: nothing is sent any more once it is said how far it came.
    const ends = await Promise.allSettled(
      Array.from({ length: MAPPERS }, () =>
        mapper().catch((error: unknown) => {
          failure.abort(error);
          throw error;
        }),
      ),
    );
    if (ends.some(({ status }) => status === 'rejected')) signal.throwIfAborted();
    await sendLikePut(transfer, key, batch.text);
  } catch (error) {
    terminal.draw([]);
    if (error instanceof ArrivalUnknown)
      throw new CommandError(
        `all data files are in s3://${transfer.bucket}/${folder}; the manifest was sent, and whether it arrived is not known: ${error.message}`,
        "'sluice watch' shows whether its run has started; only if none has, drop it again",
        EXIT.failed,
        { cause: error },
      );
    const there = `${done} of ${files.length} data files are in s3://${transfer.bucket}/${folder}, each of them whole; the manifest was not sent, so no run starts`;
    const next = 'drop it again: files that are there already are not sent again';
    if (transfer.signal.aborted)
      throw new CommandError(`interrupted: ${there}`, next, EXIT.interrupted, { cause: error });
    terminal.say(plain(`${there[0]?.toUpperCase()}${there.slice(1)}. After that, ${next}.`));
    throw error;
  }
  terminal.draw([]);
  const already = unchanged > 0 ? ` (${unchanged} of them ${unchanged === 1 ? 'was' : 'were'} there already)` : '';
  terminal.say(`Dropped ${counted(files.length, 'file')}, ${bytes(total)}${already}, and then the manifest.`);
  return { key, files: files.length, bytes: total, unchanged };
}
