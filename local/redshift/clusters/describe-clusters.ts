import type { DescribeClustersMessage, LoggingStatus, DescribeLoggingStatusMessage } from '@aws-sdk/client-redshift';
import { required, type Cloud, type Operations } from '../../kernel/index.ts';
import { describe } from './cluster-record.ts';
import type { Clusters } from './clusters.ts';
import { page } from './parameters.ts';

export function describeOperations(cloud: Cloud, clusters: Clusters): Operations {
  return {
    DescribeClusters: (input: DescribeClustersMessage) => {
      const all = input.ClusterIdentifier === undefined ? clusters.list() : [clusters.get(input.ClusterIdentifier)];
      const wanted = all.filter(
        ({ tags }) =>
          (!input.TagKeys?.length || input.TagKeys.some((key) => key in tags)) &&
          (!input.TagValues?.length || input.TagValues.some((value) => Object.values(tags).includes(value))),
      );
      const { items, ...rest } = page(
        wanted.map((record) => ({ ...record, id: record.identifier })),
        input,
      );
      return { ...rest, Clusters: items.map((record) => describe(cloud, record)) };
    },
    DescribeLoggingStatus: (input: DescribeLoggingStatusMessage): LoggingStatus => {
      clusters.get(required(input.ClusterIdentifier, 'clusterIdentifier'));
      // EnableLogging is not there, so nothing is ever logged.
      return { LoggingEnabled: false };
    },
  };
}
