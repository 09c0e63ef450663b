import { FilesNotThere, ManifestChanged, ManifestMissing } from '../errors/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type Phase, PHASES, type Plan, type Unit } from '../plan/plan.ts';
import { type Claim, claimRepeat, claimRun, type Executions } from './claim.ts';
import { concurrently } from './concurrently.ts';
import { recordingFailure } from './failure-record.ts';
import { counted } from '../report/words.ts';
import { layout } from './layout.ts';
import { isRepeat } from './run-id.ts';
import type { RunDocument } from './run-document.ts';
import type { UnitDocument } from './unit-document.ts';
import { noteUntold } from './untold.ts';
import { startRequest } from './start-request.ts';
import {
  type BatchState,
  describeStragglers,
  type Files,
  type ListedFile,
  lookForFiles,
  stragglerWaitSeconds,
} from './stragglers.ts';
import type { Now, WorkStore } from './work-store.ts';

/** The inbox, as far as opening a run needs it. */
export interface Inbox extends Files {
  /**
   * The object's text: of exactly the version, or, where the bucket keeps no versions, of the object if it still has the etag.
   * Refuses (ManifestTooLarge) what is larger than a manifest may be before reading it.
   */
  readManifest(
    bucket: string,
    key: string,
    version: string,
  ): Promise<{ readonly text: string } | 'missing' | 'changed'>;
}

/** The part of a run that is pure: what the text says, and what to send for it. */
export interface Planner {
  parse(text: string): Manifest;
  /** Every data file of the manifest, with its whole key. */
  files(manifest: Manifest, at: { readonly bucket: string; readonly key: string }): readonly ListedFile[];
  /** Throws ProjectUnknown before a file is waited for. */
  requireProject(manifest: Manifest): void;
  compile(
    manifest: Manifest,
    run: { readonly runId: string; readonly repeated: boolean; readonly key: string },
    files: BatchState['found'],
  ): Plan;
}

export interface OpenRunPorts {
  readonly work: WorkStore;
  readonly inbox: Inbox;
  readonly executions: Executions;
  readonly planner: Planner;
  readonly now: Now;
  /** How long a run waits for files, from its claim on. */
  readonly fileDeadlineMs: number;
  /** Told the run's id as soon as it is known, for the log. */
  readonly announce: (runId: string) => void;
}

export type OpenRunAnswer =
  | { readonly status: 'WAITING'; readonly runId: string; readonly waitSeconds: number; readonly missing: number }
  | { readonly status: 'DUPLICATE'; readonly runId: string; readonly heldBy: string }
  | {
      readonly status: 'READY';
      readonly runId: string;
      readonly project: string;
      readonly batch: string;
      /** Keys of wave files in the work bucket. Ids and keys only: states stay small however large the batch. */
      readonly waves: Readonly<Record<Phase, readonly string[]>>;
    };

/** Units and waves written at once. */
const WRITES_AT_ONCE = 64;

/**
 * Opens a run: claims it, reads exactly the version of the manifest that the event names, checks every file, compiles and stores the plan.
 * Doing it twice has the effect of doing it once. Throws what the catalogue calls bad input.
 */
export async function openRun(
  ports: OpenRunPorts,
  request: { readonly input: unknown; readonly execution: string },
): Promise<OpenRunAnswer> {
  const { bucket, key, versionId, repeat, delivered } = startRequest(request.input);
  const version = versionId ?? (await currentVersion(ports.inbox, bucket, key));
  const { execution } = request;
  const remember = async (runId: string): Promise<void> => {
    await Promise.all([
      ports.work.write(layout.byExecution(execution), JSON.stringify({ runId })),
      noteUntold(ports.work, { execution, runId, at: ports.now() }),
    ]);
  };
  const manifest = { bucket, key, version };
  const claimed = repeat
    ? await claimRepeat(ports, manifest, execution, remember)
    : await claimRun(ports, manifest, execution, remember, { delivered });
  ports.announce(claimed.mine ? claimed.claim.runId : claimed.runId);
  if (!claimed.mine) return { status: 'DUPLICATE', runId: claimed.runId, heldBy: claimed.heldBy };
  const { claim } = claimed;
  return recordingFailure({ ...ports, runId: claim.runId, round: 0, step: 'OpenRun' }, () => prepare(ports, claim));
}

async function currentVersion(inbox: Inbox, bucket: string, key: string): Promise<string> {
  const seen = await inbox.look(bucket, key);
  if (!seen) throw new ManifestMissing(`There is no object ${key} in ${bucket}.`, { where: { file: key } });
  return seen.versionId ?? seen.etag;
}

