/**
 * The local cloud as a process of its own: `node cli/local/serve.ts DIRECTORY PORT`. Writes `cloud.json` once it listens and removes
 * it when it ends. A parent that forked it is told, too.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalCloud, type LocalCloud } from '../../local/index.ts';
import { STATE_FILE, type CloudState } from './cloud-process.ts';

/** The port it listened on last, inside its folder. */
const PORT_FILE = 'port';

const [directory = '.sluice', port = '0', region = 'us-east-1'] = process.argv.slice(2);

const local = await start();
const state: CloudState = { pid: process.pid, endpoint: local.endpoint, region, startedAt: new Date().toISOString() };
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
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    local
      .close()
      .catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      })
      .finally(() => {
        rmSync(file, { force: true });
        process.exit();
      });
  });
// Nobody stops a detached cloud by closing its parent's terminal.
process.on('SIGHUP', () => {});
