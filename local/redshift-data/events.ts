import type { Cloud } from '../kernel/index.ts';
import { RESULT_RETENTION_MS } from './limits.ts';
import { redshiftQueryId, resultRows, type StatementRecord } from './statement-record.ts';

/** https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-monitoring-events.html */
export function emitStatusChange(cloud: Cloud, record: StatementRecord): void {
  cloud.emit({
    source: 'aws.redshift-data',
    detailType: 'Redshift Data Statement Status Change',
    resources: [record.warehouse.arn],
    detail: {
      principal: record.principal,
      ...(record.name !== undefined && { statementName: record.name }),
      statementId: record.id,
      redshiftQueryId: redshiftQueryId(record),
      state: record.status,
      rows: resultRows(record),
      expireAt: Math.floor((record.updatedAt + RESULT_RETENTION_MS) / 1000),
    },
  });
}
