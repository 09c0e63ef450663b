import { AwsError, type Cloud } from '../../kernel/index.ts';
import type { AsyncSettings, Functions } from '../functions.ts';
import { DEFAULT_ASYNC_AGE_SECONDS, DEFAULT_ASYNC_RETRIES } from '../limits.ts';
import type { Invoker } from './invoker.ts';
import type { Outcome } from './outcome.ts';

const KIND = 'lambda/event';

/** "Lambda waits one minute before the second attempt, and two minutes between the second and third". */
const RETRY_DELAYS_MS = [60_000, 120_000];
/** Throttles are retried "for up to six hours", with growing pauses. */
const FIRST_THROTTLE_DELAY_MS = 1000;
const LONGEST_THROTTLE_DELAY_MS = 300_000;

interface QueuedEvent {
  readonly id: string;
  readonly functionName: string;
  readonly qualifier?: string;
  readonly payload: string;
  readonly queuedAt: number;
  attempts: number;
}

/**
 * Asynchronous invocations, kept on disk until they succeed or are given up.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncQueue {
  readonly #cloud: Cloud;
  readonly #functions: Functions;
  readonly #invoker: Invoker;
  readonly #stop = new AbortController();

  constructor(cloud: Cloud, functions: Functions, invoker: Invoker) {
    this.#cloud = cloud;
    this.#functions = functions;
    this.#invoker = invoker;
    for (const { document } of cloud.documents.list<QueuedEvent>(KIND)) this.#begin(document);
  }

  add(id: string, functionName: string, qualifier: string | undefined, payload: string): void {
    const event: QueuedEvent = {
      id,
      functionName,
      ...(qualifier !== undefined && { qualifier }),
      payload,
      queuedAt: this.#cloud.clock.now(),
      attempts: 0,
    };
    this.#cloud.documents.put(KIND, id, event);
    this.#begin(event);
  }

  close(): void {
    this.#stop.abort(new Error('the cloud is stopping'));
  }

  #begin(event: QueuedEvent): void {
    Promise.resolve()
      .then(() => this.#run(event))
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#cloud.fault(error, `lambda: event for ${event.functionName}`);
      });
  }

  async #run(event: QueuedEvent): Promise<void> {
    const { clock, documents } = this.#cloud;
    for (let throttles = 0; ;) {
      const settings = this.#settings(event);
      if (!settings) break;
      const outcome = await this.#attempt(event);
      if (this.#stop.signal.aborted) return;
      const expires = event.queuedAt + 1000 * (settings.ageSeconds ?? DEFAULT_ASYNC_AGE_SECONDS);
      let delay: number;
      if (outcome === 'throttled')
        delay = Math.min(FIRST_THROTTLE_DELAY_MS * 2 ** throttles++, LONGEST_THROTTLE_DELAY_MS);
      else {
        event.attempts++;
        if (outcome.functionError === undefined) {
          await this.#send(event, outcome, 'Success', settings.destinations?.OnSuccess?.Destination);
          break;
        }
        if (event.attempts > (settings.retries ?? DEFAULT_ASYNC_RETRIES)) {
          await this.#giveUp(event, settings, outcome, 'RetriesExhausted');
          break;
        }
        delay = RETRY_DELAYS_MS[event.attempts - 1] ?? LONGEST_THROTTLE_DELAY_MS;
      }
      if (clock.now() + delay > expires) {
        await this.#giveUp(event, settings, outcome === 'throttled' ? undefined : outcome, 'EventAgeExceeded');
        break;
      }
      documents.put(KIND, event.id, event);
      await clock.sleep(delay, this.#stop.signal);
    }
    documents.delete(KIND, event.id);
  }

  #settings({ functionName, qualifier }: QueuedEvent): AsyncSettings | undefined {
    const record = this.#functions.known(functionName);
    return record && (record.asyncSettings[qualifier ?? '$LATEST'] ?? { lastModified: 0 });
  }

  async #attempt(event: QueuedEvent): Promise<Outcome | 'throttled'> {
    try {
      const { record, version, qualifier } = this.#functions.resolve(event.functionName, event.qualifier);
      const invokedArn = this.#functions.arn(record.name, qualifier);
      return await this.#invoker.run({ record, version, requestId: event.id, invokedArn, payload: event.payload });
    } catch (error) {
      if (error instanceof AwsError && error.code === 'TooManyRequestsException') return 'throttled';
      throw error;
    }
  }

  async #giveUp(
    event: QueuedEvent,
    settings: AsyncSettings,
    outcome: Outcome | undefined,
    condition: string,
  ): Promise<void> {
    const record = this.#functions.get(event.functionName);
    await this.#send(event, outcome, condition, settings.destinations?.OnFailure?.Destination);
    const deadLetter = record?.latest.deadLetterArn;
    if (deadLetter !== undefined) await this.#deliver(deadLetter, event.payload);
  }

  /** The record a destination gets: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  async #send(
    event: QueuedEvent,
    outcome: Outcome | undefined,
    condition: string,
    destination: string | undefined,
  ): Promise<void> {
    if (destination === undefined) return;
    const body = {
      version: '1.0',
      timestamp: new Date(this.#cloud.clock.now()).toISOString(),
      requestContext: {
        requestId: event.id,
        functionArn: this.#functions.arn(event.functionName, event.qualifier ?? '$LATEST'),
        condition,
        approximateInvokeCount: event.attempts,
      },
      requestPayload: JSON.parse(event.payload) as unknown,
      ...(outcome && {
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          ...(outcome.functionError && { functionError: outcome.functionError }),
        },
        responsePayload: JSON.parse(outcome.payload) as unknown,
      }),
    };
    await this.#deliver(destination, JSON.stringify(body));
  }

  async #deliver(arn: string, body: string): Promise<void> {
    const [, , service, , account, resource] = arn.split(':');
    const caller = { principalArn: this.#cloud.arn('iam', 'role/lambda') };
    if (service === 'sqs') {
      const { QueueUrl } = await this.#cloud.call<{ QueueUrl: string }>(
        'sqs',
        'GetQueueUrl',
        { QueueName: resource, QueueOwnerAWSAccountId: account },
        caller,
      );
      await this.#cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: body }, caller);
    } else if (service === 'sns') await this.#cloud.call('sns', 'Publish', { TopicArn: arn, Message: body }, caller);
    else
      await this.#cloud.call(
        'lambda',
        'Invoke',
        { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(body) },
        caller,
      );
  }
}
