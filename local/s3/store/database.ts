import { DatabaseSync } from 'node:sqlite';

/**
 * Without fsync: a crash of this process loses nothing (the operating system has the pages), and a crash of the machine loses at most
 * what a stand-in for S3 may lose.
 */
const SCHEMA = `
pragma journal_mode = wal;
pragma synchronous = off;
create table if not exists bucket (
  name text primary key, created integer not null, versioning text, event_bridge integer not null default 0
) without rowid;
create table if not exists subresource (
  bucket text, name text, body text not null, primary key (bucket, name)
) without rowid;
create table if not exists version (
  sequence integer primary key, bucket text not null, key text not null, version_id text not null, latest integer not null,
  delete_marker integer not null, modified integer not null, file text, size integer, etag text, meta text, tags text
);
create unique index if not exists version_identity on version (bucket, key, version_id);
create index if not exists version_order on version (bucket, key, sequence desc);
create unique index if not exists version_latest on version (bucket, key) where latest = 1;
create index if not exists version_listed on version (bucket, key) where latest = 1 and delete_marker = 0;
create table if not exists upload (
  id text primary key, bucket text not null, key text not null, initiated integer not null, body text not null
) without rowid;
create index if not exists upload_order on upload (bucket, key, initiated, id);
create table if not exists part (
  upload text, number integer, file text not null, size integer not null, etag text not null, checksum text,
  modified integer not null, primary key (upload, number)
) without rowid;
`;

export interface Database {
  prepare: DatabaseSync['prepare'];
  /** All or nothing. Synchronous, so no other change can come between; one inside another joins it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export function openDatabase(file: string): Database {
  const db = new DatabaseSync(file);
  db.exec(SCHEMA);
  const [begin, commit, rollback] = [db.prepare('begin immediate'), db.prepare('commit'), db.prepare('rollback')];
  let open = false;
  return {
    prepare: (sql) => db.prepare(sql),
    transaction: (work) => {
      if (open) return work();
      begin.run();
      open = true;
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        rollback.run();
        throw error;
      } finally {
        open = false;
      }
    },
    close: () => db.close(),
  };
}
