import { readTable, type StoredColumn, type StoredTable } from '../attributes.ts';
import { castExpression } from '../casts.ts';
import { rewrite } from '../expressions.ts';
import { join, within, type Fragment } from '../fragment.ts';
import { redshiftError } from '../errors.ts';
import { identifier, stringValue, type Token } from '../lexer.ts';
import { readName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import { stringLiteral } from '../string-literals.ts';
import {
  isGroup,
  isParenthesis,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Node,
} from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { storedType, type RedshiftType } from '../types.ts';
import { columnNames } from './column-definition.ts';
import { finishWith } from '../typing.ts';
import { steps, type Statement } from './statement.ts';
import { storedLiteral } from './stored-texts.ts';

/**
 * Identity columns take no value; a row may be shorter than the table; literals are read as the column's type reads text.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html
 */
export function insert({ nodes: all, sql }: Statement): (database: Database) => Promise<readonly Step[]> {
  const nodes = significant(all);
  if (!isWord(nodes[1], 'INTO'))
    throw syntaxError(nodes[1] && textOf([nodes[1]]), nodes[1] ? startOf(nodes[1]) : sql.length);
  const { name, end } = readName(nodes, 2);
  const next = nodes[end];
  const listed =
    isParenthesis(next) && !isWord(significant(next.items)[0], 'SELECT', 'WITH', 'VALUES') ? next : undefined;
  const rest = nodes[end + (listed ? 1 : 0)];
  const body = rest === undefined ? [] : all.slice(all.indexOf(rest));
  const plain = rewrite(body);
  const values = isWord(rest, 'VALUES') ? significant(body).filter(isParenthesis) : [];
  const rows = values.map((row) => splitAtCommas(row.items));
  const written = listed && columnNames(listed.items);
  const target: Fragment = ['INSERT INTO ', { type: 'quoted', text: name.sql, at: name.position, word: '' }, ' '];
  return async (database) => {
    const wanted =
      rows.length > 0 && (!written || rows.some((row) => row.some((value) => textIn(value) !== undefined)));
    const table = await readTable(database, name);
    if (!table || !(wanted || isParticular(table)))
      return steps([{ statement: [target, columnList(written), plain] }], sql, database);
    const identity = (column: StoredColumn): boolean | undefined =>
      table.attributes.columns[column.name]?.identity?.byDefault === false;
    if (table.columns.some((column) => identity(column) && written?.includes(column.name)))
      throw new RedshiftError(SQLSTATE.syntaxError, 'cannot set an identity column to a value', {
        position: listed ? startOf(listed) : name.position,
      });
    const free = table.columns.filter((column) => !identity(column)).map((column) => column.name);
    const longest = Math.max(0, ...rows.map((row) => row.length));
    const short = longest > 0 && longest < free.length ? free.slice(0, longest) : free;
    const columns = written ?? (short.length < table.columns.length ? short : undefined);
    const types = (columns ?? free).map((column) => typeIn(table, column));
    const given = rows.length === 0 ? await trimmedQuery(plain, types, database, sql) : valuesOf(body, types);
    return steps([{ statement: [target, columnList(columns), given] }], sql, database);
  };
}

/** Whether the values of a table's rows are not to be taken as they are. */
function isParticular({ attributes }: StoredTable): boolean {
  return Object.values(attributes.columns).some(({ type, identity }) => identity || type.startsWith('character('));
}

/** The query with its values for CHAR columns as they are stored; as it is where it has another number of columns. */
async function trimmedQuery(
  query: Fragment,
  types: readonly (RedshiftType | undefined)[],
  database: Database,
  sql: string,
): Promise<Fragment> {
  if (!types.some((type) => type?.name === 'bpchar')) return query;
  const step = await finishWith({ statement: query }, database, sql);
  const described = await database.query(`DESCRIBE ${step.sql}`, 'catalogue').catch((error: unknown) => {
    throw redshiftError(error, sql, step);
  });
  if (described.length !== types.length) return query;
  const list = types.map((type, index) => (type?.name === 'bpchar' ? `rs_key(c${index})` : `c${index}`)).join(', ');
  return [`SELECT ${list} FROM (`, query, `) AS source(${types.map((_type, index) => `c${index}`).join(', ')})`];
}

const columnList = (columns: readonly string[] | undefined): string =>
  columns ? `(${columns.map(identifier).join(', ')}) ` : '';

function typeIn(table: StoredTable, name: string): RedshiftType | undefined {
  const column = table.columns.find((other) => other.name === name);
  return column && storedType(table.attributes.columns[name]?.type, column.type);
}

/** The string literal that is all of a value. */
function textIn(value: readonly Node[]): Token | undefined {
  const [node, ...more] = significant(value);
  return node?.type === 'string' && more.length === 0 ? node : undefined;
}

/** `VALUES (…), (…)` with its literals read as their columns' types. */
function valuesOf(body: readonly Node[], types: readonly (RedshiftType | undefined)[]): Fragment {
  return body.map((node) => {
    if (!isGroup(node)) return node;
    const row = splitAtCommas(node.items).map((value, index): Fragment => {
      const token = textIn(value);
      const type = types[index];
      const stored = token && type && storedLiteral(token, type);
      if (stored) return stored;
      if (!token || !type || readsTheSame(stringValue(token.text), type)) return rewrite(value);
      return castExpression(stringLiteral(token), { ...type, explicit: false }, token.at).fragment;
    });
    return within(node, join(row, ','));
  });
}

/** Whether DuckDB makes of a text just what Redshift does. */
function readsTheSame(text: string, { name }: RedshiftType): boolean {
  switch (name) {
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text);
    case 'timestamp':
    case 'timestamptz':
      return /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{1,6})?)?$/.test(text);
    case 'int2':
    case 'int4':
    case 'int8':
      return /^[-+]?\d+$/.test(text);
    case 'time':
      return /^\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?$/.test(text);
    case 'timetz':
    case 'bool':
    case 'super':
    case 'varbyte':
      return false;
    default:
      return true;
  }
}
