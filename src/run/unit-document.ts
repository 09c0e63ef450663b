import { Unexpected } from '../errors/errors.ts';
import type { Plan, Unit } from '../plan/plan.ts';
import { layout } from './layout.ts';
import type { WorkStore } from './work-store.ts';

/** A unit as it is kept: the objects it reads stand beside it, under their own keys. */
export type UnitDocument = Omit<Unit, 'copyManifest' | 'fileList'> & { readonly copyManifestKey?: string };

export type PlanDocument = Omit<Plan, 'units'> & { readonly units: readonly UnitDocument[] };

/** The state of the `etl` machine that works through units of a kind; a unit's id begins with its kind. */
export function stepOf(unit: string): string {
  const [kind = ''] = unit.split('-');
  return STEPS[kind] ?? 'Statement';
}

const STEPS: Readonly<Record<string, string>> = {
  ddl: 'CreateTables',
  copy: 'CopyTables',
  transform: 'Transforms',
  check: 'Checks',
  unload: 'Unload',
};

/** Written by this product only, so it is read without a schema. */
export async function readUnit(work: WorkStore, runId: string, unit: string): Promise<UnitDocument> {
  const stored = await work.read(layout.unit(runId, unit));
  if (!stored) throw new Unexpected(`The record of the unit '${unit}' is not in the work bucket.`, { where: { unit } });
  return JSON.parse(stored.text) as UnitDocument;
}

export async function readPlan(work: WorkStore, runId: string): Promise<PlanDocument | undefined> {
  const stored = await work.read(layout.plan(runId));
  return stored && (JSON.parse(stored.text) as PlanDocument);
}
