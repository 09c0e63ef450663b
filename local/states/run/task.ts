import type { HistoryEventType } from '@aws-sdk/client-sfn';
import { StateFailure, SubmitFailure } from '../failure.ts';
import { isObject, type Json } from '../json.ts';
import { asNumber } from '../jsonata/evaluation.ts';
import type { Integration } from '../integrations/port.ts';
import type { State } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import type { Sequence } from './context.ts';
import type { EventDetails } from './history.ts';
import { checkSize, jsonText } from './payload.ts';
import { Scope } from './scope.ts';

/** Calls what a Task's resource stands for, within its timeouts, and tells the history. */
export async function performTask(
  state: State,
  evaluation: Evaluation,
  sequence: Sequence,
  context: Record<string, Json>,
): Promise<Json> {
  const { execution, frame } = sequence;
  const integration = execution.integrations.resolve(state.Resource ?? '');
  const token = integration.pattern === 'token' ? execution.integrations.tokens.issue(execution.arn) : undefined;
  if (token !== undefined) context['Task'] = { Token: token };
  const args = await evaluation.arguments();
  checkSize(args, frame.state);
  const timeout = asNumber(await evaluation.field('TimeoutSeconds'), 'TimeoutSeconds');
  const heartbeat = asNumber(await evaluation.field('HeartbeatSeconds'), 'HeartbeatSeconds');
  const credentials =
    state.Credentials === undefined ? undefined : await evaluation.template(state.Credentials, 'Credentials');
  const record = new TaskRecord(integration, sequence);
  record.scheduled(args, timeout, heartbeat);
  execution.checkpoint();
  const scope = new Scope(sequence.scope);
  try {
    if (timeout !== undefined) limit(timeout, 'States.Timeout', scope, sequence);
    record.started();
    const calling = integration.call(args, {
      roleArn: isObject(credentials) ? String(credentials['RoleArn']) : execution.roleArn,
      executionArn: execution.arn,
      scope,
      submitted: (output) => record.submitted(output),
    });
    let result = await scope.race(calling);
    if (token !== undefined) {
      record.submitted(result);
      result = await callback(token, heartbeat, scope, sequence);
    }
    checkSize(result, frame.state);
    record.succeeded(result);
    return result;
  } catch (error) {
    if (error instanceof StateFailure) record.failed(error);
    throw error;
  } finally {
    if (token !== undefined) execution.integrations.tokens.revoke(token);
    // Ends the timers.
    scope.cancel(new Error('the task is over'));
    scope.close();
  }
}

/** Fails the task after so many seconds. */
function limit(seconds: number, error: string, task: Scope, { execution }: Sequence): () => void {
  const timer = new Scope(task);
  execution.clock.sleep(seconds * 1000, timer.signal).then(
    () => task.cancel(new StateFailure(error)),
    () => {},
  );
  return () => {
    timer.cancel(new Error('in time'));
    timer.close();
  };
}

/** Waits for the task's token to come back; each heartbeat starts the heartbeat's time anew. */
function callback(token: string, heartbeat: number | undefined, scope: Scope, sequence: Sequence): Promise<Json> {
  const arm = (): (() => void) =>
    heartbeat === undefined ? () => {} : limit(heartbeat, 'States.HeartbeatTimeout', scope, sequence);
  let disarm = arm();
  return scope.race(
    sequence.execution.integrations.tokens.wait(token, () => {
      disarm();
      disarm = arm();
    }),
  );
}

/** The history of one attempt at a task. */
class TaskRecord {
  readonly #integration: Integration;
  readonly #sequence: Sequence;
  readonly #what: { readonly resourceType: string; readonly resource: string };

  constructor(integration: Integration, sequence: Sequence) {
    this.#integration = integration;
    this.#sequence = sequence;
    this.#what = { resourceType: integration.resourceType, resource: integration.resource };
  }

  scheduled(args: Json, timeout: number | undefined, heartbeat: number | undefined): void {
    const timeoutInSeconds = timeout === undefined ? {} : { timeoutInSeconds: timeout };
    if (this.#integration.kind === 'function')
      this.#add('LambdaFunctionScheduled', {
        lambdaFunctionScheduledEventDetails: {
          resource: this.#integration.resource,
          input: jsonText(args),
          inputDetails: { truncated: false },
          ...timeoutInSeconds,
        },
      });
    else
      this.#add('TaskScheduled', {
        taskScheduledEventDetails: {
          ...this.#what,
          region: this.#sequence.execution.region,
          parameters: jsonText(args),
          ...timeoutInSeconds,
          ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
        },
      });
  }

  started(): void {
    if (this.#integration.kind === 'function') this.#add('LambdaFunctionStarted', {});
    else this.#add('TaskStarted', { taskStartedEventDetails: this.#what });
  }

  submitted(output: Json): void {
    this.#add('TaskSubmitted', {
      taskSubmittedEventDetails: { ...this.#what, output: jsonText(output), outputDetails: { truncated: false } },
    });
  }

  succeeded(result: Json): void {
    const output = { output: jsonText(result), outputDetails: { truncated: false } };
    if (this.#integration.kind === 'function')
      this.#add('LambdaFunctionSucceeded', { lambdaFunctionSucceededEventDetails: output });
    else this.#add('TaskSucceeded', { taskSucceededEventDetails: { ...this.#what, ...output } });
  }

  failed(failure: StateFailure): void {
    const { error, causeText: cause } = failure;
    const why = { error, cause };
    const timedOut = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
    if (this.#integration.kind === 'function') {
      if (timedOut) this.#add('LambdaFunctionTimedOut', { lambdaFunctionTimedOutEventDetails: why });
      else this.#add('LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: why });
    } else if (timedOut) this.#add('TaskTimedOut', { taskTimedOutEventDetails: { ...this.#what, ...why } });
    else if (failure instanceof SubmitFailure)
      this.#add('TaskSubmitFailed', { taskSubmitFailedEventDetails: { ...this.#what, ...why } });
    else this.#add('TaskFailed', { taskFailedEventDetails: { ...this.#what, ...why } });
  }

  #add(type: HistoryEventType, details: EventDetails): void {
    this.#sequence.execution.history.add(type, this.#sequence.trail, details);
  }
}
