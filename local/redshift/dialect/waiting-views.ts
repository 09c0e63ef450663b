/** The table a late-binding view reads as long as a relation of its query is not there: no user's table has such a name. */
export function waitingFor(relation: string): string {
  return `${WAITS_FOR}${relation}`;
}

const WAITS_FOR = 'rs_waits_for:';

/** The relation as Redshift shows it: for the table of a waiting view the one it waits for. */
export function awaited(table: string): string {
  return table.startsWith(WAITS_FOR) ? table.slice(WAITS_FOR.length) : table;
}
