import type { Cloud } from '../../kernel/index.ts';
import type { Executions } from '../executions/executions.ts';
import { nameIn, type ExecutionRecord } from '../executions/record.ts';
import { runtimeFailure, StateFailure } from '../failure.ts';
import { isList, type Json, type JsonObject } from '../json.ts';
import { asNumber } from '../jsonata/evaluation.ts';
import { processorOf, type ItemProcessor, type State } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import type { DistributedMaps, Sequence } from '../run/context.ts';
import { newFrame, type Frame } from '../run/frame.ts';
import { Scope } from '../run/scope.ts';
import { ChildRuns, type ChildInput } from './child-runs.ts';
import { batchItems } from './item-batcher.ts';
import { readItems } from './item-reader.ts';
import { noCounts, readMapRun, writeMapRun, type MapRunRecord } from './map-run.ts';
import { transformed, writeResults } from './result-writer.ts';

const definitions = new WeakMap<ItemProcessor, string>();

/** A child's definition: the item processor, in its parent's query language unless it names one. */
function childDefinition(processor: ItemProcessor, sequence: Sequence): string {
  let text = definitions.get(processor);
  if (text === undefined)
    definitions.set(processor, (text = JSON.stringify({ QueryLanguage: sequence.language, ...processor })));
  return text;
}

/** "Label … must not exceed 40 characters": https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
const MAX_LABEL_LENGTH = 40;

/** Distributed Maps, and those of them that are running: their settings can be changed. */
export interface ActiveMaps extends DistributedMaps {
  readonly active: ReadonlyMap<string, ChildRuns>;
}

export function createDistributedMaps(cloud: Cloud, executions: Executions): ActiveMaps {
  const active = new Map<string, ChildRuns>();
  return {
    active,
    run: async (state, stateName, evaluation, sequence, context) => {
      const { execution, frame, trail } = sequence;
      const { history } = execution;
      const caller = { principalArn: execution.roleArn };
      const redriven = frame.mapRunArn === undefined ? undefined : readMapRun(cloud.documents, frame.mapRunArn);
      if (!redriven) history.add('MapStateStarted', trail, { mapStateStartedEventDetails: { length: 0 } });
      let run: MapRunRecord | undefined;
      try {
        const inputs = await childInputs(state, evaluation, context, cloud, execution.roleArn);
        run = redriven ?? (await newMapRun(state, stateName, evaluation, sequence, inputs, cloud));
        if (redriven) {
          run.redriveCount++;
          run.redriveDate = cloud.clock.now();
          run.status = 'RUNNING';
          history.add('MapRunRedriven', trail, {
            mapRunRedrivenEventDetails: { mapRunArn: run.arn, redriveCount: run.redriveCount },
          });
        } else history.add('MapRunStarted', trail, { mapRunStartedEventDetails: { mapRunArn: run.arn } });
        frame.mapRunArn = run.arn;
        const frames: (Frame | null)[] = (frame.inner ??= inputs.map(() => null));
        const records = await runChildren(run, inputs, frames, state, sequence);
        const result = state.ResultWriter?.Resource
          ? await writeResults(state.ResultWriter, evaluation, run.arn, records, cloud, caller)
          : resultOf(records, state);
        run.executionCounts.resultsWritten = state.ResultWriter?.Resource ? records.length : 0;
        finishRun(run, 'SUCCEEDED');
        history.add('MapRunSucceeded', trail);
        history.add('MapStateSucceeded', trail);
        return result;
      } catch (error) {
        const failure = error instanceof StateFailure ? error : undefined;
        if (run) finishRun(run, failure ? 'FAILED' : 'ABORTED');
        if (failure) {
          if (run)
            history.add('MapRunFailed', trail, {
              mapRunFailedEventDetails: { error: failure.error, cause: failure.causeText },
            });
          history.add('MapStateFailed', trail);
        } else if (run && !history.full) history.end('MapRunAborted', trail);
        throw error;
      }
    },
  };

  function finishRun(run: MapRunRecord, status: 'SUCCEEDED' | 'FAILED' | 'ABORTED'): void {
    run.status = status;
    run.stopDate = cloud.clock.now();
    writeMapRun(cloud.documents, run);
  }

  async function runChildren(
    run: MapRunRecord,
    inputs: readonly ChildInput[],
    frames: (Frame | null)[],
    state: State,
    sequence: Sequence,
  ): Promise<readonly ExecutionRecord[]> {
    const processor = processorOf(state);
    if (!processor) throw runtimeFailure('The Map state has no ItemProcessor');
    const scope = new Scope(sequence.scope);
    const prefix = run.arn.replace(':mapRun:', ':execution:').slice(0, -nameIn(run.arn).length);
    const parent = sequence.execution;
    const begin = (index: number): { readonly arn: string; readonly ended: Promise<void> } => {
      const known = frames[index];
      const knownRecord = known ? executions.find(known.state) : undefined;
      const input = inputs[index]?.input ?? null;
      const live = knownRecord ? executions.redrive(knownRecord, scope) : executions.start(newChild(input), scope);
      frames[index] = { ...newFrame(live.record.arn, null), status: 'running' };
      return { arn: live.record.arn, ended: live.ended };
    };
    const newChild = (input: Json): ExecutionRecord => {
      const name = cloud.ids.uuid();
      return {
        arn: `${prefix}${name}`,
        stateMachineArn: run.arn.replace(':mapRun:', ':stateMachine:').slice(0, -nameIn(run.arn).length - 1),
        name,
        status: 'RUNNING',
        startDate: cloud.clock.now(),
        input: JSON.stringify(input),
        roleArn: parent.roleArn,
        definition: childDefinition(processor, sequence),
        revisionId: '',
        redriveCount: 0,
        mapRunArn: run.arn,
      };
    };
    const children = new ChildRuns({
      run,
      inputs,
      frames,
      scope,
      begin,
      find: (arn) => executions.find(arn),
      changed: () => {
        writeMapRun(cloud.documents, run);
        parent.checkpoint();
      },
    });
    active.set(run.arn, children);
    try {
      return await children.finished();
    } finally {
      active.delete(run.arn);
      scope.close();
    }
  }
}

