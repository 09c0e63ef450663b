import type { Contents } from './audit.ts';

/**
 * What became of the cluster when a run left it: `taken over` when a later drive of the run, or another execution, goes on with it; `going` when
 * somebody took it away after the run had looked for the last time, so that it may say what the tables held then.
 */
export type Found = 'there' | 'taken over' | 'gone' | 'going' | 'out of reach';

/** Which table a unit of the simulation's project fills. */
const TABLE_OF: Readonly<Record<string, string>> = {
  'copy-staging-sale': 'staging.sale',
  'copy-staging-customer': 'staging.customer',
  'copy-staging-price': 'staging.price',
  'transform-spend': 'mart.spend',
  'transform-total': 'mart.total',
};

/** The tables that hold the run's batch, by the ledger. */
export function tablesHolding(runId: string, contents: Contents | undefined): readonly string[] {
  const units = (contents?.ledger ?? []).filter((row) => row.runId === runId).map(({ unit }) => unit);
  return [...new Set(units.flatMap((unit) => TABLE_OF[unit] ?? []))].sort();
}

/**
 * What is wrong with the tables an e-mail names. `left` held the batch when the run left the cluster, `now` does while the mail is sent: a
 * later drive may commit more in between, and the mail may know of that or not.
 */
export function toldWrong(
  found: Found,
  told: readonly string[],
  left: readonly string[],
  now: readonly string[],
): string | undefined {
  if (found === 'out of reach') return undefined;
  const least = found === 'gone' || found === 'going' ? [] : left;
  const most = found === 'taken over' ? now : found === 'going' ? left : least;
  if (least.every((table) => told.includes(table)) && told.every((table) => most.includes(table))) return undefined;
  return `told [${[...told].sort().join(', ')}], hold the batch [${most.join(', ')}]`;
}
