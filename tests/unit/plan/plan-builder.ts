import { parseManifest } from '../../../src/manifest/parse-manifest.ts';
import { compilePlan, type PlanInput } from '../../../src/plan/compile-plan.ts';
import type { Plan, PlannedFile, PlanSettings, Unit } from '../../../src/plan/plan.ts';
import { loadProject } from '../../../src/sql-project/load-project.ts';
import type { SqlProject } from '../../../src/sql-project/sql-project.ts';
import { column, manifestDocumentWith, type TableParts, table } from '../manifest/manifest-builder.ts';
import { projectFiles } from '../sql-project/project-builder.ts';

export const SETTINGS: PlanSettings = {
  workBucket: 'work',
  resultsBucket: 'results',
  resultsPrefix: 'results/',
  redshiftRoleArn: 'arn:aws:iam::123456789012:role/redshift',
};

export const DEMO: SqlProject = loadProject('demo', projectFiles());

/** A project without contracts, so that any table is welcome. */
export const ANY_TABLES: SqlProject = loadProject(
  'any',
  new Map([
    ['project.json', '{"title":"Any","result":"any"}'],
    ['unload.sql', "-- grain: one row\n-- depends: none\n-- rerun: the same\nselect 'it''s' as one order by 1"],
  ]),
);

/** The plan of some tables, by default for a project that takes any. */
export function planOf(
  tables: readonly TableParts[] = [table()],
  changes: Partial<PlanInput> = {},
  document: Readonly<Record<string, unknown>> = {},
): Plan {
  const manifest = parseManifest(JSON.stringify(manifestDocumentWith(tables, document)));
  const files = new Map<string, PlannedFile>(
    manifest.tables.flatMap((of) =>
      of.files.map(
        ({ key, bytes }) =>
          [
            key,
            {
              bucket: 'inbox',
              key: `drop/${key}`,
              versionId: `v-${key}`,
              etag: 'e',
              bytes: bytes ?? 10,
              arrivedAt: Date.UTC(2026, 10, 22, 6, 0, 0, 999),
            },
          ] as const,
      ),
    ),
  );
  return compilePlan({
    manifest,
    project: ANY_TABLES,
    settings: SETTINGS,
    runId: '0123456789abcdef',
    files,
    ...changes,
  });
}

export function unitOf(plan: Plan, id: string): Unit {
  const unit = plan.units.find((candidate) => candidate.id === id);
  if (unit === undefined) throw new Error(`no unit ${id} among ${plan.units.map((each) => each.id).join(', ')}`);
  return unit;
}

/** A unit's statements, each as its role and first words, for tests of their order. */
export function outline(unit: Unit): string[] {
  return unit.statements.map(
    ({ role, guards, counts, sql }) =>
      `${role} ${
        guards ??
        counts ??
        sql
          .split(/[\s(]+/)
          .slice(0, 3)
          .join(' ')
      }`,
  );
}

export { column, table };
