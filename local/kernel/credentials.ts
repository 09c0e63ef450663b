import type { Documents } from './documents.ts';
import type { Ids } from './ids.ts';
import type { Caller } from './service.ts';

export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Which access key belongs to which role. Signatures are not verified: the local cloud listens on loopback only. */
export interface Credentials {
  /** New keys for a role's session, as STS would issue them. */
  issue(roleArn: string, sessionName: string): IssuedCredentials;
  /** The session's role ARN for issued keys; one local user for every other key. */
  callerOf(accessKeyId: string | undefined): Caller;
}

const KIND = 'credentials';

export function createCredentials(ids: Ids, documents: Documents, accountId: string): Credentials {
  return {
    issue: (roleArn, sessionName) => {
      const accessKeyId = `ASIA${ids.hex(16).toUpperCase()}`;
      documents.put(KIND, accessKeyId, { roleArn, sessionName });
      return { accessKeyId, secretAccessKey: ids.hex(40), sessionToken: ids.hex(64) };
    },
    callerOf: (accessKeyId) => {
      const issued = accessKeyId ? documents.get<{ roleArn: string }>(KIND, accessKeyId) : undefined;
      const principalArn = issued?.roleArn ?? `arn:aws:iam::${accountId}:user/local`;
      return accessKeyId === undefined ? { principalArn } : { principalArn, session: accessKeyId };
    },
  };
}
