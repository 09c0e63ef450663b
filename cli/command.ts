import type { ParseArgsOptionsConfig } from 'node:util';
import type { Finding } from '../src/errors/finding.ts';
import type { Terminal } from './terminal.ts';

/** What the shell is told. Documented in docs/cli.md; scripts depend on these. */
export const EXIT = {
  /** Done, and what was asked for succeeded. */
  done: 0,
  /** The run, the deployment or the statement failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The manifest or the batch is not valid; nothing was sent anywhere. */
  invalid: 3,
  /** Neither AWS nor a local cloud answers, or the service is not deployed there. */
  unreachable: 4,
  /** Ctrl-C, SIGTERM or SIGHUP; what is left is said. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Options as parsed from the command line; a flag that was not given is absent. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

/** What a command is given: nothing in it depends on being a process of its own, so tests call it as the shell does. */
export interface Invocation {
  readonly options: Options;
  readonly positionals: readonly string[];
  readonly terminal: Terminal;
  /** Environment of the process; `AWS_*` decides which cloud is meant. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder the command was started in: relative paths and `.sluice/` are found there. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

export interface Command {
  readonly name: string;
  /** Positional arguments as usage shows them, for instance `MANIFEST`. */
  readonly synopsis: string;
  readonly summary: string;
  /** Beyond --json, --stage, --region and --help, which every command has. */
  readonly options: ParseArgsOptionsConfig;
  /** One line an option, for `--help`. */
  readonly optionHelp: Readonly<Record<string, string>>;
  readonly positionals: { readonly least: number; readonly most: number };
  run(invocation: Invocation): Promise<ExitCode>;
}

/** An error that is the user's to mend: printed without a stack, with the exit code that belongs to it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  readonly next: string;
  /** What is wrong with a manifest or a batch, one by one, for programs; the message holds them for people. */
  readonly findings: readonly Finding[];

  constructor(
    message: string,
    next: string,
    exitCode: ExitCode = EXIT.failed,
    { findings = [], ...options }: ErrorOptions & { readonly findings?: readonly Finding[] } = {},
  ) {
    super(message, options);
    this.exitCode = exitCode;
    this.next = next;
    this.findings = findings;
  }
}

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
