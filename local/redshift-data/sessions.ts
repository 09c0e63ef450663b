import type { SessionData, SessionStatusString } from '@aws-sdk/client-redshift-data';
import { AwsError, held, type Caller, type Cloud } from '../kernel/index.ts';
import type { Session } from '../redshift/engine/session.ts';
import { LONGEST_KEEP_ALIVE_SECONDS, MOST_SESSIONS } from './limits.ts';
import type { NamedWarehouse } from './statement-record.ts';
import { validation } from './validation.ts';

export interface SessionRecord {
  readonly id: string;
  readonly status: SessionStatusString;
  readonly principal: string;
  readonly callerSession?: string | undefined;
  readonly warehouse: NamedWarehouse;
  readonly database: string;
  readonly user: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly keepAliveSeconds: number;
  readonly statement?: string;
}

const KIND = 'redshift-data.session';

/**
 * Sessions that outlive a statement, with their temporary tables and transaction. They end when nobody has used them for their
 * keep-alive time, after 24 hours, and when the local cloud stops.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-sessions
 */
export interface Sessions {
  /** @throws AwsError `ActiveSessionsExceededException` */
  create(target: Omit<SessionRecord, 'id' | 'status' | 'createdAt' | 'updatedAt'>): SessionRecord;
  /** @throws AwsError `ValidationException` unless the session is the caller's, open and idle. */
  idle(id: string, caller: Caller): SessionRecord;
  /** Marks the session busy with a statement. */
  use(id: string, statement: string, keepAliveSeconds: number | undefined): void;
  /** The database session behind it, connected on first use. */
  connection(id: string, connect: () => Promise<Session>): Promise<Session>;
  /** The statement is over: the keep-alive time begins. */
  rest(id: string): void;
  list(): readonly SessionRecord[];
  end(id: string): void;
  close(): void;
}

export function createSessions(cloud: Cloud): Sessions {
  const { documents, clock } = cloud;
  const connections = new Map<string, Promise<Session>>();
  const timers = new Map<string, AbortController>();
  const get = (id: string): SessionRecord | undefined => documents.get(KIND, id);
  const list = (): readonly SessionRecord[] => documents.list<SessionRecord>(KIND).map(({ document }) => document);
  const put = (record: SessionRecord): SessionRecord => {
    const updated = { ...record, updatedAt: clock.now() };
    documents.put(KIND, record.id, updated);
    return updated;
  };
  const end = (id: string): void => {
    timers.get(id)?.abort();
    timers.delete(id);
    const connection = connections.get(id);
    connections.delete(id);
    if (connection)
      held(
        clock,
        connection.then((session) => session.close()),
      ).catch(() => undefined);
    const record = get(id);
    if (!record) return;
    const { statement: _over, ...rest } = record;
    put({ ...rest, status: 'CLOSED' });
  };
  for (const record of list()) if (record.status !== 'CLOSED') end(record.id);

  return {
    list,
    end,
    create: (target) => {
      const open = list().filter(
        ({ warehouse, status }) => warehouse.key === target.warehouse.key && status !== 'CLOSED',
      );
      if (open.length >= MOST_SESSIONS)
        throw new AwsError(
          'ActiveSessionsExceededException',
          `The number of active sessions exceeds the limit of ${MOST_SESSIONS}.`,
        );
      const now = clock.now();
      return put({ ...target, id: cloud.ids.uuid(), status: 'AVAILABLE', createdAt: now, updatedAt: now });
    },
    idle: (id, caller) => {
      const record = get(id);
      if (!record || record.principal !== caller.principalArn) throw validation(`Session ${id} does not exist.`);
      if (record.status === 'CLOSED') throw validation(`Session is not available. ${id} is closed.`);
      if (record.status === 'BUSY')
        throw validation(`Session is not available. ${id} is busy with statement ${record.statement ?? ''}.`);
      return record;
    },
    use: (id, statement, keepAliveSeconds) => {
      timers.get(id)?.abort();
      const record = get(id);
      if (record)
        put({ ...record, status: 'BUSY', statement, keepAliveSeconds: keepAliveSeconds ?? record.keepAliveSeconds });
    },
    connection: (id, connect) => {
      const known = connections.get(id);
      if (known) return known;
      const made = connect();
      connections.set(id, made);
      return made;
    },
    rest: (id) => {
      const record = get(id);
      if (!record || record.status === 'CLOSED') return;
      const { statement: _over, ...rest } = record;
      put({ ...rest, status: 'AVAILABLE' });
      const left = expiry(record) - clock.now();
      if (record.keepAliveSeconds === 0 || left <= 0) return end(id);
      const timer = new AbortController();
      timers.set(id, timer);
      clock
        .sleep(Math.min(left, record.keepAliveSeconds * 1000), timer.signal)
        .then(() => end(id))
        .catch((error: unknown) => {
          if (!timer.signal.aborted) cloud.fault(error, `redshift-data: session ${id}`);
        });
    },
    close: () => {
      for (const record of list()) if (record.status !== 'CLOSED') end(record.id);
    },
  };
}

/** When a session ends at the latest, milliseconds since the epoch. */
function expiry({ createdAt }: SessionRecord): number {
  return createdAt + LONGEST_KEEP_ALIVE_SECONDS * 1000;
}

export function describeSession(record: SessionRecord): SessionData {
  const ttl = Math.min(record.updatedAt + record.keepAliveSeconds * 1000, expiry(record));
  return {
    SessionId: record.id,
    Status: record.status,
    CreatedAt: new Date(record.createdAt),
    UpdatedAt: new Date(record.updatedAt),
    Database: record.database,
    DbUser: record.user,
    ...record.warehouse.name,
    SessionAliveSeconds: record.keepAliveSeconds,
    SessionTtl: new Date(ttl),
    ...(record.statement !== undefined && { CurrentStatementId: record.statement }),
  };
}
