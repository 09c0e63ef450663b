import { describeFinding } from '../errors/finding.ts';
import { ManifestInvalid, PlanImpossible } from '../errors/errors.ts';
import { type Manifest, tableLabel } from '../manifest/manifest.ts';
import { contractFindings } from '../sql-project/contract.ts';
import type { SqlProject } from '../sql-project/sql-project.ts';
import { copyUnit } from './copy-unit.ts';
import { MAX_STATEMENT_BYTES, MAX_UNIT_STATEMENTS } from './limits.ts';
import type { Plan, PlanSettings, PlannedFile, Unit } from './plan.ts';
import { checkUnits, transformUnits, unloadUnit } from './project-units.ts';
import { tableUnits } from './table-units.ts';
import { unitIds } from './unit-id.ts';

export interface PlanInput {
  readonly manifest: Manifest;
  readonly project: SqlProject;
  readonly settings: PlanSettings;
  /** `[A-Za-z0-9-]`, at most 64 characters. */
  readonly runId: string;
  /** The files as they were found in the inbox, by their key in the manifest. */
  readonly files: ReadonlyMap<string, PlannedFile>;
}

/**
 * Everything a run will send. Pure: the same input gives the same plan. Throws ManifestInvalid when the manifest does not bring what the
 * project needs, FilesNotThere when a file is not among those found, PlanImpossible when a statement would pass a limit.
 */
export function compilePlan({ manifest, project, settings, runId, files }: PlanInput): Plan {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(runId)) throw new PlanImpossible('The id of the run is not one.');
  const findings = contractFindings(manifest, project);
  const [first] = findings;
  if (first !== undefined)
    throw new ManifestInvalid(
      `The manifest does not fit the SQL project '${project.name}'. ${describeFinding(first)}`,
      { findings, where: { path: first.path } },
    );
  const context = { runId, project: project.name, batch: manifest.batch, settings, files };
  const ids = unitIds('copy', manifest.tables.map(tableLabel));
  const phases = {
    tables: tableUnits(manifest, project, context),
    copies: [manifest.tables.map((table) => copyUnit(table, ids.get(tableLabel(table)) ?? '', context))],
    transforms: transformUnits(project, context),
    checks: [checkUnits(project, context)].filter((wave) => wave.length > 0),
    unload: [[unloadUnit(manifest, project, settings, context)]],
  };
  const units = Object.values(phases).flat(2);
  for (const unit of units) checkLimits(unit);
  const idsOf = (waves: readonly (readonly Unit[])[]) => waves.map((wave) => wave.map(({ id }) => id));
  return {
    version: 1,
    runId,
    project: project.name,
    batch: manifest.batch,
    units,
    waves: {
      tables: idsOf(phases.tables),
      copies: idsOf(phases.copies),
      transforms: idsOf(phases.transforms),
      checks: idsOf(phases.checks),
      unload: idsOf(phases.unload),
    },
  };
}

function checkLimits(unit: Unit): void {
  const where = { unit: unit.id, ...(unit.source === undefined ? {} : { file: unit.source }) };
  if (unit.statements.length > MAX_UNIT_STATEMENTS)
    throw new PlanImpossible(
      `'${unit.title}' would be ${unit.statements.length} statements; a batch has at most ${MAX_UNIT_STATEMENTS}.`,
      { where },
    );
  for (const { sql, purpose } of unit.statements)
    if (Buffer.byteLength(sql) > MAX_STATEMENT_BYTES)
      throw new PlanImpossible(
        `'${unit.title}' holds a statement ('${purpose}') of ${Buffer.byteLength(sql)} bytes; a statement has at most ${MAX_STATEMENT_BYTES}.`,
        { where },
      );
}
