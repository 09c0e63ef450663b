import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template/json-value.ts';
import { validationError } from '../validation-error.ts';
import { isThere, jsonText, objects, optionalText, pick, removedTagKeys, text, texts, unlessGone } from './values.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_ROLE_NAME = 64;
const LONGEST_NAME = 128;

interface RoleAnswer {
  readonly Role: { readonly RoleName: string; readonly Arn: string; readonly RoleId: string };
}

const physicalRole = ({ Role: role }: RoleAnswer): Physical => ({
  id: role.RoleName,
  attributes: { Arn: role.Arn, RoleId: role.RoleId },
});

/** Attached and inline policies, brought from what they were to what they are to be. */
async function setPolicies(RoleName: string, after: Properties, before: Properties, { call }: ResourceContext) {
  const [arns, oldArns] = [texts(after, 'ManagedPolicyArns'), texts(before, 'ManagedPolicyArns')];
  for (const PolicyArn of arns)
    if (!oldArns.includes(PolicyArn)) await call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  for (const PolicyArn of oldArns)
    if (!arns.includes(PolicyArn)) await unlessGone(call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
  const policies = objects(after, 'Policies');
  for (const policy of policies)
    await call('iam', 'PutRolePolicy', {
      RoleName,
      PolicyName: text(policy, 'PolicyName'),
      PolicyDocument: jsonText(policy, 'PolicyDocument'),
    });
  const names = new Set(policies.map((policy) => text(policy, 'PolicyName')));
  for (const policy of objects(before, 'Policies'))
    if (!names.has(text(policy, 'PolicyName')))
      await unlessGone(call('iam', 'DeleteRolePolicy', { RoleName, PolicyName: text(policy, 'PolicyName') }));
}

async function setRoleTags(RoleName: string, after: Properties, before: Properties, { call }: ResourceContext) {
  const tags = objects(after, 'Tags');
  const gone = removedTagKeys(after, before);
  if (tags.length > 0) await call('iam', 'TagRole', { RoleName, Tags: tags });
  if (gone.length > 0) await call('iam', 'UntagRole', { RoleName, TagKeys: gone });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html */
const role: ResourceType = {
  properties: {
    RoleName: 'replace',
    Path: 'replace',
    AssumeRolePolicyDocument: 'in-place',
    Description: 'in-place',
    ManagedPolicyArns: 'in-place',
    MaxSessionDuration: 'in-place',
    PermissionsBoundary: 'in-place',
    Policies: 'in-place',
    Tags: 'in-place',
  },
  required: ['AssumeRolePolicyDocument'],
  named: 'RoleName',
  attributes: ['Arn', 'RoleId'],
  create: async (properties, context) => {
    const RoleName = optionalText(properties, 'RoleName') ?? context.name(LONGEST_ROLE_NAME);
    const created = await context
      .call<RoleAnswer>('iam', 'CreateRole', {
        RoleName,
        AssumeRolePolicyDocument: jsonText(properties, 'AssumeRolePolicyDocument'),
        ...pick(properties, 'Path', 'Description', 'MaxSessionDuration', 'PermissionsBoundary', 'Tags'),
      })
      .catch((error: unknown) => {
        if (context.resumed && isThere(error)) return context.call<RoleAnswer>('iam', 'GetRole', { RoleName });
        throw error;
      });
    context.exists(RoleName);
    await setPolicies(RoleName, properties, {}, context);
    return physicalRole(created);
  },
  update: async ({ id: RoleName }, properties, before, context) => {
    const { call } = context;
    await call('iam', 'UpdateAssumeRolePolicy', {
      RoleName,
      PolicyDocument: jsonText(properties, 'AssumeRolePolicyDocument'),
    });
    await call('iam', 'UpdateRole', {
      RoleName,
      Description: properties['Description'] ?? '',
      MaxSessionDuration: properties['MaxSessionDuration'] ?? 3600,
    });
    const boundary = properties['PermissionsBoundary'];
    if (boundary !== before['PermissionsBoundary'])
      await (boundary === undefined
        ? call('iam', 'DeleteRolePermissionsBoundary', { RoleName })
        : call('iam', 'PutRolePermissionsBoundary', { RoleName, PermissionsBoundary: boundary }));
    await setPolicies(RoleName, properties, before, context);
    await setRoleTags(RoleName, properties, before, context);
    return physicalRole(await call<RoleAnswer>('iam', 'GetRole', { RoleName }));
  },
  delete: ({ id: RoleName }, properties, context) =>
    unlessGone(
      setPolicies(RoleName, {}, properties, context).then(() => context.call('iam', 'DeleteRole', { RoleName })),
    ),
};

/** Inline policy on roles. Users and groups are not part of this cloud. */
async function putInline(PolicyName: string, after: Properties, before: Properties, { call }: ResourceContext) {
  const roles = texts(after, 'Roles');
  if (roles.length === 0 && after['PolicyDocument'] !== undefined)
    throw validationError('At least one of [Groups,Roles,Users] must be non-empty.');
  for (const RoleName of roles)
    await call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: jsonText(after, 'PolicyDocument') });
  for (const RoleName of texts(before, 'Roles'))
    if (!roles.includes(RoleName)) await unlessGone(call('iam', 'DeleteRolePolicy', { RoleName, PolicyName }));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html */
const policy: ResourceType = {
  properties: { PolicyName: 'replace', PolicyDocument: 'in-place', Roles: 'in-place' },
  required: ['PolicyName', 'PolicyDocument'],
  attributes: ['Id'],
  create: async (properties, context) => {
    const id = context.name(LONGEST_NAME);
    await putInline(text(properties, 'PolicyName'), properties, {}, context);
    return { id, attributes: { Id: id } };
  },
  update: async (physical, properties, before, context) => {
    await putInline(text(properties, 'PolicyName'), properties, before, context);
    return physical;
  },
  delete: (_physical, properties, context) => putInline(text(properties, 'PolicyName'), {}, properties, context),
};

interface PolicyAnswer {
  readonly Policy: { readonly Arn: string; readonly PolicyId: string };
}

async function attach(
  PolicyArn: string,
  after: readonly string[],
  before: readonly string[],
  { call }: ResourceContext,
) {
  for (const RoleName of after)
    if (!before.includes(RoleName)) await call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  for (const RoleName of before)
    if (!after.includes(RoleName)) await unlessGone(call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html */
const managedPolicy: ResourceType = {
  properties: {
    ManagedPolicyName: 'replace',
    Path: 'replace',
    Description: 'replace',
    PolicyDocument: 'in-place',
    Roles: 'in-place',
  },
  required: ['PolicyDocument'],
  named: 'ManagedPolicyName',
  attributes: ['PolicyArn', 'PolicyId'],
  create: async (properties, context) => {
    const PolicyName = optionalText(properties, 'ManagedPolicyName') ?? context.name(LONGEST_NAME);
    const arn = `arn:aws:iam::${context.cloud.accountId}:policy${optionalText(properties, 'Path') ?? '/'}${PolicyName}`;
    const { Policy: created } = await context
      .call<PolicyAnswer>('iam', 'CreatePolicy', {
        PolicyName,
        PolicyDocument: jsonText(properties, 'PolicyDocument'),
        ...pick(properties, 'Path', 'Description'),
      })
      .catch((error: unknown) => {
        if (context.resumed && isThere(error))
          return context.call<PolicyAnswer>('iam', 'GetPolicy', { PolicyArn: arn });
        throw error;
      });
    context.exists(created.Arn);
    await attach(created.Arn, texts(properties, 'Roles'), [], context);
    return { id: created.Arn, attributes: { PolicyArn: created.Arn, PolicyId: created.PolicyId } };
  },
  update: async (physical, properties, before, context) => {
    const PolicyArn = physical.id;
    const PolicyDocument = jsonText(properties, 'PolicyDocument');
    if (PolicyDocument !== jsonText(before, 'PolicyDocument')) {
      // Five versions at most; the oldest that is not in use makes room.
      const { Versions: versions } = await context.call<{
        readonly Versions: readonly { readonly VersionId: string; readonly IsDefaultVersion: boolean }[];
      }>('iam', 'ListPolicyVersions', { PolicyArn });
      for (const { VersionId, IsDefaultVersion } of versions)
        if (!IsDefaultVersion) await context.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId });
      await context.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
    }
    await attach(PolicyArn, texts(properties, 'Roles'), texts(before, 'Roles'), context);
    return physical;
  },
  delete: ({ id: PolicyArn }, properties, context) =>
    unlessGone(
      attach(PolicyArn, [], texts(properties, 'Roles'), context).then(() =>
        context.call('iam', 'DeletePolicy', { PolicyArn }),
      ),
    ),
};

interface ProfileAnswer {
  readonly InstanceProfile: { readonly Arn: string };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html */
const instanceProfile: ResourceType = {
  properties: { InstanceProfileName: 'replace', Path: 'replace', Roles: 'in-place' },
  required: ['Roles'],
  named: 'InstanceProfileName',
  attributes: ['Arn'],
  create: async (properties, context) => {
    const InstanceProfileName = optionalText(properties, 'InstanceProfileName') ?? context.name(LONGEST_NAME);
    const { InstanceProfile: created } = await context
      .call<ProfileAnswer>('iam', 'CreateInstanceProfile', { InstanceProfileName, ...pick(properties, 'Path') })
      .catch((error: unknown) => {
        if (context.resumed && isThere(error))
          return context.call<ProfileAnswer>('iam', 'GetInstanceProfile', { InstanceProfileName });
        throw error;
      });
    context.exists(InstanceProfileName);
    for (const RoleName of texts(properties, 'Roles'))
      await context
        .call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName })
        .catch((error: unknown) => {
          if (!context.resumed) throw error;
        });
    return { id: InstanceProfileName, attributes: { Arn: created.Arn } };
  },
  update: async (physical, properties, before, { call }) => {
    const InstanceProfileName = physical.id;
    const change = async (operation: string, source: JsonObject): Promise<void> => {
      for (const RoleName of texts(source, 'Roles'))
        await unlessGone(call('iam', operation, { InstanceProfileName, RoleName }));
    };
    await change('RemoveRoleFromInstanceProfile', before);
    await change('AddRoleToInstanceProfile', properties);
    return physical;
  },
  delete: async ({ id: InstanceProfileName }, properties, { call }) => {
    for (const RoleName of texts(properties, 'Roles'))
      await unlessGone(call('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName }));
    await unlessGone(call('iam', 'DeleteInstanceProfile', { InstanceProfileName }));
  },
};

export const IAM_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::IAM::InstanceProfile': instanceProfile,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
};
