import { ProjectUnknown } from '../errors/errors.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import type { PlanSettings } from '../plan/plan.ts';
import { loadProject } from '../sql-project/load-project.ts';
import type { Planner } from './open-run.ts';

/** The SQL projects that are deployed: the folders under `sql/`. */
export interface Projects {
  names(): readonly string[];
  /** Texts by path below the project's folder. */
  files(name: string): ReadonlyMap<string, string>;
}

/** Folder of a key, ending in a slash; empty at the top of the bucket. */
function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** The planner of the product: the very functions `sluice validate` and `sluice plan` use. */
export function createPlanner(projects: Projects, settings: Omit<PlanSettings, 'loadAgain'>): Planner {
  return {
    parse: (text) => parseManifest(text),
    requireProject: ({ project }) => {
      const names = projects.names();
      if (!names.includes(project))
        throw new ProjectUnknown(`There is no SQL project '${project}'. There are: ${names.join(', ')}.`, {
          where: { path: 'project' },
        });
    },
    files: (manifest, { bucket, key }) =>
      manifest.tables.flatMap((table) =>
        table.files.map((file) => ({ ...file, bucket, key: folderOf(key) + file.key })),
      ),
    compile: (manifest, { runId, repeated, key }, found) =>
      compilePlan({
        manifest,
        project: loadProject(manifest.project, projects.files(manifest.project)),
        settings: { ...settings, loadAgain: repeated },
        runId,
        files: new Map(found.map((file) => [file.key.slice(folderOf(key).length), file])),
      }),
  };
}
