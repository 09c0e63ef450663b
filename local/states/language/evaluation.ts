import type { Json, JsonObject } from '../json.ts';
import type { Catcher } from './definition.ts';

/** What leaves a state: its output, and the variables it assigns. */
export interface Outcome {
  readonly output: Json;
  readonly assigned?: JsonObject;
  /** The next state, where it is not the state's own `Next`. */
  readonly next?: string;
}

/** What a failed state hands to its catcher. */
export interface ErrorOutput extends JsonObject {
  readonly Error: string;
  readonly Cause: string;
}

/** One entry into a state, as its query language sees it. Made anew for each attempt. */
export interface Evaluation {
  /** What a Task, Parallel or Pass works on: Arguments, or InputPath and Parameters. */
  arguments(): Promise<Json>;
  /** A field that may be an expression or have a `…Path` twin: `TimeoutSeconds`, `Seconds`, `MaxConcurrency` … */
  field(name: string): Promise<Json | undefined>;
  /** The same, of an object inside the state, for instance of `ItemReader.ReaderConfig`. */
  fieldOf(holder: JsonObject | undefined, name: string, at: string): Promise<Json | undefined>;
  /** A payload template of the state. */
  template(value: Json, at: string): Promise<Json>;
  /** The items of a Map without a reader. */
  items(): Promise<Json>;
  /** A Map item's input; `context` holds `Map.Item`. */
  select(item: Json, context: JsonObject): Promise<Json>;
  /** Picks a Choice's rule. @throws StateFailure `States.NoChoiceMatched` */
  choose(): Promise<Outcome>;
  /** Error and Cause of a Fail state. */
  failure(): Promise<{ readonly error: string | undefined; readonly cause: string | undefined }>;
  /** The state's outcome, given its result (`undefined` for states that have none). */
  finish(result: Json | undefined): Promise<Outcome>;
  caught(catcher: Catcher, error: ErrorOutput): Promise<Outcome>;
}

/** What an evaluation can see. */
export interface EvaluationScope {
  readonly stateName: string;
  readonly enteredEventId: number;
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: JsonObject;
}
