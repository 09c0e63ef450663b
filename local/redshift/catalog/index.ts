import { ACCESS_MACROS } from './access-views.ts';
import { HIDDEN_RELATIONS } from './hidden-relations.ts';
import { OBJECT_MACROS, TYPE_NUMBER_MACROS } from './object-macros.ts';
import { TYPES_VIEW } from './pg-views.ts';
import { RELATION_VIEWS, TYPE_MACROS } from './relation-views.ts';
import { SESSION_FUNCTIONS } from './session-functions.ts';
import { INFORMATION_SCHEMA } from './information-schema-views.ts';
import { SYSTEM_OBJECTS } from './system-objects.ts';
import { informationSchemaView, SYSTEM_VIEWS } from './system-relations.ts';

export { ACCESS_RECORDS, ASKS_ACCESS_LISTS, FORGET_ACCESS_LISTS, READ_ACCESS_LISTS } from './access-lists.ts';
export { LOG_TABLES } from './log-tables.ts';
export { createLoadNotes, readsLoads, type KeepRows } from './load-notes.ts';
export {
  createQueryLog,
  type StatementTables,
  readsQueries,
  type LoggedQuery,
  type OpenSession,
  type QueryEnd,
  type QueryLog,
} from './query-log.ts';
export { isMissingSystemRelation, systemRelation } from './system-relations.ts';

/** Makes the system views in the database `rs`, with the macros they use; it needs {@link LOG_TABLES}. */
export const CATALOG: readonly string[] = [
  ...TYPE_MACROS,
  ...TYPE_NUMBER_MACROS,
  ...RELATION_VIEWS,
  TYPES_VIEW,
  SYSTEM_OBJECTS,
  ...Object.entries({ ...SYSTEM_VIEWS, ...HIDDEN_RELATIONS }).map(view),
  ...Object.entries(INFORMATION_SCHEMA).map(([name, select]) => view([informationSchemaView(name), select])),
  ...OBJECT_MACROS,
  ...ACCESS_MACROS,
  ...SESSION_FUNCTIONS,
];

function view([name, select]: readonly [string, string]): string {
  return `CREATE OR REPLACE VIEW rs.main.${name} AS ${select}`;
}
