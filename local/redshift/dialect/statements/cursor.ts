import { describeQuery } from '../described-query.ts';
import { rewrite } from '../expressions.ts';
import { identifier, literal } from '../lexer.ts';
import { readName, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import { isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finishWith, type Draft } from '../typing.ts';
import { steps, type Statement } from './statement.ts';

/**
 * A cursor's result waits in this temporary table, as Redshift keeps it on the leader node: one at a time in a session. The variable
 * says whose it is and how far it is read; it counts as long as its transaction lasts.
 * https://docs.aws.amazon.com/redshift/latest/dg/declare.html
 */
const RESULT = 'temp.rs_cursor';
const STATE = 'rs_cursor';

interface Cursor {
  readonly name: string;
  readonly transaction: string;
  /** Rows fetched so far. */
  readonly fetched: number;
  /** Names of the columns, several of which may be the same. */
  readonly columns: readonly string[];
}

type Steps = (database: Database) => Promise<readonly Step[]>;

/** `DECLARE c CURSOR FOR query` */
export function declareCursor({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const { name, end } = readName(nodes, 1);
  const [cursor, bind] = [nodes[end], nodes[end + 1]];
  if (!isWord(cursor, 'CURSOR')) throw unexpected(cursor, sql);
  if (!isWord(bind, 'FOR')) throw unexpected(bind, sql);
  const body: Draft = { statement: rewrite(all.slice(all.indexOf(bind) + 1)) };
  return async (database) => {
    const transaction = await currentTransaction(database);
    const open = await openCursor(database, transaction);
    if (open?.name === name.name)
      throw new RedshiftError(SQLSTATE.duplicateCursor, `cursor "${name.name}" already exists`, {
        position: name.position,
      });
    if (open) throw anotherCursor(open.name, name.position);
    const query = await finishWith(body, database, sql);
    const columns = (await describeQuery(database, query, sql)).map(({ name: column }) => column);
    const inDuckDb = await finishWith(
      { ...body, statement: [`CREATE OR REPLACE TEMP TABLE ${RESULT} AS `, body.statement], query: body.statement },
      database,
      sql,
    );
    const [state] = await steps([keep({ name: name.name, transaction, fetched: 0, columns })], sql, database);
    return [inDuckDb, ...(state ? [state] : [])];
  };
}

/** `FETCH [NEXT | ALL | n | FORWARD [n | ALL]] FROM c`, the bare number as in PostgreSQL. https://docs.aws.amazon.com/redshift/latest/dg/fetch.html */
export function fetchCursor({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  let at = 1;
  const forward = isWord(nodes[at], 'FORWARD');
  if (forward) at++;
  const amount = nodes[at];
  let count: number | undefined = 1;
  if (isWord(amount, 'ALL')) count = undefined;
  const counted = amount?.type === 'number' && /^\d+$/.test(amount.text);
  if (counted) count = Number(amount.text);
  if (isWord(amount, 'ALL') || counted || (isWord(amount, 'NEXT') && !forward)) at++;
  if (!isWord(nodes[at], 'FROM')) throw unexpected(nodes[at], sql);
  const { name, end } = readName(nodes, at + 1);
  if (nodes[end]) throw unexpected(nodes[end], sql);
  return async (database) => {
    const cursor = await known(database, name);
    const until = count === undefined ? Number.MAX_SAFE_INTEGER : cursor.fetched + count;
    const described = await database.query(`DESCRIBE ${RESULT}`);
    const list = described.map(([column], index) => {
      const shown = cursor.columns[index] ?? String(column);
      return shown === column ? identifier(shown) : `${identifier(String(column))} AS ${identifier(shown)}`;
    });
    return steps(
      [
        keep({ ...cursor, fetched: until }),
        // DuckDB keeps the order of insertion.
        {
          statement: `SELECT ${list.join(', ')} FROM ${RESULT} LIMIT ${until - cursor.fetched} OFFSET ${cursor.fetched}`,
        },
      ],
      sql,
      database,
    );
  };
}

/** `CLOSE c`. https://docs.aws.amazon.com/redshift/latest/dg/close.html */
export function closeCursor({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const { name, end } = readName(nodes, 1);
  if (nodes[end]) throw unexpected(nodes[end], sql);
  return async (database) => {
    await known(database, name);
    return steps([{ statement: `DROP TABLE ${RESULT}` }, { statement: `RESET VARIABLE ${STATE}` }], sql, database);
  };
}

function keep(cursor: Cursor): Draft {
  return { statement: `SET VARIABLE ${STATE} = ${literal(JSON.stringify(cursor))}` };
}

async function currentTransaction(database: Database): Promise<string> {
  const [row] = await database.query('SELECT txid_current()');
  return String(row?.[0]);
}

/** The name of the cursor that is open. */
export async function nameOfOpenCursor(database: Database): Promise<string | undefined> {
  return (await openCursor(database, await currentTransaction(database)))?.name;
}

/** `open` is the one there is already; without a name that of a FOR loop. */
export function anotherCursor(open?: string, position?: number): RedshiftError {
  return new RedshiftError(
    SQLSTATE.invalidCursorState,
    'opening multiple cursors from within the same client connection is not allowed.',
    { position, hint: open === undefined ? undefined : `Close "${open}" first.` },
  );
}

async function openCursor(database: Database, transaction: string): Promise<Cursor | undefined> {
  const [row] = await database.query(`SELECT getvariable('${STATE}')`);
  if (typeof row?.[0] !== 'string') return undefined;
  const cursor = JSON.parse(row[0]) as Cursor;
  return cursor.transaction === transaction ? cursor : undefined;
}

async function known(database: Database, name: QualifiedName): Promise<Cursor> {
  const cursor = await openCursor(database, await currentTransaction(database));
  if (cursor?.name === name.name) return cursor;
  throw new RedshiftError(SQLSTATE.undefinedCursor, `cursor "${name.name}" does not exist`, {
    position: name.position,
  });
}

function unexpected(node: Node | undefined, sql: string): RedshiftError {
  return node ? syntaxError(textOf([node]).slice(0, 40), startOf(node)) : syntaxError(undefined, sql.length);
}
