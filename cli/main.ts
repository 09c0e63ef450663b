import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CommandError, EXIT, type Command, type ExitCode, type Invocation } from './command.ts';
import { allCommands, findCommand } from './commands/index.ts';
import { explained } from './explain.ts';
import { PROJECT } from './bin/compiled.mjs';
import { createTerminal, type Streams, type Terminal } from './terminal.ts';
import { plain } from './text-width.ts';
import { counted } from '../src/report/words.ts';

/** Options every command has. */
const EVERYWHERE = {
  json: { type: 'boolean' },
  stage: { type: 'string' },
  region: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export interface Process {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly streams: Streams;
  readonly signal: AbortSignal;
}

/**
 * Stages are part of names: of buckets (lower case, 63 characters with service, purpose and account) and of roles (64 characters).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const STAGE = /^[a-z][a-z0-9-]{0,29}$/;

/** Runs one command line and returns the exit code. Never throws: whatever goes wrong is said on stderr. */
export async function main(process: Process): Promise<ExitCode> {
  const [name, ...rest] = process.arguments;
  const asked = process.arguments.slice(0, [...process.arguments, '--'].indexOf('--'));
  const terminal = createTerminal(process.streams, { json: asked.includes('--json') });
  if (name === undefined || name === '--json') return wrongUse(terminal, 'no command given', await overview());
  if (name === 'help' || name === '--help' || name === '-h') return help(terminal, await overview());
  if (name === 'version' || name === '--version') return version(terminal);
  const command = await findCommand(name);
  if (!command) return wrongUse(terminal, `there is no command '${plain(name)}'`, await overview());
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(command, rest);
  } catch (error) {
    return wrongUse(terminal, `${name}: ${plain((error as Error).message)}`, usage(command));
  }
  if (parsed === 'help') return help(terminal, usage(command));
  try {
    return await command.run({ ...parsed, ...process, terminal });
  } catch (error) {
    terminal.draw([]);
    return failed(process, terminal, name, error);
  }
}

function failed({ signal, environment }: Process, terminal: Terminal, name: string, error: unknown): ExitCode {
  if (signal.aborted && !(error instanceof CommandError && error.exitCode === EXIT.interrupted)) {
    terminal.say('Interrupted.');
    terminal.data({ error: { message: 'interrupted' } });
    return EXIT.interrupted;
  }
  const told = explained(error, environment);
  if (told) {
    const { message, next, findings, exitCode } = told;
    terminal.say(`sluice ${name}: ${plain(message)}\n  What to do: ${plain(next)}`);
    terminal.data({ error: { message, next, ...(findings.length > 0 ? { findings } : {}) } });
    return exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.say(
    `sluice ${name}: ${plain(detail)}\n  What to do: this is a defect of sluice itself; report it with the lines above.`,
  );
  terminal.data({ error: { message: error instanceof Error ? error.message : String(error), defect: true } });
  return EXIT.failed;
}

function wrongUse(terminal: Terminal, message: string, text: string): ExitCode {
  terminal.say(`sluice: ${message}\n\n${text}`);
  terminal.data({ error: { message, usage: text } });
  return EXIT.usage;
}

function help(terminal: Terminal, text: string): ExitCode {
  terminal.print(text);
  terminal.data({ usage: text });
  return EXIT.done;
}

function version(terminal: Terminal): ExitCode {
  const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string };
  terminal.print(version);
  terminal.data({ version });
  return EXIT.done;
}

/** Throws with what is wrong with the command line. */
function parse(command: Command, args: readonly string[]): Pick<Invocation, 'options' | 'positionals'> | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...EVERYWHERE, ...command.options },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const { least, most } = command.positionals;
  if (positionals.length < least || positionals.length > most)
    throw new Error(`expected ${command.synopsis || 'no argument'}, got ${counted(positionals.length, 'argument')}`);
  if (values.stage !== undefined && !STAGE.test(values.stage))
    throw new Error(`'${values.stage}' is not a stage: 1 to 30 lower-case letters, digits and '-', a letter first`);
  if (values.region === '') throw new Error('--region is empty');
  return { options: values, positionals };
}

export async function overview(): Promise<string> {
  const commands = await allCommands();
  const width = Math.max(...commands.map(({ name, synopsis }) => `${name} ${synopsis}`.length));
  const lines = commands.map(({ name, synopsis, summary }) => `  ${`${name} ${synopsis}`.padEnd(width)}  ${summary}`);
  return [
    'Usage: sluice COMMAND [ARGUMENTS]',
    '',
    ...lines,
    '',
    'sluice COMMAND --help tells more. Exit codes: docs/cli.md',
    'AWS_ENDPOINT_URL, AWS_REGION and the other AWS settings decide which cloud is meant.',
  ].join('\n');
}

export function usage(command: Command): string {
  const options = {
    ...command.optionHelp,
    stage: "which deployment, 'dev' unless given",
    region: 'AWS region, as AWS_REGION',
    json: 'print data as JSON on stdout, nothing else',
  };
  const lines = Object.entries(options).map(([name, text]) => `  --${name.padEnd(14)} ${text}`);
  return [`Usage: sluice ${command.name} ${command.synopsis}`.trimEnd(), '', command.summary, '', ...lines].join('\n');
}

/** Runs this process's own command line. */
export async function start(): Promise<void> {
  const interrupted = new AbortController();
  // Once: whoever presses Ctrl-C twice means it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interrupted.abort(new Error(`stopped by ${signal}`)));
  // `sluice sql … | head`: whoever reads has enough. What is not written any more is not an error.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  process.exitCode = await main({
    arguments: process.argv.slice(2),
    environment: process.env,
    directory: process.cwd(),
    streams: { out: process.stdout, talk: process.stderr },
    signal: interrupted.signal,
  });
}

if (import.meta.main) await start();
