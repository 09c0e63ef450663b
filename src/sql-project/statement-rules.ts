import type { Finding } from '../errors/finding.ts';
import { type Token, meaningful } from '../redshift-sql/lexer.ts';
import type { SqlStatement } from './sql-project.ts';

/** Why a statement that starts with this has no place in a unit, which is one transaction that can be repeated. */
const REFUSED: Readonly<Record<string, string>> = {
  begin: 'The unit is one transaction already',
  start: 'The unit is one transaction already',
  commit: 'The unit is one transaction; a commit would tear it apart',
  end: 'The unit is one transaction; a commit would tear it apart',
  rollback: 'The unit is one transaction; a rollback would undo it without failing',
  abort: 'The unit is one transaction; a rollback would undo it without failing',
  truncate: 'TRUNCATE commits the transaction it stands in; use delete from',
  vacuum: 'VACUUM cannot run in a transaction; Redshift does it by itself',
  copy: 'Files are loaded by the manifest, which also counts their rows',
  unload: 'The answer is written by unload.sql',
  grant: 'Permissions are not part of a batch',
  revoke: 'Permissions are not part of a batch',
  call: 'A stored procedure can commit',
  lock: 'The unit locks the tables it creates already',
  set: 'Settings of the session would differ between a first and a second attempt',
  reset: 'Settings of the session would differ between a first and a second attempt',
};

const ALLOWED = ['insert', 'update', 'delete', 'merge', 'create', 'drop', 'analyze', 'alter'] as const;

export interface StatementHead {
  /** The first word, in lower case. */
  readonly command: string;
  /** The table written, `schema.table`, or a temporary one without schema. */
  readonly target?: string;
  /** `create schema | table if not exists`. */
  readonly definition?: 'schema' | 'table';
}

/** What a statement does and to which table, from its first words. */
export function headOf({ tokens }: SqlStatement): StatementHead {
  const words = meaningful(tokens);
  const lower = (at: number): string =>
    words[at]?.kind === 'word' ? words[at].text.toLowerCase() : (words[at]?.text ?? '');
  const command = lower(0);
  let at = 1;
  if (command === 'create' || command === 'drop' || command === 'alter') {
    const temporary = ['temp', 'temporary', 'local'].includes(lower(at));
    while (['temp', 'temporary', 'local', 'or', 'replace'].includes(lower(at))) at += 1;
    const what = lower(at);
    at += 1;
    const guarded = lower(at) === 'if';
    while (['if', 'not', 'exists', 'append'].includes(lower(at))) at += 1;
    const target = nameAt(words, at);
    const definition =
      command === 'create' && guarded && !temporary && (what === 'schema' || what === 'table') ? what : undefined;
    return {
      command: `${command} ${what}`,
      ...(target === undefined ? {} : { target }),
      ...(definition === undefined ? {} : { definition }),
    };
  }
  if (['into', 'from'].includes(lower(at))) at += 1;
  const target = ['insert', 'update', 'delete', 'merge'].includes(command) ? nameAt(words, at) : undefined;
  return { command, ...(target === undefined ? {} : { target }) };
}

/** Names as Redshift reads them: folded to lower case, without their quotation marks. */
function nameAt(words: readonly Token[], at: number): string | undefined {
  const part = (token: Token | undefined): string | undefined =>
    token?.kind === 'word' || token?.kind === 'quoted name'
      ? token.text.replaceAll(/^"|"$/g, '').replaceAll('""', '"').toLowerCase()
      : undefined;
  const first = part(words[at]);
  if (first === undefined || words[at + 1]?.text !== '.') return first;
  return `${first}.${part(words[at + 2]) ?? ''}`;
}

/** The rules for a statement that changes data. */
export function workFindings(statement: SqlStatement, creates: readonly string[]): Finding[] {
  const path = `${statement.file}:${statement.line}`;
  const { command, target } = headOf(statement);
  const first = command.split(' ')[0] ?? '';
  if (Object.hasOwn(REFUSED, first))
    return [
      { path, what: `${first.toUpperCase()} cannot stand in a unit`, why: REFUSED[first] ?? '', do: 'Remove it' },
    ];
  if (!(ALLOWED as readonly string[]).includes(first))
    return [
      {
        path,
        what: `${first.toUpperCase()} cannot stand in a unit`,
        why: `A unit changes data: ${ALLOWED.join(', ')}`,
        do: 'Write it as one of these, or move it to checks/',
      },
    ];
  if (first === 'alter')
    return [
      {
        path,
        what: 'ALTER cannot stand in a unit',
        why: 'Some of its forms commit the transaction they stand in',
        do: 'Define the table as it should be',
      },
    ];
  if (first !== 'analyze' && target?.includes('.') === true && !creates.includes(target))
    return [
      {
        path,
        what: `this writes ${target}`,
        why: "The header's 'creates' does not list it, so its readers could run before it",
        do: `Add ${target} to 'creates', or write to a table that is listed`,
      },
    ];
  return [];
}

/** The rules for a query: one SELECT, without an outer LIMIT where UNLOAD would refuse it. */
export function queryFindings(statement: SqlStatement, use: 'check' | 'unload'): Finding[] {
  const path = `${statement.file}:${statement.line}`;
  const { command } = headOf(statement);
  if (command !== 'select' && command !== 'with')
    return [
      {
        path,
        what: `${command.toUpperCase()} cannot stand here`,
        why: 'This file holds one query',
        do: 'Write a SELECT',
      },
    ];
  const words = meaningful(statement.tokens);
  if (use === 'check')
    return words.some(({ text }) => text.toLowerCase() === 'offending')
      ? []
      : [
          {
            path,
            what: "the query has no column 'offending'",
            why: 'It says, for each offence, in words what is wrong with which row',
            do: "Add a text column named 'offending'",
          },
        ];
  let depth = 0;
  for (const { text } of words) {
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0 && (text.toLowerCase() === 'limit' || text.toLowerCase() === 'top'))
      return [
        {
          path,
          what: `an outer ${text.toUpperCase()} stands here`,
          why: 'UNLOAD refuses it',
          do: 'Put the query into a subselect, or rank the rows in a transform',
        },
      ];
  }
  return [];
}

/** Tables of the given set that a statement mentions. */
export function mentioned(statement: SqlStatement, known: ReadonlySet<string>): string[] {
  const words = meaningful(statement.tokens);
  const found = new Set<string>();
  words.forEach((_, at) => {
    const name = words[at - 1]?.text === '.' ? undefined : nameAt(words, at);
    if (name !== undefined && known.has(name)) found.add(name);
  });
  return [...found];
}
