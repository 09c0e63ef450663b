import { held, type Cloud } from '../kernel/index.ts';
import type { Session } from '../redshift/engine/session.ts';
import type { Target } from './authenticate.ts';
import type { ClusterAccess } from '../redshift/clusters/cluster-access.ts';
import type { Completions } from './completion.ts';
import { emitStatusChange } from './events.ts';
import { LONGEST_RUN_MS } from './limits.ts';
import { bindParameters } from './parameters.ts';
import type { Sessions } from './sessions.ts';
import { isFinal, type RunRecord, type StatementRecord } from './statement-record.ts';
import type { StatementStore } from './statement-store.ts';
import { errorText, Stopped } from './stopped.ts';
import { splitStatements } from '../redshift/dialect/split-statements.ts';
import { withOrigin, withText } from './column-types.ts';
import { writeResult, type WrittenResult } from './write-result.ts';

export interface RunnerParts {
  readonly cloud: Cloud;
  readonly access: Pick<ClusterAccess, 'turns' | 'nextQueryId'>;
  readonly store: StatementStore;
  readonly sessions: Sessions;
  readonly completions: Completions;
  /** Milliseconds of the cloud's clock a statement takes beside its real work: for simulations. */
  readonly latency: (sql: string) => number;
}

interface Active {
  /** The warehouse's key. */
  readonly key: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Runs submitted statements, each on its own, as many at a time as there are turns. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #active = new Map<string, Active>();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    for (const record of parts.store.list())
      if (!isFinal(record))
        this.#end(record, new Stopped('FAILED', 'The cluster was restarted while the statement ran.'));
  }

  /** Statements of a warehouse that have not ended. */
  active(key: string): number {
    return [...this.#active.values()].filter((active) => active.key === key).length;
  }

  start(record: StatementRecord, target: Target): void {
    const stop = new AbortController();
    const done = this.#run(record, target, stop)
      .catch((error: unknown) => this.#parts.cloud.fault(error, `redshift-data: statement ${record.id}`))
      .finally(() => {
        this.#active.delete(record.id);
        this.#parts.completions.ended(record.id);
      });
    this.#active.set(record.id, { key: record.warehouse.key, stop, done });
  }

  /** Stops a statement; resolves when it has ended. */
  async cancel(id: string): Promise<void> {
    const active = this.#active.get(id);
    active?.stop.abort(new Stopped('ABORTED', undefined));
    await active?.done;
  }

  /** Stops what runs on a warehouse that goes away. */
  async lose(key: string): Promise<void> {
    const lost = [...this.#active.values()].filter((active) => active.key === key);
    for (const { stop } of lost) stop.abort(new Stopped('FAILED', 'The connection to the cluster was lost.'));
    await Promise.all(lost.map(({ done }) => done));
  }

  async close(): Promise<void> {
    const all = [...this.#active.values()];
    for (const { stop } of all) stop.abort(new Stopped('FAILED', 'The cluster was restarted while the statement ran.'));
    await Promise.all(all.map(({ done }) => done));
  }

  async #run(submitted: StatementRecord, target: Target, stop: AbortController): Promise<void> {
    const { cloud, sessions } = this.#parts;
    const { signal } = stop;
    const limit = new AbortController();
    cloud.clock
      .sleep(LONGEST_RUN_MS, limit.signal)
      .then(() => stop.abort(new Stopped('FAILED', 'The statement exceeded the maximum run time of 24 hours.')))
      .catch(() => undefined);
    let record = submitted;
    let session: Session | undefined;
    try {
      if (target.refusal !== undefined) throw new Stopped('FAILED', target.refusal);
      const connected = await this.#connect(record, target);
      session = connected;
      signal.throwIfAborted();
      record = this.#save({ ...record, status: 'PICKED', pid: connected.pid });
      record =
        record.batch && record.executionMode === 'TRANSACTION'
          ? await this.#transaction(record, connected, signal)
          : await this.#oneByOne(record, connected, signal);
      const failed = record.runs.findIndex(({ status }) => status === 'FAILED');
      this.#finish(
        failed < 0
          ? { ...record, status: 'FINISHED' }
          : { ...record, status: 'FAILED', error: batchError(record, failed) },
      );
    } catch (error) {
      this.#end(this.#parts.store.get(record.id) ?? record, signal.aborted ? signal.reason : error);
    } finally {
      limit.abort(ENDED);
      if (record.sessionId !== undefined) {
        if (session) sessions.rest(record.sessionId);
        else sessions.end(record.sessionId);
      } else await session?.close();
    }
  }

  #connect(record: StatementRecord, { warehouse }: Target): Promise<Session> {
    const { cloud, sessions } = this.#parts;
    const connect = (): Promise<Session> =>
      held(cloud.clock, warehouse.connect(record.database, record.user)).catch((error: unknown) => {
        throw new Stopped('FAILED', `FATAL: ${(error as Error).message}`);
      });
    return record.sessionId === undefined ? connect() : sessions.connection(record.sessionId, connect);
  }

  /** All statements or none: their tables are locked beforehand, so no conflict can come up on the way. */
  async #transaction(submitted: StatementRecord, session: Session, signal: AbortSignal): Promise<StatementRecord> {
    const { clock } = this.#parts.cloud;
    let record = submitted;
    await session.lockFor(boundSql(record), signal);
    return this.#inTurn(signal, async (outOfTurn) => {
      try {
        for (const index of record.runs.keys()) {
          session.begin();
          record = await this.#statement(record, index, session, { signal, outOfTurn });
          if (record.runs[index]?.status === 'FAILED') break;
        }
        const failed = record.runs.some(({ status }) => status === 'FAILED');
        await held(clock, failed ? session.rollback() : session.commit());
        return this.#save({ ...record, runs: record.runs.map((run) => (isFinal(run) ? run : aborted(run))) });
      } catch (error) {
        await held(clock, session.rollback());
        throw error;
      }
    });
  }

  /** A single statement, or a batch whose statements commit on their own. */
  async #oneByOne(submitted: StatementRecord, session: Session, signal: AbortSignal): Promise<StatementRecord> {
    let record = submitted;
    const statements = boundSql(record);
    for (const index of record.runs.keys()) {
      await session.lockFor(statements.slice(index, index + 1), signal);
      record = await this.#inTurn(signal, (outOfTurn) =>
        this.#statement(record, index, session, { signal, outOfTurn }),
      );
    }
    return record;
  }

  async #inTurn<T>(signal: AbortSignal, work: (outOfTurn: OutOfTurn) => Promise<T>): Promise<T> {
    const { turns } = this.#parts.access;
    let giveBack = await turns.take(signal);
    try {
      return await work(async (wait) => {
        giveBack();
        await wait();
        giveBack = await turns.take(signal);
      });
    } finally {
      giveBack();
    }
  }

  /** Runs one statement and records how it went. A failure of the SQL is part of the record; being stopped is thrown. */
  async #statement(
    before: StatementRecord,
    index: number,
    session: Session,
    { signal, outOfTurn }: { readonly signal: AbortSignal; readonly outOfTurn: OutOfTurn },
  ): Promise<StatementRecord> {
    const { cloud, access, store, latency } = this.#parts;
    const run = before.runs[index];
    if (!run) return before;
    const bound = bindParameters(run.sql, before.parameters ?? []);
    // Without its semicolon and what surrounds it.
    const [sql = ''] = splitStatements(bound.sql);
    const skipped = bound.sql.indexOf(sql);
    const queryId = access.nextQueryId();
    const startedAt = cloud.clock.now();
    const record = this.#save(
      withRun({ ...before, status: 'STARTED' }, index, {
        ...run,
        status: 'STARTED',
        startedAt,
        updatedAt: startedAt,
        queryId,
      }),
    );
    let written: WrittenResult | undefined;
    let ended: RunRecord;
    try {
      const wait = latency(run.sql);
      if (wait > 0) await cloud.clock.sleep(wait, signal);
      const empty = before.parameters?.find(({ value }) => value === '');
      if (empty) throw new Stopped('FAILED', `ERROR: the value of parameter "${empty.name ?? ''}" is empty`);
      const outcome = await held(
        cloud.clock,
        session.execute(sql, {
          queryId,
          signal,
          outOfTurn,
          read: async (result, timeZone) => {
            written = await writeResult(result, timeZone, store.resultFile(record.id, index + 1));
            return written.rows;
          },
        }),
      );
      ended = {
        ...run,
        status: 'FINISHED',
        hasResultSet: outcome.hasResultSet,
        // Of a statement that counts none AWS says 0.
        rows: Math.max(0, outcome.rows),
        bytes: written?.bytes ?? 0,
        ...(written?.inline !== undefined && { inline: written.inline }),
        ...(written?.columns && {
          columns: written.columns.map((column, at) =>
            withOrigin(withText(column, outcome.columns?.[at]?.text), outcome.columns?.[at]?.origin),
          ),
        }),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const text = errorText(error, (offset) => bound.originalOffset(offset + skipped));
      ended = { ...run, status: 'FAILED', ...(text !== undefined && { error: text }) };
    }
    const endedAt = cloud.clock.now();
    return this.#save(withRun(record, index, { ...ended, queryId, startedAt, endedAt, updatedAt: endedAt }));
  }

  /** Ends a statement that did not come to its own end. */
  #end(record: StatementRecord, reason: unknown): void {
    const status = reason instanceof Stopped ? reason.status : 'FAILED';
    const error = errorText(reason, (offset) => offset);
    const now = this.#parts.cloud.clock.now();
    const runs = record.runs.map((run): RunRecord => {
      if (isFinal(run)) return run;
      if (run.status !== 'STARTED' && record.batch) return aborted(run);
      return { ...run, status, ...(error !== undefined && { error }), updatedAt: now, endedAt: now };
    });
    this.#finish({ ...record, runs, status, ...(error !== undefined && { error }) });
  }

  #finish(record: StatementRecord): void {
    const saved = this.#save(record);
    if (saved.withEvent) emitStatusChange(this.#parts.cloud, saved);
  }

  #save(record: StatementRecord): StatementRecord {
    return this.#parts.store.put({ ...record, updatedAt: this.#parts.cloud.clock.now() });
  }
}

/** Why nobody waits for the longest time a statement may take any more: an error made anew each time costs its stack. */
const ENDED = new Stopped('FAILED', undefined);

type OutOfTurn = (wait: () => Promise<void>) => Promise<void>;

function boundSql(record: StatementRecord): readonly string[] {
  return record.runs.map(({ sql }) => bindParameters(sql, record.parameters ?? []).sql);
}

function withRun(record: StatementRecord, index: number, run: RunRecord): StatementRecord {
  return { ...record, runs: record.runs.with(index, run) };
}

function aborted(run: RunRecord): RunRecord {
  return { ...run, status: 'ABORTED' };
}

function batchError(record: StatementRecord, failed: number): string {
  const error = record.runs[failed]?.error ?? '';
  return record.batch ? `Query #${failed + 1} failed with ${error}` : error;
}
