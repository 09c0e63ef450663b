/** Statements of a BatchExecuteStatement. https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html */
export const MAX_UNIT_STATEMENTS = 40;

/** Bytes of a statement: AWS says 100 KB, and the smaller reading of a KB is the safe one. https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html */
export const MAX_STATEMENT_BYTES = 100_000;

/** Bytes of SQL that are put together into one unit where that is a choice. */
export const MAX_UNIT_BYTES = 90_000;
