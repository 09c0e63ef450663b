import type { Namespace } from '@aws-sdk/client-redshift-serverless';
import type { Cloud } from '../kernel/index.ts';
import { passwordHash } from '../redshift/clusters/cluster-record.ts';
import type { Tags } from './tags.ts';

/** A namespace as it is kept: databases and users, without the compute that reads them. */
export interface NamespaceRecord {
  readonly name: string;
  readonly id: string;
  readonly status: 'AVAILABLE' | 'DELETING';
  readonly createdAt: number;
  readonly database: string;
  readonly adminUser: string;
  /** Never the password itself; absent while nobody can log in with one. */
  readonly adminPasswordHash?: string;
  readonly adminSecretArn?: string;
  readonly adminSecretKmsKeyId?: string;
  readonly kmsKeyId: string;
  readonly defaultIamRole?: string;
  readonly iamRoles: readonly string[];
  readonly logExports: readonly string[];
  readonly tags: Tags;
}

/** The key of its warehouse: no cluster's identifier has a dot. */
export function warehouseKey({ name }: Pick<NamespaceRecord, 'name'>): string {
  return `namespace.${name}`;
}

export function namespaceArn(cloud: Cloud, { id }: Pick<NamespaceRecord, 'id'>): string {
  return cloud.arn('redshift-serverless', `namespace/${id}`);
}

export function isAdminPassword({ id, adminPasswordHash }: NamespaceRecord, password: string): boolean {
  return adminPasswordHash !== undefined && passwordHash(id, password) === adminPasswordHash;
}

/** As GetNamespace shows it. */
export function describeNamespace(cloud: Cloud, record: NamespaceRecord): Namespace {
  return {
    namespaceArn: namespaceArn(cloud, record),
    namespaceId: record.id,
    namespaceName: record.name,
    adminUsername: record.adminUser,
    dbName: record.database,
    kmsKeyId: record.kmsKeyId,
    ...(record.defaultIamRole !== undefined && { defaultIamRoleArn: record.defaultIamRole }),
    // AWS answers with the text of an object of its own here.
    iamRoles: record.iamRoles.map((arn) => `IamRole(applyStatus=in-sync, iamRoleArn=${arn})`),
    logExports: [...record.logExports] as NonNullable<Namespace['logExports']>,
    status: record.status,
    creationDate: new Date(record.createdAt),
    ...(record.adminSecretArn !== undefined && { adminPasswordSecretArn: record.adminSecretArn }),
    ...(record.adminSecretKmsKeyId !== undefined && { adminPasswordSecretKmsKeyId: record.adminSecretKmsKeyId }),
  };
}
