/** https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_DescribeStatement.html */
export type StatementStatus = 'SUBMITTED' | 'PICKED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';

export function isLive(status: StatementStatus): boolean {
  return status === 'SUBMITTED' || status === 'PICKED' || status === 'STARTED';
}

/** One statement of a batch, in order. */
export interface SubStatement {
  readonly id: string;
  readonly status: StatementStatus;
  readonly error?: string;
  readonly hasResultSet: boolean;
  readonly queryId?: number;
}

export interface StatementDescription {
  readonly status: StatementStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Time on the cluster. */
  readonly durationMs: number;
  readonly error?: string;
  readonly pid?: number;
  readonly queryId?: number;
  readonly subStatements: readonly SubStatement[];
}

export interface ListedStatement {
  readonly id: string;
  readonly name: string;
  readonly status: StatementStatus;
  readonly createdAt: number;
}

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** The warehouse, as the Data API shows it. */
export interface Warehouse {
  /** One transaction. The same token twice is one submission, for eight hours. */
  submit(batch: { readonly sqls: readonly string[]; readonly name: string; readonly token: string }): Promise<string>;
  /** One statement that returns rows. */
  query(sql: string, name: string): Promise<string>;
  /** Waits up to `waitSeconds` for its end. Undefined when the Data API does not know the statement (any more). */
  describe(id: string, waitSeconds: number): Promise<StatementDescription | undefined>;
  /** All rows of a result; undefined when it is not kept any more. */
  rows(id: string): Promise<readonly Row[] | undefined>;
  /** Statements whose name starts with `name`; with one status, or all of the last 24 hours. */
  list(name: string, status?: StatementStatus): Promise<readonly ListedStatement[]>;
  /** Cancelling what has ended is no failure. */
  cancel(id: string): Promise<void>;
}
