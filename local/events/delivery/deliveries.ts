import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError, ROOT, type Cloud } from '../../kernel/index.ts';
import type { BusEvent } from '../event.ts';
import { targetInput } from './input.ts';
import { queueUrl, type Senders } from './send.ts';

const KIND = 'events/delivery';

/** Defaults of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const MAX_RETRIES = 185;
const MAX_AGE_SECONDS = 86_400;
/** Backoff is exponential with jitter; AWS does not say from where to where. */
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 300_000;

interface Delivery {
  readonly id: string;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
  readonly event: BusEvent;
  readonly createdAt: number;
  /** Attempts made after the first one. */
  retries: number;
}

/** Brings events to targets, at least once: what is pending is on disk and goes on after a restart. */
export class Deliveries {
  readonly #cloud: Cloud;
  readonly #senders: Senders;
  readonly #stop = new AbortController();

  constructor(cloud: Cloud, senders: Senders) {
    this.#cloud = cloud;
    this.#senders = senders;
  }

  /** Takes up what was pending when the cloud stopped. */
  resume(): void {
    for (const { document } of this.#cloud.documents.list<Delivery>(KIND)) this.#begin(document);
  }

  add(rule: { readonly arn: string; readonly name: string }, target: Target, event: BusEvent): void {
    const delivery: Delivery = {
      id: this.#cloud.ids.uuid(),
      ruleArn: rule.arn,
      ruleName: rule.name,
      target,
      event,
      createdAt: this.#cloud.clock.now(),
      retries: 0,
    };
    this.#cloud.documents.put(KIND, delivery.id, delivery);
    this.#begin(delivery);
  }

  close(): void {
    this.#stop.abort(new Error('the cloud is stopping'));
  }

  #begin(delivery: Delivery): void {
    // Whoever emitted the event goes on first; services register after one another on a restart.
    Promise.resolve()
      .then(() => this.#deliver(delivery))
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#cloud.fault(error, `events: delivery to ${delivery.target.Arn}`);
      });
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { clock, ids, documents } = this.#cloud;
    const policy = delivery.target.RetryPolicy;
    const maxRetries = policy?.MaximumRetryAttempts ?? MAX_RETRIES;
    const maxAge = 1000 * (policy?.MaximumEventAgeInSeconds ?? MAX_AGE_SECONDS);
    for (;;) {
      const failure = await this.#attempt(delivery);
      if (this.#stop.signal.aborted) return;
      if (failure === undefined) break;
      const delay = (0.5 + ids.random() / 2) * Math.min(FIRST_DELAY_MS * 2 ** delivery.retries, LONGEST_DELAY_MS);
      const exhausted =
        delivery.retries >= maxRetries
          ? 'MaximumRetryAttempts'
          : clock.now() + delay - delivery.createdAt > maxAge
            ? 'MaximumEventAgeInSeconds'
            : undefined;
      if (exhausted !== undefined || !canRetry(failure)) {
        await this.#giveUp(delivery, failure, exhausted);
        break;
      }
      delivery.retries++;
      documents.put(KIND, delivery.id, delivery);
      await clock.sleep(delay, this.#stop.signal);
    }
    documents.delete(KIND, delivery.id);
  }

  async #attempt({ target, event, ruleArn, ruleName }: Delivery): Promise<Error | undefined> {
    try {
      await this.#senders.send(target, targetInput(target, event, { ruleArn, ruleName }), event);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** To the dead-letter queue, if the target has one. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
  async #giveUp(delivery: Delivery, failure: Error, exhausted: string | undefined): Promise<void> {
    const queueArn = delivery.target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) return;
    const text = (StringValue: string): { DataType: 'String'; StringValue: string } => ({
      DataType: 'String',
      StringValue,
    });
    const attributes = {
      RULE_ARN: text(delivery.ruleArn),
      TARGET_ARN: text(delivery.target.Arn ?? ''),
      ERROR_CODE: text(errorCode(failure)),
      ERROR_MESSAGE: text(failure.message || failure.name),
      ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
      RETRY_ATTEMPTS: text(String(delivery.retries)),
    };
    const MessageBody = targetInput(delivery.target, delivery.event, delivery);
    const QueueUrl = await queueUrl(this.#cloud, queueArn, ROOT);
    await this.#cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody, MessageAttributes: attributes }, ROOT);
  }
}

/** What a client did wrong stays wrong; throttling, server errors and lost answers may pass. */
function canRetry(failure: Error): boolean {
  return !(failure instanceof AwsError) || failure.status >= 500 || isThrottle(failure.code);
}

const isThrottle = (code: string): boolean => /Throttl|TooManyRequests|LimitExceeded|RequestLimit|SlowDown/.test(code);

function errorCode(failure: Error): string {
  if (!(failure instanceof AwsError)) return 'INTERNAL_ERROR';
  if (/AccessDenied|NotAuthorized|Authorization/.test(failure.code)) return 'NO_PERMISSIONS';
  if (/NotFound|DoesNotExist|NonExistent/.test(failure.code)) return 'NO_RESOURCE';
  if (isThrottle(failure.code)) return 'THROTTLING';
  return failure.status >= 500 ? 'INTERNAL_ERROR' : 'SDK_CLIENT_ERROR';
}
