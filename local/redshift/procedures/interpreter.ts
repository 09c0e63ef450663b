import { nameOf } from '../dialect/lexer.ts';
import { RedshiftError, SQLSTATE, unsupported } from '../dialect/redshift-error.ts';
import type { Action, Block, Handler, Sql } from './body.ts';
import { fetchRow, nameOfCursor, openCursor } from './cursors.ts';
import { evaluate, found, raise, runSql, take } from './evaluation.ts';
import { assign, declareAll, valueIn, type Frame, type Left } from './frame.ts';
import { Scope, scalar } from './scope.ts';
import { statementText } from './substitution.ts';
import { solid } from './token-reader.ts';
import { declaredType, NULL } from './value.ts';

/** After so many rounds of loops others have their turn. */
const ROUNDS = 256;

/** Runs a block. https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-structure.html#r_PLpgSQL-block */
export async function runBlock(block: Block, outer: Scope, frame: Frame): Promise<Left | undefined> {
  const scope = new Scope(outer, block.label);
  const work = async (inside: Frame): Promise<Left | undefined> => {
    await declareAll(block.declarations, scope, inside, evaluate);
    return runAll(block.body, scope, inside);
  };
  const left = await (block.handler ? guarded(work, block.handler, scope, frame) : work(frame));
  return typeof left === 'object' && left.label !== undefined && left.label === block.label && !left.again
    ? undefined
    : left;
}

/**
 * The transaction of what failed is rolled back, the handler runs in a new one. Then the error is thrown again, but not by a NONATOMIC
 * procedure, which may continue behind the statement that failed. https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-trapping-errors.html
 */
async function guarded(
  work: (frame: Frame) => Promise<Left | undefined>,
  { continues, body }: Handler,
  scope: Scope,
  frame: Frame,
): Promise<Left | undefined> {
  const handle = async (error: unknown): Promise<Left | undefined> => {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (frame.host.signal.aborted || typeof code !== 'string') throw error;
    await frame.host.undo();
    const caught = new Scope(scope);
    caught.declare('sqlstate', scalar({ text: code, type: 'character varying' }));
    caught.declare('sqlerrm', scalar({ text: String(message), type: 'character varying' }));
    return runAll(body, caught, { ...frame, caught: error, recover: undefined });
  };
  if (continues) return work({ ...frame, recover: handle });
  try {
    return await work({ ...frame, recover: undefined });
  } catch (error) {
    const left = await handle(error);
    if (frame.nonatomic) return left;
    await frame.host.keep();
    throw error;
  }
}

async function runAll(actions: readonly Action[], scope: Scope, frame: Frame): Promise<Left | undefined> {
  for (const action of actions) {
    frame.host.signal.throwIfAborted();
    const left = await run(action, scope, frame).catch((error: unknown) => {
      const failure = frame.placed(error, action.line);
      if (!frame.recover) throw failure;
      return frame.recover(failure);
    });
    if (left) return left;
  }
  return undefined;
}

async function run(action: Action, scope: Scope, frame: Frame): Promise<Left | undefined> {
  const { host } = frame;
  switch (action.kind) {
    case 'block':
      return runBlock(action.block, scope, frame);
    case 'assign':
      await assign(scope, action.target, await evaluate(action.value, scope, frame), frame);
      return undefined;
    case 'if':
      for (const { when, body } of action.branches)
        if (await holds(when[0] ?? [], scope, frame)) return runAll(body, scope, frame);
      return runAll(action.otherwise, scope, frame);
    case 'case':
      return runCase(action, scope, frame);
    case 'loop':
      return repeat(action, scope, frame, async () => !action.when || (await holds(action.when, scope, frame)));
    case 'range':
      return runRange(action, scope, frame);
    case 'rows':
      return runRows(action, scope, frame);
    case 'leave':
      if (action.when && !(await holds(action.when, scope, frame))) return undefined;
      return { again: action.again, label: action.label };
    case 'return':
      return 'return';
    case 'nothing':
      return undefined;
    case 'raise':
      return raise(action, scope, frame);
    case 'rethrow':
      throw (
        frame.caught ??
        new RedshiftError(SQLSTATE.syntaxError, 'RAISE without parameters cannot be used outside an exception handler')
      );
    case 'execute': {
      const command = (await evaluate(action.command, scope, frame)).text;
      if (command === null) throw new RedshiftError(SQLSTATE.nullNotAllowed, 'cannot EXECUTE a null query string');
      if (/^\s*(?:commit|rollback|end|abort)\b/i.test(command)) throw unsupported('COMMIT and ROLLBACK in dynamic SQL');
      await runSql(command, action.into, scope, frame, true);
      return undefined;
    }
    case 'open':
      return openCursor(action, scope, frame);
    case 'fetch':
      return fetchRow(action, scope, frame);
    case 'close':
      await host.run(`CLOSE ${nameOfCursor(scope, action.cursor)}`);
      return undefined;
    case 'diagnostics':
      await assign(scope, action.target, { text: String(Math.max(frame.rowCount.value, 0)), type: 'bigint' }, frame);
      return undefined;
    case 'transaction':
      await frame.endTransaction(action.action);
      return undefined;
    case 'call': {
      // What an INOUT argument has become goes to the variable that was given.
      for (const { given, value } of await frame.call(action.call, scope)) {
        const [name] = solid(given);
        if (name && scope.find(nameOf(name))) await assign(scope, [nameOf(name)], value, frame);
      }
      return undefined;
    }
    case 'sql': {
      const text = statementText(action.sql, scope);
      if (action.discards || action.into || !/^\s*(?:select|with|values)\b/i.test(text))
        await runSql(text, action.into, scope, frame, false);
      else
        throw new RedshiftError(SQLSTATE.syntaxError, 'query has no destination for result data', {
          hint: 'If you want to discard the results of a SELECT, use PERFORM instead.',
        });
      return undefined;
    }
  }
}

