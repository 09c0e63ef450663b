import type { ConfigParameter, PerformanceTarget, Workgroup } from '@aws-sdk/client-redshift-serverless';
import type { Cloud } from '../kernel/index.ts';
import type { Tags } from './tags.ts';

export type WorkgroupStatus = 'CREATING' | 'AVAILABLE' | 'MODIFYING' | 'DELETING';

/** What of a workgroup can be changed; recorded and shown. */
export interface WorkgroupSettings {
  readonly baseCapacity: number;
  readonly maxCapacity?: number;
  readonly enhancedVpcRouting: boolean;
  readonly publiclyAccessible: boolean;
  readonly securityGroupIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly port: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly ipAddressType: string;
  readonly trackName: string;
  readonly pricePerformanceTarget?: PerformanceTarget;
  readonly extraComputeForAutomaticOptimization: boolean;
}

/** The compute that reads a namespace. */
export interface WorkgroupRecord extends WorkgroupSettings {
  readonly name: string;
  readonly id: string;
  readonly namespace: string;
  readonly status: WorkgroupStatus;
  readonly createdAt: number;
  readonly tags: Tags;
}

export function workgroupArn(cloud: Cloud, { id }: Pick<WorkgroupRecord, 'id'>): string {
  return cloud.arn('redshift-serverless', `workgroup/${id}`);
}

/** As GetWorkgroup shows it. */
export function describeWorkgroup(cloud: Cloud, record: WorkgroupRecord): Workgroup {
  const address = `${record.name}.${cloud.accountId}.${cloud.region}.redshift-serverless.amazonaws.com`;
  return {
    workgroupArn: workgroupArn(cloud, record),
    workgroupId: record.id,
    workgroupName: record.name,
    namespaceName: record.namespace,
    baseCapacity: record.baseCapacity,
    ...(record.maxCapacity !== undefined && { maxCapacity: record.maxCapacity }),
    enhancedVpcRouting: record.enhancedVpcRouting,
    configParameters: Object.entries(record.parameters).map(([parameterKey, parameterValue]): ConfigParameter => ({
      parameterKey,
      parameterValue,
    })),
    securityGroupIds: [...record.securityGroupIds],
    subnetIds: [...record.subnetIds],
    status: record.status,
    endpoint: { address, port: record.port, vpcEndpoints: [] },
    publiclyAccessible: record.publiclyAccessible,
    creationDate: new Date(record.createdAt),
    port: record.port,
    ipAddressType: record.ipAddressType,
    trackName: record.trackName,
    ...(record.pricePerformanceTarget && { pricePerformanceTarget: record.pricePerformanceTarget }),
    extraComputeForAutomaticOptimization: record.extraComputeForAutomaticOptimization,
    crossAccountVpcs: [],
  };
}
