import type { LoggingConfiguration } from '@aws-sdk/client-sfn';
import { AwsError, held, remembered, type Cloud } from '../../kernel/index.ts';
import { ExecutionEnded, runtimeFailure, StateFailure, SiblingFailed } from '../failure.ts';
import type { Integrations } from '../integrations/port.ts';
import type { Json } from '../json.ts';
import { Expressions } from '../jsonata/expressions.ts';
import type { Machine } from '../language/definition.ts';
import { MAX_EXECUTION_SECONDS } from '../limits.ts';
import { newFrame, type Frame } from '../run/frame.ts';
import { History, type Trail } from '../run/history.ts';
import type { DistributedMaps, ExecutionContext } from '../run/context.ts';
import { Scope } from '../run/scope.ts';
import { runSequence } from '../run/sequence.ts';
import { Checkpoints } from './checkpoints.ts';
import { logExecution } from './execution-log.ts';
import type { LiveExecution } from './live.ts';
import { nameIn, type ExecutionRecord } from './record.ts';
import { emitStatus } from './status-event.ts';
import { ExecutionStore } from './store.ts';

export interface ExecutionOptions {
  /**
   * Whether running executions are written to disk as they go, so that a restart shows how far they came (the default), or only once they
   * end, for a simulation that never restarts.
   */
  readonly checkpoints?: boolean;
}

const INTERRUPTED =
  'The local cloud stopped while this execution was running. Redrive the execution to go on from the state it was in.';

const MAX_PARSED = 200;

/** The text is the same for all executions of a machine's revision. */
const parseDefinition = remembered(MAX_PARSED, (text) => JSON.parse(text) as Machine);

/** Runs executions and keeps their records. */
export class Executions {
  readonly store: ExecutionStore;
  readonly #cloud: Cloud;
  readonly #live = new Map<string, LiveExecution>();
  readonly #expressions: Expressions;
  readonly #checkpoints: Checkpoints | undefined;
  #integrations: Integrations | undefined;
  #distributedMaps: DistributedMaps | undefined;
  #loggingOf: (stateMachineArn: string) => LoggingConfiguration | undefined = () => undefined;
  #closed = false;

  constructor(cloud: Cloud, options: ExecutionOptions) {
    this.#cloud = cloud;
    this.store = new ExecutionStore(cloud.documents);
    this.#expressions = new Expressions(cloud.clock, cloud.ids);
    this.#checkpoints = (options.checkpoints ?? true) ? new Checkpoints(this.store) : undefined;
  }

  /** What tasks and distributed Maps run with; both need this object, so they come after it. */
  connect(
    integrations: Integrations,
    distributedMaps: DistributedMaps,
    loggingOf: (stateMachineArn: string) => LoggingConfiguration | undefined,
  ): void {
    this.#integrations = integrations;
    this.#distributedMaps = distributedMaps;
    this.#loggingOf = loggingOf;
  }

  live(arn: string): LiveExecution | undefined {
    return this.#live.get(arn);
  }

  /** The record, running or not. */
  find(arn: string): ExecutionRecord | undefined {
    return this.#live.get(arn)?.record ?? this.store.read(arn);
  }

  whenEnded(arn: string): Promise<void> {
    return this.#live.get(arn)?.ended ?? Promise.resolve();
  }