/** What is no BOOLEAN is read as one is written: `1` and `yes` hold, `2` is an error. */
async function holds(sql: Sql, scope: Scope, frame: Frame): Promise<boolean> {
  const value = await evaluate(sql, scope, frame);
  const { text } = value.type === 'boolean' ? value : await valueIn(BOOLEAN, { ...value, type: TEXT }, frame);
  return text === 'true' || text === 't';
}

const TEXT = 'character varying';
const BOOLEAN = declaredType('boolean');
const INTEGER = declaredType('integer');

async function runCase(
  { operand, branches, otherwise }: Action & { readonly kind: 'case' },
  scope: Scope,
  frame: Frame,
): Promise<Left | undefined> {
  const inside = new Scope(scope);
  if (operand) inside.declare('rs_case', scalar(await evaluate(operand, scope, frame)));
  for (const { when, body } of branches)
    for (const each of when) {
      const condition = operand
        ? [...CASE_OPERAND, { ...EQUALS, text: '=(' }, ...each, { ...EQUALS, text: ')' }]
        : each;
      if (await holds(condition, inside, frame)) return runAll(body, scope, frame);
    }
  if (otherwise) return runAll(otherwise, scope, frame);
  throw new RedshiftError(SQLSTATE.caseNotFound, 'case not found', { hint: 'CASE statement is missing ELSE part.' });
}

const EQUALS = { type: 'symbol', text: '=', at: 0, word: '=' } as const;
const CASE_OPERAND = [{ type: 'word', text: 'rs_case', at: 0, word: 'RS_CASE' }] as const;

/** Runs a loop's body as long as `more` says so. */
async function repeat(
  { label, body }: { readonly label: string | undefined; readonly body: readonly Action[] },
  scope: Scope,
  frame: Frame,
  more: () => Promise<boolean>,
): Promise<Left | undefined> {
  for (let round = 1; await more(); round++) {
    if (round % ROUNDS === 0) await new Promise((resolve) => setImmediate(resolve));
    frame.host.signal.throwIfAborted();
    const left = await runAll(body, scope, frame);
    if (left === undefined) continue;
    if (left === 'return' || (left.label !== undefined && left.label !== label)) return left;
    if (!left.again) return undefined;
  }
  return undefined;
}

async function runRange(
  action: Action & { readonly kind: 'range' },
  scope: Scope,
  frame: Frame,
): Promise<Left | undefined> {
  const bound = async (sql: Sql): Promise<number> => {
    const { text } = await valueIn(INTEGER, await evaluate(sql, scope, frame), frame);
    if (text === null)
      throw new RedshiftError(SQLSTATE.nullNotAllowed, 'lower or upper bound of FOR loop cannot be NULL');
    return Number(text);
  };
  let next = await bound(action.from);
  const last = await bound(action.to);
  const step = action.reverse ? -1 : 1;
  const inside = new Scope(scope, action.label);
  const variable = scalar(NULL, { type: INTEGER });
  inside.declare(action.variable, variable);
  let rounds = 0;
  const left = await repeat(action, inside, frame, async () => {
    if ((last - next) * step < 0) return false;
    variable.value = { text: String(next), type: 'integer' };
    next += step;
    rounds++;
    return true;
  });
  found(scope, rounds > 0);
  return left;
}

async function runRows(
  action: Action & { readonly kind: 'rows' },
  scope: Scope,
  frame: Frame,
): Promise<Left | undefined> {
  const query = action.dynamic ? (await evaluate(action.query, scope, frame)).text : statementText(action.query, scope);
  if (query === null) throw new RedshiftError(SQLSTATE.nullNotAllowed, 'cannot EXECUTE a null query string');
  return frame.host.withCursor(async () => {
    const { rows, columns } = await frame.host.run(query);
    let next = 0;
    const left = await repeat(action, scope, frame, async () => {
      const row = rows[next++];
      if (row) await take(action.targets, columns, row, scope, frame);
      return row !== undefined;
    });
    if (rows.length === 0) await take(action.targets, columns, undefined, scope, frame);
    found(scope, rows.length > 0);
    return left;
  });
}
