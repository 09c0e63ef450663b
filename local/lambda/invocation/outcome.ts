import type { ErrorPayload } from '../runtime/messages.ts';

/** What an invocation came to. */
export interface Outcome {
  readonly payload: string;
  /** Set if the function failed; Lambda's only value since Node 10 is `Unhandled`. */
  readonly functionError?: 'Unhandled';
  /** The end of the log, for `LogType: Tail`. */
  readonly logTail: string;
}

export const failed = (error: ErrorPayload, logTail = ''): Outcome => ({
  payload: JSON.stringify(error),
  functionError: 'Unhandled',
  logTail,
});