  /** Begins a new execution. `parent` is the scope whose end ends it too. */
  start(record: ExecutionRecord, parent?: Scope): LiveExecution {
    this.store.forgetHistory(record.arn);
    const machine = parseDefinition(record.definition);
    const frame = newFrame(machine.StartAt, JSON.parse(record.input) as Json);
    const history = new History(this.#cloud.clock);
    const trail: Trail = { last: 0 };
    history.end('ExecutionStarted', trail, {
      executionStartedEventDetails: {
        input: record.input,
        inputDetails: { truncated: false },
        roleArn: record.roleArn,
      },
    });
    return this.#begin(record, history, trail, frame, parent, false);
  }

  /** Goes on from the states that did not succeed. @throws AwsError `ExecutionNotRedrivable` where nothing is left to go on from */
  redrive(record: ExecutionRecord, parent?: Scope): LiveExecution {
    const frame = this.store.readFrame(record.arn);
    if (!frame) throw new AwsError('ExecutionNotRedrivable', 'The execution has no state to continue from');
    const history = new History(this.#cloud.clock, this.store.readHistory(record.arn));
    const trail: Trail = { last: history.events.length };
    record.redriveCount++;
    record.redriveDate = this.#cloud.clock.now();
    record.status = 'RUNNING';
    for (const end of ['stopDate', 'error', 'cause', 'output'] as const) delete record[end];
    history.end('ExecutionRedriven', trail, { executionRedrivenEventDetails: { redriveCount: record.redriveCount } });
    return this.#begin(record, history, trail, frame, parent, true);
  }

  /** Ends a running execution from outside. */
  async stop(arn: string, error: string | undefined, cause: string | undefined): Promise<void> {
    const live = this.#live.get(arn);
    live?.scope.cancel(new ExecutionEnded('ABORTED', error, cause));
    await live?.ended;
  }

  #begin(
    record: ExecutionRecord,
    history: History,
    trail: Trail,
    frame: Frame,
    parent: Scope | undefined,
    resumed: boolean,
  ): LiveExecution {
    const scope = new Scope(parent);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    // A redrive's log begins with its own first event.
    const begunAt = history.events.length - 1;
    const live: LiveExecution = { record, history, frame, trail, scope, ended, begunAt };
    this.#live.set(record.arn, live);
    this.store.write(record);
    if (this.#checkpoints) this.store.writeFrame(record.arn, frame);
    emitStatus(this.#cloud, record);
    // The answer to StartExecution goes first.
    Promise.resolve()
      .then(() => this.#run(live, resumed))
      .catch((error: unknown) => this.#cloud.fault(error, `states: execution ${record.arn}`))
      .finally(resolve);
    return live;
  }

  async #run(live: LiveExecution, resumed: boolean): Promise<void> {
    const { record, frame, scope, trail } = live;
    const machine = parseDefinition(record.definition);
    const timer = new Scope(scope);
    const seconds = Math.min(machine.TimeoutSeconds ?? MAX_EXECUTION_SECONDS, MAX_EXECUTION_SECONDS);
    if (machine.TimeoutSeconds !== undefined)
      this.#cloud.clock.sleep(seconds * 1000, timer.signal).then(
        () => scope.cancel(new ExecutionEnded('TIMED_OUT')),
        () => {},
      );
    try {
      const output = await runSequence(
        machine,
        {
          execution: this.#contextOf(live),
          frame,
          scope,
          trail,
          language: machine.QueryLanguage ?? 'JSONPath',
          context: {
            Execution: {
              Id: record.arn,
              Input: JSON.parse(record.input) as Json,
              Name: record.name,
              RoleArn: record.roleArn,
              StartTime: new Date(record.startDate).toISOString(),
              RedriveCount: record.redriveCount,
              ...(record.redriveDate !== undefined && { RedriveTime: new Date(record.redriveDate).toISOString() }),
            },
            StateMachine: { Id: record.stateMachineArn, Name: nameIn(record.stateMachineArn) },
          },
          outer: {},
        },
        resumed,
      );
      this.#end(live, 'SUCCEEDED', { output: JSON.stringify(output) });
    } catch (thrown) {
      if (this.#closed) return;
      const failure = this.#failureOf(thrown, record.arn);
      const { error, causeText: cause } = failure;
      this.#end(live, failure instanceof ExecutionEnded ? failure.ending : 'FAILED', {
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      });
    } finally {
      timer.cancel(new Error('over'));
      scope.close();
    }
  }

  #failureOf(thrown: unknown, arn: string): StateFailure | ExecutionEnded {
    if (thrown instanceof StateFailure || thrown instanceof ExecutionEnded) return thrown;
    // A child of a Map Run that has failed because of another child.
    if (thrown instanceof SiblingFailed) return new ExecutionEnded('ABORTED');
    this.#cloud.fault(thrown, `states: execution ${arn}`);
    return runtimeFailure(`Internal error of the local cloud: ${String(thrown)}`);
  }

  #end(
    live: LiveExecution,
    status: 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT',
    result: { output?: string; error?: string; cause?: string },
  ): void {
    const { record, history, frame, trail } = live;
    if (status === 'SUCCEEDED')
      history.end('ExecutionSucceeded', trail, {
        executionSucceededEventDetails: { output: result.output, outputDetails: { truncated: false } },
      });
    else if (status === 'FAILED') history.end('ExecutionFailed', trail, { executionFailedEventDetails: result });
    else if (status === 'ABORTED') history.end('ExecutionAborted', trail, { executionAbortedEventDetails: result });
    else history.end('ExecutionTimedOut', trail, { executionTimedOutEventDetails: result });
    Object.assign(record, result, { status, stopDate: this.#cloud.clock.now() });
    this.#checkpoints?.forget(live);
    this.store.write(record);
    const logging = this.#loggingOf(record.stateMachineArn);
    if (logging)
      logExecution(this.#cloud, record, history.events.slice(live.begunAt), logging).catch((error: unknown) =>
        this.#cloud.fault(error, `states: log of ${record.arn}`),
      );
    this.store.appendHistory(record.arn, history);
    if (status !== 'SUCCEEDED') this.store.writeFrame(record.arn, frame);
    else if (this.#checkpoints || record.redriveCount > 0) this.store.forgetFrame(record.arn);
    this.#live.delete(record.arn);
    emitStatus(this.#cloud, record);
  }

  #contextOf(live: LiveExecution): ExecutionContext {
    const { record, history, scope } = live;
    const { clock, ids, region } = this.#cloud;
    if (!this.#integrations || !this.#distributedMaps) throw new Error('executions are not connected');
    return {
      arn: record.arn,
      roleArn: record.roleArn,
      region,
      history,
      clock,
      ids,
      expressions: this.#expressions,
      integrations: this.#integrations,
      distributedMaps: this.#distributedMaps,
      root: scope,
      runSequence,
      checkpoint: () => this.#checkpoints?.request(live),
      yieldToOthers: () => {
        return held(clock, new Promise<void>((resolve) => setImmediate(resolve)));
      },
    };
  }

  /** Executions the process left running when it stopped: their tasks are gone, and whether these took effect is not known. */
  closeInterrupted(): void {
    for (const arn of this.store.framed()) {
      const record = this.store.read(arn);
      if (record?.status !== 'RUNNING') continue;
      const history = new History(this.#cloud.clock, this.store.readHistory(arn));
      const result = { error: 'States.Runtime', cause: INTERRUPTED };
      history.end('ExecutionFailed', { last: history.events.length }, { executionFailedEventDetails: result });
      Object.assign(record, result, { status: 'FAILED', stopDate: this.#cloud.clock.now() });
      this.store.write(record);
      this.store.appendHistory(arn, history);
      // EventBridge may register after this service, in the same turn.
      queueMicrotask(() => emitStatus(this.#cloud, record));
    }
  }

  /** Leaves running executions as they are on disk; the next start says what became of them. */
  async close(): Promise<void> {
    for (const live of this.#live.values()) this.#checkpoints?.request(live);
    this.#checkpoints?.flush();
    this.#closed = true;
    const running = [...this.#live.values()];
    for (const { scope } of running) scope.cancel(new ExecutionEnded('ABORTED', undefined, INTERRUPTED));
    await Promise.all(running.map(({ ended }) => ended));
  }
}
