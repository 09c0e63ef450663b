import type { Call } from '../../local/kernel/index.ts';
import { ACCOUNT, REGION } from '../support/declared.ts';
import { roleArn } from './functions.ts';

type Need = readonly [action: string, resource: string];
type Input = Readonly<Record<string, string | undefined>>;

/** What a call needs permission for, as `actor action resource`. Of an object's key only the first folder is told, of an execution only its machine. */
export function permissionsOf({ context: { service, operation }, input }: Call, site: string): readonly string[] {
  const [actor = ''] = site.split(' ');
  return needsOf(service, operation, input as Input).map(
    ([action, resource]) => `${actor} ${action} ${resource.replace(/(?<=:execution:[^:]+:).*/, 'any')}`,
  );
}

function needsOf(service: string, operation: string, input: Input): readonly Need[] {
  switch (service) {
    case 's3':
      return bucketNeeds(operation, input);
    case 'lambda':
      return [['lambda:InvokeFunction', input['FunctionName'] ?? '']];
    case 'states':
      return [[`states:${operation}`, input['stateMachineArn'] ?? input['executionArn'] ?? '']];
    case 'cloudformation':
      return [[`cloudformation:${operation}`, stackArn(input['StackName'] ?? '')]];
    case 'redshift':
    case 'redshift-data':
      return [[`${service}:${operation}`, clusterArn(input['ClusterIdentifier'])]];
    case 'secretsmanager':
      return [[`secretsmanager:${operation}`, input['SecretId'] ?? '']];
    case 'sns':
      return [[`sns:${operation}`, input['TopicArn'] ?? '']];
    case 'iam':
      // The local CloudFormation looks whether the role it is handed exists, in its caller's name; AWS asks for PassRole there.
      return [['iam:PassRole', roleArn(input['RoleName'] ?? '')]];
    default:
      throw new RangeError(`nobody has said what ${service}:${operation} needs`);
  }
}

function bucketNeeds(operation: string, input: Input): readonly Need[] {
  const bucket = `arn:aws:s3:::${input['Bucket'] ?? ''}`;
  const at = (path: string): string => `${path.split('/').slice(0, -1)[0] ?? ''}/any`;
  const object = `${bucket}/${at(input['Key'] ?? '')}`;
  switch (operation) {
    case 'ListObjectsV2':
      return [['s3:ListBucket', bucket]];
    case 'HeadObject':
    case 'GetObject':
      return [
        ['s3:GetObject', object],
        ...(input['VersionId'] === undefined ? [] : [['s3:GetObjectVersion', object] as const]),
      ];
    case 'CopyObject': {
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
      const [source = '', ...key] = (input['CopySource'] ?? '').split('/');
      return [
        ['s3:GetObject', `arn:aws:s3:::${source}/${at(key.join('/'))}`],
        ['s3:PutObject', object],
      ];
    }
    case 'PutObject':
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
      return [['s3:PutObject', object], ...(input['IfMatch'] === undefined ? [] : [['s3:GetObject', object] as const])];
    default:
      return [[`s3:${operation}`, object]];
  }
}

function stackArn(name: string): string {
  const [, of = name] = /:stack\/([^/]+)\//.exec(name) ?? [];
  return `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${of}/any`;
}

/** `*` where a call names a statement and no cluster. */
function clusterArn(cluster: string | undefined): string {
  return cluster === undefined ? '*' : `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:${cluster}`;
}
