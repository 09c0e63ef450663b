/** A failure as the states language knows it: an error name that Retry and Catch match on, and a cause for people. */
export class StateFailure extends Error {
  override readonly name: string = 'StateFailure';
  /** For instance `States.Timeout`, or a name the definition or a function made up. */
  readonly error: string | undefined;
  readonly causeText: string | undefined;

  constructor(error: string | undefined, causeText?: string) {
    super(`${error ?? 'failed'}: ${causeText ?? ''}`);
    this.error = error;
    this.causeText = causeText;
  }
}

/** An expression or path of the definition that could not be evaluated. */
export class EvaluationFailure extends StateFailure {
  override readonly name = 'EvaluationFailure';
  /** The field that holds the expression, for instance `Output/total`. */
  readonly location: string;

  constructor(causeText: string, location: string) {
    super('States.QueryEvaluationError', causeText);
    this.location = location;
  }
}

/** What an integration reports before its call was made or accepted is told apart in the history. */
export class SubmitFailure extends StateFailure {
  override readonly name = 'SubmitFailure';
}

export type Ending = 'FAILED' | 'ABORTED' | 'TIMED_OUT';

/** The end of a whole execution from outside a state: stopped, timed out, over a quota. No Catch sees it. */
export class ExecutionEnded extends Error {
  override readonly name = 'ExecutionEnded';
  readonly ending: Ending;
  readonly error: string | undefined;
  readonly causeText: string | undefined;

  constructor(ending: Ending, error?: string, causeText?: string) {
    super(`${ending} ${error ?? ''}`);
    this.ending = ending;
    this.error = error;
    this.causeText = causeText;
  }
}

/** A branch or iteration that ends because a sibling failed. */
export class SiblingFailed extends Error {
  override readonly name = 'SiblingFailed';
}

export const runtimeFailure = (cause: string): StateFailure => new StateFailure('States.Runtime', cause);

/** Whether an `ErrorEquals` list covers a failure. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export function covers(errorEquals: readonly string[], error: string | undefined): boolean {
  // "A States.Runtime error isn't retriable, and will always cause the execution to fail."
  if (error === 'States.Runtime') return false;
  return errorEquals.some((name) => {
    if (name === error) return true;
    // "can't catch the States.DataLimitExceeded terminal error"
    if (name === 'States.ALL') return error !== 'States.DataLimitExceeded';
    const timeout = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
    // "ran longer than TimeoutSeconds, or failed to send a heartbeat"
    if (name === 'States.Timeout') return timeout;
    // "a wildcard that matches any known error name except for States.Timeout"
    if (name === 'States.TaskFailed') return error !== 'States.Timeout' && error !== 'States.DataLimitExceeded';
    return false;
  });
}
