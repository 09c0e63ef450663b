import type * as iam from '@aws-sdk/client-iam';
import type { Cloud, Operations } from '../kernel/index.ts';
import { deleteConflict, entityExists, limitExceeded, noSuchEntity } from './errors.ts';
import { page } from './pages.ts';
import { checkPolicy, LONGEST_MANAGED_POLICY, policySize } from './policy-document.ts';
import { checkName, checkPath, uniqueId, type ManagedPolicy, type PolicyVersion, type Records } from './records.ts';
import { encoded } from './roles.ts';

const LONGEST_POLICY_NAME = 128;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_VERSIONS = 5;

function checkDocument(document: string | undefined): string {
  const checked = checkPolicy(document, 'identity');
  if (policySize(checked) > LONGEST_MANAGED_POLICY)
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${LONGEST_MANAGED_POLICY}`);
  return checked;
}

function describePolicy(records: Records, policy: ManagedPolicy): iam.Policy {
  const attachments = records.roles().filter(({ attached }) => attached.includes(policy.arn)).length;
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.versions.at(-1)?.createdAt ?? policy.createdAt),
    Tags: [],
  };
}

function describeVersion(policy: ManagedPolicy, version: PolicyVersion): iam.PolicyVersion {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: new Date(version.createdAt),
    Document: encoded(version.document),
  };
}

function versionOf(policy: ManagedPolicy, id: string | undefined): PolicyVersion {
  const version = policy.versions.find((other) => other.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id ?? ''}`);
  return version;
}

export function policies(cloud: Cloud, records: Records): Operations {
  return {
    CreatePolicy: (input: iam.CreatePolicyRequest) => {
      const name = checkName(input.PolicyName, 'policyName', LONGEST_POLICY_NAME);
      const path = checkPath(input.Path);
      const arn = `arn:aws:iam::${cloud.accountId}:policy${path}${name}`;
      const document = checkDocument(input.PolicyDocument);
      if (records.policies().some((other) => other.name.toLowerCase() === name.toLowerCase()))
        throw entityExists(`A policy called ${name}`);
      const createdAt = cloud.clock.now();
      const policy: ManagedPolicy = {
        name,
        path,
        id: uniqueId(cloud, 'ANPA'),
        arn,
        createdAt,
        description: input.Description ?? '',
        versions: [{ id: 'v1', document, createdAt }],
        defaultVersion: 'v1',
        lastVersion: 1,
      };
      records.savePolicy(policy);
      return { Policy: describePolicy(records, policy) };
    },
    GetPolicy: ({ PolicyArn: arn }: iam.GetPolicyRequest) => ({ Policy: describePolicy(records, records.policy(arn)) }),
    ListPolicies: ({ OnlyAttached: attached, Scope: scope, ...paging }: iam.ListPoliciesRequest) => {
      const own = scope === 'AWS' ? [] : records.policies().map((policy) => describePolicy(records, policy));
      const { items, more } = page(
        own.filter((policy) => !attached || (policy.AttachmentCount ?? 0) > 0),
        paging,
      );
      return { Policies: items, ...more };
    },
    DeletePolicy: ({ PolicyArn: arn }: iam.DeletePolicyRequest) => {
      const policy = records.policy(arn);
      if (records.roles().some(({ attached }) => attached.includes(policy.arn)))
        throw deleteConflict('Cannot delete a policy attached to entities.');
      if (policy.versions.length > 1)
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      records.removePolicy(policy.arn);
      return {};
    },
    CreatePolicyVersion: (input: iam.CreatePolicyVersionRequest) => {
      const policy = records.policy(input.PolicyArn);
      if (policy.versions.length >= MOST_VERSIONS)
        throw limitExceeded(
          `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
        );
      policy.lastVersion += 1;
      const version: PolicyVersion = {
        id: `v${policy.lastVersion}`,
        document: checkDocument(input.PolicyDocument),
        createdAt: cloud.clock.now(),
      };
      policy.versions = [...policy.versions, version];
      if (input.SetAsDefault) policy.defaultVersion = version.id;
      records.savePolicy(policy);
      return { PolicyVersion: describeVersion(policy, version) };
    },
    GetPolicyVersion: ({ PolicyArn: arn, VersionId: id }: iam.GetPolicyVersionRequest) => {
      const policy = records.policy(arn);
      return { PolicyVersion: describeVersion(policy, versionOf(policy, id)) };
    },
    ListPolicyVersions: ({ PolicyArn: arn, ...paging }: iam.ListPolicyVersionsRequest) => {
      const policy = records.policy(arn);
      const { items, more } = page(policy.versions.toReversed(), paging);
      return { Versions: items.map((version) => describeVersion(policy, version)), ...more };
    },
    SetDefaultPolicyVersion: ({ PolicyArn: arn, VersionId: id }: iam.SetDefaultPolicyVersionRequest) => {
      const policy = records.policy(arn);
      policy.defaultVersion = versionOf(policy, id).id;
      records.savePolicy(policy);
      return {};
    },
    DeletePolicyVersion: ({ PolicyArn: arn, VersionId: id }: iam.DeletePolicyVersionRequest) => {
      const policy = records.policy(arn);
      const version = versionOf(policy, id);
      if (version.id === policy.defaultVersion) throw deleteConflict('Cannot delete the default version of a policy.');
      policy.versions = policy.versions.filter((other) => other !== version);
      records.savePolicy(policy);
      return {};
    },
  };
}
