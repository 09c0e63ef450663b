import { isTrivia, lex, nameOf, type Token } from '../dialect/lexer.ts';
import type { LockMode, TableLock } from './table-locks.ts';

/** The locks a statement needs. INSERT and COPY only add rows. */
export function locksOf(sql: string): readonly TableLock[] {
  const first = lex(sql).find((token) => !isTrivia(token))?.word;
  const mode: LockMode = first === 'INSERT' || first === 'COPY' ? 'append' : 'write';
  return writeTargets(sql).map((table) => ({ table, mode }));
}

/**
 * The tables a statement writes, as `schema.table`, read off its first words. A name without a schema is `public`'s; a
 * temporary table (`#name`) belongs to one session and needs no lock.
 */
export function writeTargets(sql: string): readonly string[] {
  const tokens = lex(sql).filter((token) => !isTrivia(token));
  const word = (index: number): string => tokens[index]?.word ?? '';
  const name = (index: number): readonly string[] => tableAt(tokens, index);
  const start = word(0) === 'WITH' ? afterCommonTables(tokens) : 0;
  switch (word(start)) {
    case 'INSERT':
    case 'MERGE':
    case 'DELETE':
      return name(start + (word(start + 1) === 'INTO' || word(start + 1) === 'FROM' ? 2 : 1));
    case 'UPDATE':
    case 'COPY':
      return name(start + 1);
    case 'TRUNCATE':
      return name(word(1) === 'TABLE' ? 2 : 1);
    case 'GRANT':
    case 'REVOKE':
      return ACCESS;
    case 'ALTER':
    case 'DROP':
      if (USERS.has(word(1))) return ACCESS;
      if (word(1) !== 'TABLE' && word(1) !== 'VIEW') return [];
      return name(word(2) === 'IF' ? 4 : 2);
    case 'CREATE': {
      if (USERS.has(word(1))) return ACCESS;
      const at = tokens.slice(0, LONGEST_CREATE_PREFIX).findIndex(({ word }) => word === 'TABLE' || word === 'VIEW');
      if (at < 0 || tokens.slice(0, at).some(({ word }) => word === 'TEMP' || word === 'TEMPORARY')) return [];
      return name(word(at + 1) === 'IF' ? at + 4 : at + 1);
    }
    case 'LOCK': {
      const first = word(1) === 'TABLE' ? 2 : 1;
      return tokens.flatMap((_token, index) =>
        index === first || (index > first && word(index - 1) === ',') ? name(index) : [],
      );
    }
    default:
      return [];
  }
}

/** What is recorded of users and privileges is one thing: dialect/access-records.ts. */
const ACCESS = ['public.rs_access'];
const USERS = new Set(['USER', 'GROUP', 'ROLE']);

/** `CREATE OR REPLACE LOCAL TEMPORARY TABLE` and the like. */
const LONGEST_CREATE_PREFIX = 6;

/** Where the statement after `WITH …` begins: its first word outside every parenthesis that changes data. */
function afterCommonTables(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex(({ text, word }) => {
    if (text === '(') depth++;
    if (text === ')') depth--;
    return depth === 0 && (word === 'UPDATE' || word === 'DELETE' || word === 'INSERT' || word === 'MERGE');
  });
}

/** `table`, `schema.table` or `database.schema.table` starting at a token. */
function tableAt(tokens: readonly Token[], index: number): readonly string[] {
  const parts: string[] = [];
  for (let at = index; ; at += 2) {
    const token = tokens[at];
    if (token?.type !== 'word' && token?.type !== 'quoted') break;
    parts.push(nameOf(token));
    if (tokens[at + 1]?.text !== '.') break;
  }
  const table = parts.at(-1);
  if (table === undefined || table.startsWith('#')) return [];
  return [`${parts.at(-2) ?? 'public'}.${table}`];
}
