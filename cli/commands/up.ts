import { join } from 'node:path';
import { CommandError, EXIT, textOption, type Command } from '../command.ts';
import {
  cloudEnvironment,
  endOfCloud,
  findCloud,
  RIVAL_SETTINGS,
  startCloud,
  stopCloud,
  type CloudState,
} from '../local/cloud-process.ts';

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
    const region = textOption(options, 'region') ?? environment['AWS_REGION'] ?? 'us-east-1';
    const detached = options['detach'] === true;
    const before = await findCloud(folder);
    const state =
      before ?? (await startCloud({ directory: folder, region, detached, ...(port === undefined ? {} : { port }) }));
    // Two commands may start it at once; the one that was later finds the other's.
    const ours = !before && state.startedBy === process.pid;
    if (!ours) requireSame(state, port, textOption(options, 'region'));
    terminal.say(
      `The local cloud ${ours ? 'is' : 'is already'} up at ${state.endpoint}; its state is in ${STATE_FOLDER}/`,
    );
    const settings = cloudEnvironment(state);
    terminal.data({ ...state, environment: settings });
    terminal.print(
      [
        ...Object.entries(settings).map(([name, value]) => `export ${name}=${value}`),
        `unset ${RIVAL_SETTINGS.join(' ')}`,
      ].join('\n'),
    );
    if (detached || !ours) return EXIT.done;
    terminal.say('Ctrl-C stops it; what it holds stays and is there again next time.');
    await endOfCloud(state, signal);
    await stopCloud(state);
    terminal.say('The local cloud is down.');
    return EXIT.done;
  },
};

function requireSame({ endpoint, region }: CloudState, port: number | undefined, asked: string | undefined): void {
  const other =
    port !== undefined && port !== 0 && new URL(endpoint).port !== String(port)
      ? endpoint
      : asked !== undefined && asked !== region
        ? `${endpoint}, as region ${region}`
        : undefined;
  if (other !== undefined)
    throw new CommandError(
      `a local cloud already runs at ${other}`,
      "use that one, or stop it first with 'sluice down'",
      EXIT.usage,
    );
}

function portOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new CommandError(`'${text}' is not a port`, 'give a number from 1 to 65535', EXIT.usage);
  return port;
}
