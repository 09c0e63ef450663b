import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, EXIT, textOption, type Command } from '../command.ts';
import { cloudEnvironment, findCloud, startCloud, stopCloud } from '../local/cloud-process.ts';

/** Folder of the local cloud's state, in the folder the command was started in. */
export const STATE_FOLDER = '.sluice';

export const up: Command = {
  name: 'up',
  synopsis: '',
  summary: 'Start the local cloud; print the AWS settings that reach it',
  options: { detach: { type: 'boolean' }, port: { type: 'string' } },
  optionHelp: {
    detach: 'start it in the background and return: eval "$(npx sluice up --detach)"',
    port: 'listen on this port of 127.0.0.1; a free one unless given',
  },
  positionals: { least: 0, most: 0 },
  async run({ options, terminal, directory, environment, signal }) {
    const folder = join(directory, STATE_FOLDER);
    const port = portOption(textOption(options, 'port'));
    const running = findCloud(folder);
    const region = textOption(options, 'region') ?? environment['AWS_REGION'] ?? 'us-east-1';
    const detached = options['detach'] === true;
    const state =
      running ?? (await startCloud({ directory: folder, region, detached, ...(port === undefined ? {} : { port }) }));
    if (port !== undefined && !state.endpoint.endsWith(`:${port}`))
      throw new CommandError(
        `a local cloud already runs at ${state.endpoint}`,
        "use that one, or stop it first with 'sluice down'",
        EXIT.usage,
      );
    terminal.say(
      `The local cloud ${running ? 'is already' : 'is'} up at ${state.endpoint}; its state is in ${relative(directory, folder)}/`,
    );
    const settings = cloudEnvironment(state);
    terminal.data({ ...state, environment: settings });
    terminal.print(
      Object.entries(settings)
        .map(([name, value]) => `export ${name}=${value}`)
        .join('\n'),
    );
    if (detached || running) return EXIT.done;
    terminal.say('Ctrl-C stops it; what it holds stays and is there again next time.');
    await stopped(signal);
    await stopCloud(state);
    return EXIT.done;
  },
};

/** Resolves when the user has had enough. A timer keeps the process alive until then. */
async function stopped(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await sleep(1 << 30, undefined, { signal }).catch(() => {});
}

function portOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandError(`'${text}' is not a port`, 'give a number from 1 to 65535', EXIT.usage);
  return port;
}
