import { createClients, type Clients } from '../aws/clients.ts';
import { deployedService, type DeployedService } from '../aws/deployment.ts';
import { CommandError, EXIT, type Command, type ExitCode, type Invocation } from '../command.ts';
import { findExecution, followRun, type Progress } from '../run/follow.ts';
import { failureLines, progressLines, settledLines } from '../run/view.ts';
import { seconds } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { plain } from '../text-width.ts';

/** How often a run is looked at: the local cloud is asked for nothing but its own time. */
const EVERY_MS = { local: 250, aws: 3_000 };

export const watch: Command = {
  name: 'watch',
  synopsis: '[RUN]',
  summary: 'Follow a run to its end: the newest, or the one with this run id or execution name',
  options: {},
  optionHelp: {},
  positionals: { least: 0, most: 1 },
  async run(invocation) {
    using clients = createClients(invocation);
    const service = await deployedService(clients, invocation);
    const executionArn = await findExecution(clients, service, invocation.positionals[0]);
    if (executionArn === undefined)
      throw new CommandError(
        invocation.positionals[0] === undefined
          ? 'there has been no run yet'
          : `there is no run ${invocation.positionals[0]}`,
        "drop a batch with 'sluice drop DIR', or look at the executions of the etl state machine",
      );
    const { terminal, positionals } = invocation;
    const began = Date.now();
    const progress = await watchRun(invocation, clients, service, executionArn);
    if (positionals[0] === undefined && progress.endedAt !== undefined && progress.endedAt < began)
      terminal.say(
        `Nothing is running: this run, the newest, began at ${moment(progress.startedAt)} and ended at ${moment(progress.endedAt)}. A batch that was dropped since, and not refused, starts its run within seconds.`,
      );
    return reportEnd(terminal, progress);
  },
};

/** As people write it, to the second. */
function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Follows one run with a live view, which stays on the screen once the run has ended. */
export async function watchRun(
  { terminal, environment, signal }: Pick<Invocation, 'terminal' | 'environment' | 'signal'>,
  clients: Clients,
  service: DeployedService,
  executionArn: string,
): Promise<Progress> {
  const everyMs = environment['AWS_ENDPOINT_URL'] === undefined ? EVERY_MS.aws : EVERY_MS.local;
  const said = new Set<string>();
  let last: Progress | undefined;
  const onProgress = (progress: Progress): void => {
    last = progress;
    if (terminal.live) terminal.draw(progressLines(progress));
    // In a pipe or a log: each line once, when nothing in it changes any more.
    else
      for (const line of settledLines(progress))
        if (!said.has(line)) {
          said.add(line);
          terminal.say(line);
        }
  };
  try {
    const progress = await followRun({ clients, service, executionArn, everyMs, signal, onProgress });
    terminal.draw([]);
    if (terminal.live) for (const line of progressLines(progress)) terminal.say(line);
    return progress;
  } catch (error) {
    terminal.draw([]);
    if (!signal.aborted) throw error;
    const run = last?.runId ?? executionArn.split(':').at(-1) ?? '';
    throw new CommandError(
      'interrupted; the run goes on',
      `watch it again with 'sluice watch ${run}'`,
      EXIT.interrupted,
      { cause: error },
    );
  }
}

/** Says how the run ended and gives the exit code for it. */
export function reportEnd(terminal: Terminal, progress: Progress): ExitCode {
  terminal.data(progress);
  const took = seconds((progress.endedAt ?? progress.startedAt) - progress.startedAt);
  if (progress.duplicateOf !== undefined) {
    terminal.print(
      `This execution did nothing: run ${progress.runId ?? ''} belongs to ${plain(progress.duplicateOf)}. Watch that one. If it failed or was stopped, 'sluice run' begins it again; one that is done, 'sluice run --repeat' does once more.`,
    );
    return EXIT.done;
  }
  if (progress.status === 'SUCCEEDED') {
    terminal.print(`Run ${progress.runId ?? ''} succeeded in ${took}.`);
    return EXIT.done;
  }
  terminal.say(`\nRun ${progress.runId ?? ''} did not succeed (${took}):`);
  for (const line of failureLines(progress)) terminal.say(`  ${line}`);
  return EXIT.failed;
}
