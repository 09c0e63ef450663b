import type { Cloud } from '../kernel/index.ts';
import { RESULT_RETENTION_MS } from './limits.ts';
import type { StatementRecord } from './statement-record.ts';

/** https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-monitoring-events.html */
export function emitStatusChange(cloud: Cloud, record: StatementRecord): void {
  const rows = record.runs.at(-1)?.rows ?? -1;
  cloud.emit({
    source: 'aws.redshift-data',
    detailType: 'Redshift Data Statement Status Change',
    resources: [cloud.arn('redshift', `cluster:${record.cluster}`)],
    detail: {
      statementId: record.id,
      clusterId: record.cluster,
      ...(record.name !== undefined && { statementName: record.name }),
      state: record.status,
      rows,
      expireAt: new Date(record.updatedAt + RESULT_RETENTION_MS).toISOString(),
      principal: record.principal,
      queryId: record.runs.at(-1)?.queryId ?? 0,
    },
  });
}
