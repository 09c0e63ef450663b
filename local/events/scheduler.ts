import type { Cloud } from '../kernel/index.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import { envelope } from './event.ts';
import type { RuleRecord, Rules } from './rules.ts';
import { parseSchedule } from './schedule.ts';

/** Fires rules that have a schedule, on the cloud's clock. Times that passed while the cloud was down are not made up for. */
export class Scheduler {
  readonly #cloud: Cloud;
  readonly #rules: Rules;
  readonly #deliveries: Deliveries;
  readonly #timers = new Map<string, AbortController>();

  constructor(cloud: Cloud, rules: Rules, deliveries: Deliveries) {
    this.#cloud = cloud;
    this.#rules = rules;
    this.#deliveries = deliveries;
    for (const rule of rules.all()) this.update(rule);
  }

  /** After a rule was put, enabled, disabled or deleted. */
  update(rule: RuleRecord): void {
    this.#timers.get(rule.arn)?.abort(new Error('the rule has changed'));
    this.#timers.delete(rule.arn);
    const known = this.#rules.byArn(rule.arn);
    if (known?.scheduleExpression === undefined || known.state === 'DISABLED') return;
    const timer = new AbortController();
    this.#timers.set(rule.arn, timer);
    this.#run(known.arn, known.scheduleExpression, known.scheduledFrom, timer.signal).catch((error: unknown) => {
      if (!timer.signal.aborted) this.#cloud.fault(error, `events: schedule of ${rule.arn}`);
    });
  }

  async #run(ruleArn: string, expression: string, from: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#cloud;
    const schedule = parseSchedule(expression);
    for (;;) {
      const at = schedule(clock.now(), from);
      if (at === undefined) return;
      await clock.sleep(at - clock.now(), signal);
      const rule = this.#rules.byArn(ruleArn);
      if (!rule) return;
      const event = envelope(
        this.#cloud,
        { source: 'aws.events', detailType: 'Scheduled Event', resources: [ruleArn], detail: {} },
        at,
      );
      for (const target of rule.targets) this.#deliveries.add(rule, target, event);
    }
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.abort(new Error('the cloud is stopping'));
  }
}
