import type * as api from '@aws-sdk/client-redshift-serverless';
import { held, required, type CallContext, type Cloud, type Operations } from '../kernel/index.ts';
import { iamUser } from '../redshift/clusters/credentials.ts';
import { conflict, notFound, refused } from './errors.ts';
import type { Lives } from './lives.ts';
import { nameOf, page, within } from './names.ts';
import { warehouseKey, type NamespaceRecord } from './namespace-record.ts';
import { tagsOf } from './tags.ts';
import { describeWorkgroup, workgroupArn, type WorkgroupRecord } from './workgroup-record.ts';
import { DEFAULT_SETTINGS, settingsWith } from './workgroup-settings.ts';

/** How long each change takes, in milliseconds of the cloud's clock. On AWS they are minutes. */
export interface ServerlessDurations {
  readonly create: number;
  readonly modify: number;
  readonly delete: number;
}

/** What becomes of a namespace's warehouse. */
export interface WorkgroupWarehouses {
  prepare(key: string, home: string): Promise<void>;
  disconnect(key: string): Promise<void>;
}

/** https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetCredentials.html */
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 3600;

/** https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html and its kin. */
export function workgroupOperations(
  cloud: Cloud,
  workgroups: Lives<WorkgroupRecord>,
  namespaces: Lives<NamespaceRecord>,
  warehouses: WorkgroupWarehouses,
  durations: ServerlessDurations,
): Operations {
  const get = (given: string | undefined): WorkgroupRecord => {
    const name = required(given, 'workgroupName');
    const record = workgroups.find(name);
    if (!record) throw notFound('workgroup', name);
    return record;
  };
  const available = (given: string | undefined): WorkgroupRecord => {
    const record = get(given);
    if (record.status !== 'AVAILABLE')
      throw conflict(`There is an operation running on the workgroup ${record.name}: it is ${record.status}.`);
    return record;
  };
  const shown = (record: WorkgroupRecord): { readonly workgroup: api.Workgroup } => ({
    workgroup: describeWorkgroup(cloud, record),
  });

  return {
    CreateWorkgroup: (input: api.CreateWorkgroupRequest): api.CreateWorkgroupResponse => {
      const { workgroupName, namespaceName, tags, ...settings } = input;
      const name = nameOf('workgroupName', workgroupName);
      const namespace = namespaces.find(nameOf('namespaceName', namespaceName));
      if (!namespace) throw notFound('namespace', namespaceName ?? '');
      if (workgroups.find(name)) throw conflict(`A workgroup with the name ${name} already exists.`);
      const other = workgroups.list().find((record) => record.namespace === namespace.name);
      if (other) throw conflict(`The namespace ${namespace.name} has the workgroup ${other.name} already.`);
      if (namespace.status !== 'AVAILABLE') throw conflict(`The namespace ${namespace.name} is being deleted.`);
      const record: WorkgroupRecord = {
        ...settingsWith(DEFAULT_SETTINGS, settings),
        name,
        id: cloud.ids.uuid(),
        namespace: namespace.name,
        status: 'CREATING',
        createdAt: cloud.clock.now(),
        tags: tagsOf(tags),
      };
      // Not waited for: whoever connects first waits for what is left of it.
      held(cloud.clock, warehouses.prepare(warehouseKey(namespace), namespace.database)).catch(() => undefined);
      return shown(workgroups.start(record, durations.create, { status: 'AVAILABLE' }));
    },
    GetWorkgroup: (input: api.GetWorkgroupRequest): api.GetWorkgroupResponse => shown(get(input.workgroupName)),
    ListWorkgroups: (input: api.ListWorkgroupsRequest): api.ListWorkgroupsResponse => {
      refused('ListWorkgroups', input, ['ownerAccount']);
      const { items, ...rest } = page(workgroups.list(), ({ name }) => name, input);
      return { workgroups: items.map((record) => describeWorkgroup(cloud, record)), ...rest };
    },
    UpdateWorkgroup: (input: api.UpdateWorkgroupRequest): api.UpdateWorkgroupResponse => {
      const { workgroupName, ...settings } = input;
      const record = available(workgroupName);
      const changes = settingsWith(record, settings);
      return shown(
        workgroups.start({ ...record, status: 'MODIFYING' }, durations.modify, { ...changes, status: 'AVAILABLE' }),
      );
    },
    DeleteWorkgroup: async (input: api.DeleteWorkgroupRequest): Promise<api.DeleteWorkgroupResponse> => {
      const record = available(input.workgroupName);
      const deleting = workgroups.start({ ...record, status: 'DELETING' }, durations.delete, undefined);
      // The namespace keeps what is in it.
      await warehouses.disconnect(warehouseKey({ name: record.namespace }));
      return shown(deleting);
    },
    GetCredentials: (input: api.GetCredentialsRequest, { caller }: CallContext): api.GetCredentialsResponse => {
      refused('GetCredentials', input, ['customDomainName']);
      get(input.workgroupName);
      const seconds = within(
        'durationSeconds',
        input.durationSeconds ?? SHORTEST_SECONDS,
        SHORTEST_SECONDS,
        LONGEST_SECONDS,
      );
      const expiration = new Date(cloud.clock.now() + seconds * 1000);
      return { dbUser: iamUser(caller), dbPassword: cloud.ids.hex(64), expiration, nextRefreshTime: expiration };
    },
  };
}

/** Whether a request means this workgroup: by its name or its ARN. */
export function isNamed(cloud: Cloud, record: WorkgroupRecord, given: string): boolean {
  return record.name === given || workgroupArn(cloud, record) === given;
}
