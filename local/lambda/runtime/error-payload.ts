import type { ErrorPayload } from './messages.ts';

/** A thrown value as Lambda's Node runtime reports it. */
export function errorPayload(thrown: unknown): ErrorPayload {
  if (
    thrown instanceof Error ||
    (typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'name' in thrown)
  ) {
    const error = thrown as Error;
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}
