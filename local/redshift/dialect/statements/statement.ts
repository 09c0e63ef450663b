import type { NameCases } from '../lexer.ts';
import { textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finish, type Draft } from '../typing.ts';

/** A statement as it was read. */
export interface Statement {
  readonly sql: string;
  readonly nodes: readonly Node[];
  /** The same before what its relations' columns decide was written differently. */
  readonly written: readonly Node[];
  /** Redshift's command tag. */
  readonly command: string;
  readonly cases: NameCases;
}

/** The text between two tokens of a statement, as it was written; to its end without the second. */
export function textBetween({ written }: Statement, before: Node, behind?: Node): string {
  return textOf(written.slice(written.indexOf(before) + 1, behind ? written.indexOf(behind) : undefined)).trim();
}

/** Drafts as steps, for whoever has the database at hand already. */
export async function steps(drafts: readonly Draft[], sql: string, database: Database): Promise<readonly Step[]> {
  const finished = finish(drafts, sql);
  return typeof finished === 'function' ? finished(database) : finished;
}
