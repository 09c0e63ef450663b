import { parseArgs } from 'node:util';
import { CommandError, EXIT, type Command, type ExitCode, type Invocation } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { createTerminal, plain, type Streams } from './terminal.ts';

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

/** Runs one command line and returns the exit code. Never throws: whatever goes wrong is said on stderr. */
export async function main(process: Process): Promise<ExitCode> {
  const [name, ...rest] = process.arguments;
  const json = process.arguments.includes('--json');
  const terminal = createTerminal(process.streams, { json });
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.print(overview());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    terminal.say(`sluice: there is no command '${plain(name)}'.\n\n${overview()}`);
    return EXIT.usage;
  }
  try {
    const parsed = parse(command, rest);
    if (parsed === 'help') {
      terminal.print(usage(command));
      return EXIT.done;
    }
    const invocation: Invocation = { ...parsed, ...process, terminal };
    return await command.run(invocation);
  } catch (error) {
    terminal.draw([]);
    if (process.signal.aborted) {
      terminal.say('Interrupted.');
      return EXIT.interrupted;
    }
    if (error instanceof CommandError) {
      terminal.say(`sluice ${name}: ${plain(error.message)}\n  What to do: ${plain(error.next)}`);
      terminal.data({ error: { message: error.message, next: error.next } });
      return error.exitCode;
    }
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.say(
      `sluice ${name}: ${plain(detail)}\n  What to do: this is a defect of sluice itself; report it with the lines above.`,
    );
    return EXIT.failed;
  }
}

function parse(command: Command, args: readonly string[]): Pick<Invocation, 'options' | 'positionals'> | 'help' {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...EVERYWHERE, ...command.options },
      allowPositionals: true,
    });
    if (values.help) return 'help';
    const { least, most } = command.positionals;
    if (positionals.length < least || positionals.length > most)
      throw new CommandError(
        `expected ${command.synopsis || 'no argument'}, got ${positionals.length} argument${positionals.length === 1 ? '' : 's'}`,
        usage(command),
        EXIT.usage,
      );
    return { options: values, positionals };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(error instanceof Error ? error.message : String(error), usage(command), EXIT.usage);
  }
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name, synopsis }) => `${name} ${synopsis}`.length));
  const lines = COMMANDS.map(({ name, synopsis, summary }) => `  ${`${name} ${synopsis}`.padEnd(width)}  ${summary}`);
  return [
    'Usage: sluice COMMAND [ARGUMENTS]',
    '',
    ...lines,
    '',
    'sluice COMMAND --help tells more. Exit codes: docs/cli.md',
  ].join('\n');
}

function usage(command: Command): string {
  const options = {
    ...command.optionHelp,
    stage: "which deployment, 'dev' unless given",
    region: 'AWS region, as AWS_REGION',
    json: 'print data as JSON on stdout, nothing else',
  };
  const lines = Object.entries(options).map(([name, text]) => `  --${name.padEnd(14)} ${text}`);
  return [`Usage: sluice ${command.name} ${command.synopsis}`.trimEnd(), '', command.summary, '', ...lines].join('\n');
}

if (import.meta.main) {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interrupted.abort(new Error(`stopped by ${signal}`)));
  process.exitCode = await main({
    arguments: process.argv.slice(2),
    environment: process.env,
    directory: process.cwd(),
    streams: { out: process.stdout, talk: process.stderr },
    signal: interrupted.signal,
  });
}
