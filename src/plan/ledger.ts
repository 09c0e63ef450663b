import { literal } from '../redshift-sql/literal.ts';
import type { TableName, Unit, UnitStatement } from './plan.ts';

/**
 * The ledger: one row for each unit that is committed, written in the unit's own transaction. Two attempts of a unit that changes no rows
 * (ddl, check, unload) may both leave one if they run at the same moment; what counts is whether there is one.
 */
export const LEDGER_DDL: readonly { readonly purpose: string; readonly sql: string }[] = [
  { purpose: "create the ledger's schema", sql: 'create schema if not exists sluice' },
  {
    purpose: 'create the ledger of finished units',
    sql: `create table if not exists sluice.ledger (
  run_id varchar(64) not null,
  unit_id varchar(64) not null,
  kind varchar(16) not null,
  project varchar(64) not null,
  batch varchar(64) not null,
  table_schema varchar(127),
  table_name varchar(127),
  rows bigint,
  done_at timestamp not null
)
diststyle all
compound sortkey (run_id, unit_id)`,
  },
  {
    purpose: 'create the list of files that append has loaded',
    sql: `create table if not exists sluice.loaded_file (
  table_schema varchar(127) not null,
  table_name varchar(127) not null,
  url varchar(2048) not null,
  version varchar(1024) not null,
  bytes bigint not null,
  run_id varchar(64) not null,
  unit_id varchar(64) not null,
  loaded_at timestamp not null
)
diststyle even
compound sortkey (table_schema, table_name)`,
  },
];

/** What a ledger row says besides its unit. */
export interface LedgerContext {
  readonly runId: string;
  readonly project: string;
  readonly batch: string;
}

/** Fails, by dividing by zero, when the unit is in the ledger. */
export function notDoneGuard(context: LedgerContext, unitId: string): UnitStatement {
  return {
    role: 'guard',
    purpose: 'stop here if an earlier attempt has finished this unit',
    guards: 'unit-not-done',
    sql:
      'select 1 / case when count(*) = 0 then 1 else 0 end as unit_not_done\n' +
      `from sluice.ledger where run_id = ${literal(context.runId)} and unit_id = ${literal(unitId)}`,
  };
}

/** How many rows the unit's ledger row records: an expression, over a source if it needs one. */
export interface LedgerRows {
  readonly expression: string;
  readonly from: string;
}

/** The unit's last statement. */
export function ledgerRow(
  context: LedgerContext,
  unit: Pick<Unit, 'id' | 'kind' | 'table'>,
  rows?: LedgerRows,
): UnitStatement {
  const values = [
    literal(context.runId),
    literal(unit.id),
    literal(unit.kind),
    literal(context.project),
    literal(context.batch),
    ...tableValues(unit.table),
    rows?.expression ?? 'null',
    // To the microsecond, where getdate() has whole seconds: https://docs.aws.amazon.com/redshift/latest/dg/r_SYSDATE.html
    'sysdate',
  ].join(', ');
  return {
    role: 'ledger',
    purpose: 'write the unit into the ledger',
    sql:
      'insert into sluice.ledger (run_id, unit_id, kind, project, batch, table_schema, table_name, rows, done_at)\n' +
      (rows === undefined ? `values (${values})` : `select ${values}\nfrom ${rows.from}`),
  };
}

function tableValues(table: TableName | undefined): string[] {
  return table === undefined ? ['null', 'null'] : [literal(table.schema), literal(table.table)];
}

/**
 * Which units of a run are finished: `unit_id`, `rows` and `done_at` (text, `YYYY-MM-DD HH:MI:SS`), one row a unit. With an id, of that
 * unit only.
 */
export function finishedUnitsSql(runId: string, unitId?: string): string {
  const only = unitId === undefined ? '' : ` and unit_id = ${literal(unitId)}`;
  return `select unit_id, max(rows) as rows, to_char(max(done_at), 'YYYY-MM-DD HH24:MI:SS') as done_at
from sluice.ledger where run_id = ${literal(runId)}${only}
group by unit_id order by unit_id`;
}

/**
 * Loads and transforms of a run whose table another run has loaded or transformed since, by when their transactions began: runs that write the
 * same tables take turns. None where the unit that is asked for, if one is, is finished all the same. `unit_id` of the run's own, its `table_schema` and
 * `table_name`, and `run_id` and `batch` of the other; of several, the last.
 */
export function overtakenSql(runId: string, unitId?: string): string {
  const run = literal(runId);
  const unlessDone =
    unitId === undefined
      ? ''
      : `\nand (select count(*) from sluice.ledger where run_id = ${run} and unit_id = ${literal(unitId)}) = 0`;
  return `select unit_id, table_schema, table_name, run_id, batch from (
select mine.unit_id, mine.table_schema, mine.table_name, theirs.run_id, theirs.batch,
row_number() over (partition by mine.unit_id order by theirs.done_at desc) as nth
from sluice.ledger mine
join sluice.ledger theirs on theirs.table_schema = mine.table_schema and theirs.table_name = mine.table_name
where mine.run_id = ${run} and mine.kind in ('copy', 'transform')
and theirs.run_id <> mine.run_id and theirs.kind = mine.kind and theirs.done_at > mine.done_at${unlessDone}
) written where nth = 1 order by unit_id`;
}
