import type { Database } from './database.ts';
import type { Part, Upload } from './rows.ts';

export interface Uploads {
  get(id: string): Upload | undefined;
  create(upload: Upload): void;
  /** Removes the upload and its parts' rows; answers the parts' files. */
  delete(id: string): readonly string[];
  /** By key, then by when they were initiated. */
  list(bucket: string): readonly Upload[];
  parts(id: string): readonly Part[];
  /** Answers the file of the part it replaced. */
  putPart(id: string, part: Part): string | undefined;
  files(): readonly string[];
}

export function openUploads(db: Database): Uploads {
  const get = db.prepare('select body from upload where id = ?');
  const create = db.prepare('insert into upload values (?, ?, ?, ?, ?)');
  const remove = db.prepare('delete from upload where id = ?');
  const list = db.prepare('select body from upload where bucket = ? order by key, initiated, id');
  const parts = db.prepare('select * from part where upload = ? order by number');
  const part = db.prepare('select file from part where upload = ? and number = ?');
  const putPart = db.prepare('insert or replace into part values (?, ?, ?, ?, ?, ?, ?)');
  const removeParts = db.prepare('delete from part where upload = ? returning file');
  const files = db.prepare('select file from part');
  const parse = (row: Record<string, unknown>): Upload => JSON.parse(String(row['body'])) as Upload;
  return {
    get: (id) => {
      const row = get.get(id);
      return row && parse(row);
    },
    create: (upload) => void create.run(upload.id, upload.bucket, upload.key, upload.initiated, JSON.stringify(upload)),
    delete: (id) =>
      db.transaction(() => {
        remove.run(id);
        return removeParts.all(id).map((row) => String(row['file']));
      }),
    list: (bucket) => list.all(bucket).map(parse),
    parts: (id) => parts.all(id).map(toPart),
    putPart: (id, { number, file, size, etag, checksum, modified }) =>
      db.transaction(() => {
        const replaced = part.get(id, number);
        putPart.run(id, number, file, size, etag, checksum ?? null, modified);
        return replaced && String(replaced['file']);
      }),
    files: () => files.all().map((row) => String(row['file'])),
  };
}

function toPart(row: Record<string, unknown>): Part {
  return {
    number: Number(row['number']),
    file: String(row['file']),
    size: Number(row['size']),
    etag: String(row['etag']),
    modified: Number(row['modified']),
    ...(row['checksum'] === null ? {} : { checksum: String(row['checksum']) }),
  };
}
