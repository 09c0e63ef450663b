import { alterProcedure, createProcedure, dropProcedure } from '../procedures/definition.ts';
import { commandTag, leadingWords } from './command.ts';
import { rewrite } from './expressions.ts';
import { namesLaterTables, withoutLaterTables } from './common-tables.ts';
import { refuseForeignSyntax } from './foreign-syntax.ts';
import { FOLDED, identifier, isTrivia, lex, openParentheses, type NameCases, type Token } from './lexer.ts';
import { LATERAL_WORDS, namesLateralAliases, withoutLateralAliases } from './lateral-aliases.ts';
import { mergesColumns, withMergedColumns } from './merging-joins.ts';
import { readName } from './names.ts';
import { BYTE_WORDS, castsToBytes, withPaddedBytes } from './padded-bytes.ts';
import { refuseTwins } from './name-twins.ts';
import { outerJoins } from './outer-joins.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from './redshift-error.ts';
import { namesStarColumns, withStarColumns } from './star-columns.ts';
import { ABSENT_STATEMENTS } from './statements/absent.ts';
import { alterContainer } from './statements/alter-container.ts';
import { alterTable } from './statements/alter-table.ts';
import { commentOn } from './statements/comment-on.ts';
import { createTable } from './statements/create-table.ts';
import { closeCursor, declareCursor, fetchCursor } from './statements/cursor.ts';
import { remove, selectInto, truncate, update } from './statements/data.ts';
import { drop } from './statements/drop.ts';
import { explained } from './statements/explain.ts';
import { SET_CONFIG, setConfig } from './statements/set-config.ts';
import { grant } from './statements/grants.ts';
import { insert } from './statements/insert.ts';
import { refreshed } from './statements/late-binding.ts';
import { merge } from './statements/merge.ts';
import { parameterChange, reset, set, show, use } from './statements/settings.ts';
import { alterFunction, createFunction, dropFunction } from './statements/sql-function.ts';
import type { Statement } from './statements/statement.ts';
import { upkeep } from './statements/upkeep.ts';
import { expectOwner, users } from './statements/users.ts';
import {
  alterMaterializedView,
  createMaterializedView,
  createView,
  refreshMaterializedView,
} from './statements/views.ts';
import { isSymbol, isWord, significant, startOf, textOf, tree, type Node } from './token-tree.ts';
import type { Database, Step, Translation } from './translation.ts';
import { finish } from './typing.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/**
 * One Redshift statement, with or without its semicolon, as what DuckDB is to do.
 * @throws RedshiftError for what is not valid or cannot be faithful.
 */
export function translate(sql: string, cases: NameCases = FOLDED): Translation {
  const tokens = lex(sql, cases);
  try {
    return translated(sql, tokens, cases);
  } catch (error) {
    // What the statement means does not matter where its grammar is wrong.
    const meant = error instanceof RedshiftError && !GRAMMAR.has(error.code);
    throw meant && openParentheses(tokens) > 0 ? syntaxError(undefined, sql.length) : error;
  }
}

const GRAMMAR: ReadonlySet<string> = new Set([SQLSTATE.syntaxError, SQLSTATE.tooComplex]);

function translated(sql: string, tokens: readonly Token[], cases: NameCases): Translation {
  if (cases.identifiers) refuseTwins(tokens);
  const read = tree(tokens);
  const all = OUTER_JOIN.test(sql) ? outerJoins(read) : read;
  const semicolon = all.findIndex((node) => isSymbol(node, ';'));
  const extra =
    semicolon < 0 ? undefined : all.slice(semicolon + 1).find((node) => !isTrivia(node) && !isSymbol(node, ';'));
  if (extra) throw syntaxError(textOf([extra]).slice(0, 40), startOf(extra));
  const nodes = semicolon < 0 ? all : all.slice(0, semicolon);
  const command = commandTag(nodes);
  const first = leadingWords(nodes, 1)[0];
  if (first === undefined) throw syntaxError(undefined, sql.length);
  const transaction = TRANSACTION[first];
  if (transaction) return { command: transaction.toUpperCase(), commits: false, kind: transaction };
  if (command === 'COPY' || command === 'UNLOAD')
    return { command, commits: false, kind: command === 'COPY' ? 'copy' : 'unload' };
  if (command === 'CALL') return { command, commits: false, kind: 'call' };
  refuseForeignSyntax(nodes);
  const configured = SET_CONFIG.test(sql) ? setConfig(nodes, sql) : undefined;
  if (configured) return { command: 'SET', commits: false, kind: 'run', ...configured, hasResultSet: true };
  const statement: Statement = { sql, nodes, written: nodes, command, cases };
  const waits = WAITING.filter(({ words, holds }) => words.test(sql) && holds(nodes));
  const made = waits.length > 0 ? makeLater(statement, waits) : make(statement);
  if (made === undefined) return { command, commits: false, kind: 'nothing' };
  return {
    command,
    commits: command === 'TRUNCATE',
    kind: 'run',
    steps: made,
    hasResultSet: WITH_ROWS.has(command),
    changes: SETS.has(command) ? parameterChange(nodes) : undefined,
    after: DEFINES.has(command) ? refreshed(sql) : undefined,
  };
}

