import { AwsError, type Ids } from '../../kernel/index.ts';
import { StateFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import type { TaskTokens } from './port.ts';

interface Waiting {
  resolve?: (output: Json) => void;
  reject?: (failure: StateFailure) => void;
  beat?: () => void;
  /** A callback may come before the call that carries the token has answered. */
  early?: { readonly output: Json } | { readonly failure: StateFailure };
}

/** Tokens look opaque but name their execution, so that one that is over is told from one that never was. */
export class PendingTokens implements TaskTokens {
  readonly #ids: Ids;
  readonly #waiting = new Map<string, Waiting>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  issue(executionArn: string): string {
    const token = Buffer.from(JSON.stringify([executionArn, this.#ids.uuid()])).toString('base64');
    this.#waiting.set(token, {});
    return token;
  }

  wait(token: string, beat: () => void): Promise<Json> {
    const waiting = this.#find(token);
    return new Promise((resolve, reject) => {
      if (waiting.early) {
        if ('output' in waiting.early) resolve(waiting.early.output);
        else reject(waiting.early.failure);
        return;
      }
      Object.assign(waiting, { resolve, reject, beat });
    });
  }

  revoke(token: string): void {
    this.#waiting.delete(token);
  }

  succeed(token: string, output: Json): void {
    const waiting = this.#settle(token);
    if (waiting.resolve) waiting.resolve(output);
    else waiting.early = { output };
  }

  fail(token: string, error: string | undefined, cause: string | undefined): void {
    const waiting = this.#settle(token);
    const failure = new StateFailure(error, cause);
    if (waiting.reject) waiting.reject(failure);
    else waiting.early = { failure };
  }

  heartbeat(token: string): void {
    this.#find(token).beat?.();
  }

  #settle(token: string): Waiting {
    const waiting = this.#find(token);
    if (waiting.early) throw gone();
    // A second answer finds the task gone.
    if (waiting.resolve) this.#waiting.delete(token);
    return waiting;
  }

  #find(token: string): Waiting {
    const waiting = this.#waiting.get(token);
    if (waiting) return waiting;
    let named: unknown;
    try {
      named = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    } catch {
      named = undefined;
    }
    if (Array.isArray(named)) throw gone();
    throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  }
}

const gone = (): AwsError => new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
