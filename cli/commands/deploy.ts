import { createClients } from '../aws/clients.ts';
import { stackStatus } from '../aws/deployment.ts';
import { CommandError, EXIT, textOption, type Command } from '../command.ts';
import { serverless } from '../serverless.ts';
import { plain } from '../text-width.ts';

export const deploy: Command = {
  name: 'deploy',
  synopsis: '[-- SLS OPTIONS]',
  summary: 'Package the service and deploy it with `sls deploy`, to AWS or to the local cloud',
  options: { param: { type: 'string', multiple: true } },
  optionHelp: { param: 'name=value, as often as needed: analystEmails, nodes, … (serverless.yml lists them)' },
  positionals: { least: 0, most: 100 },
  async run(invocation) {
    const { options, positionals, terminal, environment, signal } = invocation;
    const stage = textOption(options, 'stage') ?? 'dev';
    using clients = createClients(invocation);
    // `sls` takes a minute to find out that nobody answers, and then shows a stack.
    await stackStatus(clients, stage);
    const region = textOption(options, 'region');
    const given = options['param'] as unknown as readonly string[] | undefined;
    const parameters = (given ?? []).flatMap((parameter) => ['--param', parameter]);
    const seconds = await deployService(
      { stage, region, parameters: [...parameters, ...positionals], environment, signal },
      (text) => terminal.say(plain(text)),
    );
    terminal.data({ stage, seconds });
    return EXIT.done;
  },
};

export interface Deployment {
  readonly stage: string;
  readonly region: string | undefined;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Deploys and returns how many seconds it took. Says what `sls` says, as it says it. */
export async function deployService(deployment: Deployment, say: (text: string) => void): Promise<number> {
  const { stage, region, parameters, environment, signal } = deployment;
  const began = performance.now();
  const code = await serverless({
    arguments: ['deploy', '--stage', stage, ...(region ? ['--region', region] : []), ...parameters],
    environment,
    signal,
    onOutput: (text) => {
      for (const line of text.split('\n')) if (line.trim() !== '') say(`  ${line.trimEnd()}`);
    },
  });
  if (code !== 0)
    throw new CommandError(
      `sls deploy failed (exit code ${code})`,
      'the lines above say why; docs/operations.md says how to get a stuck stack going again',
    );
  return Math.round((performance.now() - began) / 100) / 10;
}
