import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { CommandError, EXIT, textOption, type Invocation } from '../command.ts';
import type { Clients } from './clients.ts';

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

export function stackOf(stage: string): string {
  return `${SERVICE}-${stage}`;
}

/** Finds the service by its stack. Its absence is said with what to do. */
export async function deployedService(
  clients: Clients,
  { options }: Pick<Invocation, 'options'>,
): Promise<DeployedService> {
  const stage = textOption(options, 'stage') ?? 'dev';
  const stackName = stackOf(stage);
  const stack = await describeStack(clients, stackName);
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

/** Status of the service's stack, undefined where there is none. Throws what keeps one from asking. */
export async function stackStatus(clients: Clients, stage: string): Promise<string | undefined> {
  return (await describeStack(clients, stackOf(stage)))?.StackStatus;
}

async function describeStack(clients: Clients, stackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks?.[0];
  } catch (error) {
    // CloudFormation has no name of its own for a stack that is not there.
    if ((error as { name?: string }).name === 'ValidationError') return undefined;
    throw error;
  }
}

function notDeployed(stackName: string, why: string): CommandError {
  return new CommandError(
    `${stackName} is not deployed here: ${why}`,
    "run 'sluice deploy' first, with the same AWS settings and --stage",
    EXIT.unreachable,
  );
}
