import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CommandError, EXIT } from '../command.ts';

/** Where a running local cloud says that it runs, inside its state folder. */
export const STATE_FILE = 'cloud.json';

export interface CloudState {
  readonly pid: number;
  readonly endpoint: string;
  readonly region: string;
  readonly startedAt: string;
}

/** Each running query holds a libuv thread (DuckDB's own work is done by its own threads); file reads need some, too. */
const THREAD_POOL_SIZE = '24';
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 20_000;

/** The cloud that runs over `directory`, if one does. A file left by a killed process does not count. */
export function findCloud(directory: string): CloudState | undefined {
  let state: CloudState;
  try {
    state = JSON.parse(readFileSync(join(directory, STATE_FILE), 'utf8')) as CloudState;
  } catch {
    return undefined;
  }
  return isAlive(state.pid) ? state : undefined;
}

export interface StartOptions {
  readonly directory: string;
  readonly port?: number;
  readonly region: string;
  /** A detached cloud outlives the command that started it. */
  readonly detached: boolean;
}

/** Starts the local cloud in a process of its own and waits until it listens. Its log is `cloud.log` in its folder. */
export async function startCloud({ directory, port = 0, region, detached }: StartOptions): Promise<CloudState> {
  mkdirSync(directory, { recursive: true });
  const log = openSync(join(directory, 'cloud.log'), 'a');
  const child = fork(fileURLToPath(new URL('serve.ts', import.meta.url)), [directory, String(port), region], {
    detached,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, UV_THREADPOOL_SIZE: THREAD_POOL_SIZE, NODE_COMPILE_CACHE: join(directory, 'compile-cache') },
  });
  const state = await started(child, directory);
  child.disconnect();
  child.unref();
  return state;
}

async function started(child: ChildProcess, directory: string): Promise<CloudState> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`did not start within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill();
      reject(
        new CommandError(
          `the local cloud ${why}:\n${tail(join(directory, 'cloud.log'))}`,
          `read ${join(directory, 'cloud.log')}; 'sluice down --wipe' starts from nothing`,
          EXIT.unreachable,
        ),
      );
    };
    child.once('message', (message) => {
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(message as CloudState);
    });
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`ended at once (${signal ?? `exit code ${code}`})`));
  });
}

/** Stops a running cloud in good order. */
export async function stopCloud(state: CloudState): Promise<void> {
  process.kill(state.pid, 'SIGTERM');
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (isAlive(state.pid)) {
    if (Date.now() > deadline)
      throw new CommandError(
        `the local cloud (process ${state.pid}) did not stop within ${STOP_LIMIT_MS / 1000} s`,
        `kill ${state.pid}; its state survives that`,
      );
    await sleep(25);
  }
}

/** Removes everything the local cloud keeps. Refuses a folder that is not one of its own. */
export function wipe(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

/** What the ordinary AWS settings are for this cloud: every client, the CLI and `sls` reach it by these. */
export function cloudEnvironment(state: CloudState): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: state.endpoint,
    AWS_REGION: state.region,
    AWS_DEFAULT_REGION: state.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
}
