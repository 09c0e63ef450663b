import { SluiceError } from '../errors/sluice-error.ts';
import { type CheckAnswer, type CheckPorts, checkUnit } from './check.ts';
import { type SubmitAnswer, type SubmitRequest, submitUnit } from './submit.ts';

export interface BeginRequest extends SubmitRequest {
  /** How long to wait for the statement's end right away; 0: not at all. */
  readonly pollSeconds: number;
}

type Submitted = Omit<Extract<SubmitAnswer, { readonly status: 'SUBMITTED' }>, 'status'>;

export type BeginAnswer =
  | Exclude<CheckAnswer, { readonly status: 'RUNNING' }>
  /** To be checked, after so many seconds. */
  | (Submitted & Extract<CheckAnswer, { readonly status: 'RUNNING' }>);

/** A submission that has taken this long leaves the look to the next function: looking and keeping takes its time, too. */
const LONGEST_BEFORE_A_LOOK_MS = 100_000;

/** Submits the unit and waits a while for its end, so that a statement that is over soon costs one step. */
export async function beginUnit(ports: CheckPorts, request: BeginRequest): Promise<BeginAnswer> {
  const before = ports.now();
  const submitted = await submitUnit(ports, request);
  if (submitted.status === 'DONE') return submitted;
  const running = (waitSeconds: number): BeginAnswer => ({ ...submitted, status: 'RUNNING', waitSeconds });
  if (request.pollSeconds === 0 || ports.now() - before > LONGEST_BEFORE_A_LOOK_MS) return running(0);
  try {
    const answer = await checkUnit(ports, { ...request, ...submitted });
    return answer.status === 'RUNNING' ? running(answer.waitSeconds) : answer;
  } catch (error) {
    // A look that fails abandons nothing: it is submitted, and looked at again.
    if (error instanceof SluiceError && error.retryable) return running(1);
    throw error;
  }
}
