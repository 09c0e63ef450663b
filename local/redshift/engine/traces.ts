import type { Translation } from '../dialect/translation.ts';

/** Statements that change nothing but rows: no relation, no temporary table, no setting, no variable. */
const ROWS_ONLY = new Set(
  'SELECT INSERT UPDATE DELETE MERGE TRUNCATE COPY UNLOAD BEGIN COMMIT ROLLBACK ANALYZE ANALYSE VACUUM LOCK'.split(' '),
);

/** Statements that change relations for everybody, unless these are temporary. */
const DEFINITION = /^(?:CREATE|ALTER|DROP) (?:TABLE|TABLE AS|VIEW|SCHEMA)$/;

/** A temporary table is made by one of these; others of the same name are seen by nobody but its session, either. */
const TEMPORARY = /temp|#/i;

/** What makes a temporary table and nothing else; an IDENTITY column would come with a sequence. */
const OWN = /^\s*create\s+(?:local\s+)?temp(?:orary)?\s+table\b(?![\s\S]*\bidentity\b)/i;

/** Whether only its own session can see what a statement has done, rows aside. */
export function changesOwnOnly({ command }: Translation, sql: string): boolean {
  return changesRowsOnly(command) || (command.startsWith('CREATE TABLE') && OWN.test(sql));
}

export function changesRowsOnly(command: string): boolean {
  return ROWS_ONLY.has(command);
}

/** Whether a connection is as it was before, once the statement's transaction has ended. */
export function leavesNoTrace({ command, kind }: Translation, sql: string): boolean {
  return kind === 'nothing' || changesRowsOnly(command) || (DEFINITION.test(command) && !TEMPORARY.test(sql));
}
