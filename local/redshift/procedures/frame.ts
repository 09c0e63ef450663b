import { lex, nameOf } from '../dialect/lexer.ts';
import { RedshiftError, SQLSTATE } from '../dialect/redshift-error.ts';
import type { RedshiftType } from '../dialect/types.ts';
import type { Declaration, Sql, Target } from './body.ts';
import { scalar, type Scope } from './scope.ts';
import { converted, declaredType, isCharacter, isText, NULL, written, type Value } from './value.ts';

/** What a statement gave; of a query, its columns and rows. */
export interface Ran {
  readonly command: string;
  /** Rows changed; -1 where there is no number. */
  readonly count: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The session a procedure runs in. */
export interface ProcedureHost {
  readonly signal: AbortSignal;
  /** Runs a statement of SQL in the transaction of the call, or as one of its own. */
  run(sql: string): Promise<Ran>;
  /** A FOR loop over rows, which is a cursor: one can be open in a session, that of another loop too. */
  withCursor<T>(work: () => Promise<T>): Promise<T>;
  /** @throws RedshiftError in a FOR loop over rows */
  refuseCursor(): void;
  /** What RAISE says, unless it is an exception. */
  say(level: string, message: string, line: number): Promise<void>;
  /** Rolls back what is open, and begins anew where the call is a transaction. */
  undo(): Promise<void>;
  /** Commits what a handler has done. */
  keep(): Promise<void>;
}

/** Why a list of statements was left before its end. */
export type Left = 'return' | { readonly again: boolean; readonly label: string | undefined };

/** One call of a procedure. */
export interface Frame {
  readonly host: ProcedureHost;
  readonly nonatomic: boolean;
  /** Of the last statement, for GET DIAGNOSTICS. */
  readonly rowCount: { value: number };
  readonly portals: { value: number };
  /** In a handler: what it caught. */
  readonly caught?: unknown;
  /** In a block with a CONTINUE_HANDLER: what is done where a statement fails, before the next one. */
  readonly recover?: ((error: unknown) => Promise<Left | undefined>) | undefined;
  /** The error with the place in the procedure it came from. */
  placed(error: unknown, line: number): unknown;
  endTransaction(action: 'commit' | 'rollback' | 'start'): Promise<void>;
  /** Another procedure: what its INOUT arguments have become, beside what stood for them. */
  call(call: Sql, scope: Scope): Promise<readonly { readonly given: Sql; readonly value: Value }[]>;
}

type Evaluate = (sql: Sql, scope: Scope, frame: Frame, type?: RedshiftType) => Promise<Value>;

/** The variables of a DECLARE section, with their first values. */
export async function declareAll(
  declarations: readonly Declaration[],
  scope: Scope,
  frame: Frame,
  evaluate: Evaluate,
): Promise<void> {
  for (const { name, type: written, constant, notNull, initial, alias, cursor } of declarations) {
    if (alias !== undefined) {
      scope.declare(name, scope.variable(alias));
      continue;
    }
    if (/^record$/i.test(written) || /%\s*rowtype$/i.test(written)) {
      scope.declare(name, scalar(NULL, { record: true }));
      continue;
    }
    const type = await typeMeant(written, scope, frame);
    const value = initial
      ? await valueIn(type, await evaluate(initial, scope, frame, type && isCharacter(type) ? undefined : type), frame)
      : { text: cursor ? name : null, type: type?.text ?? written.toLowerCase() };
    if (notNull && value.text === null)
      throw new RedshiftError(SQLSTATE.nullNotAllowed, `variable "${name}" declared NOT NULL cannot default to NULL`);
    scope.declare(name, scalar(value, { type, constant, notNull, cursor }));
  }
}

/** `table.column%TYPE` as the type of that column, `variable%TYPE` as that of the variable; a CHAR without a length is of one byte. */
async function typeMeant(type: string, scope: Scope, frame: Frame): Promise<RedshiftType | undefined> {
  const of = /^(?:(.*)\.)?\s*([^.]+?)\s*%\s*type$/is.exec(type);
  if (of?.[1] !== undefined) {
    const { columns } = await frame.host.run(`SELECT ${of[2]} FROM ${of[1]} LIMIT 0`);
    return declaredType(columns[0]?.type ?? 'varchar');
  }
  const [variable] = lex(of?.[2] ?? '');
  if (variable) return scope.variable(nameOf(variable)).type;
  const declared = declaredType(type);
  return declared?.name === 'bpchar' ? { ...declared, explicit: true } : declared;
}

/** Assigns to a variable, in its own type, or to a field of a record. */
export async function assign(scope: Scope, target: Target, value: Value, frame: Frame): Promise<void> {
  const [name = '', field] = target;
  const variable = field === undefined ? scope.variable(name) : (scope.labelled(name, field) ?? scope.variable(name));
  if (variable.record && field !== undefined) {
    const before = scope.value(target) ?? NULL;
    const type = declaredType(isText(before) ? 'varchar' : before.type);
    variable.fields = new Map([...(variable.fields ?? []), [field, await valueIn(type, value, frame)]]);
    return;
  }
  if (variable.constant) throw new RedshiftError(SQLSTATE.errorInAssignment, `"${name}" is declared CONSTANT`);
  const given = await valueIn(variable.type, value, frame);
  if (variable.notNull && given.text === null)
    throw new RedshiftError(SQLSTATE.nullNotAllowed, `NULL cannot be assigned to variable "${name}" declared NOT NULL`);
  variable.value = given;
}

/** A value as it is when it is assigned to what is of this type. */
export async function valueIn(type: RedshiftType | undefined, value: Value, frame: Frame): Promise<Value> {
  const known = converted(value, type);
  if (known || !type) return known ?? value;
  if (isCharacter(type) && !isText(value)) return valueIn(type, await cast(value, 'varchar', frame), frame);
  return cast(value, type.text, frame);
}

async function cast(value: Value, type: string, frame: Frame): Promise<Value> {
  const { rows } = await frame.host.run(`SELECT CAST(${written(value)} AS ${type})`);
  return { text: rows[0]?.[0] ?? null, type };
}
