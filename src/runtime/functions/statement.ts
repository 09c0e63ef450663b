import { s3Client, s3Inbox, s3WorkStore } from '../../aws/objects.ts';
import { dataApiWarehouse, redshiftDataClient } from '../../aws/warehouse.ts';
import type { SubmitPorts } from '../../statement/submit.ts';
import type { Settings } from '../environment.ts';
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
