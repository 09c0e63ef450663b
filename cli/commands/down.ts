import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, type Command } from '../command.ts';
import { findCloud, stopCloud, wipe } from '../local/cloud-process.ts';
import { STATE_FOLDER } from './up.ts';

export const down: Command = {
  name: 'down',
  synopsis: '',
  summary: 'Stop the local cloud',
  options: { wipe: { type: 'boolean' } },
  optionHelp: { wipe: 'also remove everything it holds: objects, databases, runs, e-mails' },
  positionals: { least: 0, most: 0 },
  async run({ options, terminal, directory }) {
    const folder = join(directory, STATE_FOLDER);
    const running = await findCloud(folder);
    if (running) await stopCloud(running);
    const wiped = options['wipe'] === true && existsSync(folder);
    if (wiped) wipe(folder);
    terminal.say(
      `${running ? 'The local cloud is down.' : 'No local cloud was running.'}${wiped ? ` ${STATE_FOLDER}/ is gone.` : ''}`,
    );
    terminal.data({ stopped: running !== undefined, wiped });
    return EXIT.done;
  },
};
