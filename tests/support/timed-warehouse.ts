import { AwsError, type Call, type VirtualClock } from '../../local/kernel/index.ts';

/** Documented limits that a submission meets. https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html */
const MAX_STATEMENT_BYTES = 100_000;
const MAX_BATCH = 40;
const MAX_ACTIVE = 200;

/** A statement as it ran. */
export interface TimedStatement {
  readonly id: string;
  readonly name: string;
  readonly sqls: readonly string[];
  readonly submittedAt: number;
  /** Earlier than it would have been when it was cancelled. */
  endsAt: number;
  aborted: boolean;
}

export interface TimedWarehouse {
  /** Answers calls to the Data API; hands on all others. */
  readonly intercept: (call: Call, proceed: () => Promise<unknown>) => Promise<unknown>;
  readonly statements: ReadonlyMap<string, TimedStatement>;
  /** Bytes of the longest statement, and how many were on the cluster at once. */
  largestStatement(): number;
  mostActive(): number;
  /** Calls that were throttled. */
  throttled(): number;
}

/** Rows of a statement's result, by column. */
export type ResultOf = (
  sql: string,
  unit: string,
) => { readonly names: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] };

/**
 * Calls a second that are let through, by operation; more are throttled, as AWS does it. The figures are what users report for an account and a
 * region: not confirmed on a page of AWS.
 */
const RATES: Readonly<Record<string, number>> = {
  BatchExecuteStatement: 30,
  ExecuteStatement: 30,
  DescribeStatement: 100,
  GetStatementResult: 20,
};

type Input = Readonly<Record<string, unknown>>;

/**
 * The Data API without a warehouse: a statement takes the time `durationOf` gives for its unit, on the clock, and returns what `resultOf` says.
 * Long polls wait on the clock, too, so what is measured is the price of following statements, never that of running them.
 */
export function timedWarehouse(
  clock: VirtualClock,
  durationOf: (unit: string) => number,
  resultOf: ResultOf,
): TimedWarehouse {
  const byId = new Map<string, TimedStatement>();
  const byToken = new Map<string, TimedStatement>();
  const letThrough = new Map<string, number[]>();
  let throttled = 0;
  let active = 0;
  let mostActive = 0;
  let largest = 0;

  const throttle = (operation: string): void => {
    const recent = (letThrough.get(operation) ?? []).filter((at) => clock.now() - at < 1000);
    letThrough.set(operation, recent);
    if (recent.length >= (RATES[operation] ?? Number.POSITIVE_INFINITY)) {
      throttled++;
      throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
    }
    recent.push(clock.now());
  };
  const find = (id: unknown): { readonly statement: TimedStatement; readonly at: number } => {
    const [head = '', sub] = String(id).split(':');
    const statement = byId.get(head);
    if (!statement) throw new AwsError('ResourceNotFoundException', `Query does not exist: ${String(id)}`, 400);
    return { statement, at: Number(sub ?? 1) - 1 };
  };
  const submit = (name: string, sqls: readonly string[], token: string | undefined): TimedStatement => {
    const known = token === undefined ? undefined : byToken.get(token);
    if (known) return known;
    largest = Math.max(largest, ...sqls.map((sql) => Buffer.byteLength(sql)));
    if (sqls.length > MAX_BATCH || sqls.some((sql) => Buffer.byteLength(sql) > MAX_STATEMENT_BYTES))
      throw new AwsError('ValidationException', 'The batch passes a limit of the Data API.', 400);
    if (active >= MAX_ACTIVE)
      throw new AwsError(
        'ActiveStatementsExceededException',
        'Active statements exceeded the allowed quota (200).',
        400,
      );
    const submittedAt = clock.now();
    const duration = durationOf(name.split(':')[2] ?? '');
    const statement = {
      id: `00000000-0000-4000-8000-${String(byId.size).padStart(12, '0')}`,
      name,
      sqls,
      submittedAt,
      endsAt: submittedAt + duration,
      aborted: false,
    };
    byId.set(statement.id, statement);
    if (token !== undefined) byToken.set(token, statement);
    mostActive = Math.max(mostActive, ++active);
    void clock.sleep(duration).then(() => active--);
    return statement;
  };
  const statusOf = ({ endsAt, aborted }: TimedStatement): string =>
    aborted ? 'ABORTED' : clock.now() >= endsAt ? 'FINISHED' : 'STARTED';
  const describe = async (input: Input): Promise<unknown> => {
    const { statement } = find(input['Id']);
    const patienceMs = Number(input['WaitTimeSeconds'] ?? 0) * 1000;
    await clock.sleep(Math.max(0, Math.min(patienceMs, statement.endsAt - clock.now())));
    const Status = statusOf(statement);
    const ended = Status !== 'STARTED';
    return {
      Id: statement.id,
      Status,
      CreatedAt: new Date(statement.submittedAt),
      UpdatedAt: new Date(ended ? statement.endsAt : clock.now()),
      Duration: ended ? (statement.endsAt - statement.submittedAt) * 1_000_000 : -1,
      RedshiftPid: 1,
      RedshiftQueryId: 1,
      HasResultSet: false,
      SubStatements: statement.sqls.map((sql, at) => ({
        Id: `${statement.id}:${at + 1}`,
        Status,
        HasResultSet: Status === 'FINISHED' && /^select/i.test(sql),
        RedshiftQueryId: at + 1,
      })),
    };
  };
  const answer = (operation: string, input: Input): unknown => {
    const name = String(input['StatementName'] ?? '');
    switch (operation) {
      case 'BatchExecuteStatement':
        return { Id: submit(name, input['Sqls'] as string[], input['ClientToken'] as string | undefined).id };
      case 'ExecuteStatement':
        return { Id: submit(name, [String(input['Sql'])], undefined).id };
      case 'DescribeStatement':
        return describe(input);
      case 'GetStatementResult': {
        const { statement, at } = find(input['Id']);
        const { names, rows } = resultOf(statement.sqls[at] ?? '', statement.name.split(':')[2] ?? '');
        return {
          ColumnMetadata: names.map((label) => ({ name: label, label })),
          Records: rows.map((row) =>
            row.map((value) => (typeof value === 'number' ? { longValue: value } : { stringValue: value })),
          ),
          TotalNumRows: rows.length,
        };
      }
      case 'CancelStatement': {
        const { statement } = find(input['Id']);
        if (statusOf(statement) !== 'STARTED')
          throw new AwsError('ValidationException', 'Could not cancel a query that is already in FINISHED state.', 400);
        Object.assign(statement, { aborted: true, endsAt: clock.now() });
        return { Status: true };
      }
      case 'ListStatements':
        return {
          Statements: [...byId.values()]
            .filter(
              (statement) =>
                statement.name.startsWith(name) &&
                (input['Status'] === 'ALL' || input['Status'] === statusOf(statement)),
            )
            .map((statement) => ({
              Id: statement.id,
              StatementName: statement.name,
              Status: statusOf(statement),
              CreatedAt: new Date(statement.submittedAt),
            })),
        };
      default:
        throw new AwsError('ValidationException', `${operation} is not there without a warehouse.`, 400);
    }
  };
  return {
    intercept: async (call, proceed) => {
      if (call.context.service !== 'redshift-data') return proceed();
      throttle(call.context.operation);
      return answer(call.context.operation, call.input as Input);
    },
    statements: byId,
    largestStatement: () => largest,
    mostActive: () => mostActive,
    throttled: () => throttled,
  };
}
