import type { Database } from './database.ts';
import type { Bucket, Versioning } from './rows.ts';

export interface Buckets {
  get(name: string): Bucket | undefined;
  /** In order of name. */
  list(): readonly Bucket[];
  create(name: string, now: number): void;
  /** With its subresources. */
  delete(name: string): void;
  setVersioning(name: string, versioning: Versioning): void;
  setEventBridge(name: string, on: boolean): void;
  /** A configuration kept as it came, for instance `policy`. */
  subresource<T>(bucket: string, name: string): T | undefined;
  setSubresource(bucket: string, name: string, body: unknown): void;
  deleteSubresource(bucket: string, name: string): void;
}

export function openBuckets(db: Database): Buckets {
  const get = db.prepare('select * from bucket where name = ?');
  const list = db.prepare('select * from bucket order by name');
  const create = db.prepare('insert into bucket (name, created) values (?, ?)');
  const remove = db.prepare('delete from bucket where name = ?');
  const removeAll = db.prepare('delete from subresource where bucket = ?');
  const versioning = db.prepare('update bucket set versioning = ? where name = ?');
  const eventBridge = db.prepare('update bucket set event_bridge = ? where name = ?');
  const getSub = db.prepare('select body from subresource where bucket = ? and name = ?');
  const setSub = db.prepare('insert or replace into subresource values (?, ?, ?)');
  const removeSub = db.prepare('delete from subresource where bucket = ? and name = ?');
  return {
    get: (name) => {
      const row = get.get(name);
      return row && toBucket(row);
    },
    list: () => list.all().map(toBucket),
    create: (name, now) => void create.run(name, now),
    delete: (name) =>
      db.transaction(() => {
        removeAll.run(name);
        remove.run(name);
      }),
    setVersioning: (name, status) => void versioning.run(status ?? null, name),
    setEventBridge: (name, on) => void eventBridge.run(on ? 1 : 0, name),
    subresource: <T>(bucket: string, name: string) => {
      const row = getSub.get(bucket, name);
      return row ? (JSON.parse(String(row['body'])) as T) : undefined;
    },
    setSubresource: (bucket, name, body) => void setSub.run(bucket, name, JSON.stringify(body)),
    deleteSubresource: (bucket, name) => void removeSub.run(bucket, name),
  };
}

function toBucket(row: Record<string, unknown>): Bucket {
  return {
    name: String(row['name']),
    created: Number(row['created']),
    versioning: (row['versioning'] ?? undefined) as Versioning,
    eventBridge: row['event_bridge'] === 1,
  };
}
