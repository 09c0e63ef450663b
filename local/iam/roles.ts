import type * as iam from '@aws-sdk/client-iam';
import type { Cloud, Operations } from '../kernel/index.ts';
import { deleteConflict, invalidInput, limitExceeded, noSuchEntity } from './errors.ts';
import { page } from './pages.ts';
import { checkPolicy, LONGEST_INLINE_POLICIES, LONGEST_TRUST_POLICY, policySize } from './policy-document.ts';
import { checkName, checkPath, uniqueId, type Records, type Role, type Tag } from './records.ts';

const LONGEST_ROLE_NAME = 64;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_ATTACHED_POLICIES = 10;
const MOST_TAGS = 50;
const SHORTEST_SESSION_SECONDS = 3600;
const LONGEST_SESSION_SECONDS = 43_200;

/** Policy documents travel percent-encoded in IAM's answers. */
export const encoded = (document: string): string => encodeURIComponent(document);

export function describeRole(role: Role): iam.Role {
  return {
    RoleName: role.name,
    Path: role.path,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encoded(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    ...(role.permissionsBoundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'Policy',
        PermissionsBoundaryArn: role.permissionsBoundary,
      } as unknown as iam.AttachedPermissionsBoundary,
    }),
    Tags: role.tags.map((tag) => ({ ...tag })),
  };
}

function checkTags(tags: readonly iam.Tag[] | undefined): readonly Tag[] {
  const checked = (tags ?? []).map(({ Key: key, Value: value }) => {
    if (key === undefined || key === '' || key.length > 128 || key.startsWith('aws:'))
      throw invalidInput(`Tag key ${JSON.stringify(key)} is not valid`);
    return { Key: key, Value: value ?? '' };
  });
  if (checked.length > MOST_TAGS) throw limitExceeded(`Cannot exceed quota for TagsPerRole: ${MOST_TAGS}`);
  return checked;
}

function checkSession(seconds: number | undefined): number {
  const value = seconds ?? SHORTEST_SESSION_SECONDS;
  if (value < SHORTEST_SESSION_SECONDS || value > LONGEST_SESSION_SECONDS)
    throw invalidInput(`MaxSessionDuration must be from ${SHORTEST_SESSION_SECONDS} to ${LONGEST_SESSION_SECONDS}`);
  return value;
}

