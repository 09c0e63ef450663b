import type {
  ColumnMetadata,
  DescribeStatementResponse,
  SqlParameter,
  StatementData,
  StatementStatusString,
  SubStatementData,
} from '@aws-sdk/client-redshift-data';

import type { ReachableWarehouse } from '../redshift/clusters/cluster-access.ts';

export type StatementStatus = StatementStatusString;

/** What is known of one SQL statement's run: a whole statement, or one of a batch. */
export interface RunRecord {
  readonly status: StatementStatus;
  readonly sql: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Milliseconds since the epoch; absent until it starts. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly error?: string;
  readonly hasResultSet: boolean;
  /** Rows returned or changed; -1 where there is no such number. */
  readonly rows: number;
  /** Bytes of the result; -1 where there is none. */
  readonly bytes: number;
  readonly queryId: number;
  readonly columns?: readonly ColumnMetadata[];
  /** The result's rows, where they are few, as its file would hold them. */
  readonly inline?: string;
}

/** The cluster or the workgroup a statement or a session was meant for. */
export type NamedWarehouse = Pick<ReachableWarehouse, 'key' | 'name' | 'arn'>;

export function namedWarehouse({ key, name, arn }: ReachableWarehouse): NamedWarehouse {
  return { key, name, arn };
}

/** Whether it is the one a filter asks for, or there is no filter. */
export function isWarehouse(
  { name }: NamedWarehouse,
  filter: { readonly ClusterIdentifier?: string | undefined; readonly WorkgroupName?: string | undefined },
): boolean {
  if (filter.WorkgroupName !== undefined) return 'WorkgroupName' in name && name.WorkgroupName === filter.WorkgroupName;
  if (filter.ClusterIdentifier === undefined) return true;
  return 'ClusterIdentifier' in name && name.ClusterIdentifier === filter.ClusterIdentifier;
}

/** A submitted statement or batch. */
export interface StatementRecord {
  readonly id: string;
  readonly batch: boolean;
  /** One for a single statement. */
  readonly runs: readonly RunRecord[];
  readonly status: StatementStatus;
  readonly error?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly principal: string;
  /** The caller's session within its role, for RoleLevel. */
  readonly callerSession?: string | undefined;
  readonly name?: string;
  readonly warehouse: NamedWarehouse;
  readonly database: string;
  readonly user: string;
  readonly secretArn?: string;
  readonly dbUser?: string;
  readonly parameters?: readonly SqlParameter[];
  readonly resultFormat: 'JSON' | 'CSV';
  readonly executionMode: 'TRANSACTION' | 'AUTO_COMMIT';
  readonly withEvent: boolean;
  readonly sessionId?: string;
  readonly pid?: number;
}

export const STATEMENT_STATUSES: readonly StatementStatus[] = [
  'SUBMITTED',
  'PICKED',
  'STARTED',
  'FINISHED',
  'ABORTED',
  'FAILED',
];

const FINAL: ReadonlySet<string> = new Set(['FINISHED', 'FAILED', 'ABORTED']);

export function isFinal({ status }: { readonly status: StatementStatus }): boolean {
  return FINAL.has(status);
}

const NS_PER_MS = 1_000_000;

/** Time from start to end in nanoseconds; -1 for what has not finished, or never will. */
function duration({ status, startedAt, endedAt }: RunRecord): number {
  return status !== 'FINISHED' || startedAt === undefined || endedAt === undefined
    ? -1
    : (endedAt - startedAt) * NS_PER_MS;
}

/** Redshift's number of the query: AWS learns it when the query has finished, and shows 0 until then. */
function queryNumber({ status, queryId }: RunRecord): number {
  return status === 'FINISHED' ? queryId : 0;
}

/** Of a statement; a batch has none of its own. */
export function redshiftQueryId({ batch, runs }: StatementRecord): number {
  const [only] = runs;
  return batch || !only ? 0 : queryNumber(only);
}

/** Rows of all runs that count any; -1 where none does. */
export function resultRows({ runs }: StatementRecord): number {
  return total(runs.map(({ rows }) => rows));
}

/** A sum without the -1 of what has no number. */
function total(values: readonly number[]): number {
  const counted = values.filter((value) => value >= 0);
  return counted.length === 0 ? -1 : counted.reduce((sum, value) => sum + value, 0);
}

export function describeStatement(record: StatementRecord): DescribeStatementResponse {
  const { runs } = record;
  return {
    Id: record.id,
    Status: record.status,
    CreatedAt: new Date(record.createdAt),
    UpdatedAt: new Date(record.updatedAt),
    ...record.warehouse.name,
    Database: record.database,
    ...(record.dbUser !== undefined && { DbUser: record.dbUser }),
    ...(record.secretArn !== undefined && { SecretArn: record.secretArn }),
    Duration: record.status === 'FINISHED' ? total(runs.map(duration)) : -1,
    ...(record.error !== undefined && { Error: record.error }),
    HasResultSet: runs.some(({ hasResultSet }) => hasResultSet),
    ...(record.batch
      ? { SubStatements: runs.map((run, index) => describeRun(`${record.id}:${index + 1}`, run)) }
      : { QueryString: runs[0]?.sql }),
    ResultRows: resultRows(record),
    ResultSize: total(runs.map(({ bytes }) => bytes)),
    RedshiftPid: record.pid ?? 0,
    RedshiftQueryId: redshiftQueryId(record),
    ...(record.parameters && { QueryParameters: [...record.parameters] }),
    ResultFormat: record.resultFormat,
    ...(record.sessionId !== undefined && { SessionId: record.sessionId }),
    ...(record.batch && { ExecutionMode: record.executionMode }),
  };
}

function describeRun(id: string, run: RunRecord): SubStatementData {
  return {
    Id: id,
    Status: run.status,
    CreatedAt: new Date(run.createdAt),
    UpdatedAt: new Date(run.updatedAt),
    Duration: duration(run),
    ...(run.error !== undefined && { Error: run.error }),
    HasResultSet: run.hasResultSet,
    QueryString: run.sql,
    ResultRows: run.rows,
    ResultSize: run.bytes,
    RedshiftQueryId: queryNumber(run),
  };
}

/** One of a batch, described by its own id. */
export function describeSubStatement(record: StatementRecord, index: number): DescribeStatementResponse | undefined {
  const run = record.runs[index];
  if (!record.batch || !run) return undefined;
  const { SubStatements: _all, ResultRows: _rows, ...whole } = describeStatement(record);
  return { ...whole, Error: undefined, ...describeRun(`${record.id}:${index + 1}`, run) };
}

export function listed(record: StatementRecord): StatementData {
  return {
    Id: record.id,
    ...(record.batch ? { QueryStrings: record.runs.map(({ sql }) => sql) } : { QueryString: record.runs[0]?.sql }),
    ...(record.secretArn !== undefined && { SecretArn: record.secretArn }),
    Status: record.status,
    ...(record.name !== undefined && { StatementName: record.name }),
    CreatedAt: new Date(record.createdAt),
    UpdatedAt: new Date(record.updatedAt),
    ...(record.parameters && { QueryParameters: [...record.parameters] }),
    IsBatchStatement: record.batch,
    ResultFormat: record.resultFormat,
    ...(record.sessionId !== undefined && { SessionId: record.sessionId }),
  };
}
