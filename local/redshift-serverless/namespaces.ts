import type * as api from '@aws-sdk/client-redshift-serverless';
import { required, type Cloud, type Operations } from '../kernel/index.ts';
import { createAdminSecret, deleteAdminSecret } from '../redshift/clusters/admin-secret.ts';
import { passwordHash } from '../redshift/clusters/cluster-record.ts';
import { adminPassword, adminUser, databaseName } from '../redshift/clusters/parameters.ts';
import { checked, conflict, notFound, refused, validation } from './errors.ts';
import type { Lives } from './lives.ts';
import { nameOf, page } from './names.ts';
import { describeNamespace, namespaceArn, type NamespaceRecord } from './namespace-record.ts';
import { tagsOf } from './tags.ts';

/** The admin of a namespace that was made without one. */
const DEFAULT_ADMIN = 'admin';
const LOG_EXPORTS = ['useractivitylog', 'userlog', 'connectionlog'];

type Settings = Omit<api.CreateNamespaceRequest, 'namespaceName' | 'dbName' | 'tags'>;

/** https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateNamespace.html and its kin. */
export function namespaceOperations(
  cloud: Cloud,
  namespaces: Lives<NamespaceRecord>,
  /** The workgroup that reads a namespace. */
  workgroupOf: (namespace: string) => string | undefined,
  deleteMs: number,
): Operations {
  const get = (given: string | undefined): NamespaceRecord => {
    const name = required(given, 'namespaceName');
    const record = namespaces.find(name);
    if (!record) throw notFound('namespace', name);
    return record;
  };
  const shown = (record: NamespaceRecord): { readonly namespace: api.Namespace } => ({
    namespace: describeNamespace(cloud, record),
  });

  /** The record with the settings of a request. */
  const changed = async (before: NamespaceRecord, input: Settings): Promise<NamespaceRecord> => {
    if (input.manageAdminPassword === true && input.adminUserPassword !== undefined)
      throw validation("You can't use adminUserPassword if manageAdminPassword is true.");
    if (input.adminPasswordSecretKmsKeyId !== undefined && input.manageAdminPassword !== true)
      throw validation('You can only use adminPasswordSecretKmsKeyId if manageAdminPassword is true.');
    const unknown = (input.logExports ?? []).find((log) => !LOG_EXPORTS.includes(log));
    if (unknown !== undefined)
      throw validation(`Value '${unknown}' is none of logExports: [${LOG_EXPORTS.join(', ')}]`);
    const user = input.adminUsername;
    const password = input.adminUserPassword;
    const record: NamespaceRecord = {
      ...before,
      ...(user !== undefined && { adminUser: checked(() => adminUser(user)) }),
      ...(input.kmsKeyId !== undefined && { kmsKeyId: input.kmsKeyId }),
      ...(input.defaultIamRoleArn !== undefined && { defaultIamRole: input.defaultIamRoleArn }),
      ...(input.iamRoles !== undefined && { iamRoles: input.iamRoles }),
      ...(input.logExports !== undefined && { logExports: input.logExports }),
    };
    if (record.defaultIamRole !== undefined && !record.iamRoles.includes(record.defaultIamRole))
      throw validation('defaultIamRoleArn must be one of iamRoles.');
    const { adminSecretArn, adminSecretKmsKeyId: _key, ...own } = record;
    if (password !== undefined) {
      const adminPasswordHash = passwordHash(
        record.id,
        checked(() => adminPassword(password)),
      );
      await deleteAdminSecret(cloud, adminSecretArn);
      return { ...own, adminPasswordHash };
    }
    if (input.manageAdminPassword !== true || adminSecretArn !== undefined) return record;
    const secret = await createAdminSecret(
      cloud,
      {
        name: record.name,
        adminUser: record.adminUser,
        tag: { Key: 'aws:redshift-serverless:namespaceArn', Value: namespaceArn(cloud, record) },
      },
      input.adminPasswordSecretKmsKeyId,
    );
    return {
      ...own,
      adminPasswordHash: passwordHash(record.id, secret.password),
      adminSecretArn: secret.arn,
      ...(input.adminPasswordSecretKmsKeyId !== undefined && {
        adminSecretKmsKeyId: input.adminPasswordSecretKmsKeyId,
      }),
    };
  };

  return {
    CreateNamespace: async (input: api.CreateNamespaceRequest): Promise<api.CreateNamespaceResponse> => {
      refused('CreateNamespace', input, ['redshiftIdcApplicationArn']);
      const name = nameOf('namespaceName', input.namespaceName);
      const taken = (): boolean => namespaces.find(name) !== undefined;
      const exists = `A namespace with the name ${name} already exists.`;
      if (taken()) throw conflict(exists);
      const { dbName = 'dev', tags, ...settings } = input;
      const record = await changed(
        {
          name,
          id: cloud.ids.uuid(),
          status: 'AVAILABLE',
          createdAt: cloud.clock.now(),
          database: checked(() => databaseName(dbName)),
          adminUser: DEFAULT_ADMIN,
          kmsKeyId: 'AWS_OWNED_KMS_KEY',
          iamRoles: [],
          logExports: [],
          tags: tagsOf(tags),
        },
        settings,
      );
      if (taken()) throw conflict(exists);
      return shown(namespaces.put(record));
    },
    GetNamespace: (input: api.GetNamespaceRequest): api.GetNamespaceResponse => shown(get(input.namespaceName)),
    ListNamespaces: (input: api.ListNamespacesRequest): api.ListNamespacesResponse => {
      const { items, ...rest } = page(namespaces.list(), ({ name }) => name, input);
      return { namespaces: items.map((record) => describeNamespace(cloud, record)), ...rest };
    },
    UpdateNamespace: async (input: api.UpdateNamespaceRequest): Promise<api.UpdateNamespaceResponse> => {
      const record = get(input.namespaceName);
      if (record.status !== 'AVAILABLE') throw conflict(`The namespace ${record.name} is being deleted.`);
      if ((input.adminUsername !== undefined) !== (input.adminUserPassword !== undefined))
        throw validation('adminUsername and adminUserPassword must be updated together.');
      const updated = await changed(record, input);
      get(input.namespaceName);
      return shown(namespaces.put(updated));
    },
    DeleteNamespace: (input: api.DeleteNamespaceRequest): api.DeleteNamespaceResponse => {
      refused('DeleteNamespace', input, ['finalSnapshotName', 'finalSnapshotRetentionPeriod']);
      const record = get(input.namespaceName);
      const workgroup = workgroupOf(record.name);
      if (workgroup !== undefined)
        throw conflict(`The namespace ${record.name} has the workgroup ${workgroup}: delete that first.`);
      if (record.status !== 'AVAILABLE') throw conflict(`The namespace ${record.name} is being deleted.`);
      return shown(namespaces.start({ ...record, status: 'DELETING' }, deleteMs, undefined));
    },
  };
}
