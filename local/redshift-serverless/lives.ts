import type { Cloud } from '../kernel/index.ts';

/** A change under way, and when it is over by the cloud's clock, in milliseconds since the epoch. */
export interface Change<Record> {
  readonly due: number;
  /** What the record becomes with it; it goes where there is none. */
  readonly into: Partial<Record> | undefined;
}

export interface Living {
  readonly name: string;
  readonly change?: Change<Living>;
}

/** Records by name that survive a restart, with changes that end in their own time. */
export interface Lives<Record extends Living> {
  find(name: string): Record | undefined;
  list(): readonly Record[];
  put(record: Record): Record;
  /** Keeps `record` as it is while it changes, and what becomes of it after `ms`. */
  start(record: Record, ms: number, into: Partial<Record> | undefined): Record;
  close(): void;
}

/** `leave` is what has to be done before a record goes. */
export function createLives<Record extends Living>(
  cloud: Cloud,
  kind: string,
  leave: (record: Record) => Promise<void>,
): Lives<Record> {
  const { documents, clock } = cloud;
  const closing = new AbortController();
  const find = (name: string): Record | undefined => documents.get<Record>(kind, name);
  const list = (): readonly Record[] => documents.list<Record>(kind).map(({ document }) => document);
  const put = (record: Record): Record => {
    documents.put(kind, record.name, record);
    return record;
  };
  const follow = ({ name }: Record, { due, into }: Change<Record>): void => {
    void (async () => {
      await clock.sleep(Math.max(0, due - clock.now()), closing.signal);
      const record = find(name);
      if (!record) return;
      if (into) {
        const { change: _over, ...rest } = record;
        put({ ...(rest as Record), ...into });
        return;
      }
      await leave(record);
      documents.delete(kind, name);
    })().catch((error: unknown) => {
      if (!closing.signal.aborted) cloud.fault(error, `${kind} ${name}`);
    });
  };
  for (const record of list()) if (record.change) follow(record, record.change as Change<Record>);
  return {
    find,
    list,
    put,
    start: (record, ms, into) => {
      const change: Change<Record> = { due: clock.now() + ms, into };
      const started = put({ ...record, change });
      follow(started, change);
      return started;
    },
    close: () => closing.abort(),
  };
}
