import type { ResourceType } from '../resource-type.ts';

/**
 * A handle is but a URL; as a resource it often stands for "nothing".
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitconditionhandle.html
 */
const waitConditionHandle: ResourceType = {
  properties: {},
  attributes: [],
  create: (_properties, { cloud, name }) =>
    Promise.resolve({
      id: `https://cloudformation-waitcondition-${cloud.region}.s3.${cloud.region}.amazonaws.com/${name(128)}`,
      attributes: {},
    }),
  delete: () => Promise.resolve(),
};

export const CLOUDFORMATION_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::CloudFormation::WaitConditionHandle': waitConditionHandle,
};
