import type { Clock, Ids } from '../../kernel/index.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Expressions } from '../jsonata/expressions.ts';
import type { Machine, QueryLanguage, State } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import type { Integrations } from '../integrations/port.ts';
import type { Frame } from './frame.ts';
import type { History, Trail } from './history.ts';
import type { Scope } from './scope.ts';

/** What every state of one execution can reach. */
export interface ExecutionContext {
  readonly arn: string;
  readonly roleArn: string;
  readonly region: string;
  readonly history: History;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly expressions: Expressions;
  readonly integrations: Integrations;
  readonly distributedMaps: DistributedMaps;
  /** The root scope: a failure no state may catch cancels it. */
  readonly root: Scope;
  /** Runs one sequence: a branch, an iteration. `resumed` as in `runSequence`. */
  runSequence(machine: Machine, sequence: Sequence, resumed: boolean): Promise<Json>;
  /** Sees to it that history and frames get on disk soon. */
  checkpoint(): void;
  /** Waits for other work of the event loop, without letting a virtual clock take that for idleness. */
  yieldToOthers(): Promise<void>;
}

/** One sequence of states while it runs. */
export interface Sequence {
  readonly execution: ExecutionContext;
  readonly frame: Frame;
  readonly scope: Scope;
  readonly trail: Trail;
  readonly language: QueryLanguage;
  /** `$$` / `$states.context`, without `State` and `Task`. */
  readonly context: JsonObject;
  /** Variables of the sequences around this one. */
  readonly outer: Readonly<Record<string, Json>>;
}

/** Runs the items of a distributed Map as executions of their own. */
export interface DistributedMaps {
  /** The Map's result. `context` is the state's own. */
  run(state: State, stateName: string, evaluation: Evaluation, sequence: Sequence, context: JsonObject): Promise<Json>;
}