/** Statements that make a relation or change its columns. */
const DEFINES = new Set([
  'CREATE TABLE',
  'CREATE VIEW',
  'CREATE MATERIALIZED VIEW',
  'SELECT INTO',
  'ALTER TABLE',
  'ALTER TABLE ALTER COLUMN',
]);

/** Statements that change a parameter of the session. */
const SETS = new Set(['SET', 'RESET', 'USE', 'RESET USE']);

/** Only such statements are looked at again. */
const OUTER_JOIN = /\(\s*\+\s*\)/;

const TRANSACTION: Readonly<Record<string, 'begin' | 'commit' | 'rollback'>> = {
  BEGIN: 'begin',
  START: 'begin',
  COMMIT: 'commit',
  END: 'commit',
  ROLLBACK: 'rollback',
  ABORT: 'rollback',
};

const WITH_ROWS = new Set(['SELECT', 'SHOW', 'EXPLAIN', 'VALUES', 'FETCH']);

/** What can be read only when it is known which columns the relations of a statement have; only statements with these words are looked at. */
const WAITING = [
  { words: /\bwith\b[^]*\)\s*,/i, holds: namesLaterTables, rewritten: withoutLaterTables },
  { words: /\*[^]*\bby\b/i, holds: namesStarColumns, rewritten: withStarColumns },
  { words: LATERAL_WORDS, holds: namesLateralAliases, rewritten: withoutLateralAliases },
  { words: BYTE_WORDS, holds: castsToBytes, rewritten: withPaddedBytes },
  { words: /\bjoin\b/i, holds: mergesColumns, rewritten: withMergedColumns },
] as const;

function makeLater(statement: Statement, waits: readonly (typeof WAITING)[number][]): Steps {
  return async (database) => {
    let { nodes } = statement;
    for (const { rewritten } of waits) nodes = await rewritten(nodes, database);
    const made = make({ ...statement, nodes });
    return typeof made === 'function' ? made(database) : (made ?? []);
  };
}

/** The steps of a statement; nothing for what is accepted without effect. */
function make(statement: Statement): Steps | undefined {
  const { command, nodes, sql } = statement;
  const [first, or, , kind] = significant(nodes);
  if (isWord(or, 'OR') && kind && /^CREATE (?:TABLE|SCHEMA|DATABASE|MATERIALIZED VIEW|USER|GROUP|ROLE)$/.test(command))
    throw syntaxError(textOf([kind]), startOf(kind));
  const rule = STATEMENTS[command];
  if (rule) return rule(statement);
  if (command === 'ALTER DEFAULT') return undefined;
  const position = first && startOf(first);
  if (/^(CREATE|ALTER|DROP) /.test(command)) refuseObject(significant(nodes));
  const words = leadingWords(nodes, WORDS[command] ?? 1).join(' ');
  if (KNOWN_UNSUPPORTED[words] !== undefined) throw unsupported(words, position, KNOWN_UNSUPPORTED[words] || undefined);
  throw syntaxError(first && textOf([first]).slice(0, 40), position ?? sql.length);
}

const query = ({ nodes, sql }: Statement): Steps => finish([{ statement: rewrite(nodes) }], sql);

const STATEMENTS: Readonly<Record<string, (statement: Statement) => Steps | undefined>> = {
  SELECT: query,
  UPDATE: update,
  'SELECT INTO': selectInto,
  INSERT: insert,
  DELETE: remove,
  TRUNCATE: truncate,
  MERGE: merge,
  'CREATE TABLE': createTable,
  'CREATE VIEW': createView,
  'CREATE MATERIALIZED VIEW': createMaterializedView,
  'ALTER MATERIALIZED VIEW': alterMaterializedView,
  REFRESH: refreshMaterializedView,
  'CREATE SCHEMA': createSchema,
  'ALTER SCHEMA': alterContainer,
  'ALTER DATABASE': alterContainer,
  'ALTER TABLE': alterTable,
  'ALTER TABLE APPEND': alterTable,
  'ALTER TABLE ALTER COLUMN': alterTable,
  'DROP TABLE': drop,
  'DROP VIEW': drop,
  'DROP MATERIALIZED VIEW': drop,
  'DROP SCHEMA': drop,
  'CREATE FUNCTION': createFunction,
  'ALTER FUNCTION': alterFunction,
  'DROP FUNCTION': dropFunction,
  'CREATE PROCEDURE': createProcedure,
  'ALTER PROCEDURE': alterProcedure,
  'DROP PROCEDURE': dropProcedure,
  COMMENT: commentOn,
  GRANT: grant,
  REVOKE: grant,
  ...Object.fromEntries(
    ['USER', 'GROUP', 'ROLE'].flatMap((kind) => ['CREATE', 'ALTER', 'DROP'].map((verb) => [`${verb} ${kind}`, users])),
  ),
  DECLARE: declareCursor,
  FETCH: fetchCursor,
  CLOSE: closeCursor,
  SET: set,
  RESET: reset,
  SHOW: show,
  USE: use,
  'RESET USE': reset,
  EXPLAIN: explain,
  ANALYZE: upkeep,
  ANALYSE: upkeep,
  VACUUM: upkeep,
  LOCK: upkeep,
  ...ABSENT_STATEMENTS,
};

