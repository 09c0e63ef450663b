import { AsyncLocalStorage } from 'node:async_hooks';
import type { Call, VirtualClock } from '../../local/kernel/index.ts';
import { readYaml } from './declared.ts';

/** What calls take, in milliseconds of the virtual clock. Assumed, not measured: AWS promises none of these. */
const USUAL_MS = {
  /** One API call of a function. */
  call: 25,
  /** From a task's start to the handler's, warm. */
  invoke: 40,
  /** What a cold start adds, init included: the bundles are small. */
  coldStart: 400,
  /** Starting a nested execution. */
  startExecution: 60,
} as const;

/** Idle instances are usually gone after some minutes. */
const WARM_FOR_MS = 300_000;

type Proceed = () => Promise<unknown>;

export interface TimedCalls {
  readonly intercept: (call: Call, proceed: Proceed) => Promise<unknown>;
  /** Billed gigabyte-seconds of functions; a cold start is billed. https://aws.amazon.com/lambda/pricing/ */
  gigabyteSeconds(): number;
  invocations(): number;
  longestInvocationMs(name: string): number;
  /** The most calls to an operation within one second of the virtual clock, the seconds anywhere. */
  mostASecond(operation: string): number;
  readonly timesOf: ReadonlyMap<string, readonly number[]>;
}

/** Operations that wait on the clock themselves. */
const WAITING: ReadonlySet<string> = new Set(['Invoke', 'DescribeStatement']);

/** Whether a call is made by a service of the cloud on behalf of another call. */
const behind = new AsyncLocalStorage<boolean>();

/**
 * One invocation of a function. Whatever it does that the clock cannot see (reading streams, parsing) takes no time: the clock is held
 * whenever none of its calls is under way.
 */
class Invocation {
  readonly #clock: VirtualClock;
  #waiting = 0;
  #letGo: () => void = () => undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#hold();
  }

  async waiting<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#letGo();
    try {
      return await work();
    } finally {
      if (--this.#waiting === 0) this.#hold();
    }
  }

  end(): void {
    this.#letGo();
    this.#waiting = Number.POSITIVE_INFINITY;
  }

  #hold(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#letGo = resolve;
    void this.#clock.busy(promise);
  }
}

const invocationNow = new AsyncLocalStorage<Invocation>();

/** Gives every call its usual time and writes down when it was made. Time stands still for the local cloud's own work. */
export function timedCalls(clock: VirtualClock, inner: (call: Call, proceed: Proceed) => Promise<unknown>): TimedCalls {
  const memory = readYaml('functions/functions.yml') as Readonly<Record<string, { readonly memorySize: number }>>;
  const timesOf = new Map<string, number[]>();
  const warmSince = new Map<string, number[]>();
  const longest = new Map<string, number>();
  let gigabyteSeconds = 0;
  let invocations = 0;

  const invoke = async (call: Call, proceed: Proceed): Promise<unknown> => {
    const { FunctionName = '' } = call.input as { readonly FunctionName?: string };
    const name = FunctionName.slice(FunctionName.lastIndexOf(':') + 1);
    const idle = (warmSince.get(name) ?? []).filter((since) => clock.now() - since < WARM_FOR_MS);
    const cold = idle.pop() === undefined;
    warmSince.set(name, idle);
    await clock.sleep(USUAL_MS.invoke);
    const begun = clock.now();
    if (cold) await clock.sleep(USUAL_MS.coldStart);
    const invocation = new Invocation(clock);
    try {
      return await invocationNow.run(invocation, () => inner(call, proceed));
    } finally {
      invocation.end();
      const took = clock.now() - begun;
      warmSince.get(name)?.push(clock.now());
      longest.set(name, Math.max(longest.get(name) ?? 0, took));
      gigabyteSeconds += ((memory[name]?.memorySize ?? 0) / 1024) * (Math.max(1, took) / 1000);
      invocations++;
    }
  };
  return {
    intercept: async (call, proceed) => {
      const { operation, service, caller } = call.context;
      // The cloud's own calls, and those of who watches, take no time.
      if (operation === 'Invoke') return invoke(call, proceed);
      if (caller.principalArn.endsWith(':root') || behind.getStore()) return inner(call, proceed);
      let times = timesOf.get(operation);
      if (!times) timesOf.set(operation, (times = []));
      times.push(clock.now());
      const machine = caller.principalArn.includes(':role/');
      const waiting = <T>(work: () => Promise<T>): Promise<T> =>
        (machine ? undefined : invocationNow.getStore())?.waiting(work) ?? work();
      const usual = service === 'states' && operation === 'StartExecution' ? USUAL_MS.startExecution : USUAL_MS.call;
      await waiting(() => clock.sleep(usual));
      if (WAITING.has(operation)) return waiting(() => inner(call, proceed));
      const effect = (): Promise<unknown> => inner(call, proceed).then(whole);
      // An execution that is started here goes on by itself.
      return clock.busy(service === 'states' ? effect() : behind.run(true, effect));
    },
    gigabyteSeconds: () => gigabyteSeconds,
    invocations: () => invocations,
    longestInvocationMs: (name) => longest.get(name) ?? 0,
    mostASecond: (operation) => {
      const times = timesOf.get(operation) ?? [];
      let most = 0;
      for (let from = 0, to = 0; to < times.length; to++) {
        while ((times[to] ?? 0) - (times[from] ?? 0) >= 1000) from++;
        most = Math.max(most, to - from + 1);
      }
      return most;
    },
    timesOf,
  };
}

/** Reads a streamed answer to its end, so that time does not go on while an object is being read. */
async function whole(answer: unknown): Promise<unknown> {
  const body = (answer as { readonly body?: unknown } | undefined)?.body;
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return answer;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return { ...(answer as object), body: Buffer.concat(chunks) };
}
