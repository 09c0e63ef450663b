import { stackOf } from '../aws/deployment.ts';
import { SluiceError } from '../../src/errors/sluice-error.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import type { Plan, PlannedFile } from '../../src/plan/plan.ts';
import { RESULTS_PREFIX } from '../../src/run/layout.ts';
import { createPlanner } from '../../src/run/planner.ts';
import { isRepeat } from '../../src/run/run-id.ts';
import { projectFolder } from '../../src/runtime/project-folder.ts';
import { inboxFolder, invalid, MANIFEST_NAME, type BatchFile } from './batch.ts';

/** What of a plan the manifest does not say. */
export interface PlannedFor {
  readonly account: string;
  readonly stage: string;
  readonly runId: string;
  /** In the inbox, ending in a slash. */
  readonly folder: string;
}

/** The run's id is a hash of the manifest's version in the inbox, which nobody knows before it is there. */
export const UNKNOWN_RUN = '0000000000000000';
/** So is the version S3 gives each file; statements that keep versions hold this instead. */
export const UNKNOWN_VERSION = '<version>';
/** The local cloud's account. */
export const LOCAL_ACCOUNT = '000000000000';

/**
 * The plan a run of the manifest would have, with this checkout's SQL projects; offline.
 * @throws CommandError (invalid) where the project is not there, or does not go together with the manifest.
 */
export function compileBatch(
  path: string,
  manifest: Manifest,
  onDisk: readonly BatchFile[] | undefined,
  { account, stage, runId, folder }: PlannedFor,
): Plan {
  const prefix = stackOf(stage);
  const planner = createPlanner(projectFolder(new URL('../../sql/', import.meta.url)), {
    workBucket: `${prefix}-work-${account}`,
    resultsBucket: `${prefix}-results-${account}`,
    resultsPrefix: RESULTS_PREFIX,
    redshiftRoleArn: `arn:aws:iam::${account}:role/${prefix}-redshift`,
  });
  try {
    planner.requireProject(manifest);
    return planner.compile(
      manifest,
      { runId, repeated: isRepeat(runId), key: folder + MANIFEST_NAME },
      plannedFiles(manifest, onDisk, `${prefix}-inbox-${account}`, folder),
    );
  } catch (error) {
    if (error instanceof SluiceError) throw invalid(path, error);
    throw error;
  }
}

/** Everything that a run would find out before it asks for a cluster. @throws CommandError (invalid) */
export function requirePlan(path: string, manifest: Manifest, onDisk?: readonly BatchFile[]): void {
  const folder = inboxFolder(manifest, {});
  compileBatch(path, manifest, onDisk, { account: LOCAL_ACCOUNT, stage: 'dev', runId: UNKNOWN_RUN, folder });
}

/** The files as a run would find them. Without the files beside it, a manifest's own word is taken for their sizes. */
function plannedFiles(
  manifest: Manifest,
  onDisk: readonly BatchFile[] | undefined,
  bucket: string,
  folder: string,
): readonly PlannedFile[] {
  const sizes = new Map(onDisk?.map(({ key, bytes }) => [key, bytes]));
  return manifest.tables
    .flatMap(({ files }) => files)
    .map(({ key, bytes, rows }) => ({
      bucket,
      key: folder + key,
      etag: UNKNOWN_VERSION,
      bytes: sizes.get(key) ?? bytes ?? 0,
      ...(rows === undefined ? {} : { rows }),
    }));
}