/** What the children get: items, through the selector, in batches if asked for. */
async function childInputs(
  state: State,
  evaluation: Evaluation,
  context: JsonObject,
  cloud: Cloud,
  roleArn: string,
): Promise<readonly ChildInput[]> {
  const items = state.ItemReader
    ? await readItems(state.ItemReader, evaluation, cloud, { principalArn: roleArn })
    : await evaluation.items();
  if (!isList(items)) throw runtimeFailure('The items of a Map state must be an array');
  const selected: Json[] = [];
  for (const [Index, Value] of items.entries())
    selected.push(await evaluation.select(Value, { ...context, Map: { Item: { Index, Value } } }));
  return state.ItemBatcher
    ? batchItems(selected, state.ItemBatcher, evaluation)
    : selected.map((input) => ({ input, size: 1 }));
}

async function newMapRun(
  state: State,
  stateName: string,
  evaluation: Evaluation,
  { execution }: Sequence,
  inputs: readonly ChildInput[],
  cloud: Cloud,
): Promise<MapRunRecord> {
  const number = async (name: string): Promise<number> => asNumber(await evaluation.field(name), name) ?? 0;
  const stateMachineArn = execution.arn.replace(':execution:', ':stateMachine:').replace(/:[^:]*$/, '');
  const label = state.Label ?? stateName.replace(/[^\w-]/g, '').slice(0, MAX_LABEL_LENGTH);
  return {
    arn: `${stateMachineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${cloud.ids.uuid()}`,
    executionArn: execution.arn,
    stateMachineArn,
    status: 'RUNNING',
    startDate: cloud.clock.now(),
    maxConcurrency: await number('MaxConcurrency'),
    toleratedFailureCount: await number('ToleratedFailureCount'),
    toleratedFailurePercentage: await number('ToleratedFailurePercentage'),
    itemCounts: noCounts(inputs.reduce((sum, { size }) => sum + size, 0)),
    executionCounts: noCounts(inputs.length),
    redriveCount: 0,
  };
}

function resultOf(records: readonly ExecutionRecord[], state: State): Json {
  const succeeded = records.filter(({ status }) => status === 'SUCCEEDED');
  return transformed(succeeded, state.ResultWriter?.WriterConfig?.Transformation ?? 'COMPACT');
}
