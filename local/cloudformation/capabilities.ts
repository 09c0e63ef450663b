import type { Template } from './template/template.ts';

/** Types that can change permissions, and the property that names each. */
const IAM_TYPES: Readonly<Record<string, string>> = {
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': '',
  'AWS::IAM::Role': 'RoleName',
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html#using-iam-capabilities */
export function requiredCapabilities(template: Template): {
  readonly capability: 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | undefined;
  readonly reason: string | undefined;
} {
  const resources = Object.values(template.resources).filter(({ type }) => Object.hasOwn(IAM_TYPES, type));
  if (resources.length === 0) return { capability: undefined, reason: undefined };
  const named = resources.some(({ type, properties }) => properties[IAM_TYPES[type] ?? ''] !== undefined);
  const types = [...new Set(resources.map(({ type }) => type))].toSorted();
  return {
    capability: named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    reason: `The following resource(s) require capabilities: [${types.join(', ')}]`,
  };
}
