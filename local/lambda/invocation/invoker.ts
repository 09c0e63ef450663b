import { AwsError, held, type Cloud } from '../../kernel/index.ts';
import type { CodeStore } from '../code-store.ts';
import type { FunctionRecord } from '../functions.ts';
import { MAX_CONCURRENCY } from '../limits.ts';
import { Sandboxes } from '../runtime/sandboxes.ts';
import type { Outcome } from './outcome.ts';
import { runInProcess, type InProcessFunctions } from './run-in-process.ts';
import { runInSandbox, type InvocationRequest } from './run-in-sandbox.ts';

/** Runs invocations within the concurrency that functions and the account have. */
export class Invoker {
  readonly #cloud: Cloud;
  readonly #sandboxes: Sandboxes;
  readonly #inProcess: InProcessFunctions;
  readonly #running = new Map<string, number>();

  constructor(cloud: Cloud, code: CodeStore, inProcess: InProcessFunctions) {
    this.#cloud = cloud;
    this.#sandboxes = new Sandboxes(cloud, code);
    this.#inProcess = inProcess;
  }

  /** @throws AwsError `TooManyRequestsException` */
  async run(request: InvocationRequest): Promise<Outcome> {
    const { record } = request;
    const leave = this.#enter(record);
    try {
      const handler = Object.hasOwn(this.#inProcess, record.name) ? this.#inProcess[record.name] : undefined;
      if (handler) return await runInProcess(handler, request, this.#cloud);
      return await held(this.#cloud.clock, runInSandbox(request, this.#sandboxes, this.#cloud));
    } finally {
      leave();
    }
  }

  retire(functionName: string): void {
    this.#sandboxes.retire(functionName);
  }

  close(): Promise<void> {
    return this.#sandboxes.close();
  }

  #enter({ name, reservedConcurrency }: FunctionRecord): () => void {
    const own = this.#running.get(name) ?? 0;
    const total = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    const reserved = reservedConcurrency !== undefined && own >= reservedConcurrency;
    if (reserved || total >= MAX_CONCURRENCY)
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: reserved ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : 'ConcurrentInvocationLimitExceeded',
        Type: 'User',
      });
    this.#running.set(name, own + 1);
    return () => {
      this.#running.set(name, (this.#running.get(name) ?? 1) - 1);
    };
  }
}
