/**
 * A piece of an execution that can be cancelled: the whole, a branch, an iteration, a task. Cancelling one cancels what is inside it.
 * Lighter than a tree of `AbortSignal.any`: a signal is made only for those who sleep.
 */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #children = new Set<Scope>();
  readonly #waiting = new Set<(reason: Error) => void>();
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  constructor(parent?: Scope) {
    this.#parent = parent;
    this.#reason = parent?.reason;
    if (parent && !this.#reason) parent.#children.add(this);
  }

  get reason(): Error | undefined {
    return this.#reason;
  }

  /** For `Clock.sleep`. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#reason) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** The first reason stays. */
  cancel(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    for (const child of this.#children) child.cancel(reason);
    for (const wake of this.#waiting) wake(reason);
    this.#controller?.abort(reason);
  }

  throwIfCancelled(): void {
    if (this.#reason) throw this.#reason;
  }

  /** Settles as `work` does, or rejects with the reason as soon as the scope is cancelled. The work itself is not stopped. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const reason = this.#reason;
      if (reason) {
        work.catch(() => {});
        reject(reason);
        return;
      }
      this.#waiting.add(reject);
      work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Runs `wake` when the scope is cancelled; the answer takes it back. */
  onCancel(wake: (reason: Error) => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  /** Lets go of the parent once the piece is over. */
  close(): void {
    if (this.#parent) this.#parent.#children.delete(this);
  }
}
