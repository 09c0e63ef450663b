import { parseAttributes } from '../attributes.ts';
import { rewriteExpression } from '../expressions.ts';
import type { Fragment } from '../fragment.ts';
import { isAggregate } from '../functions/aggregate.ts';
import { identifier, lex, literal, type Token } from '../lexer.ts';
import { qualified, readName, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
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
  tree,
  type Node,
} from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { readType, wholeType, type RedshiftType } from '../types.ts';
import { bareType, functionsNamed, macroName, type UserFunction } from '../user-functions.ts';
import { steps, type Statement } from './statement.ts';
import { expectOwner } from './users.ts';

type Steps = (database: Database) => Promise<readonly Step[]>;

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_FUNCTION.html */
const MAX_ARGUMENTS = 32;

/** What a SELECT clause of a function may not have, in it or in a query within. */
const FORBIDDEN = ['FROM', 'INTO', 'WHERE', 'GROUP', 'ORDER', 'LIMIT', 'HAVING', 'UNION', 'QUALIFY'];

/** `CREATE [OR REPLACE] FUNCTION name (types) RETURNS type VOLATILE|STABLE|IMMUTABLE AS $$ select … $$ LANGUAGE sql` */
export function createFunction({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const replace = isWord(nodes[1], 'OR');
  const { name, end } = readName(nodes, nodes.findIndex((node) => isWord(node, 'FUNCTION')) + 1);
  const list = nodes[end];
  if (!isParenthesis(list)) throw unexpected(list, sql);
  const language = nodes[nodes.findIndex((node) => isWord(node, 'LANGUAGE')) + 1];
  if (isWord(language, 'PLPYTHONU'))
    throw unsupported('a Python function', startOf(language), 'Write it in SQL: LANGUAGE sql.');
  if (isWord(language, 'PLPGSQL'))
    throw new RedshiftError(SQLSTATE.notSupported, 'a function in PL/pgSQL is not supported', {
      position: startOf(language),
      hint: 'Write it in SQL (LANGUAGE sql), or CREATE PROCEDURE.',
    });
  const types = splitAtCommas(list.items).map((item) => typeAt(item, list));
  if (types.length > MAX_ARGUMENTS)
    throw new RedshiftError(SQLSTATE.tooManyArguments, `functions cannot have more than ${MAX_ARGUMENTS} arguments`, {
      position: name.position,
    });
  if (!isWord(nodes[end + 1], 'RETURNS')) throw unexpected(nodes[end + 1], sql);
  const returns = readType(nodes, end + 2);
  if (!returns) throw unexpected(nodes[end + 2], sql);
  let at = returns.end;
  while (isWord(nodes[at], 'VOLATILE', 'STABLE', 'IMMUTABLE')) at++;
  if (!isWord(nodes[at], 'AS')) throw unexpected(nodes[at], sql);
  const quoted = nodes[at + 1];
  if (quoted?.type !== 'dollar') throw unexpected(quoted, sql);
  if (!isWord(nodes[at + 2], 'LANGUAGE') || !isWord(language, 'SQL') || nodes[at + 4])
    throw unexpected(isWord(nodes[at + 2], 'LANGUAGE') && isWord(language, 'SQL') ? nodes[at + 4] : nodes[at + 2], sql);
  const body = bodyOf(quoted);
  const compiled = expressionOf(body, quoted, types);
  return async (database) => {
    const schema = name.schema ?? (await currentSchema(database));
    const args = types.map(({ text }) => text);
    const others = await functionsNamed(database, schema, name.name);
    const same = others.find((other) => sameTypes(other.args, args));
    if (same && !replace)
      throw new RedshiftError(
        SQLSTATE.duplicateFunction,
        `function "${name.name}" already exists with same argument types`,
        { position: name.position },
      );
    if (same && bareType(same.returns) !== bareType(returns.type.text))
      throw new RedshiftError(SQLSTATE.invalidFunction, 'cannot change return type of existing function', {
        position: name.position,
        hint: 'Use DROP FUNCTION first.',
      });
    const target = qualified([schema, macroName(name.name, args)]).sql;
    const nulls = types.map((type, index) => `CAST(NULL AS ${type.duckdb}) AS ${parameter(index)}`);
    const made: UserFunction = { args, returns: returns.type.text, body: body.trim() };
    const parameters = types.map((_type, index) => parameter(index)).join(', ');
    return steps(
      [
        {
          statement: [
            `CREATE OR REPLACE MACRO ${target}(${parameters}) AS CAST((`,
            compiled,
            `) AS ${returns.type.duckdb})`,
          ],
          query: ['SELECT ', compiled, ` FROM (SELECT ${['1', ...nulls].join(', ')}) AS arguments`],
        },
        { statement: `COMMENT ON MACRO ${target} IS ${literal(JSON.stringify(made))}` },
      ],
      sql,
      database,
    );
  };
}

/** `DROP FUNCTION name (types) [CASCADE | RESTRICT]`. https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_FUNCTION.html */
export function dropFunction({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const ifExists = isWord(nodes[2], 'IF') && isWord(nodes[3], 'EXISTS');
  const { name, end } = readName(nodes, ifExists ? 4 : 2);
  const list = nodes[end];
  if (!isParenthesis(list)) throw unexpected(list, sql);
  const behaviour = nodes[end + 1];
  if (behaviour && !isWord(behaviour, 'CASCADE', 'RESTRICT')) throw unexpected(behaviour, sql);
  const args = splitAtCommas(list.items).map((item) => typeAt(item, list).text);
  return async (database) => {
    const shown = `function ${name.shown}(${args.map(bareType).join(', ')})`;
    const found = await functionsNamed(database, name.schema, name.name);
    const dropped = found.find((each) => sameTypes(each.args, args));
    if (!dropped) {
      if (ifExists) return [];
      throw new RedshiftError(SQLSTATE.undefinedFunction, `${shown} does not exist`, { position: name.position });
    }
    const target = qualified([dropped.schema, macroName(name.name, dropped.args)]);
    const views = await readers(database, target.name);
    if (views.length > 0 && !isWord(behaviour, 'CASCADE'))
      throw new RedshiftError(SQLSTATE.dependentObjects, `cannot drop ${shown} because other objects depend on it`, {
        position: name.position,
        hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
      });
    return steps(
      [...views.map((view) => ({ statement: `DROP VIEW ${view.sql}` })), { statement: `DROP MACRO ${target.sql}` }],
      sql,
      database,
    );
  };
}

/** `ALTER FUNCTION name (types) RENAME TO name | OWNER TO user`. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_FUNCTION.html */
export function alterFunction({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const { name, end } = readName(nodes, 2);
  const list = nodes[end];
  if (!isParenthesis(list)) throw unexpected(list, sql);
  const args = splitAtCommas(list.items).map((item) => typeAt(item, list).text);
  const verb = nodes[end + 1];
  if (!isWord(verb, 'RENAME', 'OWNER') || !isWord(nodes[end + 2], 'TO')) throw unexpected(verb, sql);
  const { name: other } = readName(nodes, end + 3);
  const last = nodes[end + 3];
  return async (database) => {
    const found = (await functionsNamed(database, name.schema, name.name)).find((each) => sameTypes(each.args, args));
    if (!found)
      throw new RedshiftError(
        SQLSTATE.undefinedFunction,
        `function ${name.shown}(${args.map(bareType).join(', ')}) does not exist`,
        { position: name.position },
      );
    if (verb.word === 'OWNER') {
      if (last) await expectOwner(last, database);
      return [];
    }
    const { schema, ...made } = found;
    const macro = (of: string): QualifiedName => qualified([schema, macroName(of, found.args)]);
    const [row] = await database.query(
      `SELECT macro_definition FROM duckdb_functions() WHERE database_name = current_database() AND schema_name = ${literal(schema)}
       AND function_name = ${literal(macro(name.name).name)}`,
    );
    const parameters = found.args.map((_type, index) => parameter(index)).join(', ');
    return steps(
      [
        { statement: `CREATE MACRO ${macro(other.name).sql}(${parameters}) AS ${String(row?.[0])}` },
        { statement: `COMMENT ON MACRO ${macro(other.name).sql} IS ${literal(JSON.stringify(made))}` },
        { statement: `DROP MACRO ${macro(name.name).sql}` },
      ],
      sql,
      database,
    );
  };
}

function unexpected(node: Node | undefined, sql: string): RedshiftError {
  return node ? syntaxError(textOf([node]).slice(0, 40), startOf(node)) : syntaxError(undefined, sql.length);
}

/** An argument's type. A name before it says nothing: the body knows arguments by their numbers. */
function typeAt(item: readonly Node[], list: Node): RedshiftType {
  const words = significant(item);
  const named = words.length > 1 && isName(words[0]);
  const type = (named ? wholeType(words.slice(1)) : undefined) ?? wholeType(words);
  if (type) return type;
  const read = readType(words, named && isName(words[1]) ? 1 : 0);
  const rest = read && words[read.end];
  throw syntaxError(textOf(rest ? [rest] : item).trim(), startOf(rest ?? list));
}

function sameTypes(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((type, index) => bareType(type) === bareType(right[index] ?? ''));
}

const parameter = (index: number): string => `rs_${index + 1}`;

function bodyOf({ text }: Token): string {
  const delimiter = /^\$[^$]*\$/.exec(text)?.[0] ?? '$$';
  return text.slice(delimiter.length, text.endsWith(delimiter) ? -delimiter.length : undefined);
}

/** The one expression of `SELECT expression`, its `$1`, `$2` as parameters of the macro; every place in it is the function's own. */
function expressionOf(body: string, quoted: Token, types: readonly RedshiftType[]): Fragment {
  const offset = quoted.at + quoted.text.indexOf(body);
  const invalid = (message: string, at: number): RedshiftError =>
    new RedshiftError(SQLSTATE.invalidFunction, message, { position: at });
  const tokens = lex(body).map((token): Token => {
    const at = offset + token.at;
    if (token.type !== 'parameter') return { ...token, at };
    const index = Number(token.text.slice(1)) - 1;
    if (types[index] === undefined)
      throw new RedshiftError(SQLSTATE.undefinedParameter, `there is no parameter ${token.text}`, { position: at });
    const text = `CAST(${parameter(index)} AS ${types[index].duckdb})`;
    return { type: 'word', text, word: text, at };
  });
  const nodes = tree(tokens).filter((node) => !isSymbol(node, ';'));
  const select = nodes.findIndex((node) => isWord(node, 'SELECT'));
  const [first] = significant(nodes);
  if (select < 0 || !isWord(first, 'SELECT'))
    throw invalid('the body of a SQL function is one SELECT clause', first ? startOf(first) : quoted.at);
  const refuse = (inside: readonly Node[]): void => {
    inside.forEach((node, index) => {
      if (isWord(node, ...FORBIDDEN) && !isSymbol(significant(inside)[significant(inside).indexOf(node) - 1], '.'))
        if (!(node.word === 'FROM' && belongsToCall(inside, index)))
          throw invalid(`the SELECT clause of a SQL function cannot have ${node.word}`, node.at);
      if (node.type === 'word' && isParenthesis(inside[index + 1]) && isAggregate(node.text.toLowerCase()))
        throw invalid('the SELECT clause of a SQL function cannot have aggregates', node.at);
      if (isGroup(node)) refuse(node.items);
    });
  };
  refuse(nodes);
  const rest = nodes.slice(select + 1);
  if (splitAtCommas(rest).length !== 1)
    throw invalid('the SELECT clause of a SQL function has one expression', quoted.at);
  return rewriteExpression(rest).fragment;
}

/** The FROM of EXTRACT, TRIM and SUBSTRING: nothing in their parentheses is a query. */
function belongsToCall(inside: readonly Node[], at: number): boolean {
  return !inside.slice(0, at).some((node) => isWord(node, 'SELECT'));
}

async function currentSchema(database: Database): Promise<string> {
  const [row] = await database.query('SELECT current_schema()');
  return String(row?.[0] ?? 'public');
}

/** Views that call the function of a macro; those WITH NO SCHEMA BINDING do not count. */
async function readers(database: Database, macro: string): Promise<readonly QualifiedName[]> {
  const rows = await database.query(
    `SELECT schema_name, view_name, comment FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
     AND contains(sql, ${literal(identifier(macro))})`,
  );
  return rows
    .filter(([, , comment]) => parseAttributes(comment).view !== 'late-binding')
    .map(([schema, view]) => qualified([String(schema), String(view)]));
}
