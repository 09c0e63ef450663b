/** Words that begin no operand: clauses, operators, what separates expressions. */
export const CLAUSE_WORDS: ReadonlySet<string> = new Set(
  `SELECT FROM WHERE AND OR NOT IN AS ON JOIN LEFT RIGHT FULL INNER OUTER CROSS NATURAL GROUP ORDER BY HAVING LIMIT OFFSET FETCH UNION
  INTERSECT EXCEPT MINUS ALL DISTINCT WHEN THEN ELSE END LIKE ILIKE SIMILAR TO BETWEEN IS ISNULL NOTNULL ASC DESC NULLS WITH RECURSIVE
  VALUES SET INSERT INTO UPDATE DELETE MERGE USING MATCHED QUALIFY OVER PARTITION EXISTS ANY SOME ESCAPE ROWS RANGE UNBOUNDED PRECEDING
  FOLLOWING CURRENT LATERAL ONLY PIVOT UNPIVOT FOR ROLLUP CUBE SETS TOP WINDOW TABLE CONNECT PRIOR START
  DEFAULT COLLATE INTERVAL_`
    .trim()
    .split(/\s+/),
);

/** Words before parentheses that are no functions, besides the clause words. */
export const NOT_FUNCTIONS: ReadonlySet<string> = new Set(
  [...CLAUSE_WORDS].filter((word) => !['LEFT', 'RIGHT', 'COLLATE', 'ISNULL'].includes(word)),
);

/** Reserved in DuckDB, plain names in Redshift: quoted. https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html */
export const DUCKDB_RESERVED: ReadonlySet<string> = new Set(
  `ANTI ARRAY ASOF AT DESCRIBE GLOB LAMBDA PIVOT_LONGER PIVOT_WIDER POSITIONAL RETURNING SEMI SHOW SUMMARIZE
  VARIADIC ASYMMETRIC SYMMETRIC UNPACK COLLATION CONCURRENTLY TABLESAMPLE`
    .trim()
    .split(/\s+/),
);

/** Values written without parentheses: what they become and their type. */
export const BARE_VALUES: Readonly<Record<string, readonly [text: string, type: string]>> = {
  SYSDATE: ['rs_now()', 'TIMESTAMP'],
  CURRENT_DATE: ['current_date', 'DATE'],
  CURRENT_TIMESTAMP: ['now()', 'TIMESTAMP WITH TIME ZONE'],
  LOCALTIMESTAMP: ['rs_now()', 'TIMESTAMP'],
  CURRENT_TIME: ['CAST(rs_now() AS TIME WITH TIME ZONE)', 'TIME WITH TIME ZONE'],
  LOCALTIME: ['CAST(rs_now() AS TIME)', 'TIME'],
  CURRENT_USER: ["getvariable('rs_user')", 'VARCHAR'],
  CURRENT_USER_ID: ['100', 'INTEGER'],
  SESSION_USER: ["getvariable('rs_user')", 'VARCHAR'],
  USER: ["getvariable('rs_user')", 'VARCHAR'],
  TRUE: ['true', 'BOOLEAN'],
  FALSE: ['false', 'BOOLEAN'],
  NULL: ['NULL', 'NULL'],
};

/** Regular expressions: DuckDB's own `~` must match the whole text. */
export const OPERATORS: Readonly<Record<string, string>> = {
  '~': '<~>',
  '!~': '<!~>',
  '~*': '<~*>',
  '!~*': '<!~*>',
  '~~': ' LIKE ',
  '!~~': ' NOT LIKE ',
  '~~*': ' ILIKE ',
  '!~~*': ' NOT ILIKE ',
};

/** `type 'text'`, as DuckDB writes literals too, though of other types by these names. */
export const LITERAL_TYPES =
  /^(?:DATE|TIMESTAMP|TIMESTAMPTZ|TIME|TIMETZ|SMALLINT|INT2|INTEGER|INT|INT4|BIGINT|INT8|DECIMAL|NUMERIC|REAL|FLOAT4|FLOAT8|FLOAT|BOOLEAN|BOOL|CHAR|VARCHAR|TEXT|BPCHAR)$/;
