import type { Json, JsonObject } from '../json.ts';
import type { State } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import type { Sequence } from '../run/context.ts';

/** Runs the items of a distributed Map as executions of their own. */
export interface DistributedMaps {
  /** The Map's result. `context` is the state's own. */
  run(state: State, stateName: string, evaluation: Evaluation, sequence: Sequence, context: JsonObject): Promise<Json>;
}
