import { held, type Cloud, type Service } from '../kernel/index.ts';
import type { OtherWarehouses, ReachableWarehouse } from '../redshift/clusters/cluster-access.ts';
import { deleteAdminSecret } from '../redshift/clusters/admin-secret.ts';
import { createLives } from './lives.ts';
import { isAdminPassword, namespaceArn, warehouseKey, type NamespaceRecord } from './namespace-record.ts';
import { namespaceOperations } from './namespaces.ts';
import { tagOperations } from './tags.ts';
import { workgroupArn, type WorkgroupRecord } from './workgroup-record.ts';
import { isNamed, workgroupOperations, type ServerlessDurations } from './workgroups.ts';

export interface RedshiftServerlessOptions {
  /** Where the namespaces' data is, as `createRedshift` gives it out. */
  readonly warehouses: OtherWarehouses;
  readonly durations?: Partial<ServerlessDurations>;
}

export interface RedshiftServerlessService extends Service {
  /** The workgroups as the Data API reaches them, by name or ARN. */
  readonly workgroups: { find(workgroup: string): ReachableWarehouse | undefined };
}

const LOCAL_DURATIONS: ServerlessDurations = { create: 1000, modify: 500, delete: 1000 };

/** Amazon Redshift Serverless. https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/Welcome.html */
export function createRedshiftServerless(cloud: Cloud, options: RedshiftServerlessOptions): RedshiftServerlessService {
  const { warehouses } = options;
  const durations = { ...LOCAL_DURATIONS, ...options.durations };
  const namespaces = createLives<NamespaceRecord>(cloud, 'redshift-serverless.namespace', async (record) => {
    await held(cloud.clock, warehouses.remove(warehouseKey(record)));
    await deleteAdminSecret(cloud, record.adminSecretArn);
  });
  const workgroups = createLives<WorkgroupRecord>(cloud, 'redshift-serverless.workgroup', () => Promise.resolve());
  const workgroupOf = (namespace: string): string | undefined =>
    workgroups.list().find((record) => record.namespace === namespace)?.name;

  return {
    name: 'redshift-serverless',
    client: '@aws-sdk/client-redshift-serverless',
    operations: {
      ...namespaceOperations(cloud, namespaces, workgroupOf, durations.delete),
      ...workgroupOperations(cloud, workgroups, namespaces, warehouses, durations),
      ...tagOperations(() => [
        ...namespaces.list().map((record) => ({
          arn: namespaceArn(cloud, record),
          tags: record.tags,
          replace: (tags: NamespaceRecord['tags']) => void namespaces.put({ ...record, tags }),
        })),
        ...workgroups.list().map((record) => ({
          arn: workgroupArn(cloud, record),
          tags: record.tags,
          replace: (tags: WorkgroupRecord['tags']) => void workgroups.put({ ...record, tags }),
        })),
      ]),
    },
    workgroups: {
      find: (given) => {
        const record = workgroups.find(given) ?? workgroups.list().find((one) => isNamed(cloud, one, given));
        const namespace = record && namespaces.find(record.namespace);
        if (!record || !namespace) return undefined;
        const key = warehouseKey(namespace);
        return {
          key,
          name: { WorkgroupName: record.name },
          arn: workgroupArn(cloud, record),
          status: record.status,
          available: record.status === 'AVAILABLE' || record.status === 'MODIFYING',
          adminUser: namespace.adminUser,
          isAdminPassword: (password) => isAdminPassword(namespace, password),
          connect: (database, user) => warehouses.connect(key, namespace.database, database, user),
          databases: () => warehouses.databases(key, namespace.database),
        };
      },
    },
    close: () => {
      workgroups.close();
      namespaces.close();
    },
  };
}
