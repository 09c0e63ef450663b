import { resolve } from 'node:path';
import { createClients, unreachable } from '../aws/clients.ts';
import { deployedService } from '../aws/deployment.ts';
import { manifestIn, MANIFEST_NAME, readBatch, type Batch } from '../batch/batch.ts';
import { sendLikeDistCp, sendLikePut, type Transfer } from '../batch/distcp.ts';
import { EXIT, textOption, type Command } from '../command.ts';
import { bytes } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** Files on their way at the same time, as DistCp's mappers. */
const MAPPERS = 4;

export const drop: Command = {
  name: 'drop',
  synopsis: 'DIR',
  summary: 'Send a batch to the inbox as DistCp does, the manifest last; that starts its run',
  options: { to: { type: 'string' } },
  optionHelp: { to: 'folder in the inbox; PROJECT/BATCH unless given' },
  positionals: { least: 1, most: 1 },
  async run(invocation) {
    const { options, positionals, directory, terminal, environment, signal } = invocation;
    const batch = await readBatch(await manifestIn(resolve(directory, positionals[0] ?? '')));
    using clients = createClients(invocation);
    const { inbox } = await deployedService(clients, invocation);
    const folder = (textOption(options, 'to') ?? defaultFolder(batch)).replace(/^\/+|\/+$/g, '');
    const key = await dropBatch({ s3: clients.s3, bucket: inbox, signal }, batch, folder, terminal).catch(
      (error: unknown) => {
        throw unreachable(error, environment);
      },
    );
    terminal.print(`s3://${inbox}/${key}`);
    terminal.data({ bucket: inbox, key, files: batch.files.length });
    return EXIT.done;
  },
};

export function defaultFolder({ manifest }: Batch): string {
  return `${manifest.project}/${manifest.batch}`;
}

/** Sends the data files, then the manifest. Returns the manifest's key. */
export async function dropBatch(transfer: Transfer, batch: Batch, folder: string, terminal: Terminal): Promise<string> {
  const total = batch.files.reduce((sum, file) => sum + file.bytes, 0);
  // A file may feed two tables; it is sent once.
  const waiting = [...new Map(batch.files.map((file) => [file.key, file])).values()].entries().toArray();
  let sentFiles = 0;
  let sentBytes = 0;
  const mapper = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, file] = next;
      transfer.signal.throwIfAborted();
      const attempt = `attempt_${Date.now()}_0001_m_${String(at).padStart(6, '0')}_0`;
      await sendLikeDistCp(transfer, { ...file, key: `${folder}/${file.key}` }, attempt);
      sentFiles++;
      sentBytes += file.bytes;
      terminal.draw([`  sending  ${sentFiles} of ${batch.files.length} files, ${bytes(sentBytes)} of ${bytes(total)}`]);
    }
  };
  await Promise.all(Array.from({ length: MAPPERS }, mapper));
  const key = `${folder}/${MANIFEST_NAME}`;
  await sendLikePut(transfer, { path: batch.manifestPath, key, bytes: batch.manifestBytes });
  terminal.draw([]);
  terminal.say(`Dropped ${batch.files.length} files, ${bytes(total)}, and then the manifest.`);
  return key;
}
