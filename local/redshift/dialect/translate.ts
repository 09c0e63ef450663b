import { commandTag } from './command.ts';
import { rewrite } from './expressions.ts';
import { lex } from './lexer.ts';
import { tree } from './token-tree.ts';
import type { Translation } from './translation.ts';
import { finish } from './typing.ts';

/**
 * One Redshift statement, without its semicolon, as what DuckDB is to do.
 * @throws RedshiftError for what is not valid or cannot be faithful.
 */
export function translate(sql: string): Translation {
  const nodes = tree(lex(sql));
  const command = commandTag(nodes);
  const commits = command === 'TRUNCATE';
  switch (command) {
    case 'COPY':
      return { command, commits, kind: 'copy' };
    case 'UNLOAD':
      return { command, commits, kind: 'unload' };
    case 'BEGIN':
    case 'START':
      return { command: 'BEGIN', commits, kind: 'begin' };
    case 'COMMIT':
    case 'END':
      return { command: 'COMMIT', commits, kind: 'commit' };
    case 'ROLLBACK':
    case 'ABORT':
      return { command: 'ROLLBACK', commits, kind: 'rollback' };
    default: {
      const steps = finish([{ statement: rewrite(nodes) }], sql);
      return { command, commits, kind: 'run', steps, hasResultSet: command === 'SELECT' };
    }
  }
}
