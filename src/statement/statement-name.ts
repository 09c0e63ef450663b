import { createHash } from 'node:crypto';

/** What a submission is for: the unit of a run, on one cluster, for the nth time. */
export interface Submission {
  readonly runId: string;
  readonly unit: string;
  /** Which cluster, as the lease counts them. */
  readonly generation: number;
  readonly attempt: number;
}

/** Names start with what they have in common, because ListStatements finds by prefix. At most 500 characters; these have at most 110. */
export function runPrefix(runId: string): string {
  return `sluice:${runId}:`;
}

export function unitPrefix({ runId, unit, generation }: Omit<Submission, 'attempt'>): string {
  return `${runPrefix(runId)}${unit}:${generation}:`;
}

export function statementName(submission: Submission): string {
  return `${unitPrefix(submission)}${submission.attempt}`;
}

/** The attempt a name is of; 0 for a name that is none of ours. */
export function attemptOf(name: string): number {
  const attempt = Number(name.slice(name.lastIndexOf(':') + 1));
  return Number.isSafeInteger(attempt) ? attempt : 0;
}

/** The unit and the cluster a name is of; undefined for a name that is none of ours. */
export function unitOf(name: string): Pick<Submission, 'unit' | 'generation'> | undefined {
  const [, unit, generation] = /^sluice:[^:]+:([a-z0-9-]+):(\d+):\d+$/.exec(name) ?? [];
  return unit === undefined ? undefined : { unit, generation: Number(generation) };
}

/** At most 64 characters. https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html */
export function clientToken(submission: Submission): string {
  return createHash('sha256').update(statementName(submission)).digest('hex');
}
