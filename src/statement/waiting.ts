/** Seconds a check waits at the server. The Data API allows 30; the function's time is paid for. */
export const LONG_POLL_SECONDS = 20;

/** At most this part of a statement's own time is added by not looking. */
const IDLE_SHARE = 0.02;

const LONGEST_WAIT_S = 1_800;

/**
 * How long to wait before the next check. While a statement is young the long poll alone does: it ends the moment the statement does. Then the
 * pause grows with the statement's age, so a statement of 24 hours has about 220 rounds of 9 events. A poll that came back at once
 * (the server does not wait, or too many wait already) is no reason to ask again at once.
 */
export function statementWaitSeconds(ageMs: number, polledMs: number): number {
  const share = Math.min(LONGEST_WAIT_S, Math.floor((Math.max(0, ageMs) * IDLE_SHARE) / 1000));
  return Math.max(share, polledMs < 500 ? 1 : 0);
}

const LONGEST_OVERDUE_WAIT_S = 300;

/** How long to wait for the end of a statement that was cancelled: it takes seconds, unless the server does not listen. */
export function overdueWaitSeconds(overdueMs: number): number {
  return Math.min(LONGEST_OVERDUE_WAIT_S, Math.max(1, Math.floor(overdueMs / 20_000)));
}
