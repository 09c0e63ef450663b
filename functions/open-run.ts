import { readSettings } from '../src/runtime/environment.ts';
import { OPEN_RUN_VARIABLES, openRunFunction } from '../src/runtime/functions/open-run.ts';
import { lambdaPlace } from '../src/runtime/place.ts';
import { projectFolder } from '../src/runtime/project-folder.ts';

/** Claims a run, checks its batch, compiles its plan. */
export const handler = openRunFunction(
  readSettings(OPEN_RUN_VARIABLES),
  lambdaPlace,
  projectFolder(new URL('../sql/', import.meta.url)),
);
