import type { ExecutionRecord } from '../executions/record.ts';
import { SiblingFailed, StateFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { MAX_DISTRIBUTED_CONCURRENCY } from '../limits.ts';
import type { Frame } from '../run/frame.ts';
import type { Scope } from '../run/scope.ts';
import { noCounts, type Counts, type MapRunRecord } from './map-run.ts';

/** One child's input, and how many items are in it. */
export interface ChildInput {
  readonly input: Json;
  readonly size: number;
}

interface ChildRunsOptions {
  readonly run: MapRunRecord;
  readonly inputs: readonly ChildInput[];
  /** A child's frame names its execution in `state`. */
  readonly frames: (Frame | null)[];
  readonly scope: Scope;
  readonly begin: (index: number) => { readonly arn: string; readonly ended: Promise<void> };
  readonly find: (arn: string) => ExecutionRecord | undefined;
  readonly changed: () => void;
}

/** The child executions of a Map Run: so many at a time, until all have ended or too many have failed. */
export class ChildRuns {
  readonly #options: ChildRunsOptions;
  readonly #done = Promise.withResolvers<void>();
  #next = 0;
  #running = 0;
  #failure: Error | undefined;

  constructor(options: ChildRunsOptions) {
    this.#options = options;
    const { run, inputs, frames } = options;
    run.itemCounts = noCounts(run.itemCounts.total);
    run.executionCounts = noCounts(inputs.length);
    for (const [index, frame] of frames.entries())
      if (frame?.status === 'succeeded') this.#count(index, 'pending', 'succeeded');
    options.changed();
  }

  get run(): MapRunRecord {
    return this.#options.run;
  }

  /** The children's records, in order of their items, once none runs any more. @throws StateFailure past the tolerated failures */
  async finished(): Promise<readonly ExecutionRecord[]> {
    const { scope, frames, find } = this.#options;
    scope.onCancel((reason) => {
      this.#failure ??= reason;
    });
    this.pump();
    await this.#done.promise;
    if (this.#failure) throw this.#failure;
    return frames.flatMap((frame) => (frame ? (find(frame.state) ?? []) : []));
  }

  /** Starts as many as may run now. */
  pump(): void {
    const { run, inputs, frames, scope } = this.#options;
    const limit = Math.min(run.maxConcurrency || MAX_DISTRIBUTED_CONCURRENCY, MAX_DISTRIBUTED_CONCURRENCY);
    while (!scope.reason && this.#running < limit && this.#next < inputs.length) {
      const index = this.#next++;
      if (frames[index]?.status !== 'succeeded') this.#start(index);
    }
    if (this.#running === 0 && (scope.reason || this.#next >= inputs.length)) this.#done.resolve();
  }

  #start(index: number): void {
    const { begin, find, frames, changed } = this.#options;
    this.#running++;
    this.#count(index, 'pending', 'running');
    const { arn, ended } = begin(index);
    void ended.then(() => {
      this.#running--;
      const status = find(arn)?.status ?? 'ABORTED';
      const frame = frames[index];
      if (frame) frame.status = status === 'SUCCEEDED' ? 'succeeded' : 'failed';
      this.#count(index, 'running', OUTCOMES[status] ?? 'aborted');
      this.#checkTolerance();
      changed();
      this.pump();
    });
  }

  #count(index: number, from: keyof Counts, to: keyof Counts): void {
    const { run, inputs } = this.#options;
    run.executionCounts[from]--;
    run.executionCounts[to]++;
    const size = inputs[index]?.size ?? 1;
    run.itemCounts[from] -= size;
    run.itemCounts[to] += size;
  }

  #checkTolerance(): void {
    const { run, scope } = this.#options;
    const { failed, timedOut, total } = run.itemCounts;
    const lost = failed + timedOut;
    if (lost === 0) return;
    const byCount = run.toleratedFailureCount > 0 && lost <= run.toleratedFailureCount;
    const byPercentage = run.toleratedFailurePercentage > 0 && (100 * lost) / total <= run.toleratedFailurePercentage;
    // Where both are given, either one exceeded fails the run.
    const tolerated =
      run.toleratedFailureCount > 0 && run.toleratedFailurePercentage > 0
        ? byCount && byPercentage
        : byCount || byPercentage;
    if (tolerated) return;
    this.#failure ??= new StateFailure(
      'States.ExceedToleratedFailureThreshold',
      'The specified tolerated failure threshold was exceeded',
    );
    scope.cancel(new SiblingFailed('the tolerated failures are exceeded'));
  }
}

const OUTCOMES: Readonly<Record<string, keyof Counts>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
};
