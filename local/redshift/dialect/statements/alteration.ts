import type { StoredTable } from '../attributes.ts';
import type { QualifiedName } from '../names.ts';
import type { Database } from '../translation.ts';
import type { Draft } from '../typing.ts';

/** What one form of ALTER TABLE does to a table that is there. */
export type Alteration = (
  table: StoredTable,
  name: QualifiedName,
  database: Database,
) => readonly Draft[] | Promise<readonly Draft[]>;
