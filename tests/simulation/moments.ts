import type { Call } from '../../local/kernel/index.ts';

/** Stations on a run's way, told by the calls that are made there. */
export const STAGES = [
  'opening',
  'creating',
  'tables',
  'copies',
  'transforms',
  'checks',
  'unload',
  'releasing',
  'deleting',
  'telling',
] as const;
export type Stage = (typeof STAGES)[number];

/** When something happens: so many milliseconds after the nth call of a stage (from 0), or after the batch arrives. */
export interface Moment {
  readonly stage: Stage | 'arrival';
  readonly nth: number;
  readonly after: number;
}

const BY_SITE: Readonly<Record<string, Stage>> = {
  'open-run s3:HeadObject': 'opening',
  'reconcile-cluster cloudformation:CreateStack': 'creating',
  'cancel-statement redshift-data:ListStatements': 'releasing',
  'reconcile-cluster cloudformation:DeleteStack': 'deleting',
  'notify sns:Publish': 'telling',
};
const BY_KIND: Readonly<Record<string, Stage>> = {
  ddl: 'tables',
  copy: 'copies',
  transform: 'transforms',
  check: 'checks',
  unload: 'unload',
};

/** The stage a call belongs to, if it marks one. */
export function stageOf(site: string, { input }: Call): Stage | undefined {
  if (site !== 'submit-statement redshift-data:BatchExecuteStatement') return BY_SITE[site];
  const { StatementName = '' } = input as { readonly StatementName?: string };
  return BY_KIND[/^sluice:[^:]+:([a-z]+)/.exec(StatementName)?.[1] ?? ''];
}

/** What waits for its moment. */
export class Moments {
  readonly #waiting = new Map<Stage, { nth: number; readonly begin: () => void }[]>();

  /** Calls `begin` right after the nth call of the stage from now on. */
  at(stage: Stage, nth: number, begin: () => void): void {
    const waiting = this.#waiting.get(stage) ?? [];
    waiting.push({ nth, begin });
    this.#waiting.set(stage, waiting);
  }

  passed(stage: Stage): void {
    const waiting = this.#waiting.get(stage) ?? [];
    this.#waiting.set(
      stage,
      waiting.filter((one) => one.nth > 0),
    );
    for (const one of waiting)
      if (one.nth === 0) one.begin();
      else one.nth--;
  }
}
