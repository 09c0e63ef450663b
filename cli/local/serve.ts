/**
 * The local cloud as a process of its own: `node cli/local/serve.ts DIRECTORY PORT`. Writes `cloud.json` once it listens and removes
 * it when it ends. A parent that forked it is told, too.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalCloud } from '../../local/index.ts';
import { STATE_FILE, type CloudState } from './cloud-process.ts';

const [directory = '.sluice', port = '0', region = 'us-east-1'] = process.argv.slice(2);

const local = await startLocalCloud({ directory, port: Number(port), region });
const state: CloudState = { pid: process.pid, endpoint: local.endpoint, region, startedAt: new Date().toISOString() };
const file = join(directory, STATE_FILE);
writeFileSync(file, `${JSON.stringify(state)}\n`);
process.send?.(state);

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
