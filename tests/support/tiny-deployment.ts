import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCloud, type LocalCloud } from '../../local/index.ts';
import { ROOT } from '../../local/kernel/index.ts';

/** What the command needs to find of a deployment, without the service: buckets, a machine that ends at once, a secret. */
const TEMPLATE = {
  Resources: {
    Inbox: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: 'sluice-dev-inbox',
        VersioningConfiguration: { Status: 'Enabled' },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      },
    },
    Work: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'sluice-dev-work' } },
    Results: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'sluice-dev-results' } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    Etl: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'sluice-dev-etl',
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        DefinitionString: JSON.stringify({
          QueryLanguage: 'JSONata',
          StartAt: 'IsKept',
          States: {
            IsKept: {
              Type: 'Choice',
              Choices: [{ Condition: "{% $states.input.key = 'wait/manifest.json' %}", Next: 'OpenRun' }],
              Default: 'Duplicate',
            },
            OpenRun: { Type: 'Wait', Seconds: 3600, End: true },
            Duplicate: {
              Type: 'Succeed',
              Output: { status: 'DUPLICATE', runId: '0123456789abcdef', heldBy: 'another' },
            },
          },
        }),
      },
    },
  },
  Outputs: {
    InboxBucketName: { Value: { Ref: 'Inbox' } },
    WorkBucketName: { Value: { Ref: 'Work' } },
    ResultsBucketName: { Value: { Ref: 'Results' } },
    EtlStateMachineArn: { Value: { Ref: 'Etl' } },
    AdminSecretArn: { Value: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:none' },
    ClusterIdentifier: { Value: 'sluice-dev' },
    DatabaseName: { Value: 'dev' },
  },
};

export interface TinyDeployment extends AsyncDisposable {
  readonly local: LocalCloud;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  call<Output>(service: string, operation: string, input: unknown): Promise<Output>;
  /** Keys in the inbox. */
  inbox(): Promise<readonly string[]>;
}

/** `fault` stands around every call to AWS. */
export async function tinyDeployment(
  fault: (operation: string, proceed: () => Promise<unknown>, input: unknown) => Promise<unknown> = (_, proceed) =>
    proceed(),
): Promise<TinyDeployment> {
  const directory = mkdtempSync(join(tmpdir(), 'tiny deployment '));
  const local = await startLocalCloud({
    directory: join(directory, 'cloud'),
    intercept: (call, proceed) => fault(call.context.operation, proceed, call.input),
  });
  const call = <Output>(service: string, operation: string, input: unknown): Promise<Output> =>
    local.cloud.call<Output>(service, operation, input, ROOT);
  await call('cloudformation', 'CreateStack', {
    StackName: 'sluice-dev',
    TemplateBody: JSON.stringify(TEMPLATE),
    Capabilities: ['CAPABILITY_IAM'],
  });
  for (;;) {
    const { Stacks = [] } = await call<{ Stacks?: { StackStatus?: string; StackStatusReason?: string }[] }>(
      'cloudformation',
      'DescribeStacks',
      { StackName: 'sluice-dev' },
    );
    const [{ StackStatus = '', StackStatusReason = '' } = {}] = Stacks;
    if (StackStatus === 'CREATE_COMPLETE') break;
    if (StackStatus !== 'CREATE_IN_PROGRESS') throw new Error(`${StackStatus}: ${StackStatusReason}`);
    await new Promise(setImmediate);
  }
  return {
    local,
    directory,
    environment: {
      AWS_ENDPOINT_URL: local.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    call,
    inbox: async () => {
      const { Contents = [] } = await call<{ Contents?: { Key: string }[] }>('s3', 'ListObjectsV2', {
        Bucket: 'sluice-dev-inbox',
      });
      return Contents.map(({ Key }) => Key);
    },
    [Symbol.asyncDispose]: async () => {
      await local.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
