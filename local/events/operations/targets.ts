import type {
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  Target,
} from '@aws-sdk/client-eventbridge';
import { AwsError, required, type Operations } from '../../kernel/index.ts';
import { parsePath } from '../../states/jsonpath/path.ts';
import type { Senders } from '../delivery/send.ts';
import type { Rules } from '../rules.ts';
import { page } from './page.ts';

/** "Targets per rule: 5": https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_TARGETS = 5;

export function targetOperations(rules: Rules, senders: Senders): Operations {
  return {
    PutTargets: (input: PutTargetsRequest): PutTargetsResponse => {
      const rule = rules.find(rules.busName(input.EventBusName), required(input.Rule, 'rule'));
      const targets = new Map(rule.targets.map((target) => [target.Id, target]));
      for (const target of required(input.Targets, 'targets')) {
        checkTarget(target);
        senders.check(target);
        targets.set(target.Id, target);
      }
      if (targets.size > MAX_TARGETS)
        throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
      rule.targets = [...targets.values()];
      rules.save(rule);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },

    RemoveTargets: (input: RemoveTargetsRequest): RemoveTargetsResponse => {
      const rule = rules.find(rules.busName(input.EventBusName), required(input.Rule, 'rule'));
      const ids = required(input.Ids, 'ids');
      const missing = ids.filter((id) => !rule.targets.some(({ Id }) => Id === id));
      rule.targets = rule.targets.filter(({ Id }) => Id === undefined || !ids.includes(Id));
      rules.save(rule);
      return {
        FailedEntryCount: missing.length,
        FailedEntries: missing.map((TargetId) => ({
          TargetId,
          ErrorCode: 'ResourceNotFoundException',
          ErrorMessage: `Target ${TargetId} does not exist.`,
        })),
      };
    },

    ListTargetsByRule: (input: ListTargetsByRuleRequest): ListTargetsByRuleResponse => {
      const rule = rules.find(rules.busName(input.EventBusName), required(input.Rule, 'rule'));
      const { items, NextToken } = page(rule.targets, input);
      return { Targets: [...items], ...(NextToken !== undefined && { NextToken }) };
    },
  };
}

function checkTarget(target: Target): void {
  const invalid = (what: string): AwsError => new AwsError('ValidationException', what);
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(required(target.Id, 'targets.1.member.id')))
    throw invalid(`Parameter Id of a target is not valid: ${target.Id}`);
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter((input) => input !== undefined);
  if (inputs.length > 1) throw invalid('Only one of Input, InputPath, or InputTransformer must be provided.');
  if (target.Input !== undefined)
    try {
      JSON.parse(target.Input);
    } catch {
      throw invalid(`Parameter Input is not valid: JSON syntax error in input for target ${target.Id}.`);
    }
  const paths = [target.InputPath ?? '$', ...Object.values(target.InputTransformer?.InputPathsMap ?? {})];
  for (const path of paths)
    try {
      parsePath(path);
    } catch {
      throw invalid(`Parameter InputPath is not valid: ${path}`);
    }
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age } = target.RetryPolicy ?? {};
  if (retries !== undefined && (retries < 0 || retries > 185))
    throw invalid('MaximumRetryAttempts must be from 0 to 185.');
  if (age !== undefined && (age < 60 || age > 86_400))
    throw invalid('MaximumEventAgeInSeconds must be from 60 to 86400.');
}
