import {
  executed,
  noSuchStatement,
  preparedCommand,
  statementExists,
  type PreparedStatement,
} from '../dialect/prepared.ts';

/** The prepared statements of one session: no transaction takes them back. */
export interface PreparedStatements {
  /**
   * The statement to run instead of what was written; or, where a PREPARE or DEALLOCATE is done, its command. `allow` is asked first
   * whether any of them may be done now.
   */
  read(sql: string, allow: () => void): { readonly run: string } | { readonly done: 'PREPARE' | 'DEALLOCATE' };
}

/**
 * `check` refuses what cannot run.
 * See https://docs.aws.amazon.com/redshift/latest/dg/r_PREPARE.html
 */
export function createPreparedStatements(check: (sql: string) => void): PreparedStatements {
  const statements = new Map<string, PreparedStatement>();
  const known = (name: string, position: number): PreparedStatement => {
    const statement = statements.get(name);
    if (!statement) throw noSuchStatement(name, position);
    return statement;
  };
  return {
    read: (sql, allow) => {
      const given = preparedCommand(sql);
      if (given) allow();
      switch (given?.command) {
        case undefined:
          return { run: sql };
        case 'PREPARE':
          if (statements.has(given.name)) throw statementExists(given.name);
          check(given.statement.sql);
          statements.set(given.name, given.statement);
          return { done: 'PREPARE' };
        case 'EXECUTE':
          return { run: executed(given.name, known(given.name, given.position), given.values) };
        case 'DEALLOCATE':
          if (given.name === undefined) statements.clear();
          else if (known(given.name, given.position)) statements.delete(given.name);
          return { done: 'DEALLOCATE' };
      }
    },
  };
}
