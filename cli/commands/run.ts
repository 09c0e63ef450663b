import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { createClients, unreachable } from '../aws/clients.ts';
import { deployedService } from '../aws/deployment.ts';
import { CommandError, EXIT, textOption, type Command } from '../command.ts';
import { reportEnd, watchRun } from './watch.ts';

export const run: Command = {
  name: 'run',
  synopsis: 'S3URI',
  summary: 'Start a run by hand for a manifest that is in the inbox; --repeat runs it again on purpose',
  options: { repeat: { type: 'boolean' }, follow: { type: 'boolean' }, version: { type: 'string' } },
  optionHelp: {
    repeat: 'run it again although it has been run: loads and results are made anew',
    follow: 'watch it to its end',
    version: 'version id of the manifest; the current one unless given',
  },
  positionals: { least: 1, most: 1 },
  async run(invocation) {
    const { options, positionals, terminal, environment } = invocation;
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(positionals[0] ?? '') ?? [];
    if (bucket === undefined || key === undefined)
      throw new CommandError(
        `'${positionals[0]}' is not s3://BUCKET/KEY`,
        'name the manifest in the inbox',
        EXIT.usage,
      );
    using clients = createClients(invocation);
    const service = await deployedService(clients, invocation);
    const versionId = textOption(options, 'version');
    const input = {
      bucket,
      key,
      ...(versionId === undefined ? {} : { versionId }),
      ...(options['repeat'] === true ? { repeat: true } : {}),
    };
    const { executionArn = '' } = await clients.states
      .send(new StartExecutionCommand({ stateMachineArn: service.etlStateMachineArn, input: JSON.stringify(input) }))
      .catch((error: unknown) => {
        throw unreachable(error, environment);
      });
    if (options['follow'] === true)
      return reportEnd(terminal, await watchRun(invocation, clients, service, executionArn));
    terminal.print(executionArn);
    terminal.data({ executionArn });
    return EXIT.done;
  },
};
