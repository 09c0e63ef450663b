import { redshiftError } from '../errors.ts';
import { literal } from '../lexer.ts';
import type { Database, Step } from '../translation.ts';
import { finish } from '../typing.ts';
import { steps } from './statement.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/** An operator of DuckDB's plan, as `EXPLAIN (FORMAT JSON)` has it. */
interface Operator {
  readonly name: string;
  readonly children: readonly Operator[];
  readonly extra_info: Readonly<Record<string, string | readonly string[]>>;
}

const PREFIX = 'EXPLAIN (FORMAT JSON) ';

/** The plan of what would run, a line a row, laid out as Redshift does. https://docs.aws.amazon.com/redshift/latest/dg/r_EXPLAIN.html */
export function explained(made: Steps, sql: string): Steps {
  return async (database) => {
    const all = typeof made === 'function' ? await made(database) : made;
    // What carries the attributes is no part of the plan.
    const last = all.findLast((step) => !step.sql.startsWith('COMMENT ON'));
    if (!last) return finish([{ statement: `SELECT '' AS "QUERY PLAN"` }], sql) as readonly Step[];
    const asked: Step = {
      sql: PREFIX + last.sql,
      originalOffset: (offset) => last.originalOffset(Math.max(0, offset - PREFIX.length)),
    };
    const rows = await database.query(asked.sql).catch((error: unknown) => {
      throw redshiftError(error, sql, asked);
    });
    const plan = JSON.parse(String(rows[0]?.[1] ?? '[]')) as readonly Operator[];
    const lines = plan.flatMap((operator) => linesOf(operator, 0));
    return steps([{ statement: `SELECT unnest([${lines.map(literal).join(', ')}]) AS "QUERY PLAN"` }], sql, database);
  };
}

function linesOf({ name, children, extra_info: info }: Operator, depth: number): readonly string[] {
  const { 'Estimated Cardinality': rows, ...others } = info;
  const indent = depth === 0 ? '' : `${' '.repeat(6 * depth - 4)}->  `;
  const title = name
    .trim()
    .toLowerCase()
    .replaceAll(/(^|_)(\w)/g, (_all, before: string, letter: string) => (before && ' ') + letter.toUpperCase());
  const details = Object.entries(others)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : value.join(', ')}`)
    .filter((text) => !text.endsWith(': '))
    .flatMap((text) => text.split('\n'))
    .map((text) => `${' '.repeat(6 * depth + 2)}${text}`);
  return [
    `${indent}${title}${typeof rows === 'string' ? `  (rows=${rows})` : ''}`,
    ...details,
    ...children.flatMap((child) => linesOf(child, depth + 1)),
  ];
}
