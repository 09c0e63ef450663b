import type { Documents } from '../../local/kernel/index.ts';

interface Event {
  readonly type: string;
  readonly [details: string]: unknown;
}

/** What executions of Step Functions were, counted as they are written down. */
export interface MachineLedger {
  readonly documents: (inner: Documents) => Documents;
  /** Executions, map runs' children included. */
  executions(): number;
  /** As they are billed: every state entered, and every further attempt at one. https://aws.amazon.com/step-functions/pricing/ */
  transitions(): number;
  events(): number;
  /** Of the one execution with the most. */
  longestHistory(): number;
  /** Bytes of the largest input or output of a state, a task or an execution. */
  largestPayload(): number;
  /** How many executions ended because their history was full. */
  outOfHistory(): number;
}

/** `see` is shown everything Step Functions keeps. */
export function machineLedger(see: (text: string, kind: string) => void = () => undefined): MachineLedger {
  const eventsOf = new Map<string, number>();
  let transitions = 0;
  let largest = 0;
  let outOfHistory = 0;

  const weigh = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value))
      if (['input', 'output', 'parameters'].includes(name) && typeof member === 'string')
        largest = Math.max(largest, Buffer.byteLength(member));
      else weigh(member);
  };
  const count = (arn: string, events: readonly Event[]): void => {
    eventsOf.set(arn, (eventsOf.get(arn) ?? 0) + events.length);
    for (const event of events) {
      const { type } = event;
      if (type.endsWith('StateEntered')) transitions++;
      // The first attempt at a task is the state's own transition.
      if (type === 'LambdaFunctionScheduled' || type === 'TaskScheduled') transitions++;
      if (type === 'TaskStateEntered') transitions--;
      if (type === 'ExecutionFailed' && JSON.stringify(event).includes('history events')) outOfHistory++;
      weigh(event);
    }
  };
  return {
    documents: (inner) => ({
      ...inner,
      put: (kind, id, document) => {
        if (kind.startsWith('states/history/')) count(kind, document as readonly Event[]);
        if (kind.startsWith('states/')) see(JSON.stringify(document), kind);
        inner.put(kind, id, document);
      },
    }),
    executions: () => eventsOf.size,
    transitions: () => transitions,
    events: () => [...eventsOf.values()].reduce((sum, events) => sum + events, 0),
    longestHistory: () => Math.max(0, ...eventsOf.values()),
    largestPayload: () => largest,
    outOfHistory: () => outOfHistory,
  };
}
