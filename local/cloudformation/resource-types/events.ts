import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { validationError } from '../validation-error.ts';
import { isGone, jsonText, objects, optionalText, pick, text, unlessGone } from './values.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
const LONGEST_RULE_NAME = 64;

const bus = (properties: Properties) => pick(properties, 'EventBusName');

async function put(
  Name: string,
  properties: Properties,
  before: Properties,
  { call }: ResourceContext,
): Promise<Physical> {
  const pattern = properties['EventPattern'];
  const { RuleArn } = await call<{ readonly RuleArn: string }>('events', 'PutRule', {
    Name,
    ...bus(properties),
    ...pick(properties, 'Description', 'RoleArn', 'ScheduleExpression', 'State', 'Tags'),
    ...(pattern !== undefined && { EventPattern: jsonText(properties, 'EventPattern') }),
  });
  const targets = objects(properties, 'Targets');
  const kept = new Set(targets.map((target) => text(target, 'Id')));
  const gone = objects(before, 'Targets')
    .map((target) => text(target, 'Id'))
    .filter((id) => !kept.has(id));
  if (gone.length > 0) await call('events', 'RemoveTargets', { Rule: Name, ...bus(properties), Ids: gone });
  if (targets.length > 0) {
    const answer = await call<{
      readonly FailedEntryCount?: number;
      readonly FailedEntries?: readonly { readonly ErrorMessage?: string }[];
    }>('events', 'PutTargets', { Rule: Name, ...bus(properties), Targets: targets });
    const [failed] = answer.FailedEntries ?? [];
    if (failed) throw validationError(failed.ErrorMessage ?? 'PutTargets failed');
  }
  return { id: Name, attributes: { Arn: RuleArn } };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html */
const rule: ResourceType = {
  properties: {
    Name: 'replace',
    EventBusName: 'replace',
    Description: 'in-place',
    EventPattern: 'in-place',
    RoleArn: 'in-place',
    ScheduleExpression: 'in-place',
    State: 'in-place',
    Tags: 'in-place',
    Targets: 'in-place',
  },
  named: 'Name',
  attributes: ['Arn'],
  create: async (properties, context) => {
    const Name = optionalText(properties, 'Name') ?? context.name(LONGEST_RULE_NAME);
    // Putting a rule of that name would take it over.
    if (!context.resumed) {
      const taken = await context.call('events', 'DescribeRule', { Name, ...bus(properties) }).then(
        () => true,
        (error: unknown) => {
          if (isGone(error)) return false;
          throw error;
        },
      );
      if (taken) throw validationError(`${Name} already exists`);
    }
    return put(Name, properties, {}, context);
  },
  update: ({ id }, properties, before, context) => put(id, properties, before, context),
  delete: async ({ id: Name }, properties, { call }) => {
    const Ids = objects(properties, 'Targets').map((target) => text(target, 'Id'));
    if (Ids.length > 0) await unlessGone(call('events', 'RemoveTargets', { Rule: Name, ...bus(properties), Ids }));
    await unlessGone(call('events', 'DeleteRule', { Name, ...bus(properties) }));
  },
};

export const EVENTS_TYPES: Readonly<Record<string, ResourceType>> = { 'AWS::Events::Rule': rule };
