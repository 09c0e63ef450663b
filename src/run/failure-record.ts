import { CATALOGUE, type ErrorCode } from '../errors/catalogue.ts';
import type { Finding } from '../errors/finding.ts';
import { SluiceError, type Whereabouts } from '../errors/sluice-error.ts';
import * as z from 'zod';
import { layout } from './layout.ts';
import type { Now, WorkStore } from './work-store.ts';

const text = z.string().optional();

/**
 * A failure as a run keeps it. State machines pass on a code at best, and a distributed Map not even that: what the e-mail says about a failure
 * is read from these.
 */
export const failureDocument = z.object({
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
});
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly why: string;
  readonly next: string;
  readonly at: number;
  readonly where: Whereabouts;
  readonly findings: readonly Finding[];
}

/** The failure an error stands for. Anything that is not of the catalogue is `Unexpected`, and its text stays in the log. */
export function failureOf(error: unknown, at: number, step?: string): Failure {
  if (error instanceof SluiceError)
    return {
      code: error.name,
      message: error.message,
      why: error.why,
      next: error.next,
      at,
      where: { ...(step === undefined ? {} : { step }), ...error.where },
      findings: error.findings,
    };
  return catalogued('Unexpected', at, step);
}

export function catalogued(code: ErrorCode, at: number, step?: string): Failure {
  const { happened, why, next } = CATALOGUE[code];
  return { code, message: happened, why, next, at, where: step === undefined ? {} : { step }, findings: [] };
}

/**
 * Does `work`; a failure no retry can help is written to the run's record before it is thrown on.
 * The record never replaces the failure: if it cannot be written, the failure is thrown all the same.
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
      await record.work.write(key, JSON.stringify(failureOf(error, record.now(), record.step))).catch(() => undefined);
    }
    throw error;
  }
}

/** A few tell the story; thousands of tables failing for one reason would only delay the e-mail. */
const MOST_READ = 100;

/** What other units meet when a failed run is left: their statements are cancelled, and the lease is no longer theirs. Never the reason while there is another. */
const AFTERMATH: ReadonlySet<string> = new Set<ErrorCode>(['StatementAborted', 'LeaseLost']);

function isAftermath({ code }: Failure): number {
  return AFTERMATH.has(code) ? 1 : 0;
}

/** The failures of the last round that has any since `since`: the earliest first, and those that only follow from others last. */
export async function latestFailures(work: WorkStore, runId: string, since: number): Promise<readonly Failure[]> {
  const keys = await work.list(layout.allFailures(runId));
  const rounds = Map.groupBy(keys, (key) => Number(key.slice(layout.allFailures(runId).length).split('/')[0]));
  for (const round of [...rounds.keys()].sort((one, other) => other - one)) {
    const stored = await Promise.all((rounds.get(round) ?? []).slice(0, MOST_READ).map((key) => work.read(key)));
    const failures = stored
      .flatMap((document) => (document ? [failureDocument.parse(JSON.parse(document.text)) as Failure] : []))
      .filter(({ at }) => at >= since)
      .sort((one, other) => isAftermath(one) - isAftermath(other) || one.at - other.at);
    if (failures.length > 0) return failures;
  }
  return [];
}
