/** https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations */
export const LONGEST_STATEMENT_BYTES = 100 * 1024;
export const MOST_ACTIVE_STATEMENTS = 200;
export const MOST_SESSIONS = 500;
export const RESULT_RETENTION_MS = 24 * 3600 * 1000;
export const LONGEST_RUN_MS = 24 * 3600 * 1000;
export const LONGEST_KEEP_ALIVE_SECONDS = 24 * 3600;
export const LARGEST_RESULT_BYTES = 500 * 1024 * 1024;
export const LARGEST_ROW_BYTES = 64 * 1024;
/** How long a client token is remembered. */
export const CLIENT_TOKEN_RETENTION_MS = 8 * 3600 * 1000;

/** https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html */
export const MOST_BATCH_STATEMENTS = 40;
export const LONGEST_CLIENT_TOKEN = 64;
export const LONGEST_STATEMENT_NAME = 2048;
export const LONGEST_WAIT_SECONDS = 30;

/** Requests that may wait for one statement at a time. AWS names the limit, not its value; this is the local cloud's. */
export const MOST_WAITING_REQUESTS = 5;

/** https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ListStatements.html */
export const MOST_LISTED_STATEMENTS = 100;
/** https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ListTables.html */
export const MOST_LISTED_NAMES = 1000;

/** Bytes of one page of GetStatementResult, at least one row. Small enough that writing it out holds up nobody else. */
export const RESULT_PAGE_BYTES = 256 * 1024;
