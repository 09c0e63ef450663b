import { s3Client, s3Inbox, s3ResultFiles, s3WorkStore } from '../../aws/objects.ts';
import { dataApiWarehouse, redshiftDataClient } from '../../aws/warehouse.ts';
import type { CheckPorts } from '../../statement/check.ts';
import type { SubmitPorts } from '../../statement/submit.ts';
import { minutes, type Settings } from '../environment.ts';
import type { Place } from '../place.ts';

/** The three functions that speak to the warehouse share a role: only who submitted a statement may describe or cancel it. */
export const STATEMENT_VARIABLES = ['WORK_BUCKET', 'CLUSTER_NAME', 'DATABASE', 'ADMIN_SECRET_ARN'] as const;
export type StatementSettings = Settings<(typeof STATEMENT_VARIABLES)[number]>;

export function statementPorts(settings: StatementSettings, place: Place, s3 = s3Client(place.clients)): SubmitPorts {
  return {
    work: s3WorkStore(s3, settings.WORK_BUCKET),
    warehouse: dataApiWarehouse(redshiftDataClient(place.clients), {
      clusterName: settings.CLUSTER_NAME,
      database: settings.DATABASE,
      adminSecretArn: settings.ADMIN_SECRET_ARN,
    }),
    files: s3Inbox(s3),
    clusterName: settings.CLUSTER_NAME,
    now: place.now,
  };
}

/** Those of them that follow a statement to its end. */
export const FOLLOW_VARIABLES = [...STATEMENT_VARIABLES, 'STATEMENT_TIMEOUT_MINUTES'] as const;
export type FollowSettings = Settings<(typeof FOLLOW_VARIABLES)[number]>;

export function followPorts(settings: FollowSettings, place: Place): CheckPorts {
  const s3 = s3Client(place.clients);
  return {
    ...statementPorts(settings, place, s3),
    results: s3ResultFiles(s3),
    statementTimeoutMs: minutes('STATEMENT_TIMEOUT_MINUTES', settings.STATEMENT_TIMEOUT_MINUTES),
  };
}
