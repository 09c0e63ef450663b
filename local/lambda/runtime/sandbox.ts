import { Worker } from 'node:worker_threads';
import type { ErrorPayload, InvokeMessage, WorkerMessage, WorkerSettings } from './messages.ts';

/** How an invocation ended. */
export type SandboxAnswer =
  | { readonly kind: 'result'; readonly payload: string; readonly memoryBytes: number }
  | { readonly kind: 'error'; readonly error: ErrorPayload; readonly memoryBytes: number };

export interface SandboxOptions {
  readonly settings: WorkerSettings;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** How long its init phase may take before it takes from the time of the invocation, which is the function's timeout. */
  readonly initMs: number;
  readonly timeoutMs: number;
  /** One log event. */
  readonly log: (message: string) => void;
}

/** A worker also carries Node itself; a function's memory setting counts for its heap alone, but never less than this. */
const LEAST_HEAP_MB = 128;

/** One worker thread: one function version, one invocation at a time. Time in here is real: threads know no other. */
export class Sandbox {
  readonly #worker: Worker;
  readonly #log: (message: string) => void;
  readonly #ready = Promise.withResolvers<void>();
  #partial = '';
  #settle: ((answer: SandboxAnswer) => void) | undefined;
  #initError: ErrorPayload | undefined;
  /** False once the thread cannot take another invocation. */
  usable = true;
  /** Milliseconds from the start to the loaded handler. */
  initMs = 0;

  constructor({ settings, environment, memoryMb, initMs, timeoutMs, log }: SandboxOptions) {
    const began = performance.now();
    this.#log = log;
    this.#worker = new Worker(new URL('./boot.mjs', import.meta.url), {
      workerData: settings,
      env: { ...environment },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      argv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: Math.max(memoryMb, LEAST_HEAP_MB) },
    });
    this.#worker.unref();
    const initTimer = setTimeout(() => {
      this.#fail({
        errorType: 'Sandbox.Timedout',
        errorMessage: `Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
      });
      void this.terminate();
    }, initMs + timeoutMs).unref();
    this.#worker.on('message', (message: WorkerMessage) => this.#take(message));
    this.#worker.on('error', (error: NodeJS.ErrnoException) =>
      this.#fail(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { errorType: 'Runtime.OutOfMemory', errorMessage: 'Error: Runtime exited with error: signal: killed' }
          : { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') },
      ),
    );
    this.#worker.on('exit', (code) =>
      this.#fail({
        errorType: 'Runtime.ExitError',
        errorMessage:
          code === 0
            ? 'Error: Runtime exited without providing a reason'
            : `Error: Runtime exited with error: exit status ${code}`,
      }),
    );
    void this.#ready.promise.then(() => {
      clearTimeout(initTimer);
      this.initMs = performance.now() - began;
    });
  }

  /** Waits for the handler to be loaded. The answer is what stopped it, if something did. */
  async ready(): Promise<ErrorPayload | undefined> {
    await this.#ready.promise;
    return this.#initError;
  }

  /** @throws never; a thread that dies answers an error */
  invoke(message: InvokeMessage, timeoutMs: number): Promise<SandboxAnswer | { readonly kind: 'timeout' }> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#settle = undefined;
        void this.terminate();
        resolve({ kind: 'timeout' });
      }, timeoutMs);
      this.#settle = (answer) => {
        clearTimeout(timer);
        this.#settle = undefined;
        this.#flush();
        resolve(answer);
      };
      this.#worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
      this.#worker.postMessage(message);
    });
  }

  async terminate(): Promise<void> {
    this.usable = false;
    await this.#worker.terminate();
  }

  #take(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#ready.resolve();
        break;
      case 'output':
        this.#print(message.text, message.whole);
        break;
      case 'init-error':
      case 'fatal':
        this.#fail(message.error);
        void this.terminate();
        break;
      case 'result':
      case 'error':
        this.#worker.unref();
        this.#settle?.(message);
        break;
    }
  }

  /** The thread is gone or going. What it was doing fails with the first reason given. */
  #fail(error: ErrorPayload): void {
    this.usable = false;
    this.#initError ??= error;
    this.#settle?.({ kind: 'error', error, memoryBytes: 0 });
    this.#ready.resolve();
  }

  #print(text: string, whole: boolean): void {
    if (whole) {
      this.#flush();
      this.#log(text);
      return;
    }
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#log(line);
  }

  #flush(): void {
    if (this.#partial !== '') this.#log(this.#partial);
    this.#partial = '';
  }
}