async function prepare(ports: OpenRunPorts, claim: Claim): Promise<OpenRunAnswer> {
  const { planner, work, now } = ports;
  const read = await ports.inbox.readManifest(claim.bucket, claim.key, claim.version);
  if (read === 'missing') throw new ManifestMissing(undefined, { where: { file: claim.key } });
  if (read === 'changed') throw new ManifestChanged(undefined, { where: { file: claim.key } });
  const manifest = planner.parse(read.text);
  const listed = planner.files(manifest, claim);
  const document = (files: readonly { readonly bytes?: number }[], schemas: readonly string[]): RunDocument => ({
    runId: claim.runId,
    execution: claim.execution,
    bucket: claim.bucket,
    key: claim.key,
    version: claim.version,
    project: manifest.project,
    batch: manifest.batch,
    openedAt: now(),
    cluster: manifest.cluster,
    tables: manifest.tables.length,
    files: files.length,
    bytes: files.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    schemas: [...new Set(schemas)].toSorted(),
  });
  // What fails from here on is told of the batch, not of a file's name.
  await work.create(layout.run(claim.runId), JSON.stringify(document(listed, manifest.schemas)));
  planner.requireProject(manifest);
  const batch = await lookAgain(ports, claim, listed);
  if (batch.missing.length > 0) {
    const waitedMs = Math.max(0, now() - claim.claimedAt);
    if (waitedMs >= ports.fileDeadlineMs) throw filesNotThere(batch, waitedMs);
    return {
      status: 'WAITING',
      runId: claim.runId,
      waitSeconds: Math.min(stragglerWaitSeconds(waitedMs), Math.ceil((ports.fileDeadlineMs - waitedMs) / 1000)),
      missing: batch.missing.length,
    };
  }
  const plan = planner.compile(
    manifest,
    { runId: claim.runId, repeated: isRepeat(claim.runId), key: claim.key },
    batch.found,
  );
  const schemas = plan.units.flatMap(({ table }) => (table ? [table.schema] : []));
  await work.write(layout.run(claim.runId), JSON.stringify(document(batch.found, schemas)));
  return {
    status: 'READY',
    runId: claim.runId,
    project: plan.project,
    batch: plan.batch,
    waves: await storePlan(work, plan),
  };
}

/** Looks only at what an earlier look did not find; what was found is kept beside the run. */
async function lookAgain(
  { work, inbox }: OpenRunPorts,
  { runId, execution }: Claim,
  listed: readonly ListedFile[],
): Promise<BatchState> {
  const stored = await work.read(layout.files(runId));
  const before = stored && (JSON.parse(stored.text) as BatchState & { readonly execution: string });
  // What an earlier execution saw may have been sent again since.
  const known = new Map((before?.execution === execution ? before.found : []).map((file) => [file.key, file]));
  const look = await lookForFiles(
    inbox,
    listed.filter(({ key }) => !known.has(key)),
  );
  for (const file of look.found) known.set(file.key, file);
  // In the manifest's order, whenever each arrived: the plan does not depend on it.
  const found = listed.flatMap(({ key }) => known.get(key) ?? []);
  const state = { found, missing: look.missing };
  if (look.missing.length > 0) await work.write(layout.files(runId), JSON.stringify({ ...state, execution }));
  return state;
}

function filesNotThere({ missing }: BatchState, waitedMs: number): FilesNotThere {
  const [first] = missing;
  return new FilesNotThere(
    `After ${counted(Math.round(waitedMs / 60_000), 'minute')}, ${counted(missing.length, 'file')} of the batch ${missing.length === 1 ? 'is' : 'are'} not there as listed: ${describeStragglers(missing)}.`,
    { where: first ? { file: first.key } : {} },
  );
}

async function storePlan(work: WorkStore, plan: Plan): Promise<Record<Phase, readonly string[]>> {
  const writes: { readonly key: string; readonly text: string }[] = [];
  for (const unit of plan.units) {
    for (const object of [unit.copyManifest, unit.fileList?.rows, unit.fileList?.manifest])
      if (object) writes.push({ key: object.key, text: object.body });
    writes.push({ key: layout.unit(plan.runId, unit.id), text: JSON.stringify(withoutBodies(unit)) });
  }
  const waves = Object.fromEntries(PHASES.map((phase) => [phase, [] as string[]])) as Record<Phase, string[]>;
  for (const phase of PHASES)
    plan.waves[phase].forEach((units, at) => {
      const key = layout.wave(plan.runId, phase, at);
      waves[phase].push(key);
      writes.push({ key, text: JSON.stringify(units.map((unit) => ({ unit }))) });
    });
  const readable = { ...plan, units: plan.units.map(withoutBodies) };
  writes.push({ key: layout.plan(plan.runId), text: JSON.stringify(readable) });
  await concurrently(writes, WRITES_AT_ONCE, ({ key, text }) => work.write(key, text));
  return waves;
}

/** The unit without the texts of the objects it reads: they are objects of their own. */
function withoutBodies({ copyManifest, fileList: _fileList, ...unit }: Unit): UnitDocument {
  return { ...unit, ...(copyManifest ? { copyManifestKey: copyManifest.key } : {}) };
}
