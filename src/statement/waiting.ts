/** Seconds one request waits at the server. https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_DescribeStatement.html */
export const LONG_POLL_SECONDS = 30;

/** A poll that comes back sooner did not wait: the server does not, or too many wait already. */
export const POLLED_AT_LEAST_MS = 500;

/** At most this part of a statement's own time is added by not looking. */
const IDLE_SHARE = 0.02;

const LONGEST_WAIT_S = 1_800;

/**
 * How long to wait before the next check. While a statement is young the long poll alone does: it ends the moment the statement does. Then the
 * pause grows with the statement's age, so a statement of 24 hours has about 200 rounds of 9 events. A poll that came back at once is no
 * reason to ask again at once.
 */
export function statementWaitSeconds(ageMs: number, polledMs: number): number {
  const share = Math.min(LONGEST_WAIT_S, Math.floor((Math.max(0, ageMs) * IDLE_SHARE) / 1000));
  return Math.max(share, polledMs < POLLED_AT_LEAST_MS ? 1 : 0);
}

const LONGEST_OVERDUE_WAIT_S = 300;

/** How long to wait for the end of a statement that was cancelled: it takes seconds, unless the server does not listen. */
export function overdueWaitSeconds(overdueMs: number): number {
  return Math.min(LONGEST_OVERDUE_WAIT_S, Math.max(1, Math.floor(overdueMs / 20_000)));
}
