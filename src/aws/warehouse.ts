import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  ListStatementsCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { AwsUnavailable } from '../errors/errors.ts';
import type { ListedStatement, Row, StatementDescription, StatementStatus, Warehouse } from '../statement/warehouse.ts';
import { call, errorName } from './call.ts';
import { type ClientSettings, connectTo, type Sender } from './clients.ts';

export interface WarehouseSettings {
  readonly clusterName: string;
  readonly database: string;
  readonly adminSecretArn: string;
}

const UNKNOWN = 'ResourceNotFoundException';
/** Somebody else waits for the same statement already. */
const TOO_MANY_WAIT = 'ActiveWaitingRequestsExceededException';
/** A cancel of what is not running (any more), or a result that is not kept. */
const NOT_NOW = 'ValidationException';

export type RedshiftData = Sender<RedshiftDataClient>;

export function redshiftDataClient(settings: ClientSettings): RedshiftData {
  return connectTo('redshift-data', RedshiftDataClient, settings);
}

export function dataApiWarehouse(client: RedshiftData, settings: WarehouseSettings): Warehouse {
  const target = {
    ClusterIdentifier: settings.clusterName,
    Database: settings.database,
    SecretArn: settings.adminSecretArn,
  };
  return {
    submit: ({ sqls, name, token }) =>
      call('redshift-data:BatchExecuteStatement', async () => {
        const answer = await client.send(
          new BatchExecuteStatementCommand({ ...target, Sqls: [...sqls], StatementName: name, ClientToken: token }),
        );
        return idOf(answer.Id);
      }),
    query: (sql, name) =>
      call('redshift-data:ExecuteStatement', async () =>
        idOf((await client.send(new ExecuteStatementCommand({ ...target, Sql: sql, StatementName: name }))).Id),
      ),
    describe: (id, waitSeconds) => call('redshift-data:DescribeStatement', () => describe(client, id, waitSeconds)),
    rows: (id) => call('redshift-data:GetStatementResult', () => readRows(client, id)),
    list: (name, status) => call('redshift-data:ListStatements', () => list(client, name, status)),
    cancel: (id) =>
      call('redshift-data:CancelStatement', async () => {
        try {
          await client.send(new CancelStatementCommand({ Id: id }));
        } catch (error) {
          // It has ended meanwhile; the next look tells how.
          if (errorName(error) !== NOT_NOW && errorName(error) !== UNKNOWN) throw error;
        }
      }),
  };
}

function idOf(id: string | undefined): string {
  if (id === undefined) throw new AwsUnavailable('The Data API answered without a statement id.');
  return id;
}

async function describe(
  client: RedshiftData,
  id: string,
  waitSeconds: number,
): Promise<StatementDescription | undefined> {
  const send = (wait: object): Promise<DescribeStatementResponse> =>
    client.send(new DescribeStatementCommand({ Id: id, ...wait }));
  try {
    return descriptionOf(await send({ WaitTimeSeconds: waitSeconds }));
  } catch (error) {
    if (errorName(error) === UNKNOWN) return undefined;
    if (errorName(error) !== TOO_MANY_WAIT) throw error;
    return descriptionOf(await send({}));
  }
}

const NANOSECONDS_A_MS = 1_000_000;

function descriptionOf(answer: DescribeStatementResponse): StatementDescription {
  return {
    status: statusOf(answer.Status),
    createdAt: answer.CreatedAt?.getTime() ?? 0,
    updatedAt: answer.UpdatedAt?.getTime() ?? 0,
    durationMs: Math.max(0, Math.round((answer.Duration ?? 0) / NANOSECONDS_A_MS)),
    ...(answer.Error === undefined ? {} : { error: answer.Error }),
    ...(answer.RedshiftPid === undefined ? {} : { pid: answer.RedshiftPid }),
    ...(answer.RedshiftQueryId === undefined ? {} : { queryId: answer.RedshiftQueryId }),
    subStatements: (answer.SubStatements ?? []).map((sub) => ({
      id: sub.Id ?? '',
      status: statusOf(sub.Status),
      hasResultSet: sub.HasResultSet ?? false,
      ...(sub.Error === undefined ? {} : { error: sub.Error }),
      ...(sub.RedshiftQueryId === undefined ? {} : { queryId: sub.RedshiftQueryId }),
    })),
  };
}

const STATUSES: ReadonlySet<string> = new Set(['SUBMITTED', 'PICKED', 'STARTED', 'FINISHED', 'FAILED', 'ABORTED']);

/** A status nobody knows is a statement that may still be running: it is looked at again. */
function statusOf(status: string | undefined): StatementStatus {
  return status !== undefined && STATUSES.has(status) ? (status as StatementStatus) : 'STARTED';
}

async function readRows(client: RedshiftData, id: string): Promise<readonly Row[] | undefined> {
  const rows: Row[] = [];
  let token: string | undefined;
  try {
    do {
      const page = await client.send(new GetStatementResultCommand({ Id: id, ...(token ? { NextToken: token } : {}) }));
      const names = (page.ColumnMetadata ?? []).map(({ label, name }) => label ?? name ?? '');
      for (const record of page.Records ?? [])
        rows.push(Object.fromEntries(record.map((field, at) => [names[at] ?? '', valueOf(field)])));
      token = page.NextToken;
    } while (token !== undefined);
    return rows;
  } catch (error) {
    if (errorName(error) === UNKNOWN) return undefined;
    throw error;
  }
}

function valueOf(field: Field): string | number | boolean | null {
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}

async function list(
  client: RedshiftData,
  name: string,
  status: StatementStatus | undefined,
): Promise<readonly ListedStatement[]> {
  const found: ListedStatement[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListStatementsCommand({
        StatementName: name,
        Status: status ?? 'ALL',
        RoleLevel: true,
        MaxResults: 100,
        ...(token ? { NextToken: token } : {}),
      }),
    );
    for (const { Id, StatementName = '', Status, CreatedAt } of page.Statements ?? [])
      if (Id !== undefined && StatementName.startsWith(name))
        found.push({ id: Id, name: StatementName, status: statusOf(Status), createdAt: CreatedAt?.getTime() ?? 0 });
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}
