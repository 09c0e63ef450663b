import type { Cloud, CloudEvent } from '../kernel/index.ts';

/** An event as rules match it and targets get it. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts AWS's envelope around what a service emitted. */
export function envelope(cloud: Cloud, event: CloudEvent, timeMs = cloud.clock.now()): BusEvent {
  return {
    version: '0',
    id: cloud.ids.uuid(),
    'detail-type': event.detailType,
    source: event.source,
    account: cloud.accountId,
    time: new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: cloud.region,
    resources: event.resources,
    detail: event.detail,
  };
}
