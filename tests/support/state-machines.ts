import type { DescribeExecutionOutput, GetExecutionHistoryOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import {
  createCloud,
  memoryDocuments,
  seededIds,
  VirtualClock,
  type Cloud,
  type CloudEvent,
  type Operations,
  type Service,
} from '../../local/kernel/index.ts';
import { createLambda, type InProcessFunctions } from '../../local/lambda/index.ts';
import { createStates } from '../../local/states/index.ts';
import { Endings } from './endings.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/machines';
const CALLER = { principalArn: ROLE };

export interface Ran {
  readonly arn: string;
  readonly status: string | undefined;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Virtual seconds from start to end. */
  readonly seconds: number;
}

/** State machines on a virtual clock, in this process, with functions given directly. */
export class StateMachines {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1));
  readonly cloud: Cloud;
  readonly events: CloudEvent[] = [];
  readonly calls: {
    readonly service: string;
    readonly operation: string;
    readonly input: unknown;
    readonly caller: string;
  }[] = [];
  readonly faults: unknown[] = [];
  readonly #endings: Endings;
  #serial = 0;

  constructor(functions: InProcessFunctions = {}, services: Readonly<Record<string, Operations>> = {}) {
    this.cloud = createCloud({
      clock: this.clock,
      ids: seededIds(7),
      documents: memoryDocuments(),
      directory: '/nonexistent',
      onFault: (error) => this.faults.push(error),
      intercept: (call, proceed) => {
        const { service, operation, caller } = call.context;
        this.calls.push({ service, operation, input: call.input, caller: caller.principalArn });
        return proceed();
      },
    });
    this.cloud.onEvent((event) => this.events.push(event));
    this.#endings = new Endings(this.cloud);
    for (const [name, operations] of Object.entries(services))
      this.cloud.register({ name, operations } satisfies Service);
    const lambda = createLambda(this.cloud, { inProcess: functions });
    this.cloud.register(lambda);
    this.cloud.register(createStates(this.cloud));
  }

  call<Output>(operation: string, input: unknown): Promise<Output> {
    return this.cloud.call<Output>('states', operation, input, CALLER);
  }

  async create(definition: object, name = `machine-${++this.#serial}`): Promise<string> {
    const { stateMachineArn } = await this.call<{ stateMachineArn: string }>('CreateStateMachine', {
      name,
      roleArn: ROLE,
      definition: JSON.stringify(definition),
    });
    return stateMachineArn;
  }

  async start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const { executionArn } = await this.call<{ executionArn: string }>('StartExecution', {
      stateMachineArn,
      input: JSON.stringify(input),
      ...(name !== undefined && { name }),
    });
    return executionArn;
  }

  async ended(executionArn: string): Promise<Ran> {
    const { status, startDate, stopDate, output, error, cause } = await this.#endings.of(executionArn, () =>
      this.call<DescribeExecutionOutput>('DescribeExecution', { executionArn }),
    );
    return {
      arn: executionArn,
      status,
      output: output === undefined ? undefined : JSON.parse(output),
      error,
      cause,
      seconds: ((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)) / 1000,
    };
  }

  async run(definition: object, input: unknown = {}): Promise<Ran> {
    return this.ended(await this.start(await this.create(definition), input));
  }

  async history(executionArn: string): Promise<readonly HistoryEvent[]> {
    const { events } = await this.call<GetExecutionHistoryOutput>('GetExecutionHistory', {
      executionArn,
      maxResults: 1000,
    });
    return events ?? [];
  }

  async types(executionArn: string): Promise<readonly (string | undefined)[]> {
    return (await this.history(executionArn)).map(({ type }) => type);
  }
}

/** A JSONata machine of the given states, starting at the first. */
export function jsonata(states: Readonly<Record<string, object>>): object {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states };
}

export function jsonpath(states: Readonly<Record<string, object>>): object {
  return { StartAt: Object.keys(states)[0], States: states };
}

export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
