import * as z from 'zod';
import { AwsUnavailable, LeaseContended } from '../errors/errors.ts';
import { layout } from './layout.ts';
import { readOutcome } from './outcome.ts';
import { type ManifestVersion, runIdOf } from './run-id.ts';
import type { Now, WorkStore } from './work-store.ts';

/** Whether an execution may still do something. GONE: Step Functions does not know it (any more). */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE' | 'GONE';

export interface Executions {
  status(execution: string): Promise<ExecutionStatus>;
}

const claimDocument = z.object({
  runId: z.string(),
  execution: z.string(),
  bucket: z.string(),
  key: z.string(),
  version: z.string(),
  claimedAt: z.number(),
});
export type Claim = z.infer<typeof claimDocument>;

export type Claimed =
  | { readonly mine: true; readonly claim: Claim }
  | { readonly mine: false; readonly runId: string; readonly heldBy: string };

export interface ClaimPorts {
  readonly work: WorkStore;
  readonly executions: Executions;
  readonly now: Now;
}

/**
 * DescribeExecution is eventually consistent: an execution that is not found may have begun a moment ago.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
const NOT_FOUND_IS_TRUE_AFTER_MS = 5 * 60_000;

/** Takeovers lost in a row before the claim is given up for now. */
const MOST_ATTEMPTS = 10;

/** Repetitions on purpose that one version of a manifest may have. */
const MOST_REPEATS = 9_999;

/** Notes which run an execution is about to claim: before it does, so that one that is stopped in between is found, and told. */
export type Remember = (runId: string) => Promise<void>;

/**
 * Claims the run for `execution`. A claim held by a live or successful execution makes this one a duplicate; a dead one's is taken over by
 * compare-and-swap, so of two who try, one wins. An execution that asks again (a retry, a redrive) gets the claim it has. What was merely
 * `delivered` again takes over nothing: a run that failed long ago is begun again by who wants it.
 */
export async function claimRun(
  ports: ClaimPorts,
  manifest: ManifestVersion,
  execution: string,
  remember: Remember,
  { delivered }: { readonly delivered: boolean },
): Promise<Claimed> {
  const runId = runIdOf(manifest);
  await remember(runId);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const found = await createOrRead(ports, runId, manifest, execution);
    if (found === 'vanished') continue;
    if (found.claim.execution === execution) return { mine: true, claim: found.claim };
    if (delivered) return { mine: false, runId, heldBy: found.claim.execution };
    const status = await ports.executions.status(found.claim.execution);
    if (status === 'GONE' && ports.now() - found.claim.claimedAt < NOT_FOUND_IS_TRUE_AFTER_MS)
      throw new AwsUnavailable('Step Functions does not know the execution that holds the claim yet.');
    if (isHeld(status) || (await hasSucceeded(ports.work, runId, found.claim.execution)))
      return { mine: false, runId, heldBy: found.claim.execution };
    const claim = claimOf(runId, manifest, execution, ports.now());
    if (await ports.work.replace(layout.claim(runId), JSON.stringify(claim), found.etag)) return { mine: true, claim };
  }
  throw new LeaseContended('The claim of the run changed each time it was read.');
}

function isHeld(status: ExecutionStatus): boolean {
  return status === 'RUNNING' || status === 'SUCCEEDED' || status === 'PENDING_REDRIVE';
}

/** Whether the execution was stopped after it had noted its success: its answer is there, and is being told. */
async function hasSucceeded(work: WorkStore, runId: string, execution: string): Promise<boolean> {
  const outcome = (await readOutcome(work, runId))?.outcome;
  return outcome?.execution === execution && outcome.status === 'SUCCEEDED';
}

/** Claims the next free repetition. Asking again with the same execution gives the repetition it has. */
export async function claimRepeat(
  ports: ClaimPorts,
  manifest: ManifestVersion,
  execution: string,
  remember: Remember,
): Promise<Claimed> {
  for (let repeat = 2; repeat <= MOST_REPEATS; repeat++) {
    await remember(runIdOf(manifest, repeat));
    const found = await createOrRead(ports, runIdOf(manifest, repeat), manifest, execution);
    if (found !== 'vanished' && found.claim.execution === execution) return { mine: true, claim: found.claim };
  }
  throw new LeaseContended(`The run has been repeated ${MOST_REPEATS} times.`, {
    next: 'Drop the manifest again instead.',
  });
}

export async function readClaim(work: WorkStore, runId: string): Promise<Claim | undefined> {
  const stored = await work.read(layout.claim(runId));
  return stored && claimDocument.parse(JSON.parse(stored.text));
}

/** The run that the execution has claimed, or was about to; undefined when it did not come so far. */
export async function claimedBy(work: WorkStore, execution: string): Promise<string | undefined> {
  const stored = await work.read(layout.byExecution(execution));
  return stored && (JSON.parse(stored.text) as { runId: string }).runId;
}

async function createOrRead(
  { work, now }: ClaimPorts,
  runId: string,
  manifest: ManifestVersion,
  execution: string,
): Promise<{ readonly claim: Claim; readonly etag: string } | 'vanished'> {
  const claim = claimOf(runId, manifest, execution, now());
  const etag = await work.create(layout.claim(runId), JSON.stringify(claim));
  if (etag !== undefined) return { claim, etag };
  const stored = await work.read(layout.claim(runId));
  return stored ? { claim: claimDocument.parse(JSON.parse(stored.text)), etag: stored.etag } : 'vanished';
}

function claimOf(runId: string, manifest: ManifestVersion, execution: string, now: number): Claim {
  return { runId, execution, ...manifest, claimedAt: now };
}
