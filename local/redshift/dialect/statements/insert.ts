import { conversion, refuseAssignment, type Target } from '../assignment.ts';
import { readTable, schemaNamed, type StoredColumn } from '../attributes.ts';
import { AFTER_SELECT_LIST, SET_OPERATIONS } from '../clause-words.ts';
import { around, describeQuery } from '../described-query.ts';
import { rewrite } from '../expressions.ts';
import type { Fragment } from '../fragment.ts';
import { holdsQuery } from '../grouping.ts';
import { identifier, type Token } from '../lexer.ts';
import { newNodes } from '../new-nodes.ts';
import { noSuchRelation, readName } from '../names.ts';
import { withoutContents } from '../plan-question.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Node,
} from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import type { RedshiftType } from '../types.ts';
import { finishWith } from '../typing.ts';
import { columnNames } from './column-definition.ts';
import { steps, type Statement } from './statement.ts';
import { identityIsSet, storedRow, targetIn } from './stored-values.ts';
import { refuseChange } from './view-rules.ts';

/**
 * Identity columns take no value; a row may be shorter than the table; values become what their columns keep.
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
  if (rest === undefined) throw syntaxError(undefined, sql.length);
  if (!isParenthesis(rest) && !isWord(rest, 'VALUES', 'SELECT', 'WITH', 'DEFAULT'))
    throw syntaxError(textOf([rest]), startOf(rest));
  const body = all.slice(all.indexOf(rest));
  if (isWord(rest, 'VALUES') && nodes.at(-1) === rest) throw syntaxError(undefined, sql.length);
  // RETURNING and ON CONFLICT, which DuckDB would take, are none of Redshift's.
  const more = isWord(rest, 'VALUES')
    ? significant(body).find((node, index) => index > 0 && !isParenthesis(node) && !isSymbol(node, ','))
    : body.find((node, index) => isWord(node, 'CONFLICT') && isWord(significant(body.slice(0, index)).at(-1), 'ON'));
  if (more !== undefined) throw syntaxError(textOf([more]), startOf(more));
  const rows = isWord(rest, 'VALUES') ? significant(body).filter(isParenthesis) : [];
  const query = rows.length > 1 ? rows.flatMap((row) => row.items).find((node) => holdsQuery([node])) : undefined;
  if (query)
    throw new RedshiftError(SQLSTATE.notSupported, "can't use subqueries in multi-row VALUES", {
      position: startOf(query),
    });
  const plain = rewrite(body);
  const written = listed && columnNames(listed.items);
  const target: Fragment = ['INSERT INTO ', { type: 'quoted', text: name.sql, at: name.position, word: '' }, ' '];
  return async (database) => {
    const table = await readTable(database, name);
    refuseChange(table, name);
    // DuckDB names it without its schema, unless that is what is missing.
    if (!table && name.parts.length === 2 && (await schemaNamed(database, name.schema ?? '')))
      throw noSuchRelation(name);
    if (!table || isWord(rest, 'DEFAULT'))
      return steps([{ statement: [target, columnList(written), plain] }], sql, database);
    const identity = (column: StoredColumn): boolean | undefined =>
      table.attributes.columns[column.name]?.identity?.byDefault === false;
    if (table.columns.some((column) => identity(column) && written?.includes(column.name)))
      throw identityIsSet(listed ? startOf(listed) : name.position);
    const free = table.columns.filter((column) => !identity(column)).map((column) => column.name);
    const longest = Math.max(0, ...rows.map((row) => splitAtCommas(row.items).length));
    const short = longest > 0 && longest < free.length ? free.slice(0, longest) : free;
    const targets = (written ?? short).map((column) => targetIn(table, column));
    // A query may be shorter than the table, too: the other columns have their defaults.
    const listOf = (width: number): string => {
      const filled = short.slice(0, width);
      return columnList(written ?? (filled.length < table.columns.length ? filled : undefined));
    };
    if (rows.length === 0) {
      const { query, width } = await storedQuery(body, targets, database, sql);
      return [around(`INSERT INTO ${name.sql} ${listOf(width)}`, query, '', name.position)];
    }
    const values = body.map((node) => (isGroup(node) ? storedRow(node, written ?? short, table) : node));
    return steps([{ statement: [target, listOf(short.length), values] }], sql, database);
  };
}

/** The query with its values as their columns keep them, as it is where that is what they are or where it has too many; and how many it has. */
async function storedQuery(
  body: readonly Node[],
  targets: readonly (Target | undefined)[],
  database: Database,
  sql: string,
): Promise<{ readonly query: Step; readonly width: number }> {
  const first = significant(body)[0];
  const position = first ? startOf(first) : sql.length;
  const query = await finishWith({ statement: rewrite(withLiteralsRead(body, targets)) }, database, sql);
  const described = await describeQuery(database, query, sql, 'types');
  const width = described.length;
  if (width > targets.length) return { query, width };
  // DESCRIBE says INTEGER of what is nothing but NULL, too, which goes into every column.
  const doubtful = described.some(
    ({ type }, index) => type === 'INTEGER' && !NUMBERS.has(targets[index]?.type.name ?? 'int4'),
  );
  const types = doubtful ? await typesOf(query, width, database) : [];
  const conversions = described.map(({ type }, index) => {
    const target = targets[index];
    // Below WITH, DuckDB knows no more which is which: there it converts the number itself, or refuses to.
    const nothing = types[index] === '"NULL"' || (types[index] === 'INTEGER' && isWord(first, 'WITH'));
    if (target === undefined || (nothing && !NUMBERS.has(target.type.name))) return undefined;
    refuseAssignment(type, target, position);
    return conversion(type, target.type);
  });
  if (conversions.every((made) => made === undefined)) return { query, width };
  const names = numberedNames(width);
  const list = conversions.map((made, index) => (made === undefined ? names[index] : `${made}(${names[index]})`));
  const converted = around(`SELECT ${list.join(', ')} FROM (`, query, `\n) AS source(${names.join(', ')})`, position);
  return { query: converted, width };
}

