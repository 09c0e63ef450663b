import { CommandError, EXIT, textOption, type Command } from '../command.ts';
import { serverless } from '../serverless.ts';

export const deploy: Command = {
  name: 'deploy',
  synopsis: '[-- SLS OPTIONS]',
  summary: 'Package the service and deploy it with `sls deploy`, to AWS or to the local cloud',
  options: { param: { type: 'string', multiple: true } },
  optionHelp: { param: 'name=value, as often as needed: analystEmails, nodes, … (serverless.yml lists them)' },
  positionals: { least: 0, most: 100 },
  async run({ options, positionals, terminal, environment, signal }) {
    const stage = textOption(options, 'stage') ?? 'dev';
    const region = textOption(options, 'region');
    const given = options['param'] as unknown as readonly string[] | undefined;
    const parameters = (given ?? []).flatMap((parameter) => ['--param', parameter]);
    const seconds = await deployService(
      { stage, region, parameters: [...parameters, ...positionals], environment, signal },
      (text) => terminal.say(text),
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
  let output = '';
  const code = await serverless({
    arguments: ['deploy', '--stage', stage, ...(region ? ['--region', region] : []), ...parameters],
    environment,
    signal,
    onOutput: (text) => {
      output += text;
      for (const line of text.split('\n')) if (line.trim() !== '') say(`  ${line.trimEnd()}`);
    },
  });
  if (code !== 0)
    throw new CommandError(
      `sls deploy failed (exit code ${code})`,
      output.includes('sluice')
        ? 'the lines above say which resource and why'
        : 'run it by hand: npx sls deploy --verbose',
    );
  return Math.round((performance.now() - began) / 100) / 10;
}
