import { dateLiteral, isDate, literal } from '../redshift-sql/literal.ts';
import { ManifestInvalid } from '../errors/errors.ts';
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
  switch (parameter) {
    case 'run_id':
      return literal(context.runId);
    case 'project':
      return literal(context.project);
    case 'batch':
      return literal(context.batch);
    case 'batch_date': {
      const date = context.batch.slice(0, 'YYYY-MM-DD'.length);
      if (isDate(date)) return dateLiteral(date);
      throw new ManifestInvalid(
        `The batch '${context.batch}' does not start with a date, and ${statement.file} asks for the date of the batch.`,
        {
          where: { path: 'batch' },
          findings: [
            {
              path: 'batch',
              what: `'${context.batch}' does not start with a date`,
              why: `${statement.file} asks for the date of the batch`,
              do: 'Name the batch after its date: 2026-11-22, 2026-11-22-b',
            },
          ],
        },
      );
    }
  }
}
