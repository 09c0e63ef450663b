import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * JSON documents by kind and id, kept in one SQLite file so that a restarted local cloud continues where it was.
 * Synchronous on purpose: a change is on disk before the operation that made it answers.
 */
export interface Documents {
  get<T>(kind: string, id: string): T | undefined;
  put(kind: string, id: string, document: unknown): void;
  delete(kind: string, id: string): boolean;
  /** In order of id (UTF-8 bytes). */
  list<T>(kind: string): readonly { readonly id: string; readonly document: T }[];
  close(): void;
}

export function openDocuments(file: string): Documents {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file);
  // The folder is this process's own: a lock taken once saves the system calls of one for every look and every change.
  db.exec(`pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal;
    create table if not exists document (kind text, id text, body text, primary key (kind, id)) without rowid`);
  const get = db.prepare('select body from document where kind = ? and id = ?');
  const put = db.prepare('insert or replace into document values (?, ?, ?)');
  const remove = db.prepare('delete from document where kind = ? and id = ?');
  const list = db.prepare('select id, body from document where kind = ? order by id');
  return {
    get: <T>(kind: string, id: string) => {
      const row = get.get(kind, id);
      return row ? (JSON.parse(String(row['body'])) as T) : undefined;
    },
    put: (kind, id, document) => {
      put.run(kind, id, JSON.stringify(document));
    },
    delete: (kind, id) => remove.run(kind, id).changes > 0,
    list: <T>(kind: string) =>
      list.all(kind).map((row) => ({ id: String(row['id']), document: JSON.parse(String(row['body'])) as T })),
    close: () => db.close(),
  };
}
