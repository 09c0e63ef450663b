import { RedshiftError, SQLSTATE } from '../dialect/redshift-error.ts';
import type { RedshiftType } from '../dialect/types.ts';
import type { Action, Sql, Target } from './body.ts';
import { assign, type Frame } from './frame.ts';
import { quickValue } from './quick-value.ts';
import type { Scope } from './scope.ts';
import { expressionText } from './substitution.ts';
import { converted, NULL, type Value } from './value.ts';

/** Runs a statement of SQL, and puts its first row where its INTO says. */
export async function runSql(
  sql: string,
  into: readonly Target[] | undefined,
  scope: Scope,
  frame: Frame,
  dynamic: boolean,
): Promise<void> {
  const { rows, columns, command, count } = await frame.host.run(sql);
  // A SELECT INTO takes one row: nothing tells whether there were more. An EXECUTE leaves FOUND as it was.
  const processed = into && !dynamic ? Math.min(rows.length, 1) : rows.length;
  frame.rowCount.value = columns.length > 0 ? processed : count;
  if (into) await take(into, columns, rows[0], scope, frame);
  if (dynamic) return;
  if (into) found(scope, rows.length > 0);
  else if (/^(?:INSERT|UPDATE|DELETE|MERGE)/.test(command)) found(scope, count > 0);
}

/** https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-structure.html#r_PLpgSQL-builtin-variables */
export function found(scope: Scope, value: boolean): void {
  scope.variable('found').value = { text: String(value), type: 'boolean' };
}

/**
 * A row into a record, or into variables one by one; no row makes them null. Of fields that have one name the first is meant.
 * See https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-statements.html#r_PLpgSQL-select-into
 * @throws RedshiftError where there is not a variable for each column
 */
export async function take(
  targets: readonly Target[],
  columns: readonly { readonly name: string; readonly type: string }[],
  row: readonly (string | null)[] | undefined,
  scope: Scope,
  frame: Frame,
): Promise<void> {
  const values = columns.map(({ type }, index): Value => ({ text: row?.[index] ?? null, type }));
  const [only] = targets;
  const record = targets.length === 1 && only?.length === 1 ? scope.variable(only[0] ?? '') : undefined;
  if (record?.record) {
    const fields = columns.map(({ name }, index) => [name, values[index] ?? NULL] as const);
    record.fields = new Map(fields.toReversed());
    return;
  }
  if (targets.length !== columns.length)
    throw new RedshiftError(
      SQLSTATE.datatypeMismatch,
      `a row of ${columns.length} columns cannot be assigned to ${targets.length} variables`,
      { hint: 'The selected values must exactly match the variables.' },
    );
  for (const [index, target] of targets.entries()) await assign(scope, target, values[index] ?? NULL, frame);
}

/** The value of an expression. */
export async function evaluate(sql: Sql, scope: Scope, frame: Frame, type?: RedshiftType): Promise<Value> {
  const quick = quickValue(sql, scope);
  const known = quick && converted(quick, type);
  if (known) return known;
  const text = expressionText(sql, scope);
  const { rows, columns } = await frame.host.run(`SELECT ${type ? `CAST((${text}) AS ${type.text})` : text}`);
  return { text: rows[0]?.[0] ?? null, type: type?.text ?? columns[0]?.type ?? 'character varying' };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-statements.html#r_PLpgSQL-messages-errors */
export async function raise(
  action: Action & { readonly kind: 'raise' },
  scope: Scope,
  frame: Frame,
): Promise<undefined> {
  const values: string[] = [];
  for (const each of action.values) {
    const { text, type } = await evaluate(each, scope, frame);
    values.push(text === null ? '<NULL>' : type === 'boolean' ? text.charAt(0) : text);
  }
  const marks = action.format.match(/%%|%/g)?.filter((mark) => mark === '%').length ?? 0;
  if (marks !== values.length) {
    const wrong = marks > values.length ? 'few' : 'many';
    throw new RedshiftError(SQLSTATE.syntaxError, `too ${wrong} parameters specified for RAISE`);
  }
  let used = 0;
  const message = action.format.replace(/%%|%/g, (mark) => (mark === '%%' ? '%' : (values[used++] ?? '<NULL>')));
  await frame.host.say(action.level, message, action.line);
  if (action.level === 'EXCEPTION') throw new RedshiftError(SQLSTATE.raised, message);
  return undefined;
}
