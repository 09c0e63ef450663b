import type {
  DescribeRuleRequest,
  DescribeRuleResponse,
  DisableRuleRequest,
  ListRuleNamesByTargetRequest,
  ListRuleNamesByTargetResponse,
  ListRulesRequest,
  ListRulesResponse,
  PutRuleRequest,
  PutRuleResponse,
  DeleteRuleRequest,
  RuleState,
} from '@aws-sdk/client-eventbridge';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import { compilePattern } from '../pattern/compile.ts';
import type { RuleRecord, Rules } from '../rules.ts';
import { parseSchedule } from '../schedule.ts';
import type { Scheduler } from '../scheduler.ts';
import { page } from './page.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
const NAME = /^[.\-_A-Za-z0-9]{1,64}$/;
/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_PATTERN_LENGTH = 4096;

export function ruleOperations(cloud: Cloud, rules: Rules, scheduler: Scheduler): Operations {
  const setState =
    (state: RuleState) =>
    (input: DisableRuleRequest): Record<string, never> => {
      const rule = rules.find(rules.busName(input.EventBusName), required(input.Name, 'name'));
      rule.state = state;
      rules.save(rule);
      scheduler.update(rule);
      return {};
    };

  return {
    PutRule: (input: PutRuleRequest): PutRuleResponse => {
      const name = required(input.Name, 'name');
      if (!NAME.test(name))
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
        );
      const bus = rules.busName(input.EventBusName);
      const { EventPattern, ScheduleExpression } = input;
      if (EventPattern === undefined && ScheduleExpression === undefined)
        throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
      if (EventPattern !== undefined) {
        if (EventPattern.length > MAX_PATTERN_LENGTH)
          throw new AwsError('LimitExceededException', `The event pattern exceeds ${MAX_PATTERN_LENGTH} characters.`);
        compilePattern(EventPattern);
      }
      if (ScheduleExpression !== undefined) {
        if (bus !== 'default')
          throw new AwsError('ValidationException', 'ScheduleExpression is supported only on the default event bus.');
        parseSchedule(ScheduleExpression);
      }
      const known = rules.get(bus, name);
      const rule: RuleRecord = {
        name,
        bus,
        arn: rules.arnOf(bus, name),
        ...(EventPattern !== undefined && { eventPattern: EventPattern }),
        ...(ScheduleExpression !== undefined && { scheduleExpression: ScheduleExpression }),
        state: input.State ?? 'ENABLED',
        ...(input.Description !== undefined && { description: input.Description }),
        ...(input.RoleArn !== undefined && { roleArn: input.RoleArn }),
        scheduledFrom: cloud.clock.now(),
        targets: known?.targets ?? [],
        tags: input.Tags ?? known?.tags ?? [],
      };
      rules.save(rule);
      scheduler.update(rule);
      return { RuleArn: rule.arn };
    },

    DescribeRule: (input: DescribeRuleRequest): DescribeRuleResponse => {
      const rule = rules.find(rules.busName(input.EventBusName), required(input.Name, 'name'));
      return { ...summary(rule), CreatedBy: cloud.accountId };
    },

    DeleteRule: (input: DeleteRuleRequest) => {
      const rule = rules.get(rules.busName(input.EventBusName), required(input.Name, 'name'));
      // Deleting what is not there succeeds, as on AWS.
      if (!rule) return {};
      if (rule.targets.length > 0)
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      rules.delete(rule);
      scheduler.update(rule);
      return {};
    },

    EnableRule: setState('ENABLED'),
    DisableRule: setState('DISABLED'),

    ListRules: (input: ListRulesRequest): ListRulesResponse => {
      const found = rules
        .onBus(rules.busName(input.EventBusName))
        .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
      const { items, NextToken } = page(found, input);
      return { Rules: items.map(summary), ...(NextToken !== undefined && { NextToken }) };
    },

    ListRuleNamesByTarget: (input: ListRuleNamesByTargetRequest): ListRuleNamesByTargetResponse => {
      const arn = required(input.TargetArn, 'targetArn');
      const found = rules
        .onBus(rules.busName(input.EventBusName))
        .filter(({ targets }) => targets.some(({ Arn }) => Arn === arn));
      const { items, NextToken } = page(found, input);
      return { RuleNames: items.map(({ name }) => name), ...(NextToken !== undefined && { NextToken }) };
    },
  };
}

function summary(rule: RuleRecord): DescribeRuleResponse {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.bus,
    State: rule.state,
    ...(rule.eventPattern !== undefined && { EventPattern: rule.eventPattern }),
    ...(rule.scheduleExpression !== undefined && { ScheduleExpression: rule.scheduleExpression }),
    ...(rule.description !== undefined && { Description: rule.description }),
    ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
  };
}
