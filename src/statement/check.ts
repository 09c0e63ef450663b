import { StatementAborted, StatementLost, StatementNotCancelled, StatementTimedOut } from '../errors/errors.ts';
import type { SluiceError } from '../errors/sluice-error.ts';
import { recordingFailure } from '../run/failure-record.ts';
import { readUnit, stepOf, type UnitDocument } from '../run/unit-document.ts';
import { readCounts } from './counts.ts';
import { guardFailed } from './failed-guard.ts';
import { isCopy, loadFailed, readFailedBatch } from './failed-statement.ts';
import { requireSameFiles } from './file-versions.ts';
import { finishedUnit } from './ledger-lookup.ts';
import { keepLoadErrors } from './load-errors.ts';
import { nameSingleResult, type ResultFiles } from './result-name.ts';
import type { SubmitPorts, UnitRequest } from './submit.ts';
import { tableText } from './table-text.ts';
import { keepLedgerResult, keepResult, requireNoOffence } from './unit-result.ts';
import { LONG_POLL_SECONDS, overdueWaitSeconds, POLLED_AT_LEAST_MS, statementWaitSeconds } from './waiting.ts';
import { isLive, type StatementDescription } from './warehouse.ts';

export interface CheckPorts extends SubmitPorts {
  readonly results: ResultFiles;
  /** A statement that runs longer is cancelled on the server. */
  readonly statementTimeoutMs: number;
}

export interface CheckRequest extends UnitRequest {
  readonly statementId: string;
  /** Which cluster it was sent to, as the lease counts them. */
  readonly generation?: number | null | undefined;
  readonly attempt: number;
  readonly submittedAt: number;
  /** Submissions of this unit so far, by this execution of the statement machine. */
  readonly tries: number;
  /** How long to wait at the server for its end. */
  readonly pollSeconds: number;
}

export type CheckAnswer =
  | { readonly status: 'RUNNING'; readonly waitSeconds: number }
  | { readonly status: 'DONE' }
  /** Submit it again: something passing came between. */
  | { readonly status: 'AGAIN'; readonly waitSeconds: number; readonly tries: number };

/** The Data API ends every statement after 24 hours; what it still shows as running some time later is none of its limits' business any more. */
const SERVER_LIMIT_MS = 24.5 * 3_600_000;

/** Conflicts and lost statements that one unit may meet. */
const MOST_TRIES = 6;

/** Looks at a statement once, waiting at the server for its end. Keeps what it leaves behind. */
export async function checkUnit(ports: CheckPorts, request: CheckRequest): Promise<CheckAnswer> {
  return recordingFailure({ ...ports, ...request, step: stepOf(request.unit) }, () => check(ports, request));
}

async function check(ports: CheckPorts, request: CheckRequest): Promise<CheckAnswer> {
  const before = ports.now();
  const described = await look(ports, request);
  if (!described) return again(request, new StatementLost(undefined, { where: { unit: request.unit } }));
  if (isLive(described.status)) return running(ports, request, before);
  const unit = await readUnit(ports.work, request.runId, request.unit);
  if (described.status === 'FINISHED') return finished(ports, request, unit, described);
  if (described.status === 'FAILED') return failed(ports, request, unit, described);
  throw aborted(ports, request, unit, described);
}

/** Polls until the statement's end, but no longer than asked, nor than it may run. */
async function look(
  { warehouse, now, statementTimeoutMs }: CheckPorts,
  { statementId, submittedAt, pollSeconds }: CheckRequest,
): Promise<StatementDescription | undefined> {
  const until = Math.min(now() + pollSeconds * 1000, submittedAt + statementTimeoutMs);
  for (;;) {
    const asked = now();
    const seconds = Math.ceil(Math.max(0, until - asked) / 1000);
    const described = await warehouse.describe(statementId, Math.min(LONG_POLL_SECONDS, seconds));
    if (!described || !isLive(described.status)) return described;
    if (now() - asked < POLLED_AT_LEAST_MS || now() >= until) return described;
  }
}

