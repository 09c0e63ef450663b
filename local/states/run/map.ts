import { runtimeFailure, StateFailure } from '../failure.ts';
import { isList, type Json, type JsonObject } from '../json.ts';
import { asNumber } from '../jsonata/evaluation.ts';
import { isDistributed, processorOf, type State } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import { MAX_INLINE_CONCURRENCY } from '../limits.ts';
import type { Sequence } from './context.ts';
import { fanOut } from './fan-out.ts';
import { runInner } from './parallel.ts';
import { Scope } from './scope.ts';

/** A Map: inline iterations share this execution's history, distributed ones are executions of their own. */
export async function performMap(
  state: State,
  evaluation: Evaluation,
  sequence: Sequence,
  context: JsonObject,
): Promise<Json> {
  const { execution, trail } = sequence;
  if (isDistributed(state))
    return execution.distributedMaps.run(state, sequence.frame.state, evaluation, sequence, context);
  const items = await evaluation.items();
  if (!isList(items))
    throw runtimeFailure(
      `The items of the Map state '${sequence.frame.state}' must be an array, but they are ${JSON.stringify(items).slice(0, 200)}`,
    );
  const limit = asNumber(await evaluation.field('MaxConcurrency'), 'MaxConcurrency') ?? 0;
  execution.history.add('MapStateStarted', trail, { mapStateStartedEventDetails: { length: items.length } });
  try {
    const output = await iterate(items, limit, state, evaluation, sequence, context);
    execution.history.add('MapStateSucceeded', trail);
    return output;
  } catch (error) {
    if (error instanceof StateFailure) execution.history.add('MapStateFailed', trail);
    throw error;
  }
}

async function iterate(
  items: readonly Json[],
  limit: number,
  state: State,
  evaluation: Evaluation,
  sequence: Sequence,
  context: JsonObject,
): Promise<Json> {
  const { execution, frame, trail } = sequence;
  const { history } = execution;
  const processor = processorOf(state);
  if (!processor) throw runtimeFailure('The Map state has no ItemProcessor');
  const frames = (frame.inner ??= items.map(() => null));
  const started = trail.last;
  const name = frame.state;
  const scope = new Scope(sequence.scope);
  try {
    await fanOut(
      items.length,
      Math.min(limit || MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY),
      scope,
      async (index) => {
        if (frames[index]?.status === 'succeeded') return;
        const inner = { last: started };
        const iteration = { mapIterationStartedEventDetails: { name, index } };
        history.add('MapIterationStarted', inner, iteration);
        try {
          const item = items[index] ?? null;
          const mapContext = { ...context, Map: { Item: { Index: index, Value: item } } };
          const input = frames[index]?.input ?? (await evaluation.select(item, mapContext));
          const { State: _, ...innerContext } = mapContext as Record<string, Json>;
          await runInner(processor, index, input, { ...sequence, scope, trail: inner, context: innerContext }, inner);
          history.add('MapIterationSucceeded', inner, { mapIterationSucceededEventDetails: { name, index } });
        } catch (error) {
          if (error instanceof StateFailure)
            history.add('MapIterationFailed', inner, { mapIterationFailedEventDetails: { name, index } });
          else if (!history.full)
            history.end('MapIterationAborted', inner, { mapIterationAbortedEventDetails: { name, index } });
          throw error;
        } finally {
          trail.last = inner.last;
        }
      },
    );
  } finally {
    scope.close();
  }
  return frames.map((inner) => inner?.output ?? null);
}
