import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CommandError, EXIT, textOption, type Invocation } from '../command.ts';
import { unreachable, type Clients } from './clients.ts';

/** The names a deployed service is reached by: the outputs of its stack. */
export interface DeployedService {
  readonly stage: string;
  readonly stackName: string;
  readonly inbox: string;
  readonly work: string;
  readonly results: string;
  readonly etlStateMachineArn: string;
  readonly adminSecretArn: string;
  readonly clusterIdentifier: string;
  readonly database: string;
}

const SERVICE = 'sluice';

/** Finds the service by its stack. Its absence is said with what to do. */
export async function deployedService(
  clients: Clients,
  { options, environment }: Pick<Invocation, 'options' | 'environment'>,
): Promise<DeployedService> {
  const stage = textOption(options, 'stage') ?? 'dev';
  const stackName = `${SERVICE}-${stage}`;
  const stack = await clients.cloudFormation
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .then(({ Stacks }) => Stacks?.[0])
    .catch((error: unknown) => {
      if ((error as { name?: string }).name === 'ValidationError') return undefined;
      throw unreachable(error, environment);
    });
  if (!stack) throw notDeployed(stackName, 'there is no such stack');
  const outputs = new Map((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (value === undefined)
      throw notDeployed(stackName, `the stack is ${stack.StackStatus} and has no output ${name}`);
    return value;
  };
  return {
    stage,
    stackName,
    inbox: output('InboxBucketName'),
    work: output('WorkBucketName'),
    results: output('ResultsBucketName'),
    etlStateMachineArn: output('EtlStateMachineArn'),
    adminSecretArn: output('AdminSecretArn'),
    clusterIdentifier: output('ClusterIdentifier'),
    database: output('DatabaseName'),
  };
}

function notDeployed(stackName: string, why: string): CommandError {
  return new CommandError(
    `${stackName} is not deployed here: ${why}`,
    "run 'sluice deploy' first, with the same AWS settings and --stage",
    EXIT.unreachable,
  );
}
