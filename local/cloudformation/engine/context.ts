import { AwsError } from '../../kernel/index.ts';
import type { ResourceContext } from '../resource-type.ts';
import { shapeInput } from '../shapes.ts';
import type { Stack } from '../stack.ts';
import { provisioner, type Engine } from './engine.ts';

/** Throttled and failed calls are repeated with growing pauses before a resource fails because of them. */
const CALL_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 100;

const TRANSIENT =
  /thrott|toomanyrequests|requestlimitexceeded|slowdown|serviceunavailable|internalfailure|internalerror|internalserver/i;

export interface ContextOptions {
  readonly logicalId: string;
  readonly token: string;
  readonly resumed: boolean;
  readonly signal: AbortSignal;
  readonly exists?: (physicalId: string) => void;
}

export function createContext(engine: Engine, stack: Stack, options: ContextOptions): ResourceContext {
  const { cloud } = engine;
  const caller = provisioner(stack);
  return {
    exists: () => undefined,
    ...options,
    cloud,
    stackName: stack.name,
    stackId: stack.id,
    call: async <Output>(service: string, operation: string, input: unknown) => {
      const shaped = shapeInput(service, operation, input);
      for (let attempt = 1; ; attempt++)
        try {
          return await cloud.call<Output>(service, operation, shaped, caller);
        } catch (error) {
          if (attempt >= CALL_ATTEMPTS || !(error instanceof AwsError) || !TRANSIENT.test(error.code)) throw error;
          await cloud.clock.sleep(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + cloud.ids.random() / 2), options.signal);
        }
    },
    name: (longest, { lowerCase = false } = {}) => {
      const tail = `-${options.logicalId}-${options.token}`.slice(-longest + 1);
      const name = `${stack.name.slice(0, Math.max(1, longest - tail.length))}${tail}`;
      return lowerCase ? name.toLowerCase() : name;
    },
    until: async (everyMs, poll) => {
      for (;;) {
        const found = await poll();
        if (found !== undefined) return found;
        await cloud.clock.sleep(everyMs, options.signal);
      }
    },
  };
}

/** Upper-case letters and digits, as in AWS's generated names. */
export function newToken({ cloud }: Engine): string {
  return cloud.ids.hex(12).toUpperCase();
}
