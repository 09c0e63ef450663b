import { createHash } from 'node:crypto';
import type {
  BatchExecuteStatementInput,
  BatchExecuteStatementOutput,
  ExecuteStatementInput,
} from '@aws-sdk/client-redshift-data';
import { AwsError, type Caller, type Cloud } from '../kernel/index.ts';
import { splitStatements } from '../redshift/dialect/split-statements.ts';
import { authenticate, reachable, warehouseFilter, type Target, type Warehouses } from './authenticate.ts';
import type { Completions } from './completion.ts';
import {
  LONGEST_CLIENT_TOKEN,
  LONGEST_KEEP_ALIVE_SECONDS,
  LONGEST_STATEMENT_BYTES,
  LONGEST_STATEMENT_NAME,
  LONGEST_WAIT_SECONDS,
  MOST_ACTIVE_STATEMENTS,
  MOST_BATCH_STATEMENTS,
} from './limits.ts';
import { checkParameters } from './parameters.ts';
import type { Runner } from './runner.ts';
import type { SessionRecord, Sessions } from './sessions.ts';
import { isFinal, isWarehouse, namedWarehouse, type RunRecord, type StatementRecord } from './statement-record.ts';
import type { StatementStore } from './statement-store.ts';
import { oneOf, validation, within } from './validation.ts';

export interface SubmitParts {
  readonly cloud: Cloud;
  readonly warehouses: Warehouses;
  readonly store: StatementStore;
  readonly sessions: Sessions;
  readonly completions: Completions;
  readonly runner: Runner;
}

type Submission = Omit<ExecuteStatementInput, 'Sql'> & Partial<Pick<BatchExecuteStatementInput, 'ExecutionMode'>>;

/** ExecuteStatement and BatchExecuteStatement: everything AWS refuses is refused here, before anything is recorded. */
export async function submit(
  parts: SubmitParts,
  input: Submission,
  statements: readonly string[],
  batch: boolean,
  caller: Caller,
): Promise<BatchExecuteStatementOutput> {
  const { cloud, warehouses, store, sessions, runner, completions } = parts;
  store.expire();
  checkInput(input, statements, batch);
  const request = createHash('sha256')
    .update(JSON.stringify([batch, statements, input]))
    .digest('hex');
  const earlier = repeated(store, input.ClientToken, request, caller);
  if (earlier) return answer(earlier);

  const session = input.SessionId === undefined ? undefined : openSession(parts, input, caller);
  const target: Target = session
    ? { ...session, warehouse: reachable(warehouses, session.warehouse.name) }
    : await authenticate(cloud, warehouses, input, caller);
  // Authentication took its time: the same request may have come twice meanwhile.
  const meanwhile = repeated(store, input.ClientToken, request, caller);
  if (meanwhile) return answer(meanwhile);
  if (runner.active(target.warehouse.key) >= MOST_ACTIVE_STATEMENTS)
    throw new AwsError(
      'ActiveStatementsExceededException',
      `The number of active statements exceeds the limit of ${MOST_ACTIVE_STATEMENTS}.`,
    );

  const kept = session ?? keptSession(sessions, input.SessionKeepAliveSeconds, target, caller);
  const record = store.put(newRecord(cloud, input, statements, batch, target, kept, caller));
  if (kept) sessions.use(kept.id, record.id, input.SessionKeepAliveSeconds);
  if (input.ClientToken !== undefined) store.remember(caller.principalArn, input.ClientToken, request, record.id);
  runner.start(record, target);
  if (input.WaitTimeSeconds) await completions.wait(record.id, input.WaitTimeSeconds);
  return answer(store.get(record.id) ?? record);
}

