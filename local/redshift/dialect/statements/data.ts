import { readTable } from '../attributes.ts';
import { rewrite } from '../expressions.ts';
import type { Fragment } from '../fragment.ts';
import { nameOf } from '../lexer.ts';
import { readName, type QualifiedName } from '../names.ts';
import { syntaxError } from '../redshift-error.ts';
import { isName, isSymbol, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import type { Draft } from '../typing.ts';
import { createTableAs } from './create-table.ts';
import { joinedToItself } from './self-join.ts';
import { steps, type Statement } from './statement.ts';
import { withAssignments } from './stored-values.ts';
import { refuseChange } from './view-rules.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/** `DELETE [FROM] t [USING …] [WHERE …]`. https://docs.aws.amazon.com/redshift/latest/dg/r_DELETE.html */
export function remove({ nodes, sql }: Statement): Steps {
  const at = nodes.findIndex((node) => isWord(node, 'DELETE'));
  const next = significant(nodes.slice(at + 1))[0];
  const from = isWord(next, 'FROM') ? '' : ' FROM ';
  const words = significant(nodes);
  const { name } = readName(words, words.findIndex((node) => isWord(node, 'DELETE')) + (from === '' ? 2 : 1));
  const statement = [rewrite(nodes.slice(0, at)), nodes[at] as Fragment, from, rewrite(nodes.slice(at + 1))];
  return changing(name, { statement }, sql);
}

/** `UPDATE t SET … [FROM …] [WHERE …]`. https://docs.aws.amazon.com/redshift/latest/dg/r_UPDATE.html */
export function update({ nodes, sql }: Statement): Steps {
  const plain: Draft = { statement: rewrite(nodes) };
  const words = significant(nodes);
  const at = words.findIndex((node) => isWord(node, 'UPDATE')) + 1;
  const { name, end } = readName(words, isWord(words[at], 'ONLY') ? at + 1 : at);
  const alias = isWord(words[end], 'AS') ? end + 1 : end;
  const set = words[isWord(words[alias], 'SET') ? alias : alias + 1];
  if (!isWord(set, 'SET')) throw set ? syntaxError(textOf([set]), startOf(set)) : syntaxError(undefined, sql.length);
  const renamed = words[alias];
  const called = isName(renamed) && renamed !== set ? nameOf(renamed) : name.name;
  const whole = joinedToItself(nodes, name, called);
  return async (database) => {
    const table = await readTable(database, name);
    refuseChange(table, name);
    return steps([table ? { statement: withAssignments(whole, table) } : plain], sql, database);
  };
}

/** `TRUNCATE [TABLE] t`. https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html */
export function truncate({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const { name, end } = readName(nodes, isWord(nodes[1], 'TABLE') ? 2 : 1);
  const more = nodes[end];
  if (more && !isSymbol(more, ';')) throw syntaxError(textOf([more]).slice(0, 40), startOf(more));
  const target = { type: 'quoted', text: name.sql, at: name.position, word: '' } as const;
  return changing(name, { statement: ['TRUNCATE ', target] }, sql);
}

/** A statement that changes the rows of a table. */
function changing(name: QualifiedName, draft: Draft, sql: string): Steps {
  return async (database) => {
    refuseChange(await readTable(database, name), name);
    return steps([draft], sql, database);
  };
}

/** `SELECT … INTO [TEMP] [TABLE] t FROM …`: a CREATE TABLE AS. https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_INTO.html */
export function selectInto({ nodes, sql }: Statement): Steps {
  const into = nodes.findIndex((node) => isWord(node, 'INTO'));
  const rest = significant(nodes.slice(into + 1));
  let at = 0;
  const temporary = isWord(rest[0], 'TEMP', 'TEMPORARY');
  while (isWord(rest[at], 'LOCAL', 'TEMP', 'TEMPORARY', 'TABLE')) at++;
  const { name, end } = readName(rest, at);
  const tail: readonly Node[] = rest[end] === undefined ? [] : nodes.slice(nodes.indexOf(rest[end]));
  const head = { name, temporary: temporary || name.temporary, ifNotExists: false };
  return createTableAs(head, undefined, [...nodes.slice(0, into), ...tail], {}, sql);
}
