import { AsyncLocalStorage } from 'node:async_hooks';
import type { Call, VirtualClock } from '../../local/kernel/index.ts';
import {
  type CallFaults,
  conflicting,
  Crashed,
  type Door,
  lostToClient,
  lostToMachine,
  throttled,
  unavailable,
} from './faults.ts';
import type { FunctionName } from './functions.ts';
import { hash } from './random.ts';
import type { Trace } from './trace.ts';

/** One invocation of a function: it is over when its process has died, whatever its promises still do. */
export interface Invocation {
  readonly name: FunctionName;
  readonly kill: (error: Error) => void;
  dead: boolean;
}

interface Request {
  /** What a service calls on the function's behalf is part of the function's call. */
  entered: boolean;
  answerLost: boolean;
}

export const invocations = new AsyncLocalStorage<Invocation>();
const requests = new AsyncLocalStorage<Request>();

const never = (): Promise<never> => new Promise(() => undefined);

/** Milliseconds of a call that goes well. All differ, so that what happens at once happens in one order. */
const LATENCY = { from: 3, spread: 240 } as const;
const SLOW = { from: 20_000, spread: 280_000 } as const;

export interface DoorSettings {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly faults: CallFaults;
  readonly trace: Trace;
  /** When a call of the product is sent, which is before it arrives. */
  readonly sent: (call: Call) => Promise<void> | undefined;
  /** Around the effect of every call of the product. */
  readonly witness: (call: Call, site: string, proceed: () => Promise<unknown>) => Promise<unknown>;
  /** Around the calls CloudFormation makes for the cluster's stack. */
  readonly stack: (call: Call, proceed: () => Promise<unknown>) => Promise<unknown>;
}

/** Services that read and write files, which the clock cannot see. The others may wait on the clock, so time must not be held for them. */
const FILES = new Set(['s3', 'redshift-data']);
/** How `.sync` follows a nested execution is Step Functions' own business, and so are its retries. */
const OF_STEP_FUNCTIONS = new Set(['DescribeExecution', 'StopExecution']);
const WAITS = 'DescribeStatement';

/** Where every call of the product passes: takes its time, meets its fault, is written down. */
export function createDoors({ seed, clock, faults, trace, sent, witness, stack }: DoorSettings) {
  const doorOf = (call: Call): Door | undefined => {
    const { service, operation, caller } = call.context;
    const { name, machine } = actorOf(caller.principalArn, caller.session);
    if (name === undefined || name === 'cluster-stack') return undefined;
    const target = operation === 'Invoke' ? ` ${invokedBy(call.input)}` : '';
    return { site: `${name} ${service}:${operation}${target}`, service, machine };
  };
  return {
    /** The cloud's interceptor. */
    intercept: async (call: Call, proceed: () => Promise<unknown>): Promise<unknown> => {
      const door = doorOf(call);
      if (!door)
        return actorOf(call.context.caller.principalArn, undefined).name === 'cluster-stack'
          ? stack(call, proceed)
          : proceed();
      const { site } = door;
      if (door.machine && OF_STEP_FUNCTIONS.has(call.context.operation)) return witness(call, site, proceed);
      const request = requests.getStore();
      if (!door.machine && request) {
        if (request.entered) return witness(call, site, proceed);
        request.entered = true;
      }
      const invocation = invocations.getStore();
      if (!door.machine && invocation?.dead) return never();
      const seen = sent(call);
      if (seen) await clock.busy(seen);
      const { nth, kind } = faults.next(site, isConditional(call));
      const draw = hash(seed, site, nth);
      await clock.sleep(kind === 'slow' ? SLOW.from + (draw % SLOW.spread) : LATENCY.from + (draw % LATENCY.spread));
      if (!door.machine && invocation?.dead) return never();
      trace.add(clock.now(), `${site} #${nth}${kind ? ` !${kind}` : ''}`);
      const effect = (): Promise<unknown> => {
        const running = witness(call, site, proceed);
        return FILES.has(door.service) && call.context.operation !== WAITS ? clock.busy(running) : running;
      };
      switch (kind) {
        case undefined:
        case 'slow':
          return effect();
        case 'throttle':
          throw throttled(door);
        case 'error-5xx':
          throw unavailable(door);
        case 'timeout-before':
          return lost(door);
        case 'timeout-after':
          await effect().catch(() => undefined);
          return lost(door);
        case 'error-after':
          await effect().catch(() => undefined);
          throw unavailable(door);
        case 'conflict':
          throw conflicting();
        case 'crash-before':
          return crash(invocation);
        case 'crash-after':
          await effect().catch(() => undefined);
          return crash(invocation);
      }
    },
    /** Around each attempt of a function's client: an answer may get lost, and nothing reaches a process that has died. */
    attempt: async (call: () => Promise<unknown>): Promise<unknown> => {
      if (invocations.getStore()?.dead) return never();
      const mine: Request = { entered: false, answerLost: false };
      try {
        return await requests.run(mine, call);
      } catch (error) {
        throw mine.answerLost ? lostToClient() : error;
      }
    },
  };
}

async function lost(door: Door): Promise<never> {
  if (door.machine) throw lostToMachine();
  const request = requests.getStore();
  if (request) request.answerLost = true;
  throw lostToMachine();
}

function crash(invocation: Invocation | undefined): Promise<never> {
  invocation?.kill(new Crashed(invocation.name));
  return never();
}

/** Functions sign with a key of their own; machines act as their role. */
function actorOf(
  principalArn: string,
  session: string | undefined,
): { readonly name: string | undefined; readonly machine: boolean } {
  if (session?.startsWith('FUNCTION-')) return { name: session.slice('FUNCTION-'.length), machine: false };
  const machine = /:role\/machine-(\w+)$/.exec(principalArn)?.[1];
  if (machine !== undefined) return { name: machine, machine: true };
  if (principalArn.endsWith(':role/cluster-stack')) return { name: 'cluster-stack', machine: false };
  return { name: undefined, machine: false };
}

function isConditional({ input }: Call): boolean {
  const { IfMatch, IfNoneMatch } = input as { readonly IfMatch?: string; readonly IfNoneMatch?: string };
  return IfMatch !== undefined || IfNoneMatch !== undefined;
}

function invokedBy(input: unknown): string {
  const name = (input as { readonly FunctionName?: string }).FunctionName ?? '';
  return name.slice(name.lastIndexOf(':') + 1);
}
