import { nameOf, type Token } from '../dialect/lexer.ts';
import { unsupported } from '../dialect/redshift-error.ts';
import type { Sql } from './body.ts';
import type { Scope } from './scope.ts';
import { solid } from './token-reader.ts';
import { written } from './value.ts';

/** Statements in which variables stand for their values. Others take dynamic SQL. */
const READ = new Set(['SELECT', 'WITH', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'VALUES']);

/** After these words stands the name of an object or of a column. */
const NAMES = new Set(['AS', 'FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE', 'USING', 'COLUMN', 'EXISTS']);

/** A statement with the values of its variables in their places. */
export function statementText(sql: Sql, scope: Scope): string {
  const words = solid(sql);
  const first = words[0]?.word ?? '';
  const creates =
    first === 'CREATE' && words.slice(0, 4).some(({ word }) => word === 'TABLE' || word === 'MATERIALIZED');
  if (!READ.has(first) && !creates) return textOf(sql);
  // What is before the query of a CREATE TABLE AS is names.
  const start = creates ? sql.findIndex(({ word }) => word === 'SELECT' || word === 'WITH') : 0;
  if (start < 0) return textOf(sql);
  return textOf(sql.slice(0, start)) + substituted(sql.slice(start), scope, first);
}

/** An expression with the values of its variables in their places. */
export function expressionText(sql: Sql, scope: Scope): string {
  return substituted(sql, scope, '');
}

export function textOf(sql: Sql): string {
  return sql.map(({ text }) => text).join('');
}

interface Place {
  /** Parentheses of a query, rather than of a call or an expression. */
  readonly query: boolean;
  /** The columns an INSERT names. */
  readonly columns: boolean;
}

function substituted(sql: Sql, scope: Scope, command: string): string {
  const words = solid(sql);
  const places: Place[] = [{ query: command !== '', columns: false }];
  let sets = false;
  let output = '';
  let index = -1;
  for (let at = 0; at < sql.length; at++) {
    const token = sql[at] as Token;
    if (token.type === 'space' || token.type === 'comment') {
      output += token.text;
      continue;
    }
    index++;
    const [before, after] = [words[index - 1], words[index + 1]];
    if (token.text === '(') {
      const query = after?.word === 'SELECT' || after?.word === 'WITH';
      places.push({
        query,
        columns: command === 'INSERT' && places.length === 1 && !query && isInsertTarget(words, index),
      });
    } else if (token.text === ')') places.pop();
    else if (places.length === 1 && token.word === 'SET') sets = true;
    else if (places.length === 1 && (token.word === 'WHERE' || token.word === 'FROM')) sets = false;
    const place = places.at(-1);
    const assigned =
      sets && places.length === 1 && after?.text === '=' && (before?.word === 'SET' || before?.text === ',');
    const named = NAMES.has(before?.word ?? '') && (before?.word !== 'FROM' || place?.query === true);
    const variable = token.type === 'word' || token.type === 'quoted' || token.type === 'parameter';
    if (!variable || place?.columns || assigned || named || before?.text === '.' || after?.text === '(') {
      output += token.text;
      continue;
    }
    const path = [token.type === 'parameter' ? token.text.toLowerCase() : nameOf(token)];
    const field = words[index + 2];
    if (after?.text === '.' && (field?.type === 'word' || field?.type === 'quoted')) path.push(nameOf(field));
    const value = scope.value(path);
    if (value === undefined) {
      output += token.text;
      continue;
    }
    if (place?.query && isSortKey(words, index, path.length === 2 ? index + 2 : index))
      throw unsupported(
        `a variable as what ORDER BY or GROUP BY goes by`,
        token.at,
        'Put the name of the column into the text of an EXECUTE, or give the variable another name than the column.',
      );
    output += written(value);
    if (path.length === 2) {
      at = sql.indexOf(field as Token, at);
      index += 2;
    }
  }
  return output;
}

/** Whether all of an item of ORDER BY or GROUP BY of a query is here: a number would be a position in the list of columns, and is none in a variable. */
function isSortKey(words: readonly Token[], first: number, last: number): boolean {
  const next = words[last + 1];
  if (next && !AFTER_KEY.has(next.word)) return false;
  let depth = 0;
  for (let at = first - 1; at >= 0; at--) {
    const { word } = words[at] as Token;
    if (word === ')') depth++;
    else if (word === '(') depth--;
    if (at === first - 1 && word !== ',' && word !== 'BY') return false;
    if (depth === 0 && word === 'BY') return ['ORDER', 'GROUP'].includes(words[at - 1]?.word ?? '');
    if (depth < 0 || (depth === 0 && BEFORE_KEYS.has(word))) return false;
  }
  return false;
}

const AFTER_KEY = new Set(
  ', ) ; ASC DESC NULLS LIMIT OFFSET FETCH HAVING QUALIFY ORDER UNION INTERSECT EXCEPT MINUS'.split(' '),
);

/** Where a list has one of these words before it, it is none of ORDER BY. */
const BEFORE_KEYS = new Set(['SELECT', 'FROM', 'WHERE', 'HAVING', 'VALUES', 'SET', 'LIMIT']);

/** `INSERT INTO name (`: the parentheses right after the table's name. */
function isInsertTarget(words: readonly Token[], index: number): boolean {
  return !words.slice(2, index).some(({ word }) => word === 'VALUES' || word === 'SELECT' || word === '(');
}
