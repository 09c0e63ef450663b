import { FileChanged } from '../errors/errors.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { recordingFailure } from '../run/failure-record.ts';
import type { Files } from '../run/stragglers.ts';
import { readUnit, stepOf, type UnitDocument } from '../run/unit-document.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { type Begin, nextAttempt } from './attempts.ts';
import { requireSameFiles } from './file-versions.ts';
import { requireHold } from './hold.ts';
import { finishedUnit } from './ledger-lookup.ts';
import { requireNotOvertaken } from './overtaken.ts';
import { clientToken, statementName } from './statement-name.ts';
import { keepLedgerResult } from './unit-result.ts';
import type { Warehouse } from './warehouse.ts';

export interface SubmitPorts {
  readonly work: WorkStore;
  readonly warehouse: Warehouse;
  readonly files: Files;
  readonly clusterName: string;
  readonly now: Now;
}

/** A unit of a run, and who asks for it. */
export interface UnitRequest {
  readonly runId: string;
  readonly unit: string;
  /** The run's execution: the one that holds the cluster. */
  readonly execution: string;
  /** How often the run has had to begin on another cluster. */
  readonly round: number;
}

export type SubmitAnswer =
  | {
      readonly status: 'SUBMITTED';
      readonly statementId: string;
      /** Which cluster it was sent to, as the lease counts them. */
      readonly generation: number;
      readonly attempt: number;
      readonly submittedAt: number;
      /** Submissions of this unit so far, by this execution of the statement machine. */
      readonly tries: number;
    }
  | { readonly status: 'DONE' };

export interface SubmitRequest extends UnitRequest {
  /** Submissions before this one. */
  readonly tries: number;
}

/** Submits the unit, or finds what an earlier attempt has submitted. Doing it twice has the effect of doing it once. */
export async function submitUnit(ports: SubmitPorts, request: SubmitRequest): Promise<SubmitAnswer> {
  return recordingFailure({ ...ports, ...request, step: stepOf(request.unit) }, () => submit(ports, request));
}

async function submit(ports: SubmitPorts, request: SubmitRequest): Promise<SubmitAnswer> {
  const { work, warehouse, now } = ports;
  const { runId, unit: id } = request;
  const [unit, lease] = await Promise.all([readUnit(work, runId, id), requireHold(work, ports.clusterName, request)]);
  const { generation } = lease;
  const next = await nextAttempt(work, warehouse, { runId, unit: id, generation });
  if ('adopt' in next)
    return {
      status: 'SUBMITTED',
      statementId: next.adopt.id,
      generation,
      attempt: next.attempt,
      submittedAt: next.adopt.createdAt,
      tries: request.tries + 1,
    };
  await requireNotOvertaken(ports, lease, runId, unit);
  if (await doneAlthoughFilesChanged(ports, request, unit, next.earlier, generation)) return { status: 'DONE' };
  const submission = { runId, unit: id, generation, attempt: next.attempt };
  const submittedAt = now();
  const statementId = await begun(ports, request, next.begin, () =>
    warehouse.submit({
      sqls: unit.statements.map(({ sql }) => sql),
      name: statementName(submission),
      token: clientToken(submission),
    }),
  );
  return { status: 'SUBMITTED', statementId, generation, attempt: next.attempt, submittedAt, tries: request.tries + 1 };
}

/** Files that have changed since matter only to a unit that has not been done. */
async function doneAlthoughFilesChanged(
  ports: SubmitPorts,
  { runId }: UnitRequest,
  unit: UnitDocument,
  earlier: boolean,
  generation: number,
): Promise<boolean> {
  try {
    await requireSameFiles(ports.files, unit);
    return false;
  } catch (error) {
    const done =
      error instanceof FileChanged && earlier ? await finishedUnit(ports.warehouse, runId, unit.id) : undefined;
    if (!done) throw error;
    await keepLedgerResult(ports, runId, unit, done.rows, generation);
    return true;
  }
}

/**
 * Whoever stops the run marks the lease first, and looks afterwards for submissions that have begun. So one of the two sees the other: either
 * nothing is submitted here, or what is submitted is waited for there.
 */
async function begun(
  ports: SubmitPorts,
  request: UnitRequest,
  begin: Begin,
  send: () => Promise<string>,
): Promise<string> {
  const withdraw = await begin(ports.now());
  try {
    await requireHold(ports.work, ports.clusterName, request);
    return await send();
  } catch (error) {
    // What AWS has refused does not come to be. It only makes waiting shorter, so that it fails is no matter.
    if (error instanceof SluiceError && !error.retryable) await withdraw().catch(() => undefined);
    throw error;
  }
}