async function running(ports: CheckPorts, request: CheckRequest, before: number): Promise<CheckAnswer> {
  const now = ports.now();
  const ageMs = now - request.submittedAt;
  if (ageMs > ports.statementTimeoutMs) {
    // Its end is waited for all the same: until it is ABORTED it may still commit.
    await ports.warehouse.cancel(request.statementId);
    if (ageMs > Math.max(SERVER_LIMIT_MS, ports.statementTimeoutMs))
      throw new StatementNotCancelled(undefined, { where: { unit: request.unit } });
    return { status: 'RUNNING', waitSeconds: overdueWaitSeconds(ageMs - ports.statementTimeoutMs) };
  }
  const untilTimeout = Math.ceil((ports.statementTimeoutMs - ageMs) / 1000);
  return { status: 'RUNNING', waitSeconds: Math.min(statementWaitSeconds(ageMs, now - before), untilTimeout) };
}

async function finished(
  ports: CheckPorts,
  request: CheckRequest,
  unit: UnitDocument,
  described: StatementDescription,
): Promise<CheckAnswer> {
  const counts = {
    ...(await readCounts(ports.warehouse, unit, described)),
    ...(await refusedRows(ports, request, unit, described)),
  };
  if (unit.unloadTo !== undefined) await nameSingleResult(ports.results, unit.unloadTo);
  await keepResult(ports.work, request.runId, {
    unit: unit.id,
    submittedAt: request.submittedAt,
    finishedAt: described.updatedAt,
    durationMs: described.durationMs,
    attempt: request.attempt,
    statementId: request.statementId,
    ...(typeof request.generation === 'number' ? { generation: request.generation } : {}),
    ...(described.queryId === undefined ? {} : { queryId: described.queryId }),
    ...counts,
  });
  requireNoOffence(unit, counts);
  // Between the look before COPY and its end a file may have been overwritten; what was loaded then is nobody's batch.
  if (unit.kind === 'copy') await requireSameFiles(ports.files, unit);
  return { status: 'DONE' };
}

/** Rows the manifest allows COPY to refuse are told all the same, and kept before the cluster goes. */
async function refusedRows(
  ports: CheckPorts,
  { runId }: CheckRequest,
  unit: UnitDocument,
  described: StatementDescription,
): Promise<{ readonly refused?: number }> {
  if (unit.maxErrors === undefined) return {};
  const copy = described.subStatements[unit.statements.findIndex(isCopy)];
  const { total } = await keepLoadErrors(ports, runId, unit.id, described, copy);
  return total === 0 ? {} : { refused: total };
}

async function failed(
  ports: CheckPorts,
  request: CheckRequest,
  unit: UnitDocument,
  described: StatementDescription,
): Promise<CheckAnswer> {
  const batch = readFailedBatch(unit, described);
  switch (batch.means) {
    case 'done': {
      const done = await finishedUnit(ports.warehouse, request.runId, unit.id);
      // The guard saw the row of a transaction that is not committed, or the look-up failed: try once more.
      if (!done) return again(request, new StatementLost(undefined, { where: { unit: unit.id } }));
      if (unit.unloadTo !== undefined) await nameSingleResult(ports.results, unit.unloadTo);
      await keepLedgerResult(ports, request.runId, unit, done.rows, request.generation ?? undefined);
      return { status: 'DONE' };
    }
    case 'again':
      return again(request, batch.error);
    case 'load-refused':
      throw loadFailed(
        unit,
        (await keepLoadErrors(ports, request.runId, unit.id, described, batch.copy)).errors,
        batch.copy.error ?? described.error,
      );
    case 'guard-failed':
      throw await guardFailed(ports.warehouse, request.runId, { ...batch, unit, described });
    case 'failed':
      throw batch.error;
  }
}

/** Waits a little longer each time, and gives up with the last reason. */
function again({ tries }: CheckRequest, reason: SluiceError): CheckAnswer {
  if (tries >= MOST_TRIES) throw lasting(reason);
  return { status: 'AGAIN', waitSeconds: Math.min(60, 2 ** (tries - 1)), tries };
}

/** A passing error that has not passed within its budget is told as it is, but not tried any more. */
function lasting(reason: SluiceError): SluiceError {
  return Object.assign(reason, { retryable: false });
}

function aborted(
  ports: CheckPorts,
  request: CheckRequest,
  unit: UnitDocument,
  described: StatementDescription,
): StatementAborted | StatementTimedOut {
  const where = { unit: unit.id, ...tableText(unit) };
  return described.updatedAt - request.submittedAt > ports.statementTimeoutMs
    ? new StatementTimedOut(
        `${unit.title} ran longer than ${Math.round(ports.statementTimeoutMs / 60_000)} minutes and was cancelled.`,
        { where },
      )
    : new StatementAborted(`${unit.title} was cancelled on the server.`, { where });
}
