import { dateLiteral, isDate, literal } from '../redshift-sql/literal.ts';
import { ManifestInvalid } from '../errors/errors.ts';
import { describeFinding } from '../errors/finding.ts';
import type { Parameter, SqlStatement } from '../sql-project/sql-project.ts';
import type { LedgerContext } from './ledger.ts';
import type { UnitStatement } from './plan.ts';

/** The statement with its parameters replaced by literals, as work of a unit. */
export function bound(statement: SqlStatement, context: LedgerContext): UnitStatement {
  return {
    role: 'work',
    purpose: statement.purpose,
    source: `${statement.file}:${statement.line}`,
    sql: boundSql(statement, context),
  };
}

/**
 * Replaces `:run_id` and the others by literals. Only tokens that are parameters are replaced, so nothing in a text or a comment is, and
 * a value cannot become anything but one literal.
 */
export function boundSql(statement: SqlStatement, context: LedgerContext): string {
  return statement.tokens
    .map(({ kind, text }) => (kind === 'parameter' ? value(text.slice(1) as Parameter, context, statement) : text))
    .join('');
}

function value(parameter: Parameter, context: LedgerContext, statement: SqlStatement): string {
  if (parameter === 'run_id') return literal(context.runId);
  if (parameter === 'project') return literal(context.project);
  if (parameter === 'batch') return literal(context.batch);
  return dateLiteral(batchDate(context.batch, statement));
}

/** The date a batch's name starts with. */
function batchDate(batch: string, statement: SqlStatement): string {
  const date = batch.slice(0, 'YYYY-MM-DD'.length);
  if (isDate(date)) return date;
  const finding = {
    path: 'batch',
    what: `'${batch}' does not start with a date`,
    why: `${statement.file} asks for the date of the batch`,
    do: 'Name the batch after its date: 2026-11-22, 2026-11-22-b',
  };
  throw new ManifestInvalid(describeFinding(finding), { where: { path: 'batch' }, findings: [finding] });
}
