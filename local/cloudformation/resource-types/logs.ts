import type { Physical, ResourceContext, ResourceType } from '../resource-type.ts';
import { isThere, objects, optionalText, pick, tagMap, text, unlessGone } from './values.ts';

const physicalGroup = (name: string, { cloud }: ResourceContext): Physical => ({
  id: name,
  attributes: { Arn: cloud.arn('logs', `log-group:${name}:*`) },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
const logGroup: ResourceType = {
  properties: {
    LogGroupName: 'replace',
    KmsKeyId: 'in-place',
    RetentionInDays: 'in-place',
    Tags: 'in-place',
  },
  named: 'LogGroupName',
  attributes: ['Arn'],
  create: async (properties, context) => {
    const logGroupName = optionalText(properties, 'LogGroupName') ?? context.name(512);
    const kmsKeyId = optionalText(properties, 'KmsKeyId');
    await context
      .call('logs', 'CreateLogGroup', { logGroupName, kmsKeyId, tags: tagMap(properties) })
      .catch((error: unknown) => {
        if (!context.resumed || !isThere(error)) throw error;
      });
    context.exists(logGroupName);
    const retentionInDays = properties['RetentionInDays'];
    if (retentionInDays !== undefined)
      await context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
    return physicalGroup(logGroupName, context);
  },
  update: async ({ id: logGroupName, attributes }, properties, before, context) => {
    const { call } = context;
    const retentionInDays = properties['RetentionInDays'];
    if (retentionInDays === undefined) await call('logs', 'DeleteRetentionPolicy', { logGroupName });
    else await call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
    const kmsKeyId = optionalText(properties, 'KmsKeyId');
    if (kmsKeyId !== optionalText(before, 'KmsKeyId'))
      await (kmsKeyId === undefined
        ? call('logs', 'DisassociateKmsKey', { logGroupName })
        : call('logs', 'AssociateKmsKey', { logGroupName, kmsKeyId }));
    const [tags, old] = [tagMap(properties) ?? {}, tagMap(before) ?? {}];
    const resourceArn = String(attributes['Arn']).replace(/:\*$/, '');
    const tagKeys = Object.keys(old).filter((key) => !(key in tags));
    if (tagKeys.length > 0) await call('logs', 'UntagResource', { resourceArn, tagKeys });
    if (JSON.stringify(tags) !== JSON.stringify(old)) await call('logs', 'TagResource', { resourceArn, tags });
    return physicalGroup(logGroupName, context);
  },
  delete: ({ id }, _properties, { call }) => unlessGone(call('logs', 'DeleteLogGroup', { logGroupName: id })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html */
const metricFilter: ResourceType = {
  properties: {
    FilterName: 'replace',
    LogGroupName: 'replace',
    FilterPattern: 'in-place',
    MetricTransformations: 'in-place',
  },
  required: ['FilterPattern', 'LogGroupName', 'MetricTransformations'],
  named: 'FilterName',
  attributes: [],
  create: async (properties, context) => {
    const filterName = optionalText(properties, 'FilterName') ?? context.name(512);
    await putFilter(filterName, properties, context);
    return { id: filterName, attributes: {} };
  },
  update: async (physical, properties, _before, context) => {
    await putFilter(physical.id, properties, context);
    return physical;
  },
  delete: ({ id }, properties, { call }) =>
    unlessGone(call('logs', 'DeleteMetricFilter', { filterName: id, logGroupName: text(properties, 'LogGroupName') })),
};

async function putFilter(
  filterName: string,
  properties: Parameters<ResourceType['create']>[0],
  { call }: ResourceContext,
) {
  await call('logs', 'PutMetricFilter', {
    filterName,
    logGroupName: text(properties, 'LogGroupName'),
    filterPattern: text(properties, 'FilterPattern'),
    metricTransformations: objects(properties, 'MetricTransformations').map((transformation) => {
      const dimensions = transformation['Dimensions'] === undefined ? undefined : objects(transformation, 'Dimensions');
      return {
        metricName: text(transformation, 'MetricName'),
        metricNamespace: text(transformation, 'MetricNamespace'),
        metricValue: text(transformation, 'MetricValue'),
        ...('DefaultValue' in pick(transformation, 'DefaultValue') && { defaultValue: transformation['DefaultValue'] }),
        ...('Unit' in pick(transformation, 'Unit') && { unit: transformation['Unit'] }),
        ...(dimensions && {
          dimensions: Object.fromEntries(
            dimensions.map((dimension) => [text(dimension, 'Key'), text(dimension, 'Value')]),
          ),
        }),
      };
    }),
  });
}

export const LOGS_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::MetricFilter': metricFilter,
};
