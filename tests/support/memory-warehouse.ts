import type {
  ListedStatement,
  Row,
  StatementDescription,
  StatementStatus,
  Warehouse,
} from '../../src/statement/warehouse.ts';

interface Submitted {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly sqls: readonly string[];
  description: StatementDescription;
}

/** A warehouse whose statements end as a test says, with the Data API's tokens and names. */
export class MemoryWarehouse implements Warehouse {
  readonly submitted: Submitted[] = [];
  readonly cancelled: string[] = [];
  readonly results = new Map<string, readonly Row[]>();
  /** What the ledger answers, by unit. */
  readonly ledger = new Map<string, number | null>();
  readonly loadErrors: Row[] = [];
  /** What the ledger answers to who asks what others have written since. */
  readonly overtaken: Row[] = [];
  readonly now: () => number;
  tokensAreKept = true;

  constructor(now: () => number) {
    this.now = now;
  }

  async submit(batch: {
    readonly sqls: readonly string[];
    readonly name: string;
    readonly token: string;
  }): Promise<string> {
    const earlier = this.submitted.find(({ token }) => this.tokensAreKept && token === batch.token);
    if (earlier) return earlier.id;
    const id = `statement-${this.submitted.length + 1}`;
    this.submitted.push({ ...batch, id, description: this.#described('STARTED', batch.sqls, id) });
    return id;
  }

  async query(sql: string): Promise<string> {
    const id = `query-${sql}`;
    if (sql.includes('stl_load_errors')) this.results.set(id, this.loadErrors);
    else if (sql.includes('sluice.ledger mine')) this.results.set(id, this.overtaken);
    else {
      const asked = /unit_id = '([^']*)'/.exec(sql)?.[1];
      const found = [...this.ledger].filter(([unit]) => asked === undefined || unit === asked);
      this.results.set(
        id,
        found.map(([unit, rows]) => ({ unit_id: unit, rows, done_at: '2026-01-01 00:00:00' })),
      );
    }
    return id;
  }

  async describe(id: string, _waitSeconds: number): Promise<StatementDescription | undefined> {
    if (id.startsWith('query-')) return this.#described('FINISHED', [], id);
    return this.submitted.find((statement) => statement.id === id)?.description;
  }

  async rows(id: string): Promise<readonly Row[] | undefined> {
    return this.results.get(id);
  }

  async list(name: string, status?: StatementStatus): Promise<readonly ListedStatement[]> {
    return this.submitted
      .filter((statement) => statement.name.startsWith(name))
      .map(({ id, name: whole, description }) => ({
        id,
        name: whole,
        status: description.status,
        createdAt: description.createdAt,
      }))
      .filter((listed) => status === undefined || listed.status === status);
  }

  async cancel(id: string): Promise<void> {
    this.cancelled.push(id);
  }

  /** As after 24 hours. */
  forget(id: string): void {
    this.submitted.splice(0, this.submitted.length, ...this.submitted.filter((one) => one.id !== id));
  }

  /** Ends a statement: all its parts finished, or the `failedAt`th failed. */
  end(id: string, status: StatementStatus, failedAt?: number, error = 'ERROR: division by zero'): void {
    const statement = this.submitted.find((one) => one.id === id);
    if (!statement) throw new Error(`there is no ${id}`);
    const description = this.#described(status, statement.sqls, id);
    statement.description = {
      ...description,
      ...(status === 'FAILED' ? { error } : {}),
      subStatements: description.subStatements.map((sub, at) =>
        failedAt === undefined
          ? sub
          : at < failedAt
            ? { ...sub, status: 'FINISHED' }
            : at === failedAt
              ? { ...sub, status: 'FAILED', error, queryId: 77 }
              : { ...sub, status: 'ABORTED' },
      ),
    };
  }

  #described(status: StatementStatus, sqls: readonly string[], id: string): StatementDescription {
    return {
      status,
      createdAt: this.now(),
      updatedAt: this.now(),
      durationMs: 10,
      pid: 1,
      subStatements: sqls.map((_sql, at) => ({
        id: `${id}:${at + 1}`,
        status: status === 'FAILED' ? 'SUBMITTED' : status,
        hasResultSet: this.results.has(`${id}:${at + 1}`),
      })),
    };
  }
}
