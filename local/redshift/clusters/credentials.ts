import type * as redshift from '@aws-sdk/client-redshift';
import { required, type Caller, type Cloud, type Operations } from '../../kernel/index.ts';
import type { Clusters } from './clusters.ts';
import { invalidValue, refuseOthers, within } from './parameters.ts';

/** https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html */
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 3600;

/** The database user an IAM identity becomes: https://docs.aws.amazon.com/redshift/latest/mgmt/generating-user-credentials.html */
export function iamUser({ principalArn }: Caller): string {
  const [kind = 'user', ...path] = principalArn.split(':').slice(5).join(':').split('/');
  const name = path.at(kind === 'assumed-role' ? 0 : -1) ?? kind;
  return `${kind === 'role' || kind === 'assumed-role' ? 'IAMR' : 'IAM'}:${name}`;
}

/** Temporary database credentials. The local cluster has no port of its own to log in to, so the password opens nothing. */
export function credentialOperations(cloud: Cloud, clusters: Clusters): Operations {
  const issue = (identifier: string | undefined, seconds: number | undefined) => {
    clusters.get(required(identifier, 'clusterIdentifier'));
    const duration = within('DurationSeconds', seconds ?? SHORTEST_SECONDS, SHORTEST_SECONDS, LONGEST_SECONDS);
    return { DbPassword: cloud.ids.hex(64), Expiration: new Date(cloud.clock.now() + duration * 1000) };
  };
  return {
    GetClusterCredentials: (input: redshift.GetClusterCredentialsMessage): redshift.ClusterCredentials => {
      refuseOthers('GetClusterCredentials', input, [
        'DbUser',
        'DbName',
        'ClusterIdentifier',
        'DurationSeconds',
        'AutoCreate',
        'DbGroups',
      ]);
      const user = required(input.DbUser, 'dbUser');
      if (!/^[a-zA-Z_][a-zA-Z0-9_+.@$-]{0,63}$/.test(user)) throw invalidValue(`Invalid DbUser: '${user}'`);
      return {
        DbUser: `${input.AutoCreate === true ? 'IAMA' : 'IAM'}:${user}`,
        ...issue(input.ClusterIdentifier, input.DurationSeconds),
      };
    },
    GetClusterCredentialsWithIAM: (
      input: redshift.GetClusterCredentialsWithIAMMessage,
      { caller },
    ): redshift.ClusterExtendedCredentials => {
      refuseOthers('GetClusterCredentialsWithIAM', input, ['DbName', 'ClusterIdentifier', 'DurationSeconds']);
      const issued = issue(input.ClusterIdentifier, input.DurationSeconds);
      return { DbUser: iamUser(caller), ...issued, NextRefreshTime: issued.Expiration };
    },
  };
}
