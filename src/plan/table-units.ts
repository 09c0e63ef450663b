import { type Manifest, type Table, tableLabel } from '../manifest/manifest.ts';
import { columnsGuardSql, createSchemaSql, createTableSql } from '../redshift-sql/create-table.ts';
import type { SqlProject } from '../sql-project/sql-project.ts';
import { type LedgerContext, LEDGER_DDL, ledgerRow, notDoneGuard } from './ledger.ts';
import { MAX_UNIT_BYTES, MAX_UNIT_STATEMENTS } from './limits.ts';
import type { Unit, UnitStatement } from './plan.ts';
import { bound } from './bound-sql.ts';

/** Units of the phase `tables`, by wave: the ledger and the schemas, then the tables. */
export function tableUnits(manifest: Manifest, project: SqlProject, context: LedgerContext): Unit[][] {
  const definitions = project.transforms.flatMap((transform) =>
    transform.definitions.map((statement) => bound(statement, context)),
  );
  const ofSchemas = definitions.filter(({ sql }) => /^create\s+schema/i.test(sql));
  const schemas = [
    ...manifest.schemas.map((schema): UnitStatement => ({
      role: 'work',
      purpose: `create the schema ${schema}`,
      sql: createSchemaSql(schema),
    })),
    ...new Map(ofSchemas.map((statement) => [statement.sql, statement])).values(),
  ];
  const [first = [], ...more] = inGroups(
    schemas.map((statement) => [statement]),
    LEDGER_DDL.length,
  );
  const ledger = ledgerUnit(first, context);
  const schemaUnits = more.map((statements, at) =>
    ddlUnit(`ddl-schemas-${at + 2}`, 'create the schemas', statements, context),
  );
  const tables = inGroups(manifest.tables.map(statementsOfTable)).map((statements, at) =>
    ddlUnit(`ddl-tables-${at + 1}`, 'create the tables of the batch', statements, context),
  );
  const ofTables = definitions.filter((statement) => !ofSchemas.includes(statement)).map((statement) => [statement]);
  const projectTables = inGroups(ofTables).map((statements, at) =>
    ddlUnit(`ddl-project-${at + 1}`, `create the tables of ${project.name}`, statements, context),
  );
  return [[ledger], schemaUnits, [...tables, ...projectTables]]
    .filter((wave) => wave.length > 0)
    .map((wave, at, waves) => wave.map((unit) => ({ ...unit, dependsOn: (waves[at - 1] ?? []).map(({ id }) => id) })));
}

/** The table, and the guard that it has the manifest's columns if it was there before. */
function statementsOfTable(table: Table): UnitStatement[] {
  const label = tableLabel(table);
  const name = { schema: table.schema, table: table.name };
  return [
    { role: 'work', purpose: `create ${label} unless it is there`, table: name, sql: createTableSql(table) },
    ...columnsGuardSql(table).map((sql): UnitStatement => ({
      role: 'guard',
      purpose: `${label} has the columns of the manifest`,
      guards: 'columns-as-planned',
      table: name,
      sql,
    })),
  ];
}

/** The guard and the ledger row of a unit of DDL. */
const AROUND = 2;

/** Puts what belongs together into as few units as their limits allow. */
function inGroups(blocks: readonly (readonly UnitStatement[])[], taken = 0): UnitStatement[][] {
  const groups: UnitStatement[][] = [];
  let bytes = 0;
  for (const block of blocks) {
    const size = block.reduce((sum, { sql }) => sum + Buffer.byteLength(sql), 0);
    const group = groups.at(-1);
    const room = MAX_UNIT_STATEMENTS - AROUND - (groups.length === 1 ? taken : 0);
    if (group === undefined || group.length + block.length > room || bytes + size > MAX_UNIT_BYTES) {
      groups.push([...block]);
      bytes = size;
    } else {
      group.push(...block);
      bytes += size;
    }
  }
  return groups;
}

function ddlUnit(id: string, title: string, statements: readonly UnitStatement[], context: LedgerContext): Unit {
  return {
    id,
    kind: 'ddl',
    title,
    statements: [notDoneGuard(context, id), ...statements, ledgerRow(context, { id, kind: 'ddl' })],
    dependsOn: [],
  };
}

/** No guard: the table it would look into may not be there yet, and doing it twice does nothing. */
function ledgerUnit(schemas: readonly UnitStatement[], context: LedgerContext): Unit {
  const id = 'ddl-ledger';
  const create = LEDGER_DDL.map(({ purpose, sql }): UnitStatement => ({ role: 'work', purpose, sql }));
  return {
    id,
    kind: 'ddl',
    title: 'create the ledger and the schemas',
    statements: [...create, ...schemas, ledgerRow(context, { id, kind: 'ddl' })],
    dependsOn: [],
  };
}
