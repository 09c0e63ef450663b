import { AwsError, type Cloud } from '../kernel/index.ts';

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Topics {
  /** @throws AwsError `NotFound`. */
  find(arn: string | undefined): Topic;
  get(arn: string): Topic | undefined;
  list(): readonly Topic[];
  put(topic: Topic): void;
  /** With its subscriptions. */
  delete(arn: string): void;
  /** @throws AwsError `NotFound`. */
  subscription(arn: string | undefined): Subscription;
  /** Of one topic, or all. */
  subscriptions(topicArn?: string): readonly Subscription[];
  putSubscription(subscription: Subscription): void;
  deleteSubscription(arn: string): void;
}

const TOPIC = 'sns-topic';
const SUBSCRIPTION = 'sns-subscription';

export function openTopics({ documents }: Cloud): Topics {
  const subscriptions = (topicArn?: string): readonly Subscription[] =>
    documents
      .list<Subscription>(SUBSCRIPTION)
      .map(({ document }) => document)
      .filter((subscription) => topicArn === undefined || subscription.topicArn === topicArn);
  return {
    find: (arn) => {
      const topic = documents.get<Topic>(TOPIC, arn ?? '');
      if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
      return topic;
    },
    get: (arn) => documents.get<Topic>(TOPIC, arn),
    list: () => documents.list<Topic>(TOPIC).map(({ document }) => document),
    put: (topic) => documents.put(TOPIC, topic.arn, topic),
    delete: (arn) => {
      for (const subscription of subscriptions(arn)) documents.delete(SUBSCRIPTION, subscription.arn);
      documents.delete(TOPIC, arn);
    },
    subscription: (arn) => {
      const subscription = documents.get<Subscription>(SUBSCRIPTION, arn ?? '');
      if (!subscription) throw new AwsError('NotFound', 'Subscription does not exist', 404);
      return subscription;
    },
    subscriptions,
    putSubscription: (subscription) => documents.put(SUBSCRIPTION, subscription.arn, subscription),
    deleteSubscription: (arn) => void documents.delete(SUBSCRIPTION, arn),
  };
}

export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}
