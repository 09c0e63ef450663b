/**
 * Quotas of Step Functions for Standard workflows.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const MAX_HISTORY_EVENTS = 25_000;
/** Bytes of UTF-8 of one input or output of a state, task or execution. */
export const MAX_PAYLOAD_BYTES = 262_144;
export const MAX_DEFINITION_BYTES = 1_048_576;
export const MAX_NAME_LENGTH = 80;
/** How long a closed execution keeps its name, and its history. */
export const RETENTION_MS = 90 * 24 * 3600 * 1000;
/** "up to 40 concurrent iterations": https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
export const MAX_INLINE_CONCURRENCY = 40;
/** "up to 10,000 parallel child workflow executions": https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
export const MAX_DISTRIBUTED_CONCURRENCY = 10_000;
/** An execution runs for a year at most. */
export const MAX_EXECUTION_SECONDS = 31_536_000;
/** "within 14 days of completing": https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
export const REDRIVE_PERIOD_MS = 14 * 24 * 3600 * 1000;
export const MAX_REDRIVES = 1000;
/** https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
export const MAX_VARIABLE_BYTES = 262_144;
export const MAX_VARIABLES_BYTES = 10 * 1_048_576;
export const MAX_VARIABLE_NAME_LENGTH = 80;
/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html */
export const MAX_TAGS = 50;
/** Arrays of intrinsic functions: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
export const MAX_RANGE_ITEMS = 1000;
export const MAX_INTRINSIC_TEXT = 10_000;
