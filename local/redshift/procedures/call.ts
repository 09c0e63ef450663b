import { anotherCursor, nameOfOpenCursor } from '../dialect/statements/cursor.ts';
import { lex } from '../dialect/lexer.ts';
import { readName } from '../dialect/names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../dialect/redshift-error.ts';
import { isParenthesis, isWord, significant, splitAtCommas, startOf, textOf, tree } from '../dialect/token-tree.ts';
import type { Database } from '../dialect/translation.ts';
import type { Sql } from './body.ts';
import { proceduresNamed, type Argument, type PlacedProcedure } from './definition.ts';
import { evaluate } from './evaluation.ts';
import { assign, type Frame, type ProcedureHost, type Ran } from './frame.ts';
import { runBlock } from './interpreter.ts';
import { parseBody } from './parse-body.ts';
import { Scope, scalar } from './scope.ts';
import { declaredType, isText, isWhole, NULL, written, type Value } from './value.ts';

/** The session that CALL runs in, and its transaction. */
export interface CallSession {
  readonly signal: AbortSignal;
  readonly database: Database;
  /** Whether a transaction is open. */
  readonly open: () => boolean;
  begin(): void;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** One statement; `refused` are commands it may not be. */
  run(sql: string, refused: readonly string[]): Promise<Ran>;
  /** Keeps what RAISE says for the system views. */
  say(level: string, message: string, procedure: string, line: number): Promise<void>;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-constraints.html */
const MAX_DEPTH = 16;

/**
 * Runs a CALL in a transaction of its own, or in the one that is open. The query that gives what the output arguments have become, where there
 * are any: to be run before `end`, which commits.
 * See https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-transaction-management.html
 */
export async function call(
  sql: string,
  session: CallSession,
): Promise<{ readonly answer: string | undefined; readonly end: () => Promise<void> }> {
  const around = { inBlock: session.open(), configured: false, depth: 1 };
  const { outputs, end } = await perform(lex(sql.replace(/;\s*$/, '')), new Scope(), session, around);
  const columns = outputs.flatMap(({ argument: { mode, name }, value, number }) =>
    mode === 'IN' ? [] : [`${written(value)} AS "${(mode === 'INOUT' && name) || `column${number}`}"`],
  );
  return { answer: columns.length > 0 ? `SELECT ${columns.join(', ')}` : undefined, end };
}

interface Around {
  /** The caller has begun a transaction. */
  readonly inBlock: boolean;
  /** A procedure made with SET is in the chain of calls. */
  readonly configured: boolean;
  /** The mode of the procedure that calls. */
  readonly nonatomic?: boolean;
  /** Levels of calls, from 1. */
  readonly depth: number;
}

interface Output {
  readonly argument: Argument;
  readonly value: Value;
  /** Among the outputs, from 1. */
  readonly number: number;
  readonly given: Sql | undefined;
}

async function perform(
  sql: Sql,
  scope: Scope,
  session: CallSession,
  around: Around,
): Promise<{ readonly outputs: readonly Output[]; readonly end: () => Promise<void> }> {
  if (around.depth > MAX_DEPTH)
    throw new RedshiftError(
      SQLSTATE.tooComplex,
      `stored procedure calls are nested more than ${MAX_DEPTH} levels deep`,
    );
  const { name, args } = readCall(sql);
  const before = frameOf(session, undefined, around);
  const values: Value[] = [];
  for (const arg of args) values.push(await evaluate(arg, scope, before));
  const procedure = chosen(await proceduresNamed(session.database, name), values, name.shown, name.position);
  if (around.nonatomic !== undefined && around.nonatomic !== procedure.nonatomic)
    throw new RedshiftError(
      SQLSTATE.notSupported,
      `procedure ${name.shown} is called by one of another transaction mode`,
      { position: name.position, hint: 'Create all procedures that are nested NONATOMIC, or none of them.' },
    );
  const own = !session.open() && !procedure.nonatomic;
  if (own) session.begin();
  try {
    const frame = frameOf(session, procedure, around);
    const inside = new Scope(undefined, procedure.name);
    inside.declare('found', scalar({ text: 'false', type: 'boolean' }));
    const variables = await bind(procedure.args, values, inside, frame);
    await runBlock(parseBody(procedure.body, procedure.nonatomic), inside, frame);
    let number = 0;
    const given = args[Symbol.iterator]();
    const outputs = procedure.args.map((argument, index): Output => {
      const written: Sql | undefined = argument.mode === 'OUT' ? undefined : given.next().value;
      if (argument.mode !== 'IN') number++;
      return { argument, value: inside.variable(variables[index] ?? '').value, number, given: written };
    });
    return { outputs, end: async () => (own ? session.commit() : undefined) };
  } catch (error) {
    if (own && session.open()) await session.rollback();
    throw error;
  }
}

/** The arguments under their names and their numbers; OUT ones are null. */
async function bind(
  args: readonly Argument[],
  values: readonly Value[],
  scope: Scope,
  frame: Frame,
): Promise<readonly string[]> {
  let next = 0;
  const names: string[] = [];
  for (const [index, { name, mode, type }] of args.entries()) {
    const declared = type === 'numeric' ? undefined : declaredType(type);
    const number = `$${index + 1}`;
    scope.declare(number, scalar({ ...NULL, type }, { type: declared && { ...declared, explicit: false } }));
    if (mode !== 'OUT') await assign(scope, [number], values[next++] ?? NULL, frame);
    if (name !== undefined) scope.declare(name, scope.variable(number));
    names.push(number);
  }
  return names;
}

function readCall(sql: Sql): { readonly name: ReturnType<typeof readName>['name']; readonly args: readonly Sql[] } {
  const nodes = significant(tree(sql));
  const { name, end } = readName(nodes, isWord(nodes[0], 'CALL') ? 1 : 0);
  const list = nodes[end];
  if (!isParenthesis(list) || nodes[end + 1]) {
    const wrong = isParenthesis(list) ? nodes[end + 1] : list;
    throw wrong ? syntaxError(textOf([wrong]).slice(0, 40), startOf(wrong)) : syntaxError(undefined, name.position);
  }
  return { name, args: splitAtCommas(list.items).map((item) => lex(textOf(item))) };
}

/** The overload whose inputs are most like what is given. */
function chosen(
  all: readonly PlacedProcedure[],
  values: readonly Value[],
  shown: string,
  position: number,
): PlacedProcedure {
  const fitting = all.filter(({ args }) => args.filter(({ mode }) => mode !== 'OUT').length === values.length);
  const alike = ({ args }: PlacedProcedure): number =>
    args
      .filter(({ mode }) => mode !== 'OUT')
      .filter(({ type }, index) => {
        const value = values[index] ?? NULL;
        return (
          type === value.type ||
          (isText({ text: '', type }) ? isText(value) : isWhole({ text: '', type }) && isWhole(value))
        );
      }).length;
  const [best] = fitting.toSorted((a, b) => alike(b) - alike(a));
  if (best) return best;
  const types = values.map(({ type }) => type.replace(/\(.*/, '')).join(', ');
  throw new RedshiftError(SQLSTATE.undefinedFunction, `procedure ${shown}(${types}) does not exist`, {
    position,
    hint: 'No procedure matches the given name and argument types. You may need to add explicit type casts.',
  });
}

/** Calls that are in a FOR loop over rows. */
const looping = new WeakSet<CallSession>();

function frameOf(session: CallSession, procedure: PlacedProcedure | undefined, around: Around): Frame {
  const name = procedure?.name ?? '';
  const nonatomic = procedure?.nonatomic ?? false;
  const transactional = session.open();
  const configured = around.configured || procedure?.configured === true;
  const atomic = configured || (around.inBlock && !nonatomic);
  const host: ProcedureHost = {
    signal: session.signal,
    run: (sql) => session.run(sql, atomic ? ['TRUNCATE'] : []).finally(reopen),
    withCursor: async (work) => {
      host.refuseCursor();
      const open = session.open() ? await nameOfOpenCursor(session.database) : undefined;
      if (open !== undefined) throw anotherCursor(open);
      looping.add(session);
      return work().finally(() => looping.delete(session));
    },
    refuseCursor: () => {
      if (looping.has(session)) throw anotherCursor();
    },
    say: (level, message, line) => session.say(level, message, name, line),
    undo: async () => {
      if (session.open()) await session.rollback();
      reopen();
    },
    keep: async () => {
      if (session.open()) await session.commit();
      reopen();
    },
  };
  // TRUNCATE has committed: what follows is a new transaction.
  function reopen(): void {
    if (transactional && !session.open()) session.begin();
  }
  return {
    host,
    nonatomic,
    rowCount: { value: 0 },
    portals: { value: 0 },
    placed: (error, line) => placed(error, `PL/pgSQL function "${name}" line ${line}`),
    endTransaction: async (action) => {
      if (action === 'start') {
        if (!nonatomic) throw unsupported('START TRANSACTION in a procedure that is not NONATOMIC');
        session.begin();
        return;
      }
      if (atomic) throw invalidTermination(action.toUpperCase());
      if (session.open()) await session[action]();
      // Of a NONATOMIC procedure the transaction that the caller has begun, which goes on as a new one.
      if (!nonatomic || around.inBlock) reopen();
    },
    call: async (sql, scope) => {
      const { outputs, end } = await perform(sql, scope, session, {
        ...around,
        configured,
        nonatomic,
        depth: around.depth + 1,
      });
      await end();
      return outputs.flatMap(({ argument, value, given }) =>
        argument.mode === 'INOUT' && given ? [{ given, value }] : [],
      );
    },
  };
}

export function invalidTermination(command: string): RedshiftError {
  return new RedshiftError(
    SQLSTATE.invalidTermination,
    `${command} cannot be invoked from a procedure that is executing in an atomic context.`,
    {
      hint: 'Try calling the procedure as a top-level call i.e. not from within an explicit transaction block. Or, if this procedure (or one of its ancestors in the call chain) was created with SET config options, recreate the procedure without them.',
    },
  );
}

/** Where a position is in a statement of the procedure, it is none in the CALL. */
function placed(error: unknown, place: string): unknown {
  const { code, message, hint } = error as {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly hint?: unknown;
  };
  if (typeof code !== 'string' || PLACED.has(error as object)) return error;
  const made = new RedshiftError(code, String(message), {
    hint: typeof hint === 'string' ? `${hint} (${place})` : place,
    cause: error,
  });
  PLACED.add(made);
  return made;
}

const PLACED = new WeakSet<object>();
