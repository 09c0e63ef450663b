import { keptCases, NO_ATTRIBUTES, readTable, writeAttributes, type TableAttributes } from '../attributes.ts';
import { around } from '../described-query.ts';
import { rewrite } from '../expressions.ts';
import { identifier, lex } from '../lexer.ts';
import { noSuchRelation, readName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import { isParenthesis, isSymbol, isWord, significant, startOf, textOf, tree, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { textColumns } from '../text-types.ts';
import { finishWith, type Draft } from '../typing.ts';
import { columnNames } from './column-definition.ts';
import { relationsIn } from './dependent-views.ts';
import { lateBindingView } from './late-binding.ts';
import { resultNames } from './result-names.ts';
import { steps, textBetween, type Statement } from './statement.ts';
import { tableAttributes } from './table-attributes.ts';
import { refuseMaterialized, refuseOtherColumns, refuseUnqualified } from './view-rules.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html */
export function createView(statement: Statement): Steps {
  const { nodes: all, sql, cases } = statement;
  const nodes = significant(all);
  const replace = isWord(nodes[1], 'OR');
  const { name, end } = readName(nodes, nodes.findIndex((node) => isWord(node, 'VIEW')) + 1);
  const list = nodes[end];
  const listed = isParenthesis(list) ? columnNames(list.items) : [];
  const columns = isParenthesis(list) ? `(${listed.map(identifier).join(', ')}) ` : '';
  const as = nodes[end + (columns === '' ? 0 : 1)];
  if (!isWord(as, 'AS')) throw syntaxError(as && textOf([as]), as ? startOf(as) : sql.length);
  if (nodes.at(-1) === as) throw syntaxError(undefined, sql.length);
  const last = significant(all).slice(-4);
  const lateBinding =
    isWord(last[0], 'WITH') && isWord(last[1], 'NO') && isWord(last[2], 'SCHEMA') && isWord(last[3], 'BINDING');
  const stop = lateBinding && last[0] ? all.indexOf(last[0]) : all.length;
  const query = all.slice(all.indexOf(as) + 1, stop);
  const text = textBetween(statement, as, lateBinding ? last[0] : undefined);
  const body = rewrite(query);
  const attributes = (types: TableAttributes['columns']): Draft => ({
    statement: writeAttributes('VIEW', name, {
      ...NO_ATTRIBUTES,
      query: text,
      reads: [...relationsIn(text, cases)],
      columns: types,
    }),
  });
  const create = `CREATE ${replace ? 'OR REPLACE ' : ''}VIEW ${name.sql} ${columns}AS `;
  if (lateBinding) {
    refuseUnqualified(query, text, cases);
    return (database) => lateBindingView({ name, query: text, columns: listed, cases }, body, replace, database, sql);
  }
  return async (database) => {
    const select = await finishWith({ statement: body }, database, sql);
    if (replace) await refuseOtherColumns(name, listed, select, database, sql);
    const types = await textColumns(database, select.sql, listed);
    const names = listed.length > 0 && !hasStar(query) ? [] : await resultNames(database, select, sql, name.position);
    if (!hasStar(query))
      return [around(create, select, '', name.position), ...(await steps([attributes(types)], sql, database))];
    // `*` means the columns of now, also after the table got more. DuckDB would find it anew each time.
    const head = `${create}SELECT ${names.map(identifier).join(', ')} FROM (`;
    return [around(head, select, ') AS frozen', name.position), ...(await steps([attributes(types)], sql, database))];
  };
}

/** Whether a query's own SELECT list has a star. */
function hasStar(query: readonly Node[]): boolean {
  const nodes = significant(query);
  return nodes.some(
    (node, at) =>
      isSymbol(node, '*') && (isWord(nodes[at - 1], 'SELECT', 'DISTINCT', 'ALL') || isSymbol(nodes[at - 1], ',', '.')),
  );
}

/**
 * A materialized view is a table that remembers its query; REFRESH runs it again.
 * https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
 */
export function createMaterializedView(statement: Statement): Steps {
  const { nodes: all, sql, cases } = statement;
  const nodes = significant(all);
  const { name, end } = readName(nodes, 3);
  const refresh = nodes.findIndex((node, index) => isWord(node, 'REFRESH') && isWord(nodes[index - 1], 'AUTO'));
  const automatic = refresh >= 0 && isWord(nodes[refresh + 1], 'YES');
  const withoutRefresh = nodes.filter((node, index) => index < end || !isWord(node, 'AUTO', 'REFRESH', 'YES'));
  const { keys } = tableAttributes(withoutRefresh, end);
  const as = nodes.find((node) => isWord(node, 'AS'));
  if (!as) throw syntaxError(undefined, sql.length);
  const text = textBetween(statement, as);
  const query = all.slice(all.indexOf(as) + 1);
  const body = rewrite(query);
  return async (database) => {
    const select = await finishWith({ statement: body }, database, sql);
    const names = await resultNames(database, select, sql, name.position);
    await refuseMaterialized({ query, text, select, automatic }, cases, database);
    return steps(
      [
        { statement: [`CREATE TABLE ${name.sql} AS `, body], query: body },
        {
          statement: writeAttributes('TABLE', name, {
            ...NO_ATTRIBUTES,
            ...keys,
            view: 'materialized',
            autoRefresh: automatic,
            query: text,
            ...keptCases(cases),
            reads: [...relationsIn(text, cases)],
            columns: await textColumns(database, select.sql, names),
          }),
        },
      ],
      sql,
      database,
    );
  };
}

export function refreshMaterializedView({ nodes: all, sql }: Statement): Steps {
  const { name } = readName(significant(all), 3);
  return async (database) => {
    const table = await readTable(database, name);
    const query = table?.attributes.view === 'materialized' ? table.attributes.query : undefined;
    if (query === undefined)
      throw new RedshiftError(SQLSTATE.undefinedTable, `materialized view "${name.shown}" does not exist`, {
        position: name.position,
      });
    const body = rewrite(tree(lex(query, table?.attributes.cases)));
    return steps(
      [{ statement: `DELETE FROM ${name.sql}` }, { statement: [`INSERT INTO ${name.sql} `, body] }],
      sql,
      database,
    );
  };
}

/** `ALTER MATERIALIZED VIEW name AUTO REFRESH YES | NO`, or `… ALTER` of its keys. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_MATERIALIZED_VIEW.html */
export function alterMaterializedView({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const { name, end } = readName(nodes, 3);
  const [verb, refresh, choice] = nodes.slice(end);
  const automatic = isWord(verb, 'AUTO') && isWord(refresh, 'REFRESH') && isWord(choice, 'YES', 'NO');
  const keys = isWord(verb, 'ALTER') ? tableAttributes(nodes, end + 1) : undefined;
  if (keys?.end === end + 1 || (keys && nodes[keys.end]))
    throw syntaxError(nodes[keys.end] && textOf([nodes[keys.end] as Node]), sql.length);
  if (!automatic && !keys)
    throw unsupported(
      `ALTER MATERIALIZED VIEW … ${textOf(nodes.slice(end, end + 1)).toUpperCase()}`,
      verb && startOf(verb),
    );
  return async (database) => {
    const view = await readTable(database, name);
    if (view?.attributes.view !== 'materialized') throw noSuchRelation(name);
    const attributes = { ...view.attributes, ...(keys ? keys.keys : { autoRefresh: isWord(choice, 'YES') }) };
    return steps([{ statement: writeAttributes('TABLE', name, attributes) }], sql, database);
  };
}
