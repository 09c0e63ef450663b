import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { createClients, type Clients } from '../aws/clients.ts';
import { deployedService, type DeployedService } from '../aws/deployment.ts';
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
    const { options, positionals, terminal, signal } = invocation;
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
    await requireManifest(clients, service, input);
    const { executionArn = '' } = await clients.states.send(
      new StartExecutionCommand({ stateMachineArn: service.etlStateMachineArn, input: JSON.stringify(input) }),
      { abortSignal: signal },
    );
    if (options['follow'] === true)
      return reportEnd(terminal, await watchRun(invocation, clients, service, executionArn));
    terminal.print(executionArn);
    terminal.data({ executionArn });
    return EXIT.done;
  },
};

/** A mistyped key would start a run that fails and tells the analysts so. */
async function requireManifest(
  { s3 }: Clients,
  { inbox }: DeployedService,
  { bucket, key, versionId }: { readonly bucket: string; readonly key: string; readonly versionId?: string },
): Promise<void> {
  if (bucket !== inbox)
    throw new CommandError(
      `${bucket} is not the inbox of this deployment`,
      `manifests are in s3://${inbox}/; another deployment is meant with --stage`,
      EXIT.usage,
    );
  await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })).catch((error: unknown) => {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    if (name !== 'NotFound' && $metadata?.httpStatusCode !== 400) throw error;
    throw new CommandError(
      `there is no s3://${bucket}/${key}${versionId === undefined ? '' : ` of version ${versionId}`}`,
      "name the manifest as 'sluice drop' printed it",
      EXIT.usage,
      { cause: error },
    );
  });
}
