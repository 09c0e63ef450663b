import { LoadFailed, StatementConflict, StatementFailed } from '../errors/errors.ts';
import type { SluiceError } from '../errors/sluice-error.ts';
import type { UnitStatement } from '../plan/plan.ts';
import type { UnitDocument } from '../run/unit-document.ts';
import type { LoadError } from './load-errors.ts';
import { loadAdvice } from './load-advice.ts';
import { tableText } from './table-text.ts';
import type { StatementDescription, SubStatement } from './warehouse.ts';

/** What a failed batch means: told by which of its statements failed, never by a message. */
export type FailedBatch =
  /** An earlier attempt has done the unit, says its guard. */
  | { readonly means: 'done' }
  /** Something that passes: another attempt can succeed. */
  | { readonly means: 'again'; readonly error: SluiceError }
  | { readonly means: 'load-refused'; readonly copy: SubStatement }
  | { readonly means: 'guard-failed'; readonly statement: UnitStatement; readonly where: object }
  | { readonly means: 'failed'; readonly error: SluiceError };

/**
 * The one thing the Data API gives only as text: Redshift's own error number, at the start of the message. 1023 is a serializable isolation
 * violation, 1018 and 1020 conflicts with a concurrent transaction, 40P01 and 40001 deadlock and serialisation in SQLSTATE.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
 */
const CONFLICT = /^\s*(?:ERROR:\s*)?(?:1018|1020|1023|40P01|40001|deadlock detected)\b/i;

export function isConflict(error: string | undefined): boolean {
  return error !== undefined && CONFLICT.test(error);
}

export function readFailedBatch(unit: UnitDocument, described: StatementDescription): FailedBatch {
  const at = described.subStatements.findIndex(({ status }) => status === 'FAILED');
  const sub = described.subStatements[at];
  const statement = unit.statements[at];
  const text = sub?.error ?? described.error ?? '';
  const where = { unit: unit.id, ...tableText(statement?.table ? statement : unit), ...sourceOf(unit, statement) };
  if (isConflict(text)) return { means: 'again', error: new StatementConflict(undefined, { where }) };
  if (!sub || !statement)
    // None of the statements failed: the batch never got as far as the cluster.
    return {
      means: 'again',
      error: new StatementFailed(
        `${unit.title}: the batch failed before its first statement${text ? `: ${text}` : ''}.`,
        { where },
      ),
    };
  if (statement.role === 'guard')
    return statement.guards === 'unit-not-done' ? { means: 'done' } : { means: 'guard-failed', statement, where };
  if (unit.kind === 'copy' && isCopy(statement)) return { means: 'load-refused', copy: sub };
  return {
    means: 'failed',
    error: new StatementFailed(`${unit.title}: "${statement.purpose}" failed: ${text}`, { where }),
  };
}

/** The statement of a unit that loads its files; what lists them may be loaded, too, and is not meant. */
export function isCopy({ role, sql }: UnitStatement): boolean {
  return role === 'work' && /^\s*copy\b/i.test(sql);
}

function sourceOf(unit: UnitDocument, statement: UnitStatement | undefined): { readonly file?: string } {
  const source = statement?.source ?? unit.source;
  return source === undefined ? {} : { file: source };
}

/** What COPY refused, from the first of its load errors, or from its message where it left none. */
export function loadFailed(unit: UnitDocument, errors: readonly LoadError[], text: string | undefined): LoadFailed {
  const [first] = errors;
  const base = { unit: unit.id, ...tableText(unit) };
  if (!first) return new LoadFailed(`${unit.title}: ${text ?? 'COPY failed and left no reason'}`, { where: base });
  const { file, line, column, value } = first;
  // Some of the reasons are sentences, others are not.
  const reason = first.reason.replace(/\.$/, '');
  const next = loadAdvice(first.code);
  const more = errors.length > 1 ? ` (the first of ${errors.length} errors that were kept)` : '';
  return new LoadFailed(
    `${unit.title}: ${file}, line ${line}${column ? `, column ${column}` : ''}: ${reason}${more}.`,
    {
      why: reason,
      ...(next === undefined ? {} : { next }),
      where: { ...base, file, line, ...(column ? { column } : {}), ...(value ? { value: value.slice(0, 200) } : {}) },
    },
  );
}
