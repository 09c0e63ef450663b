import { RedshiftError, SQLSTATE } from '../dialect/redshift-error.ts';
import type { Action } from './body.ts';
import { evaluate, found, take } from './evaluation.ts';
import type { Frame } from './frame.ts';
import { Scope, scalar } from './scope.ts';
import { statementText } from './substitution.ts';

/** Cursors of a procedure are the session's: https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-statements.html#r_PLpgSQL-cursors */

/** The cursor a variable holds, quoted. */
export function nameOfCursor(scope: Scope, name: string): string {
  const { value } = scope.variable(name);
  if (value.text === null) throw new RedshiftError(SQLSTATE.nullNotAllowed, `cursor variable "${name}" is NULL`);
  return `"${value.text.replaceAll('"', '""')}"`;
}

export async function openCursor(
  action: Action & { readonly kind: 'open' },
  scope: Scope,
  frame: Frame,
): Promise<undefined> {
  const variable = scope.variable(action.cursor);
  let query: string | null;
  if (action.query) {
    query = action.dynamic ? (await evaluate(action.query, scope, frame)).text : statementText(action.query, scope);
    if (variable.value.text === null)
      variable.value = { text: `<unnamed portal ${++frame.portals.value}>`, type: 'refcursor' };
  } else {
    const { cursor } = variable;
    if (!cursor) throw new RedshiftError(SQLSTATE.syntaxError, `cursor "${action.cursor}" has no query`);
    if (cursor.args.length !== action.values.length)
      throw new RedshiftError(SQLSTATE.syntaxError, `cursor "${action.cursor}" has ${cursor.args.length} arguments`);
    const inside = new Scope(scope);
    for (const [index, name] of cursor.args.entries())
      inside.declare(name, scalar(await evaluate(action.values[index] ?? [], scope, frame)));
    query = statementText(cursor.query, inside);
    variable.value = { text: action.cursor, type: 'refcursor' };
  }
  frame.host.refuseCursor();
  if (query === null) throw new RedshiftError(SQLSTATE.nullNotAllowed, 'cannot EXECUTE a null query string');
  await frame.host.run(`DECLARE ${nameOfCursor(scope, action.cursor)} CURSOR FOR ${query}`);
  return undefined;
}

export async function fetchRow(
  action: Action & { readonly kind: 'fetch' },
  scope: Scope,
  frame: Frame,
): Promise<undefined> {
  const { rows, columns } = await frame.host.run(`FETCH FORWARD 1 FROM ${nameOfCursor(scope, action.cursor)}`);
  found(scope, rows.length > 0);
  await take(action.targets, columns, rows[0], scope, frame);
  return undefined;
}
