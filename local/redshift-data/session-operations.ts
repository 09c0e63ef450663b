import type * as api from '@aws-sdk/client-redshift-data';
import type { CallContext, Operations } from '../kernel/index.ts';
import { onlyOne, warehouseFilter, type WorkgroupAccess } from './authenticate.ts';
import { newestFirst } from './newest-first.ts';
import { describeSession, type Sessions } from './sessions.ts';
import { isWarehouse } from './statement-record.ts';
import { oneOf, validation } from './validation.ts';

/** https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ListSessions.html */
export function sessionOperations(sessions: Sessions, workgroups: WorkgroupAccess): Operations {
  return {
    ListSessions: (input: api.ListSessionsRequest, { caller }: CallContext): api.ListSessionsResponse => {
      const filtered = [input.Status, input.ClusterIdentifier, input.WorkgroupName, input.Database];
      if (input.SessionId !== undefined && filtered.some((value) => value !== undefined))
        throw validation('Status, ClusterIdentifier, WorkgroupName and Database cannot be specified with SessionId.');
      onlyOne(input, 'ClusterIdentifier', 'WorkgroupName');
      const filter = warehouseFilter(input, workgroups);
      oneOf('status', input.Status, ['AVAILABLE', 'BUSY', 'CLOSED']);
      const found = sessions
        .list()
        .filter(
          (session) =>
            session.principal === caller.principalArn &&
            (input.RoleLevel !== false || session.callerSession === caller.session) &&
            (input.SessionId === undefined
              ? input.Status === undefined
                ? session.status !== 'CLOSED'
                : session.status === input.Status
              : session.id === input.SessionId) &&
            isWarehouse(session.warehouse, filter) &&
            (input.Database === undefined || session.database === input.Database),
        );
      const { items, ...next } = newestFirst('sessions', found, input);
      return { Sessions: items.map(describeSession), ...next };
    },
  };
}
