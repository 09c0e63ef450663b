import type { NameCases } from '../lexer.ts';
import type { Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finish, type Draft } from '../typing.ts';

/** A statement as it was read. */
export interface Statement {
  readonly sql: string;
  readonly nodes: readonly Node[];
  /** Redshift's command tag. */
  readonly command: string;
  readonly cases: NameCases;
}

/** Drafts as steps, for whoever has the database at hand already. */
export async function steps(drafts: readonly Draft[], sql: string, database: Database): Promise<readonly Step[]> {
  const finished = finish(drafts, sql);
  return typeof finished === 'function' ? finished(database) : finished;
}