/** Names for the columns of a query that is wrapped: its own may be none, or the same twice. */
function numberedNames(width: number): readonly string[] {
  return Array.from({ length: width }, (_column, index) => `c${index}`);
}

const NUMBERS = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8']);

/** DuckDB's types of a query's columns, NULL's own among them; no row of it is computed. */
async function typesOf(query: Step, width: number, database: Database): Promise<readonly unknown[]> {
  const names = numberedNames(width);
  const question = `SELECT ${names.map((name) => `typeof(${name})`).join(', ')} FROM (VALUES (1)) one LEFT JOIN (SELECT * FROM (${query.sql}
    ) AS source LIMIT 0) AS none(${names.join(', ')}) ON true`;
  const [types = []] = await database.query(question, { catalogue: withoutContents(question) });
  return types;
}

/**
 * A query with the literals of its SELECT list cast to the types of their columns: until then they have none. In a set operation they become
 * texts.
 */
function withLiteralsRead(body: readonly Node[], targets: readonly (Target | undefined)[]): readonly Node[] {
  const select = body.findIndex((node) => isWord(node, 'SELECT'));
  if (select < 0 || body.some((node) => isWord(node, ...SET_OPERATIONS))) return body;
  const out = body.slice(0, select + 1);
  let at = select + 1;
  let star = false;
  for (let index = 0; at < body.length; index++) {
    let end = at;
    while (end < body.length && !isSymbol(body[end], ',') && !isWord(body[end], ...AFTER_SELECT_LIST)) end++;
    const item = body.slice(at, end);
    star ||= item.some((node) => isSymbol(node, '*'));
    const type = targets[index]?.type;
    const token = star || type === undefined ? undefined : leadingText(item);
    out.push(
      ...(token && type && !KEPT.has(type.name)
        ? item.flatMap((node) => (node === token ? cast(token, type) : node))
        : item),
    );
    if (!isSymbol(body[end], ',')) return [...out, ...body.slice(end)];
    out.push(body[end] as Node);
    at = end + 1;
  }
  return out;
}

/** Types of columns that keep a literal as it is written. */
const KEPT = new Set(['varchar', 'bpchar']);

/** The literal that an item of a list is, whatever its alias. */
function leadingText(item: readonly Node[]): Token | undefined {
  const [first, second, third, ...more] = significant(item);
  if (first?.type !== 'string' || more.length > 0) return undefined;
  return second === undefined || (isName(second) && third === undefined) || isWord(second, 'AS') ? first : undefined;
}

/** `CAST('…' AS type)` where the literal stood. */
function cast(token: Token, type: RedshiftType): readonly Node[] {
  return newNodes(`CAST(${token.text} AS ${type.text})`, token.at);
}

const columnList = (columns: readonly string[] | undefined): string =>
  columns ? `(${columns.map(identifier).join(', ')}) ` : '';