function checkTrust(document: string | undefined): string {
  const checked = checkPolicy(document, 'trust');
  if (policySize(checked) > LONGEST_TRUST_POLICY)
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${LONGEST_TRUST_POLICY}`);
  return checked;
}

/** An AWS managed policy exists without having been made; one of this account has to have been. */
function checkPolicyArn(records: Records, arn: string | undefined): string {
  if (arn !== undefined && /^arn:aws:iam::aws:policy\/.+/.test(arn)) return arn;
  if (arn === undefined || !/^arn:aws:iam::\d{12}:policy\/.+/.test(arn))
    throw invalidInput(`ARN ${arn ?? ''} is not valid.`);
  if (!records.has('policy', arn)) throw noSuchEntity(`Policy ${arn}`);
  return arn;
}

export function roles(cloud: Cloud, records: Records): Operations {
  const change = (name: string | undefined, update: (role: Role) => void): Record<string, never> => {
    const role = records.role(name);
    update(role);
    records.saveRole(role);
    return {};
  };
  return {
    CreateRole: (input: iam.CreateRoleRequest) => {
      const name = checkName(input.RoleName, 'roleName', LONGEST_ROLE_NAME);
      const path = checkPath(input.Path);
      const role: Role = {
        name,
        path,
        id: uniqueId(cloud, 'AROA'),
        arn: `arn:aws:iam::${cloud.accountId}:role${path}${name}`,
        createdAt: cloud.clock.now(),
        trustPolicy: checkTrust(input.AssumeRolePolicyDocument),
        description: input.Description ?? '',
        maxSessionSeconds: checkSession(input.MaxSessionDuration),
        permissionsBoundary: input.PermissionsBoundary,
        tags: checkTags(input.Tags),
        inline: {},
        attached: [],
      };
      records.addRole(role);
      return { Role: describeRole(role) };
    },
    GetRole: ({ RoleName: name }: iam.GetRoleRequest) => ({ Role: describeRole(records.role(name)) }),
    ListRoles: ({ PathPrefix: prefix = '/', ...paging }: iam.ListRolesRequest) => {
      const { items, more } = page(
        records.roles().filter(({ path }) => path.startsWith(prefix)),
        paging,
      );
      return { Roles: items.map(describeRole), ...more };
    },
    DeleteRole: ({ RoleName: name }: iam.DeleteRoleRequest) => {
      const role = records.role(name);
      if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
      if (Object.keys(role.inline).length > 0)
        throw deleteConflict('Cannot delete entity, must delete policies first.');
      if (records.profiles().some((profile) => profile.role === role.name))
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
      records.removeRole(role.name);
      return {};
    },
    UpdateRole: (input: iam.UpdateRoleRequest) =>
      change(input.RoleName, (role) => {
        role.description = input.Description ?? '';
        role.maxSessionSeconds = checkSession(input.MaxSessionDuration ?? role.maxSessionSeconds);
      }),
    UpdateAssumeRolePolicy: (input: iam.UpdateAssumeRolePolicyRequest) =>
      change(input.RoleName, (role) => {
        role.trustPolicy = checkTrust(input.PolicyDocument);
      }),
    PutRolePermissionsBoundary: (input: iam.PutRolePermissionsBoundaryRequest) =>
      change(input.RoleName, (role) => {
        role.permissionsBoundary = checkPolicyArn(records, input.PermissionsBoundary);
      }),
    DeleteRolePermissionsBoundary: (input: iam.DeleteRolePermissionsBoundaryRequest) =>
      change(input.RoleName, (role) => {
        role.permissionsBoundary = undefined;
      }),
    TagRole: (input: iam.TagRoleRequest) =>
      change(input.RoleName, (role) => {
        const added = checkTags(input.Tags);
        role.tags = checkTags([...role.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key)), ...added]);
      }),
    UntagRole: (input: iam.UntagRoleRequest) =>
      change(input.RoleName, (role) => {
        role.tags = role.tags.filter(({ Key }) => !input.TagKeys?.includes(Key));
      }),
    ListRoleTags: ({ RoleName: name, ...paging }: iam.ListRoleTagsRequest) => {
      const { items, more } = page(records.role(name).tags, paging);
      return { Tags: items, ...more };
    },

    PutRolePolicy: (input: iam.PutRolePolicyRequest) =>
      change(input.RoleName, (role) => {
        const name = checkName(input.PolicyName, 'policyName', 128);
        const inline = { ...role.inline, [name]: checkPolicy(input.PolicyDocument, 'identity') };
        const size = Object.values(inline).reduce((sum, document) => sum + policySize(document), 0);
        if (size > LONGEST_INLINE_POLICIES)
          throw limitExceeded(`Maximum policy size of ${LONGEST_INLINE_POLICIES} bytes exceeded for role ${role.name}`);
        role.inline = inline;
      }),
    GetRolePolicy: ({ RoleName: roleName, PolicyName: name = '' }: iam.GetRolePolicyRequest) => {
      const { inline } = records.role(roleName);
      const document = Object.hasOwn(inline, name) ? inline[name] : undefined;
      if (document === undefined) throw noSuchEntity(`The role policy with name ${name}`);
      return { RoleName: roleName, PolicyName: name, PolicyDocument: encoded(document) };
    },
    ListRolePolicies: ({ RoleName: name, ...paging }: iam.ListRolePoliciesRequest) => {
      const { items, more } = page(Object.keys(records.role(name).inline).toSorted(), paging);
      return { PolicyNames: items, ...more };
    },
    DeleteRolePolicy: ({ RoleName: roleName, PolicyName: name = '' }: iam.DeleteRolePolicyRequest) =>
      change(roleName, (role) => {
        if (!Object.hasOwn(role.inline, name)) throw noSuchEntity(`The role policy with name ${name}`);
        role.inline = Object.fromEntries(Object.entries(role.inline).filter(([other]) => other !== name));
      }),

    AttachRolePolicy: ({ RoleName: roleName, PolicyArn: arn }: iam.AttachRolePolicyRequest) =>
      change(roleName, (role) => {
        const attached = [...new Set([...role.attached, checkPolicyArn(records, arn)])];
        if (attached.length > MOST_ATTACHED_POLICIES)
          throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${MOST_ATTACHED_POLICIES}`);
        role.attached = attached;
      }),
    DetachRolePolicy: ({ RoleName: roleName, PolicyArn: arn }: iam.DetachRolePolicyRequest) =>
      change(roleName, (role) => {
        if (arn === undefined || !role.attached.includes(arn)) throw noSuchEntity(`Policy ${arn ?? ''}`);
        role.attached = role.attached.filter((other) => other !== arn);
      }),
    ListAttachedRolePolicies: ({
      RoleName: name,
      PathPrefix: _prefix,
      ...paging
    }: iam.ListAttachedRolePoliciesRequest) => {
      const { items, more } = page(records.role(name).attached, paging);
      const named = items.map((arn) => ({ PolicyArn: arn, PolicyName: arn.slice(arn.lastIndexOf('/') + 1) }));
      return { AttachedPolicies: named, ...more };
    },
  };
}
