import type { Cloud, Service } from '../kernel/index.ts';
import { Deliveries } from './delivery/deliveries.ts';
import { Senders } from './delivery/send.ts';
import { envelope, type BusEvent } from './event.ts';
import { busOperations } from './operations/buses.ts';
import { putEventsOperations } from './operations/put-events.ts';
import { ruleOperations } from './operations/rules.ts';
import { targetOperations } from './operations/targets.ts';
import { Rules } from './rules.ts';
import { Scheduler } from './scheduler.ts';

/** Amazon EventBridge: buses, rules, schedules, targets. Signing name `events`. Listens to what the cloud's services emit. */
export function createEvents(cloud: Cloud): Service {
  const rules = new Rules(cloud);
  const senders: Senders = new Senders(cloud, (busArn, event) => publish(rules.busName(busArn), event));
  const deliveries = new Deliveries(cloud, senders);
  const scheduler = new Scheduler(cloud, rules, deliveries);
  const publish = (bus: string, event: BusEvent): void => {
    for (const rule of rules.matching(bus, event))
      for (const target of rule.targets) deliveries.add(rule, target, event);
  };
  cloud.onEvent((event) => publish('default', envelope(cloud, event)));
  deliveries.resume();
  return {
    name: 'events',
    client: '@aws-sdk/client-eventbridge',
    operations: {
      ...ruleOperations(cloud, rules, scheduler),
      ...targetOperations(rules, senders),
      ...putEventsOperations(cloud, rules, publish),
      ...busOperations(cloud, rules),
    },
    close: () => {
      scheduler.close();
      deliveries.close();
    },
  };
}
