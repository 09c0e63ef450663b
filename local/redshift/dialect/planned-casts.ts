/** A cast in DuckDB's plan of a query. */
export interface PlannedCast {
  /** Where it, or what it casts, stands in the query, in bytes; unknown for some that DuckDB has put in. */
  readonly at: number | undefined;
  /** Of the cast right below it. */
  readonly below: number | undefined;
  readonly to: string;
}

/** The first of casts that nobody wrote. */
export function unwritten<T extends PlannedCast>(casts: readonly T[], sql: string): T | undefined {
  if (casts.length === 0) return undefined;
  const bytes = Buffer.from(sql);
  return casts.find(({ at, below, to }) => at === undefined || at === below || writtenCast(bytes, at) !== to);
}

/** The type of the `CAST(… AS type)` that begins at a byte of a query. */
function writtenCast(sql: Buffer, at: number): string | undefined {
  const text = sql.subarray(at).toString();
  if (!/^(?:TRY_)?CAST\(/i.test(text)) return undefined;
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (part === '(') depth++;
    if (part === ')' && --depth === 0) return / AS (\w[\w ]*(?:\(\d+,\d+\))?)\)$/.exec(text.slice(0, index + 1))?.[1];
  }
  return undefined;
}
