import type { HistoryEventType } from '@aws-sdk/client-sfn';
import { covers, EvaluationFailure, ExecutionEnded, runtimeFailure, SiblingFailed, StateFailure } from '../failure.ts';
import { setMember, type Json, type JsonObject } from '../json.ts';
import { jsonataEvaluation } from '../jsonata/evaluation.ts';
import { jsonPathEvaluation } from '../jsonpath/evaluation.ts';
import type { Machine, State } from '../language/definition.ts';
import type { Evaluation, Outcome } from '../language/evaluation.ts';
import type { Sequence } from './context.ts';
import { jsonText, checkSize } from './payload.ts';
import { performState } from './perform.ts';
import { Retries } from './retry.ts';
import { checkVariables } from './variables.ts';

/** A loop without waits must still let others have a turn. */
const STEPS_BETWEEN_YIELDS = 200;

/**
 * Runs states from where the sequence's frame stands until one ends it, and answers the last output.
 * With `resumed` the first state was entered before (a redrive): it is not entered again, and its finished branches are kept.
 * @throws StateFailure of a state nobody caught; ExecutionEnded or SiblingFailed when cancelled
 */
export async function runSequence(machine: Machine, sequence: Sequence, resumed = false): Promise<Json> {
  const { frame, scope, execution } = sequence;
  frame.status = 'running';
  try {
    for (let steps = 1; ; steps++) {
      scope.throwIfCancelled();
      const state = machine.States[frame.state];
      if (!state) throw runtimeFailure(`There is no state '${frame.state}'`);
      const outcome = await runState(state, sequence, resumed && steps === 1);
      delete frame.inner;
      delete frame.mapRunArn;
      if (outcome.next === undefined) {
        frame.status = 'succeeded';
        frame.output = outcome.output;
        return outcome.output;
      }
      frame.state = outcome.next;
      frame.input = outcome.output;
      if (steps % STEPS_BETWEEN_YIELDS === 0) await execution.yieldToOthers();
    }
  } catch (error) {
    frame.status = error instanceof StateFailure ? 'failed' : 'aborted';
    throw error;
  }
}

const ABORTED_EVENTS: Readonly<Partial<Record<State['Type'], HistoryEventType>>> = {
  Task: 'TaskStateAborted',
  Wait: 'WaitStateAborted',
  Parallel: 'ParallelStateAborted',
  Map: 'MapStateAborted',
};

/** One state with its retries and catchers. */
async function runState(state: State, sequence: Sequence, resumed: boolean): Promise<Outcome> {
  const { frame, execution, scope, trail } = sequence;
  const { history, clock } = execution;
  const name = frame.state;
  if (!resumed || frame.entered === 0)
    frame.entered = history.add(`${state.Type}StateEntered`, trail, {
      stateEnteredEventDetails: { name, input: jsonText(frame.input), inputDetails: { truncated: false } },
    });
  const retries = new Retries(state.Retry, execution.ids);
  const enteredTime = new Date(clock.now()).toISOString();
  for (let attempt = 0; ; attempt++) {
    const context: Record<string, Json> = {
      ...sequence.context,
      State: { EnteredTime: enteredTime, Name: name, RetryCount: attempt },
    };
    let evaluation: Evaluation | undefined;
    try {
      evaluation = evaluate(state, sequence, context);
      const outcome = await performState(state, evaluation, sequence, context);
      return leave(state, sequence, outcome);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (!(failure instanceof StateFailure)) {
        const aborted = ABORTED_EVENTS[state.Type];
        // A history that is full takes no further event.
        if (aborted && !history.full) history.end(aborted, trail);
        throw failure;
      }
      if (failure instanceof EvaluationFailure)
        history.add('EvaluationFailed', trail, {
          evaluationFailedEventDetails: {
            error: failure.error,
            cause: failure.causeText,
            location: failure.location,
            state: name,
          },
        });
      const delay = state.Type === 'Fail' ? undefined : retries.delayAfter(failure.error);
      if (delay !== undefined) {
        delete frame.inner;
        delete frame.mapRunArn;
        execution.checkpoint();
        await clock.sleep(delay, scope.signal);
        continue;
      }
      const caught = state.Type === 'Fail' ? undefined : await catchFailure(state, failure, evaluation);
      if (!caught) throw failure;
      return leave(state, sequence, caught);
    }
  }
}

function evaluate(state: State, sequence: Sequence, context: JsonObject): Evaluation {
  const { frame, execution } = sequence;
  const scope = {
    stateName: frame.state,
    enteredEventId: frame.entered,
    input: frame.input,
    context,
    variables: { ...sequence.outer, ...frame.variables },
  };
  return (state.QueryLanguage ?? sequence.language) === 'JSONata'
    ? jsonataEvaluation(state, scope, execution.expressions)
    : jsonPathEvaluation(state, scope, execution.ids);
}

function asFailure(thrown: unknown): StateFailure | ExecutionEnded | SiblingFailed {
  if (thrown instanceof StateFailure || thrown instanceof ExecutionEnded || thrown instanceof SiblingFailed)
    return thrown;
  throw thrown;
}

async function catchFailure(
  state: State,
  failure: StateFailure,
  evaluation: Evaluation | undefined,
): Promise<Outcome | undefined> {
  const catcher = state.Catch?.find(({ ErrorEquals }) => covers(ErrorEquals, failure.error));
  if (!catcher || !evaluation) return undefined;
  const outcome = await evaluation.caught(catcher, { Error: failure.error ?? '', Cause: failure.causeText ?? '' });
  return { ...outcome, next: catcher.Next };
}

/** Assigns, writes the exit to the history, and says where to go. */
function leave(state: State, sequence: Sequence, outcome: Outcome): Outcome {
  const { frame, execution, trail } = sequence;
  checkSize(outcome.output, frame.state);
  const assigned = Object.entries(outcome.assigned ?? {});
  if (assigned.length > 0) {
    const variables = { ...frame.variables };
    for (const [name, value] of assigned) setMember(variables, name, value);
    checkVariables(variables, sequence.outer);
    frame.variables = variables;
  }
  execution.history.add(`${state.Type}StateExited` as HistoryEventType, trail, {
    stateExitedEventDetails: {
      name: frame.state,
      output: jsonText(outcome.output),
      outputDetails: { truncated: false },
      ...(assigned.length > 0 && {
        assignedVariables: Object.fromEntries(assigned.map(([name, value]) => [name, jsonText(value)])),
        assignedVariablesDetails: { truncated: false },
      }),
    },
  });
  const next = outcome.next ?? (state.Type === 'Succeed' || state.End ? undefined : state.Next);
  return { output: outcome.output, ...(next !== undefined && { next }) };
}
