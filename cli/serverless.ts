import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { COMPILED, PROJECT } from './bin/compiled.mjs';

/** How often `sls` asks CloudFormation, in ms. Its own default, 5 s, is meant for a stack that takes minutes. */
const LOCAL_MONITORING_MS = '150';

/** After a failed build serverless-esbuild leaves esbuild's process open, and `sls` never ends: it is given this long, in ms. */
const FAILED_MAY_LINGER_MS = 2_000;

export interface ServerlessRun {
  readonly arguments: readonly string[];
  /** Environment of `sls`: its AWS settings decide which cloud is meant. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Runs the Serverless CLI itself, as a developer would. Resolves with its exit code. */
export function serverless({ arguments: args, environment, onOutput, signal }: ServerlessRun): Promise<number> {
  const local = environment['AWS_ENDPOINT_URL'] !== undefined;
  const child = spawn(
    process.execPath,
    [join(PROJECT, 'node_modules', 'serverless', 'bin', 'serverless.js'), ...args],
    {
      cwd: PROJECT,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      env: {
        ...environment,
        SLS_NOTIFICATIONS_MODE: 'off',
        SLS_TELEMETRY_DISABLED: '1',
        // Its own schema, compiled: seconds where it is not there yet.
        SLS_SCHEMA_CACHE_BASE_DIR: COMPILED,
        ...(local ? { SLS_AWS_MONITORING_FREQUENCY: LOCAL_MONITORING_MS } : {}),
      },
    },
  );
  let lingering: NodeJS.Timeout | undefined;
  const hear = (text: string): void => {
    onOutput(text);
    if (/^Error:/m.test(text)) lingering ??= setTimeout(() => child.kill('SIGKILL'), FAILED_MAY_LINGER_MS);
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(lingering);
      resolve(code ?? 1);
    });
  });
}
