import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError, type Caller, type Cloud } from '../../kernel/index.ts';
import type { BusEvent } from '../event.ts';

type Send = (input: string, event: BusEvent) => Promise<unknown>;

interface TargetKind {
  readonly pattern: RegExp;
  /** Whether PutTargets demands a role. */
  readonly needsRole: boolean;
  send(cloud: Cloud, target: Target, caller: Caller): Send;
}

/** Hands an event that a bus passed on to another bus. */
export type Forward = (busArn: string, event: BusEvent) => void;

/** Targets this cloud can deliver to. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html */
function kinds(forward: Forward): readonly TargetKind[] {
  return [
    {
      pattern: /^arn:[\w-]+:states:[^:]+:\d+:stateMachine:[^:]+$/,
      needsRole: true,
      send: (cloud, target, caller) => (input) =>
        cloud.call('states', 'StartExecution', { stateMachineArn: target.Arn, input }, caller),
    },
    {
      pattern: /^arn:[\w-]+:lambda:[^:]+:\d+:function:/,
      needsRole: false,
      send: (cloud, target, caller) => (input) =>
        cloud.call(
          'lambda',
          'Invoke',
          { FunctionName: target.Arn, InvocationType: 'Event', Payload: Buffer.from(input) },
          caller,
        ),
    },
    {
      pattern: /^arn:[\w-]+:sqs:[^:]+:\d+:[^:]+$/,
      needsRole: false,
      send: (cloud, target, caller) => async (input) => {
        const QueueUrl = await queueUrl(cloud, target.Arn ?? '', caller);
        const group = target.SqsParameters?.MessageGroupId;
        return cloud.call(
          'sqs',
          'SendMessage',
          { QueueUrl, MessageBody: input, ...(group && { MessageGroupId: group }) },
          caller,
        );
      },
    },
    {
      pattern: /^arn:[\w-]+:sns:[^:]+:\d+:[^:]+$/,
      needsRole: false,
      send: (cloud, target, caller) => (input) =>
        cloud.call('sns', 'Publish', { TopicArn: target.Arn, Message: input }, caller),
    },
    {
      pattern: /^arn:[\w-]+:events:[^:]+:\d+:event-bus\/.+$/,
      needsRole: false,
      send: (_cloud, target) => async (_input, event) => forward(target.Arn ?? '', event),
    },
  ];
}

/** A queue's URL from its ARN. */
export async function queueUrl(cloud: Cloud, queueArn: string, caller: Caller): Promise<string> {
  const [, , , , account, QueueName] = queueArn.split(':');
  const { QueueUrl } = await cloud.call<{ QueueUrl: string }>(
    'sqs',
    'GetQueueUrl',
    { QueueName, QueueOwnerAWSAccountId: account },
    caller,
  );
  return QueueUrl;
}

/** Members of a target that no target of this cloud has a use for. */
const UNSUPPORTED = [
  'KinesisParameters',
  'RunCommandParameters',
  'EcsParameters',
  'BatchParameters',
  'HttpParameters',
  'RedshiftDataParameters',
  'SageMakerPipelineParameters',
  'AppSyncParameters',
] as const satisfies readonly (keyof Target)[];

export class Senders {
  readonly #cloud: Cloud;
  readonly #kinds: readonly TargetKind[];

  constructor(cloud: Cloud, forward: Forward) {
    this.#cloud = cloud;
    this.#kinds = kinds(forward);
  }

  /** @throws AwsError `ValidationException` for a target this cloud cannot deliver to */
  check(target: Target): void {
    const unsupported = UNSUPPORTED.find((name) => target[name] !== undefined);
    if (unsupported) throw new AwsError('ValidationException', `${unsupported} is not implemented by the local cloud`);
    if (this.#find(target).needsRole && target.RoleArn === undefined)
      throw new AwsError('ValidationException', `RoleArn is required for target ${target.Arn}.`);
  }

  /** Delivers once, as the target's role. */
  async send(target: Target, input: string, event: BusEvent): Promise<void> {
    const caller = {
      principalArn: target.RoleArn ?? `arn:aws:iam::${this.#cloud.accountId}:role/events.amazonaws.com`,
    };
    await this.#find(target).send(this.#cloud, target, caller)(input, event);
  }

  #find(target: Target): TargetKind {
    const kind = this.#kinds.find(({ pattern }) => pattern.test(target.Arn ?? ''));
    if (!kind)
      throw new AwsError('ValidationException', `Targets like ${target.Arn} are not implemented by the local cloud`);
    return kind;
  }
}
