import type { Reader } from './reader.ts';
import { identifier, nameOf, type Token } from './lexer.ts';
import { syntaxError, unsupported } from './redshift-error.ts';
import { isTablePosition } from './table-names.ts';
import { isName, isParenthesis, isWord, significant, splitAtCommas, type Group } from './token-tree.ts';
import type { Expression } from './fragment.ts';

const COLUMNS = `SELECT c.schema_name, c.relation, c.column_name, rs.main.rs_full_type(base_type, length, numeric_precision, numeric_scale), c.position
  FROM rs.main.rs_columns c`;

/** Functions that give rows with columns that a list names, and what they ask for. */
export const COLUMN_LISTS: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/PG_GET_LATE_BINDING_VIEW_COLS.html
  pg_get_late_binding_view_cols: `${COLUMNS} JOIN rs.main.rs_relations r USING (oid) WHERE r.attributes->>'view' = 'late-binding'`,
  // Those of an identity provider, which there is none of here. https://docs.aws.amazon.com/redshift/latest/dg/PG_GET_SESSION_ROLES.html
  pg_get_session_roles: 'SELECT CAST(NULL AS VARCHAR), CAST(NULL AS INTEGER) WHERE false',
  // https://docs.aws.amazon.com/redshift/latest/dg/PG_GET_COLS.html
  pg_get_cols: `${COLUMNS} WHERE c.oid = rs.main.rs_relation_oid(`,
};

/** `FROM pg_get_cols('t') AS cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)` */
export function columnList(reader: Reader, token: Token, group: Group): Expression {
  const name = nameOf(token);
  const query = COLUMN_LISTS[name] ?? '';
  const closed = query.endsWith('(') ? [query, reader.rewrite(group.items), ')'] : query;
  const start = reader.nodes.lastIndexOf(token, reader.at);
  let at = reader.next();
  if (isWord(reader.node(at), 'AS')) at = reader.next(at + 1);
  const alias = reader.node(at);
  const list = reader.node(reader.next(at + 1));
  if (!isTablePosition(reader.nodes, start) || !isName(alias) || !isParenthesis(list))
    throw unsupported(`${name} outside FROM`, token.at, `Write FROM ${name}(…) AS cols(view_schema name, …).`);
  reader.at = reader.next(at + 1) + 1;
  const names = splitAtCommas(list.items).map((item) => {
    const [column] = significant(item);
    if (!isName(column)) throw syntaxError(undefined, list.open.at);
    return identifier(nameOf(column));
  });
  return { fragment: ['(', closed, `) AS ${identifier(nameOf(alias))}(${names.join(', ')})`] };
}
