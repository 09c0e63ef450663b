import type * as api from '@aws-sdk/client-redshift-data';
import { AwsError, required, withReadyJson, type CallContext, type Caller, type Operations } from '../kernel/index.ts';
import { onlyOne, warehouseFilter } from './authenticate.ts';
import { csvHeader, csvRecords } from './csv-records.ts';
import { LONGEST_WAIT_SECONDS } from './limits.ts';
import { newestFirst } from './newest-first.ts';
import { inlinePage, pageRows, readPage } from './result-file.ts';
import {
  describeStatement,
  describeSubStatement,
  isFinal,
  isWarehouse,
  listed,
  STATEMENT_STATUSES,
  type RunRecord,
  type StatementRecord,
} from './statement-record.ts';
import { submit, type SubmitParts } from './submit.ts';
import { oneOf, pageOffset, pageToken, statementId, validation, within, type StatementId } from './validation.ts';

/** Operations on statements. Only the principal that submitted a statement sees it; to others it does not exist. */
export function statementOperations(parts: SubmitParts): Operations {
  const { store, runner, completions, warehouses } = parts;

  const own = (
    text: string | undefined,
    caller: Caller,
  ): { readonly key: StatementId; readonly record: StatementRecord } => {
    const key = statementId(required(text, 'id'));
    const record = store.get(key.id);
    if (
      !record ||
      record.principal !== caller.principalArn ||
      // Only the statements of a batch have numbers.
      (key.number !== undefined && !(record.batch && record.runs[key.number - 1]))
    )
      throw new AwsError('ResourceNotFoundException', 'Query does not exist.', 400, {
        Message: 'Query does not exist.',
        ResourceId: text ?? '',
      });
    return { key, record };
  };
  /** The statement, after waiting for its end if the request asks for that. */
  const awaited = async (
    input: { readonly Id: string | undefined; readonly WaitTimeSeconds?: number | undefined },
    caller: Caller,
  ): Promise<ReturnType<typeof own>> => {
    const found = own(input.Id, caller);
    const seconds = within('WaitTimeSeconds', input.WaitTimeSeconds, 0, LONGEST_WAIT_SECONDS);
    if (!seconds || isFinal(found.record)) return found;
    await completions.wait(found.record.id, seconds);
    return own(input.Id, caller);
  };

  const resultPage = async (
    input: api.GetStatementResultRequest,
    format: 'JSON' | 'CSV',
    caller: Caller,
  ): Promise<{
    readonly run: RunRecord;
    /** A list of rows. */
    readonly json: string;
    readonly NextToken?: string;
  }> => {
    const { key, record } = await awaited(input, caller);
    // In AWS's words: https://github.com/apache/airflow/issues/40427
    if (record.batch && key.number === undefined)
      throw validation('BatchExecuteStatement result can only be retrieved with sub-statement id.');
    const number = key.number ?? 1;
    const run = record.runs[number - 1];
    if (!run || run.status !== 'FINISHED' || !run.hasResultSet)
      throw new AwsError(
        'ResourceNotFoundException',
        'Query does not have result. Please check query status with DescribeStatement.',
        400,
        {
          Message: 'Query does not have result. Please check query status with DescribeStatement.',
          ResourceId: input.Id ?? '',
        },
      );
    if (record.resultFormat !== format)
      throw validation(
        format === 'JSON'
          ? 'The statement was run with ResultFormat CSV: fetch its result with GetStatementResultV2.'
          : 'The statement was run with ResultFormat JSON: fetch its result with GetStatementResult.',
      );
    const what = `${record.id}:${number}`;
    const offset = pageOffset(what, input.NextToken);
    const { json, next } =
      run.inline === undefined ? readPage(store.resultFile(record.id, number), offset) : inlinePage(run.inline);
    return { run, json, ...(next !== undefined && { NextToken: pageToken(what, next) }) };
  };

  return {
    ExecuteStatement: async (input: api.ExecuteStatementInput, { caller }: CallContext) => {
      const { Sql: sql, ...rest } = input;
      return submit(parts, rest, [required(sql, 'sql')], false, caller);
    },
    BatchExecuteStatement: async (input: api.BatchExecuteStatementInput, { caller }: CallContext) => {
      const { Sqls: sqls, ...rest } = input;
      return submit(parts, rest, required(sqls, 'sqls'), true, caller);
    },
    DescribeStatement: async (input: api.DescribeStatementRequest, { caller }: CallContext) => {
      const { key, record } = await awaited(input, caller);
      return key.number === undefined ? describeStatement(record) : describeSubStatement(record, key.number - 1);
    },
    GetStatementResult: async (
      input: api.GetStatementResultRequest,
      { caller }: CallContext,
    ): Promise<api.GetStatementResultResponse> => {
      const { run, json, ...next } = await resultPage(input, 'JSON', caller);
      const rest = {
        ColumnMetadata: (run.columns ?? []).map((column) => ({ ...column })),
        TotalNumRows: run.rows,
        ...next,
      };
      return withReadyJson(rest, 'Records', json, pageRows);
    },
    GetStatementResultV2: async (
      input: api.GetStatementResultV2Request,
      { caller }: CallContext,
    ): Promise<api.GetStatementResultV2Response> => {
      const { run, json, ...next } = await resultPage(input, 'CSV', caller);
      const header = input.NextToken ? '' : csvHeader((run.columns ?? []).map(({ name }) => name ?? ''));
      return {
        Records: [{ CSVRecords: header + csvRecords(pageRows(json)) }],
        ColumnMetadata: (run.columns ?? []).map((column) => ({ ...column })),
        TotalNumRows: run.rows,
        ResultFormat: 'CSV',
        ...next,
      };
    },
    CancelStatement: async (input: api.CancelStatementRequest, { caller }: CallContext) => {
      const { record } = own(input.Id, caller);
      if (isFinal(record))
        throw validation(`Could not cancel a query that is already in ${record.status} state with ID: ${record.id}`);
      await runner.cancel(record.id);
      return { Status: true };
    },
    ListStatements: (input: api.ListStatementsRequest, { caller }: CallContext): api.ListStatementsResponse => {
      onlyOne(input, 'ClusterIdentifier', 'WorkgroupName');
      const filter = warehouseFilter(input, warehouses.workgroups);
      const status = input.Status ?? 'FINISHED';
      oneOf('status', status, ['ALL', ...STATEMENT_STATUSES]);
      const mine = store
        .list()
        .filter(
          (record) =>
            record.principal === caller.principalArn &&
            (input.RoleLevel !== false || record.callerSession === caller.session) &&
            (status === 'ALL' || record.status === status) &&
            (input.StatementName === undefined || (record.name ?? '').startsWith(input.StatementName)) &&
            isWarehouse(record.warehouse, filter) &&
            (input.Database === undefined || record.database === input.Database),
        );
      const { items, ...next } = newestFirst('statements', mine, input);
      return { Statements: items.map(listed), ...next };
    },
  };
}
