import type * as client from '@aws-sdk/client-sts';
import { AwsError, type CallContext, type Cloud, type Service } from '../kernel/index.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, in seconds. */
const SHORTEST_SESSION = 900;
const LONGEST_SESSION = 43_200;
const DEFAULT_SESSION = 3600;

/** STS: who is calling, and keys for a role. Trust policies are not evaluated; sessions do not expire. */
export function createSts(cloud: Cloud): Service {
  return {
    name: 'sts',
    client: '@aws-sdk/client-sts',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: {
      GetCallerIdentity: (_input: unknown, { caller }: CallContext): client.GetCallerIdentityResponse => ({
        UserId: caller.principalArn.split('/').pop(),
        Account: cloud.accountId,
        Arn: caller.principalArn,
      }),
      AssumeRole: (input: client.AssumeRoleRequest) => assumeRole(cloud, input),
    },
  };
}

function assumeRole(cloud: Cloud, input: client.AssumeRoleRequest): client.AssumeRoleResponse {
  const role = /^arn:aws:iam::\d{12}:role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]+)$/.exec(input.RoleArn ?? '')?.[1];
  if (role === undefined) throw new AwsError('ValidationError', `${input.RoleArn ?? ''} is invalid`);
  const session = input.RoleSessionName ?? '';
  if (!/^[\w+=,.@-]{2,64}$/.test(session))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  const seconds = input.DurationSeconds ?? DEFAULT_SESSION;
  if (seconds < SHORTEST_SESSION || seconds > LONGEST_SESSION)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between ${SHORTEST_SESSION} and ${LONGEST_SESSION}`,
    );
  const keys = cloud.credentials.issue(input.RoleArn ?? '', session);
  return {
    Credentials: {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(cloud.clock.now() + seconds * 1000),
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROA${cloud.ids.hex(17).toUpperCase()}:${session}`,
      Arn: `arn:aws:sts::${cloud.accountId}:assumed-role/${role}/${session}`,
    },
  };
}
