import * as z from 'zod';
import type { ErrorCode } from '../errors/catalogue.ts';
import { type Failure, failureOf } from '../errors/failure.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { concurrently } from './concurrently.ts';
import { layout } from './layout.ts';
import type { Now, WorkStore } from './work-store.ts';

/** A failure of a run, and when it happened. */
export interface RunFailure extends Failure {
  readonly at: number;
}

const text = z.string().optional();

/**
 * A failure as a run keeps it. State machines pass on a code at best, and a distributed Map not even that: what the e-mail says about a failure
 * is read from these.
 */
const failureDocument = z.object({
  code: z.string(),
  message: z.string(),
  why: z.string(),
  next: z.string(),
  at: z.number(),
  where: z.object({
    step: text,
    unit: text,
    table: text,
    file: text,
    line: z.number().optional(),
    column: text,
    value: text,
    path: text,
  }),
  findings: z.array(z.object({ path: z.string(), what: z.string(), why: z.string(), do: z.string() })),
  causes: z.array(z.object({ name: z.string(), message: z.string() })).default([]),
});

/** The failure, in the step in which it was met unless the error itself knows better. */
export function failureIn(step: string, at: number, failure: Failure): RunFailure {
  return { ...failure, at, where: { step, ...failure.where } };
}

/**
 * Does `work`; a failure no retry can help is written to the run's record before it is thrown on. Where the record cannot be written for now,
 * that is thrown, for the machine to try the step again: the failure is met again, and a code alone would tell nobody what has happened. Where
 * it cannot be written at all, the failure is thrown all the same.
 */
export async function recordingFailure<T>(
  record: {
    readonly work: WorkStore;
    readonly now: Now;
    readonly runId: string;
    readonly round: number;
    /** The step, as the state machine names it. */
    readonly step: string;
    /** Which of the step's units, where it has several. */
    readonly unit?: string;
  },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SluiceError && !error.retryable) {
      const key = layout.failure(record.runId, record.round, record.unit ?? record.step);
      await record.work
        .write(key, JSON.stringify(failureIn(record.step, record.now(), failureOf(error))))
        .catch((unwritten: unknown) => {
          if (unwritten instanceof SluiceError && unwritten.retryable) throw unwritten;
        });
    }
    throw error;
  }
}

/** Any of them may be the reason; thousands of tables have thousands. */
const READS_AT_ONCE = 32;

/** What other units meet when a failed run is left: their statements are cancelled, and the lease is no longer theirs. Never the reason while there is another. */
const AFTERMATH: ReadonlySet<string> = new Set<ErrorCode>(['StatementAborted', 'LeaseLost']);

/** Whether a failure only follows from another. */
export function isAftermath({ code }: RunFailure): boolean {
  return AFTERMATH.has(code);
}

/** The earliest first. What only follows from other failures is left out where there are others. */
export function reasons(failures: readonly RunFailure[]): readonly RunFailure[] {
  const own = failures.filter((failure) => !isAftermath(failure));
  return (own.length > 0 ? own : failures).toSorted((one, other) => one.at - other.at);
}

/** The reasons of the last round that has any since `since`. */
export async function latestFailures(work: WorkStore, runId: string, since: number): Promise<readonly RunFailure[]> {
  const keys = await work.list(layout.allFailures(runId));
  const rounds = Map.groupBy(keys, (key) => Number(key.slice(layout.allFailures(runId).length).split('/')[0]));
  for (const round of [...rounds.keys()].sort((one, other) => other - one)) {
    const stored = await concurrently(rounds.get(round) ?? [], READS_AT_ONCE, (key) => work.read(key));
    const failures = stored
      .flatMap((document) => (document ? [failureDocument.parse(JSON.parse(document.text)) as RunFailure] : []))
      .filter(({ at }) => at >= since);
    if (failures.length > 0) return reasons(failures);
  }
  return [];
}
