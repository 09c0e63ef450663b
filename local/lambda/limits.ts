/** Quotas: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_SYNC_PAYLOAD_BYTES = 6_291_556;
export const MAX_ASYNC_PAYLOAD_BYTES = 1_048_576;
export const MAX_TIMEOUT_SECONDS = 900;
export const MIN_MEMORY_MB = 128;
export const MAX_MEMORY_MB = 10_240;
export const MAX_ZIP_BYTES = 52_428_800;
export const MAX_UNZIPPED_BYTES = 262_144_000;
export const MAX_ENVIRONMENT_BYTES = 4096;
export const MAX_CONCURRENCY = 1000;
/** Of the result of `LogType: Tail`. */
export const LOG_TAIL_BYTES = 4096;
/** Defaults of CreateFunction: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const DEFAULT_TIMEOUT_SECONDS = 3;
export const DEFAULT_MEMORY_MB = 128;
/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
export const DEFAULT_ASYNC_RETRIES = 2;
export const DEFAULT_ASYNC_AGE_SECONDS = 21_600;
