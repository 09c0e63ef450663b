import type { Contents } from './audit.ts';
import { LOADS } from './batch.ts';
import { TABLES } from './scenario.ts';

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

/** What they append or merge stays; what other units write is gone once another run's has written it. */
const STAYING: ReadonlySet<string> = new Set(
  TABLES.filter((table) => LOADS[table] !== 'replace').map((table) => `copy-staging-${table}`),
);

/** The tables that hold the run's batch, by the ledger; or as a run knows it that has not `seen` what others have written since. */
export function tablesHolding(runId: string, contents: Contents | undefined, seen = true): readonly string[] {
  const { ledger = [] } = contents ?? {};
  const units = ledger.flatMap((row, at) => {
    const isGone =
      seen &&
      !STAYING.has(row.unit) &&
      ledger.slice(at).some(({ runId: other, unit }) => unit === row.unit && other !== runId);
    return row.runId === runId && !isGone ? [row.unit] : [];
  });
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
