import type { Manifest } from '../manifest/manifest.ts';
import { identifier } from '../redshift-sql/identifier.ts';
import { s3Url } from '../redshift-sql/literal.ts';
import { unloadSql } from '../redshift-sql/unload.ts';
import { creators, predecessors } from '../sql-project/dependencies.ts';
import type { Check, SqlProject, Transform } from '../sql-project/sql-project.ts';
import { bound, boundSql } from './bound-sql.ts';
import { type LedgerContext, ledgerRow, notDoneGuard } from './ledger.ts';
import type { PlanSettings, Unit, UnitStatement } from './plan.ts';
import { unitIds } from './unit-id.ts';

/** Units of the phase `transforms`, by wave: each in the first wave in which all it depends on is done. */
export function transformUnits(project: SqlProject, context: LedgerContext): Unit[][] {
  const created = creators(project.transforms, []);
  const ids = unitIds(
    'transform',
    project.transforms.map(({ name }) => name),
  );
  const waves: Unit[][] = [];
  const waveOf = new Map<Transform, number>();
  for (const transform of project.transforms) {
    const before = predecessors(transform, created);
    const wave = before.reduce((latest, other) => Math.max(latest, (waveOf.get(other) ?? 0) + 1), 0);
    waveOf.set(transform, wave);
    const dependsOn = before.map(({ name }) => ids.get(name) ?? name);
    (waves[wave] ??= []).push(transformUnit(transform, ids.get(transform.name) ?? transform.name, dependsOn, context));
  }
  return waves;
}

function transformUnit(transform: Transform, id: string, dependsOn: readonly string[], context: LedgerContext): Unit {
  const tables = [...transform.creates].sort().map(named);
  const [table] = [...transform.creates].map(named);
  const name = table === undefined ? undefined : { schema: table.schema, table: table.table };
  const unit = { id, kind: 'transform' as const, ...(name === undefined ? {} : { table: name }) };
  const lock: UnitStatement[] =
    tables.length === 0
      ? []
      : [
          {
            role: 'lock',
            purpose: 'wait for other attempts at the same tables',
            sql: `lock table ${tables.map(({ sql }) => sql).join(', ')}`,
          },
        ];
  const count: UnitStatement[] =
    table === undefined
      ? []
      : [
          {
            role: 'count',
            purpose: `count the rows of ${table.schema}.${table.table}`,
            counts: 'rows',
            sql: `select count(*) as rows from ${table.sql}`,
          },
        ];
  return {
    ...unit,
    title: `transform ${transform.name}`,
    statements: [
      ...lock,
      notDoneGuard(context, id),
      ...transform.work.map((statement) => bound(statement, context)),
      ...count,
      ledgerRow(context, unit, table === undefined ? undefined : { expression: 'count(*)', from: table.sql }),
    ],
    dependsOn,
    source: transform.file,
  };
}

function named(name: string): { readonly schema: string; readonly table: string; readonly sql: string } {
  const [schema = '', table = ''] = name.split('.');
  return { schema, table, sql: `${identifier(schema)}.${identifier(table)}` };
}

const OFFENDING = 'sluice_offending';
/** Characters of the example a check gives: enough to find the row, too few to carry a table away. */
const EXAMPLE_LENGTH = 200;

/** Units of the phase `checks`. Each commits what it found, so that a second attempt still knows it. */
export function checkUnits(project: SqlProject, context: LedgerContext): Unit[] {
  const ids = unitIds(
    'check',
    project.checks.map(({ name }) => name),
  );
  return project.checks.map((check) => checkUnit(check, ids.get(check.name) ?? check.name, context));
}

function checkUnit(check: Check, id: string, context: LedgerContext): Unit {
  const { query } = check;
  return {
    id,
    kind: 'check',
    title: `check ${check.name}`,
    statements: [
      notDoneGuard(context, id),
      {
        role: 'work',
        purpose: 'find offending rows',
        source: `${query.file}:${query.line}`,
        sql: `create temp table ${OFFENDING} as\n${boundSql(query, context)}`,
      },
      {
        role: 'count',
        purpose: 'count offending rows and name one',
        counts: 'offending',
        sql: `select count(*) as offending, left(min(offending), ${EXAMPLE_LENGTH}) as example from ${OFFENDING}`,
      },
      ledgerRow(context, { id, kind: 'check' }, { expression: 'count(*)', from: OFFENDING }),
    ],
    dependsOn: [],
    check: { severity: check.severity, means: check.means },
    source: check.file,
  };
}

/** The unit that writes the answer, under a prefix that no other run writes to. */
export function unloadUnit(
  manifest: Manifest,
  project: SqlProject,
  settings: PlanSettings,
  context: LedgerContext,
): Unit {
  const id = 'unload';
  const { query } = project.unload;
  const keyPrefix = `${settings.resultsPrefix}${project.name}/${context.runId}/${manifest.unload.name ?? project.result}`;
  const target = { bucket: settings.resultsBucket, keyPrefix, roleArn: settings.redshiftRoleArn };
  return {
    id,
    kind: 'unload',
    title: 'write the answer',
    statements: [
      notDoneGuard(context, id),
      {
        role: 'work',
        purpose: 'write the answer as CSV',
        source: `${query.file}:${query.line}`,
        sql: unloadSql(boundSql(query, context), target, manifest.unload),
      },
      {
        role: 'count',
        purpose: 'count the rows written',
        counts: 'rows',
        sql: 'select pg_last_unload_count() as rows',
      },
      ledgerRow(context, { id, kind: 'unload' }),
    ],
    dependsOn: [],
    unloadTo: s3Url(settings.resultsBucket, keyPrefix),
    source: project.unload.file,
  };
}
