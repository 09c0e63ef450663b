import { createStop, type Engine, type Stop, type StopReason } from './engine.ts';
import { drive } from './drive.ts';
import { WorkStopped } from './provision.ts';

/** Runs the work on stacks in the background, one piece a stack at a time. */
export interface Runner {
  /** Begins with what the stack's status asks for, after stopping what runs on it. */
  start(stackId: string): void;
  /** Stops the running work; it goes on to what follows a cancellation. */
  cancel(stackId: string, reason: StopReason): void;
  /** Takes up what was in progress when the cloud stopped. */
  resume(): void;
  close(): Promise<void>;
}

interface Running {
  readonly stop: Stop;
  readonly done: Promise<void>;
}

export function createRunner(engine: Engine): Runner {
  const running = new Map<string, Running>();
  let closed = false;

  const run = async (stackId: string, stop: Stop, after: Promise<void> | undefined): Promise<void> => {
    await after;
    const watch = watchTimeout(engine, stackId, stop);
    try {
      await drive(engine, stackId, stop);
    } catch (error) {
      if (!(error instanceof WorkStopped)) engine.cloud.fault(error, `cloudformation ${stackId}`);
    } finally {
      watch.abort();
      if (running.get(stackId)?.stop === stop) running.delete(stackId);
    }
  };

  const start = (stackId: string): void => {
    if (closed) return;
    const before = running.get(stackId);
    before?.stop.abort('superseded');
    const stop = createStop();
    running.set(stackId, { stop, done: run(stackId, stop, before?.done) });
  };

  return {
    start,
    cancel: (stackId, reason) => running.get(stackId)?.stop.abort(reason),
    resume: () => {
      for (const { id, status } of engine.stacks.all())
        if (status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS') start(id);
    },
    close: async () => {
      closed = true;
      const ending = [...running.values()];
      for (const { stop } of ending) stop.abort('closed');
      await Promise.all(ending.map(({ done }) => done));
    },
  };
}

const MINUTE_MS = 60_000;

/** Stops a creation that takes longer than its `TimeoutInMinutes`. Aborting what this gives ends the watch. */
function watchTimeout(engine: Engine, stackId: string, stop: Stop): AbortController {
  const end = new AbortController();
  const stack = engine.stacks.find(stackId);
  if (stack?.timeoutMinutes === undefined || stack.status !== 'CREATE_IN_PROGRESS') return end;
  const left = stack.createdAt + stack.timeoutMinutes * MINUTE_MS - engine.cloud.clock.now();
  engine.cloud.clock.sleep(Math.max(0, left), end.signal).then(
    () => stop.abort('timeout'),
    () => undefined,
  );
  return end;
}
