import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
  /** Process id of the command that started it. */
  readonly startedBy: number;
}

/** Each running query holds a libuv thread (DuckDB's own work is done by its own threads); file reads need some, too. */
const THREAD_POOL_SIZE = '24';
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 20_000;

/** Exit codes of `serve.ts` that the command turns into words. */
export const SERVE_EXIT = { folderInUse: 10, portInUse: 11, portForbidden: 12 } as const;

/** The log of the cloud's process, inside its folder. */
const LOG_FILE = 'cloud.log';

/** A cloud that is busy answers late, but is there all the same. */
const ANSWER_LIMIT_MS = 3_000;

/**
 * The cloud that runs over `directory`, if one does. A file left by a killed process does not count, not even when its process id has
 * come to belong to somebody else: a running cloud answers.
 */
export async function findCloud(directory: string): Promise<CloudState | undefined> {
  let state: CloudState;
  try {
    state = JSON.parse(readFileSync(join(directory, STATE_FILE), 'utf8')) as CloudState;
  } catch {
    return undefined;
  }
  return isAlive(state.pid) && (await answers(state.endpoint)) ? state : undefined;
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    return true;
  } catch (error) {
    return (error as Error).name === 'TimeoutError';
  }
}

export interface StartOptions {
  readonly directory: string;
  readonly port?: number;
  readonly region: string;
  /** A detached cloud outlives the command that started it. */
  readonly detached: boolean;
}

/**
 * Starts the local cloud in a process of its own and waits until it listens. Its log is `cloud.log` in its folder. One that is not detached
 * ends with this process, however that ends. When somebody else starts one on the folder at the same time, that one is returned; one that is
 * just ending is waited for.
 */
export async function startCloud(options: StartOptions): Promise<CloudState> {
  mkdirSync(options.directory, { recursive: true });
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const state = (await startProcess(options)) ?? (await findCloud(options.directory));
    if (state) return state;
    if (Date.now() > deadline)
      throw new CommandError(
        `another process uses ${options.directory} and does not say that it is a local cloud`,
        'see which process has lock.sqlite in it open, and end that one',
        EXIT.unreachable,
      );
    await sleep(200);
  }
}

/** Undefined when another process has the folder. */
async function startProcess({ directory, port = 0, region, detached }: StartOptions): Promise<CloudState | undefined> {
  const log = openSync(join(directory, LOG_FILE), 'a');
  const child = fork(
    fileURLToPath(new URL('serve.ts', import.meta.url)),
    [directory, String(port), region, detached ? 'detached' : 'attached'],
    {
      detached,
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { ...process.env, UV_THREADPOOL_SIZE: THREAD_POOL_SIZE },
    },
  );
  closeSync(log);
  const state = await started(child, directory, port);
  if (state) {
    if (detached) child.disconnect();
    else child.channel?.unref();
    child.unref();
  }
  return state;
}

async function started(child: ChildProcess, directory: string, port: number): Promise<CloudState | undefined> {
  const outcome = await new Promise<CloudState | { readonly why: string; readonly code?: number | null }>((resolve) => {
    const timer = setTimeout(() => {
      child.kill();
      resolve({ why: `did not start within ${START_LIMIT_MS / 1000} s` });
    }, START_LIMIT_MS);
    child.once('message', (message) => resolve(message as CloudState));
    child.once('error', (error) => resolve({ why: error.message }));
    child.once('exit', (code, signal) => resolve({ why: `ended at once (${signal ?? `exit code ${code}`})`, code }));
    const clear = (): void => clearTimeout(timer);
    child.once('message', clear).once('error', clear).once('exit', clear);
  });
  if (!('why' in outcome)) return outcome;
  if (outcome.code === SERVE_EXIT.folderInUse) return undefined;
  if (outcome.code === SERVE_EXIT.portInUse || outcome.code === SERVE_EXIT.portForbidden)
    throw new CommandError(
      outcome.code === SERVE_EXIT.portInUse
        ? `port ${port} of 127.0.0.1 is in use`
        : `port ${port} may not be used by you`,
      'give another one, or none: a free one is taken then',
      EXIT.usage,
    );
  const file = join(directory, LOG_FILE);
  throw new CommandError(
    `the local cloud ${outcome.why}:\n${tail(file)}`,
    `read ${file}; 'sluice down --wipe' starts from nothing`,
    EXIT.unreachable,
  );
}

/** Stops a running cloud in good order. One that ends by itself meanwhile is fine. */
export async function stopCloud(state: CloudState): Promise<void> {
  try {
    process.kill(state.pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
    throw error;
  }
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (isAlive(state.pid)) {
    if (Date.now() > deadline)
      throw new CommandError(
        `the local cloud (process ${state.pid}) did not stop within ${STOP_LIMIT_MS / 1000} s`,
        `kill -9 ${state.pid}; its state survives that`,
      );
    await sleep(25);
  }
}

/** Resolves when the cloud has ended, or when the signal says that nobody waits any more. */
export async function endOfCloud(state: CloudState, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && isAlive(state.pid)) await sleep(250, undefined, { signal }).catch(() => {});
}

/** Removes everything the local cloud keeps. Refuses a folder that holds something and is not one of its own. */
export function wipe(directory: string): void {
  const names = readdirSync(directory);
  if (names.length > 0 && !names.includes('lock.sqlite') && !names.includes(LOG_FILE))
    throw new CommandError(
      `${directory} does not look like the folder of a local cloud`,
      'look at what is in it, and remove it by hand',
    );
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
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

/** An environment in which nothing but this cloud is meant, whatever accounts and endpoints it was set for. */
export function environmentOf(
  state: CloudState,
  base: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const others = Object.entries(base).filter(([name]) => !name.startsWith('AWS_') || name === 'AWS_CA_BUNDLE');
  return { ...Object.fromEntries(others), ...cloudEnvironment(state) };
}

/** Settings that would win over those of a local cloud. */
export const RIVAL_SETTINGS = ['AWS_PROFILE', 'AWS_SESSION_TOKEN'] as const;

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
