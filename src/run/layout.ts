import type { Phase } from '../plan/plan.ts';

/** Where answers are in the results bucket. */
export const RESULTS_PREFIX = 'results/';

/** Executions of whose end nobody may have been told yet. */
export const UNTOLD_PREFIX = 'untold/';

const nameOf = (execution: string): string => execution.split(':').at(-1) ?? execution;

/**
 * Where things are in the work bucket. Everything of a run is under `runs/<run>/` and expires with it; leases are under `clusters/`, what operators
 * know of what is being tidied up is under `tidied/`, and both stay; what is under `untold/` is there until it is told.
 */
export const layout = {
  claim: (runId: string) => `runs/${runId}/claim.json`,
  run: (runId: string) => `runs/${runId}/run.json`,
  files: (runId: string) => `runs/${runId}/files.json`,
  plan: (runId: string) => `runs/${runId}/plan.json`,
  unit: (runId: string, unit: string) => `runs/${runId}/units/${unit}.json`,
  wave: (runId: string, phase: Phase, at: number) => `runs/${runId}/waves/${phase}-${at}.json`,
  /** How often a unit was submitted, and under which names. */
  attempts: (runId: string, unit: string) => `${layout.allAttempts(runId)}${unit}.json`,
  allAttempts: (runId: string) => `runs/${runId}/attempts/`,
  result: (runId: string, unit: string) => `${layout.results(runId)}${unit}.json`,
  results: (runId: string) => `runs/${runId}/results/`,
  loadErrors: (runId: string, unit: string) => `runs/${runId}/load-errors/${unit}.json`,
  failure: (runId: string, round: number, step: string) => `${layout.allFailures(runId)}${round}/${step}.json`,
  allFailures: (runId: string) => `runs/${runId}/failures/`,
  /** What others have written since the run had. */
  overtaken: (runId: string) => `runs/${runId}/overtaken.json`,
  outcome: (runId: string) => `runs/${runId}/outcome.json`,
  /** Which run an execution has claimed. The last part of an execution's ARN is unique for its machine. */
  byExecution: (execution: string) => `runs/by-execution/${nameOf(execution)}.json`,
  untold: (execution: string) => `${UNTOLD_PREFIX}${nameOf(execution)}.json`,
  lease: (cluster: string) => `clusters/${cluster}/lease.json`,
  /** What the operators know of what is being tidied up. */
  tidied: (cluster: string) => `tidied/${cluster}.json`,
} as const;

/** The unit that an attempt or a result is kept of. */
export function unitOfKey(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).replace(/\.json$/, '');
}