function checkInput(input: Submission, statements: readonly string[], batch: boolean): void {
  if (batch && (statements.length === 0 || statements.length > MOST_BATCH_STATEMENTS))
    throw validation(`Sqls must have at least 1 and at most ${MOST_BATCH_STATEMENTS} items, not ${statements.length}.`);
  for (const sql of statements) {
    const bytes = Buffer.byteLength(sql);
    if (bytes > LONGEST_STATEMENT_BYTES)
      throw validation(`The statement text of ${bytes} bytes exceeds the limit of ${LONGEST_STATEMENT_BYTES} bytes.`);
    const count = splitStatements(sql).length;
    if (count === 0) throw validation('SQL statement cannot be empty.');
    if (count > 1)
      throw validation(
        'Multiple statements in one string are not supported: use BatchExecuteStatement with one statement an item.',
      );
  }
  const length = (name: string, text: string | undefined, least: number, most: number): void => {
    if (text !== undefined && (text.length < least || text.length > most))
      throw validation(`${name} must be between ${least} and ${most} characters long.`);
  };
  length('StatementName', input.StatementName, 0, LONGEST_STATEMENT_NAME);
  length('ClientToken', input.ClientToken, 1, LONGEST_CLIENT_TOKEN);
  within('SessionKeepAliveSeconds', input.SessionKeepAliveSeconds, 0, LONGEST_KEEP_ALIVE_SECONDS);
  within('WaitTimeSeconds', input.WaitTimeSeconds, 0, LONGEST_WAIT_SECONDS);
  oneOf('resultFormat', input.ResultFormat, ['JSON', 'CSV']);
  oneOf('executionMode', input.ExecutionMode, ['TRANSACTION', 'AUTO_COMMIT']);
  checkParameters(input.Parameters, statements);
}

/** The statement a request with the same token has made already. */
function repeated(
  store: StatementStore,
  token: string | undefined,
  request: string,
  caller: Caller,
): StatementRecord | undefined {
  const known = token === undefined ? undefined : store.byToken(caller.principalArn, token);
  if (!known) return undefined;
  if (known.request !== request) throw validation('The ClientToken was already used with another request.');
  return store.get(known.statement);
}

function openSession({ sessions, warehouses }: SubmitParts, input: Submission, caller: Caller): SessionRecord {
  const session = sessions.idle(input.SessionId ?? '', caller);
  if (!isWarehouse(session.warehouse, warehouseFilter(input, warehouses.workgroups)))
    throw validation('ClusterIdentifier or WorkgroupName does not match the session.');
  if (input.Database !== undefined && input.Database !== session.database)
    throw validation('Database does not match the session.');
  if (input.SecretArn !== undefined || input.DbUser !== undefined)
    throw validation('SecretArn and DbUser cannot be specified with SessionId.');
  return session;
}

function keptSession(
  sessions: Sessions,
  keepAliveSeconds: number | undefined,
  { warehouse, database, user }: Target,
  caller: Caller,
): SessionRecord | undefined {
  if (keepAliveSeconds === undefined) return undefined;
  return sessions.create({
    principal: caller.principalArn,
    callerSession: caller.session,
    warehouse: namedWarehouse(warehouse),
    database,
    user,
    keepAliveSeconds,
  });
}

function newRecord(
  cloud: Cloud,
  input: Submission,
  statements: readonly string[],
  batch: boolean,
  { warehouse, database, user }: Target,
  session: SessionRecord | undefined,
  caller: Caller,
): StatementRecord {
  const now = cloud.clock.now();
  const run = (sql: string): RunRecord => ({
    status: 'SUBMITTED',
    sql,
    createdAt: now,
    updatedAt: now,
    hasResultSet: false,
    rows: -1,
    bytes: -1,
    queryId: 0,
  });
  return {
    id: cloud.ids.uuid(),
    batch,
    runs: statements.map(run),
    status: 'SUBMITTED',
    createdAt: now,
    updatedAt: now,
    principal: caller.principalArn,
    callerSession: caller.session,
    ...(input.StatementName !== undefined && { name: input.StatementName }),
    warehouse: namedWarehouse(warehouse),
    database,
    user,
    ...(input.SecretArn !== undefined && { secretArn: input.SecretArn }),
    ...(input.SecretArn === undefined && { dbUser: user }),
    ...(input.Parameters && { parameters: input.Parameters }),
    resultFormat: input.ResultFormat ?? 'JSON',
    executionMode: input.ExecutionMode ?? 'TRANSACTION',
    withEvent: input.WithEvent ?? false,
    ...(session && { sessionId: session.id }),
  };
}

function answer(record: StatementRecord): BatchExecuteStatementOutput {
  return {
    Id: record.id,
    CreatedAt: new Date(record.createdAt),
    ...record.warehouse.name,
    Database: record.database,
    ...(record.dbUser !== undefined && { DbUser: record.dbUser }),
    ...(record.secretArn !== undefined && { SecretArn: record.secretArn }),
    ...(record.sessionId !== undefined && { SessionId: record.sessionId }),
    Status: record.status,
    RedshiftPid: record.pid ?? 0,
    HasResultSet: isFinal(record) && record.runs.some(({ hasResultSet }) => hasResultSet),
  };
}