/** How many words name a statement, where it is more than one. */
const WORDS: Readonly<Record<string, number>> = { ATTACH: 3, DETACH: 3, DESC: 2 };

/** Redshift statements that cannot be had here, with what can be done instead. */
const KNOWN_UNSUPPORTED: Readonly<Record<string, string>> = {
  'CREATE EXTERNAL SCHEMA': 'COPY the files into a table.',
  'CREATE EXTERNAL TABLE': 'COPY the files into a table.',
  'ATTACH RLS POLICY': '',
  'ATTACH MASKING POLICY': '',
  'DETACH RLS POLICY': '',
  'DETACH MASKING POLICY': '',
  'DESC DATASHARE': '',
  'DESC IDENTITY': '',
  SAVEPOINT: '',
  RELEASE: '',
  CANCEL: 'Use CancelStatement.',
};

/** What CREATE, ALTER and DROP may stand before and is not here, on Redshift or in PostgreSQL. https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html */
const ABSENT_OBJECTS = [
  'EXTERNAL FUNCTION',
  'EXTERNAL MODEL',
  'EXTERNAL SCHEMA',
  'EXTERNAL TABLE',
  'EXTERNAL VIEW',
  'IDENTITY PROVIDER',
  'MASKING POLICY',
  'RLS POLICY',
  'MATERIALIZED VIEW',
  ...'DATABASE DATASHARE LIBRARY MODEL SYSTEM AGGREGATE CAST CONSTRAINT CONVERSION DOMAIN EXTENSION INDEX LANGUAGE OPERATOR POLICY RULE SEQUENCE TABLESPACE TRIGGER TYPE UNIQUE VIEW'.split(
    ' ',
  ),
].map((kind) => kind.split(' '));

/** @throws RedshiftError that names the statement, or points at the word that begins none. */
function refuseObject(nodes: readonly Node[]): never {
  const [verb, ...all] = nodes;
  const rest = all.filter((node, at) => !(at < 3 && isWord(node, 'OR', 'REPLACE')));
  const kind = ABSENT_OBJECTS.find((words) => words.every((word, at) => isWord(rest[at], word)));
  const after = rest[rest.findIndex((node) => !isWord(node, 'EXTERNAL', 'IDENTITY', 'MASKING', 'RLS', 'MATERIALIZED'))];
  if (!verb || !kind)
    throw after
      ? syntaxError(textOf([after]).slice(0, 40), startOf(after))
      : syntaxError(undefined, startOf(nodes.at(-1) as Node));
  const command = `${textOf([verb]).toUpperCase()} ${kind.join(' ')}`;
  throw unsupported(command, startOf(verb), KNOWN_UNSUPPORTED[command]);
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_SCHEMA.html */
function createSchema({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const ifNotExists = isWord(nodes[2], 'IF') ? 'IF NOT EXISTS ' : '';
  const at = ifNotExists === '' ? 2 : 5;
  const { name } = readName(nodes, at + (isWord(nodes[at], 'AUTHORIZATION') ? 1 : 0));
  const made = finish([{ statement: `CREATE SCHEMA ${ifNotExists}${identifier(name.name)}` }], sql);
  const owner = nodes[nodes.findIndex((node, index) => index >= at && isWord(node, 'AUTHORIZATION')) + 1];
  if (typeof made === 'function' || owner === nodes[0] || owner === undefined) return made;
  return async (database) => {
    await expectOwner(owner, database);
    return made;
  };
}

const EXPLAINED = new Set(['SELECT', 'SELECT INTO', 'CREATE TABLE', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** https://docs.aws.amazon.com/redshift/latest/dg/r_EXPLAIN.html */
function explain({ nodes, sql, cases }: Statement): Steps {
  const at = nodes.findIndex((node) => isWord(node, 'EXPLAIN'));
  const rest = nodes.slice(at + 1).filter((node) => !isWord(node, 'VERBOSE'));
  const [first] = significant(rest);
  if (!first) throw syntaxError(undefined, sql.length);
  const command = commandTag(rest);
  const makesColumns = command === 'CREATE TABLE' && !rest.some((node) => isWord(node, 'AS'));
  const inner =
    EXPLAINED.has(command) && !makesColumns ? make({ nodes: rest, written: rest, sql, command, cases }) : undefined;
  if (inner === undefined) throw syntaxError(textOf([first]).slice(0, 40), startOf(first));
  return explained(inner, sql);
}
