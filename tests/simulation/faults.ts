import { AwsError } from '../../local/kernel/index.ts';
import type { FunctionName } from './functions.ts';

/** What can go wrong with one call. */
const CALL_FAULTS = [
  'throttle',
  'error-5xx',
  /** The request never arrived. */
  'timeout-before',
  /** It had its effect; the answer was lost. */
  'timeout-after',
  /** It had its effect, and the service says that it failed. */
  'error-after',
  /** S3 refuses a conditional write while another of the same key is under way, and asks for it again. */
  'conflict',
  'slow',
  /** The function dies; its next invocation is a cold start. */
  'crash-before',
  'crash-after',
] as const;
export type CallFaultKind = (typeof CALL_FAULTS)[number];

export interface CallFault {
  readonly type: 'call';
  readonly site: string;
  /** Which call at the site, from 0; the following `times - 1` calls fail alike. */
  readonly nth: number;
  readonly times: number;
  readonly kind: CallFaultKind;
}

/** A call by somebody of the product, at the cloud's door. */
export interface Door {
  /** `check-statement redshift-data:DescribeStatement`: who calls what; machines' invocations name the function. */
  readonly site: string;
  readonly service: string;
  readonly machine: boolean;
}

/** Which faults a call from a site can meet: a state machine does not crash, and what it calls is AWS's own. */
export function faultsOf(site: string): readonly CallFaultKind[] {
  const isMachine = /^(?:etl|statement|cluster) /.test(site);
  // Who checks a statement writes down what it left, whatever is there already.
  const hasConditions = site.endsWith(' s3:PutObject') && !site.startsWith('check-statement ');
  return CALL_FAULTS.filter(
    (kind) => !(isMachine && kind.startsWith('crash')) && (kind !== 'conflict' || hasConditions),
  );
}

/** Names and statuses as each service answers them. */
export function throttled({ service, machine }: Door): AwsError {
  if (machine && service === 'lambda') return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
  if (service === 's3') return new AwsError('SlowDown', 'Please reduce your request rate.', 503);
  if (service === 'cloudformation' || service === 'redshift' || service === 'sns')
    return new AwsError('Throttling', 'Rate exceeded', 400);
  return new AwsError('ThrottlingException', 'Rate exceeded', 400);
}

export function unavailable({ service, machine }: Door): AwsError {
  if (machine && service === 'lambda') return new AwsError('ServiceException', 'Service error', 500);
  if (machine && service === 'states') return new AwsError('ServiceUnavailableException', 'unavailable', 503);
  if (service === 's3')
    return new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500);
  if (service === 'redshift-data' || service === 'lambda')
    return new AwsError('InternalServerException', 'internal error', 500);
  return new AwsError('InternalFailure', 'internal failure', 500);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export const conflicting = (): AwsError =>
  new AwsError(
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    409,
  );

/** What a state machine sees of a request without an answer. */
export const lostToMachine = (): AwsError => new AwsError('SdkClientException', 'Unable to execute HTTP request', 400);

/** What an SDK client sees of a request without an answer. */
export function lostToClient(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
}

/** The end of a function's process. */
export class Crashed extends Error {
  override readonly name = 'Runtime.ExitError';

  constructor(who: FunctionName) {
    super(`RequestId: 0 Error: ${who} exited`);
    this.stack = this.message;
  }
}

export class TimedOut extends Error {
  override readonly name = 'Sandbox.Timedout';

  constructor(seconds: number) {
    super(`Task timed out after ${seconds} seconds`);
    this.stack = this.message;
  }
}

/** Which fault, if any, the nth call at a site meets; and which faults were met at all. */
export class CallFaults {
  readonly #bySite: Map<string, CallFault[]>;
  readonly #counts = new Map<string, number>();
  readonly #conditional = new Map<string, number>();
  readonly met = new Set<CallFault>();
  /** Every call that met a fault, in order. */
  readonly hits: { readonly site: string; readonly kind: CallFaultKind }[] = [];
  readonly sites = new Set<string>();

  constructor(faults: readonly CallFault[]) {
    this.#bySite = Map.groupBy(faults, ({ site }) => site);
  }

  /** Counts the call; of a write that has a condition, also which of those it is: only they can conflict. */
  next(site: string, isConditional: boolean): { readonly nth: number; readonly kind: CallFaultKind | undefined } {
    const nth = counted(this.#counts, site);
    const conditional = isConditional ? counted(this.#conditional, site) : -1;
    this.sites.add(site);
    const fault = this.#bySite.get(site)?.find((one) => {
      const at = one.kind === 'conflict' ? conditional : nth;
      return at >= one.nth && at < one.nth + one.times;
    });
    if (fault) {
      this.met.add(fault);
      this.hits.push({ site, kind: fault.kind });
    }
    return { nth, kind: fault?.kind };
  }
}

/** Counts from 0. */
function counted(counts: Map<string, number>, site: string): number {
  const nth = counts.get(site) ?? 0;
  counts.set(site, nth + 1);
  return nth;
}
