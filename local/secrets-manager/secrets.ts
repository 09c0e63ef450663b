import { AwsError, type Cloud } from '../kernel/index.ts';

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

export interface SecretVersion {
  readonly id: string;
  readonly stages: readonly string[];
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly string?: string;
  /** Base64. */
  readonly binary?: string;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly changed: number;
  readonly accessed?: number;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];
  /** When it goes for good, once it is scheduled for deletion. */
  readonly deletedAt?: number;
  readonly deletionDate?: number;
  /** Oldest first. */
  readonly versions: readonly SecretVersion[];
}

const KIND = 'secret';

export interface Secrets {
  /** By name, ARN, or ARN without its random end. @throws AwsError `ResourceNotFoundException`. */
  find(id: string | undefined): Secret;
  /** As {@link find}, for operations a secret scheduled for deletion refuses. @throws AwsError `InvalidRequestException`. */
  findActive(id: string | undefined): Secret;
  byName(name: string): Secret | undefined;
  /** In order of name. */
  list(): readonly Secret[];
  put(secret: Secret): void;
  delete(secret: Secret): void;
}

export function openSecrets({ documents, clock }: Cloud): Secrets {
  /** A secret whose recovery window is over is gone. */
  const alive = (secret: Secret | undefined): Secret | undefined => {
    if (secret?.deletionDate === undefined || clock.now() < secret.deletionDate) return secret;
    documents.delete(KIND, secret.name);
    return undefined;
  };
  const byName = (name: string): Secret | undefined => alive(documents.get<Secret>(KIND, name));
  const find = (id: string | undefined): Secret => {
    const named = /^arn:[^:]*:secretsmanager:[^:]*:\d*:secret:(.+)$/s.exec(id ?? '')?.[1];
    const candidates = named === undefined ? [id ?? ''] : [named.replace(/-[A-Za-z0-9]{6}$/, ''), named];
    for (const name of candidates) {
      const secret = byName(name);
      if (secret && (named === undefined || secret.arn === id || name === named)) return secret;
    }
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  return {
    find,
    findActive: (id) => {
      const secret = find(id);
      if (secret.deletedAt !== undefined)
        throw new AwsError(
          'InvalidRequestException',
          "You can't perform this operation on the secret because it was marked for deletion.",
        );
      return secret;
    },
    byName,
    list: () => documents.list<Secret>(KIND).flatMap(({ document }) => alive(document) ?? []),
    put: (secret) => documents.put(KIND, secret.name, secret),
    delete: (secret) => void documents.delete(KIND, secret.name),
  };
}

/** Puts a version before the others: it takes its stages from those that had them, and AWSCURRENT leaves AWSPREVIOUS behind. */
export function withVersion(secret: Secret, version: SecretVersion): Secret {
  const taken = new Set(version.stages);
  const versions = secret.versions.map((other) => {
    const loses = taken.has(CURRENT) && other.stages.includes(CURRENT);
    const kept = other.stages.filter((stage) => !taken.has(stage) && !(taken.has(CURRENT) && stage === PREVIOUS));
    return { ...other, stages: loses ? [...kept, PREVIOUS] : kept };
  });
  // A version without a stage is deprecated and goes.
  return { ...secret, versions: [...versions.filter(({ stages }) => stages.length > 0), version] };
}
