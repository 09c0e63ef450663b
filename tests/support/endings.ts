import type { Cloud } from '../../local/kernel/index.ts';

/**
 * When executions end, from the events that say so: whoever asks over and over instead takes the processor from those who work.
 */
export class Endings {
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

  constructor(cloud: Cloud) {
    cloud.onEvent(({ source, detail }) => {
      if (source !== 'aws.states' || detail['status'] === 'RUNNING') return;
      const arn = String(detail['executionArn']);
      this.#waiting.get(arn)?.resolve();
      this.#waiting.delete(arn);
    });
  }

  /** What `describe` says of an execution once it does not run any more. */
  async of<Described extends { readonly status?: string | undefined }>(
    arn: string,
    describe: () => Promise<Described>,
  ): Promise<Described> {
    for (;;) {
      const next = this.#waiting.get(arn) ?? Promise.withResolvers<void>();
      this.#waiting.set(arn, next);
      const described = await describe();
      if (described.status !== 'RUNNING') {
        this.#waiting.delete(arn);
        return described;
      }
      await next.promise;
    }
  }
}
