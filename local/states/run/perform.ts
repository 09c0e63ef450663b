import { runtimeFailure, StateFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { asNumber } from '../jsonata/evaluation.ts';
import { isTimestamp } from '../jsonpath/choice.ts';
import type { State } from '../language/definition.ts';
import type { Evaluation, Outcome } from '../language/evaluation.ts';
import type { Sequence } from './context.ts';
import { performMap } from './map.ts';
import { performParallel } from './parallel.ts';
import { performTask } from './task.ts';

// oxlint-disable typescript/consistent-return -- every type of state is a case
/** Does what a state is for, once. `context` is the state's own and gets the task's token. */
export async function performState(
  state: State,
  evaluation: Evaluation,
  sequence: Sequence,
  context: Record<string, Json>,
): Promise<Outcome> {
  switch (state.Type) {
    case 'Pass':
      return evaluation.finish(await passResult(state, evaluation));
    case 'Succeed':
      return evaluation.finish(undefined);
    case 'Choice':
      return evaluation.choose();
    case 'Fail': {
      const { error, cause } = await evaluation.failure();
      throw new StateFailure(error, cause);
    }
    case 'Wait':
      await wait(evaluation, sequence);
      return evaluation.finish(undefined);
    case 'Task':
      return evaluation.finish(await performTask(state, evaluation, sequence, context));
    case 'Parallel':
      return evaluation.finish(await performParallel(state, evaluation, sequence));
    case 'Map':
      return evaluation.finish(await performMap(state, evaluation, sequence, context));
  }
}

/** A JSONPath Pass has a result: what it was given to say, or its parameters. A JSONata Pass has none. */
async function passResult(state: State, evaluation: Evaluation): Promise<Json | undefined> {
  if (state.Result !== undefined) return state.Result;
  return state.Parameters === undefined ? undefined : evaluation.arguments();
}

async function wait(evaluation: Evaluation, { execution, scope }: Sequence): Promise<void> {
  const seconds = asNumber(await evaluation.field('Seconds'), 'Seconds');
  const timestamp = seconds === undefined ? await evaluation.field('Timestamp') : undefined;
  if (seconds === undefined && !isTimestamp(timestamp))
    throw runtimeFailure(
      `The Timestamp of a Wait must be an RFC 3339 timestamp, but it is ${JSON.stringify(timestamp)}`,
    );
  const ms = seconds === undefined ? Date.parse(String(timestamp)) - execution.clock.now() : seconds * 1000;
  if (ms <= 0) return;
  execution.checkpoint();
  await execution.clock.sleep(ms, scope.signal);
}
