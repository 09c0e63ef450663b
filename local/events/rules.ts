import type { RuleState, Tag, Target } from '@aws-sdk/client-eventbridge';
import { AwsError, type Cloud } from '../kernel/index.ts';
import { compilePattern, type EventMatcher } from './pattern/compile.ts';

const KIND = 'events/rule';
const BUS_KIND = 'events/bus';

export interface RuleRecord {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  eventPattern?: string;
  scheduleExpression?: string;
  state: RuleState;
  description?: string;
  roleArn?: string;
  /** When a rate began to count, in milliseconds. */
  scheduledFrom: number;
  targets: Target[];
  tags: Tag[];
}

export interface BusRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  tags: Tag[];
}

/** Rules and buses, on disk and, for matching, in memory. */
export class Rules {
  readonly #cloud: Cloud;
  readonly #rules = new Map<string, RuleRecord>();
  readonly #matchers = new Map<string, EventMatcher>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    for (const { document } of cloud.documents.list<RuleRecord>(KIND)) this.#remember(document);
  }

  /** A bus's name, given that or its ARN. @throws AwsError `ResourceNotFoundException` */
  busName(nameOrArn: string | undefined): string {
    const name = nameOrArn?.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : (nameOrArn ?? 'default');
    if (name !== 'default' && !this.#cloud.documents.get(BUS_KIND, name))
      throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    return name;
  }

  buses(): readonly BusRecord[] {
    const own = this.#cloud.documents.list<BusRecord>(BUS_KIND).map(({ document }) => document);
    return [{ name: 'default', arn: this.busArn('default'), createdAt: 0, tags: [] }, ...own];
  }

  busArn(name: string): string {
    return this.#cloud.arn('events', `event-bus/${name}`);
  }

  saveBus(bus: BusRecord): void {
    this.#cloud.documents.put(BUS_KIND, bus.name, bus);
  }

  deleteBus(name: string): void {
    this.#cloud.documents.delete(BUS_KIND, name);
  }

  arnOf(bus: string, name: string): string {
    return this.#cloud.arn('events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`);
  }

  get(bus: string, name: string): RuleRecord | undefined {
    return this.#rules.get(this.arnOf(bus, name));
  }

  byArn(arn: string): RuleRecord | undefined {
    return this.#rules.get(arn);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  find(bus: string, name: string): RuleRecord {
    const rule = this.get(bus, name);
    if (!rule) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
    return rule;
  }

  onBus(bus: string): readonly RuleRecord[] {
    return this.all().filter((rule) => rule.bus === bus);
  }

  all(): readonly RuleRecord[] {
    return [...this.#rules.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  save(rule: RuleRecord): void {
    this.#cloud.documents.put(KIND, rule.arn, rule);
    this.#remember(rule);
  }

  delete(rule: RuleRecord): void {
    this.#cloud.documents.delete(KIND, rule.arn);
    this.#rules.delete(rule.arn);
    this.#matchers.delete(rule.arn);
  }

  /** Enabled rules of a bus whose pattern the event matches. */
  matching(bus: string, event: unknown): readonly RuleRecord[] {
    return [...this.#rules.values()].filter(
      (rule) => rule.bus === bus && rule.state !== 'DISABLED' && this.#matchers.get(rule.arn)?.(event),
    );
  }

  #remember(rule: RuleRecord): void {
    this.#rules.set(rule.arn, rule);
    if (rule.eventPattern === undefined) this.#matchers.delete(rule.arn);
    else this.#matchers.set(rule.arn, compilePattern(rule.eventPattern));
  }
}
