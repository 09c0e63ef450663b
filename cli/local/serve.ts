/**
 * The local cloud as a process of its own: `node cli/local/serve.ts DIRECTORY PORT REGION attached|detached`. Writes `cloud.json` once it listens and removes
 * it when it ends. A parent that forked it is told, too.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalCloud, type LocalCloud } from '../../local/index.ts';
import { StateFolderInUse } from '../../local/state-folder-lock.ts';
import { SERVE_EXIT, STATE_FILE, type CloudState } from './cloud-process.ts';

/** The port it listened on last, inside its folder. */
const PORT_FILE = 'port';

const [directory = '.sluice', port = '0', region = 'us-east-1', life = 'attached'] = process.argv.slice(2);

const local = await start().catch((error: unknown) => {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof StateFolderInUse) process.exit(SERVE_EXIT.folderInUse);
  if (code === 'EADDRINUSE') process.exit(SERVE_EXIT.portInUse);
  if (code === 'EACCES' && (error as NodeJS.ErrnoException).syscall === 'listen')
    process.exit(SERVE_EXIT.portForbidden);
  throw error;
});
const state: CloudState = {
  pid: process.pid,
  endpoint: local.endpoint,
  region,
  startedAt: new Date().toISOString(),
  startedBy: process.ppid,
};
const file = join(directory, STATE_FILE);
writeFileSync(file, `${JSON.stringify(state)}\n`);
writeFileSync(join(directory, PORT_FILE), new URL(local.endpoint).port);
process.send?.(state);

/**
 * Listens where it listened last time, if that is free and nobody asked for another port: some names (a queue's URL) hold the port, and
 * settings in a shell go on working.
 */
async function start(): Promise<LocalCloud> {
  const asked = Number(port);
  const remembered = asked === 0 ? rememberedPort() : asked;
  try {
    return await startLocalCloud({ directory, port: remembered, region });
  } catch (error) {
    if (asked !== 0 || remembered === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startLocalCloud({ directory, port: 0, region });
  }
}

function rememberedPort(): number {
  try {
    return Number(readFileSync(join(directory, PORT_FILE), 'utf8'));
  } catch {
    return 0;
  }
}

let closing = false;
function close(): void {
  if (closing) return;
  closing = true;
  // First: once the folder is free, this file is the next one's.
  rmSync(file, { force: true });
  local
    .close()
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    })
    .finally(() => process.exit());
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, close);
// Nobody stops a detached cloud by closing its parent's terminal; an attached one ends with its parent, even one that was killed.
process.on('SIGHUP', life === 'detached' ? () => {} : close);
if (life === 'attached') process.on('disconnect', close);
