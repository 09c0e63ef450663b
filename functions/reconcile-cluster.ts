import { readFileSync } from 'node:fs';
import { readSettings } from '../src/runtime/environment.ts';
import { RECONCILE_VARIABLES, reconcileClusterFunction } from '../src/runtime/functions/reconcile-cluster.ts';
import { lambdaPlace } from '../src/runtime/place.ts';

/** One step towards a cluster that is there, or gone. */
export const handler = reconcileClusterFunction(
  readSettings(RECONCILE_VARIABLES),
  lambdaPlace,
  readFileSync(new URL('../resources/cluster-stack.yml', import.meta.url), 'utf8'),
);
