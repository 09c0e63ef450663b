import type * as ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Cloud, type Operations } from '../kernel/index.ts';
import { invalid, missing, select, tagsOf, type Ec2Records } from './records.ts';
import { page } from './page.ts';

type Group = ec2.SecurityGroup & { readonly GroupId: string; readonly GroupName: string };

const EVERYTHING_OUT: ec2.IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** Every VPC has one. */
export function createDefaultGroup(cloud: Cloud, records: Ec2Records, vpcId: string): void {
  addGroup(cloud, records, { GroupName: 'default', Description: 'default VPC security group', VpcId: vpcId });
}

function addGroup(cloud: Cloud, records: Ec2Records, input: ec2.CreateSecurityGroupRequest): Group {
  const id = records.newId('securityGroup');
  const group: Group = {
    GroupId: id,
    GroupName: input.GroupName ?? '',
    Description: input.Description ?? '',
    VpcId: input.VpcId,
    OwnerId: cloud.accountId,
    SecurityGroupArn: cloud.arn('ec2', `security-group/${id}`),
    IpPermissions: [],
    IpPermissionsEgress: [EVERYTHING_OUT],
    Tags: tagsOf(input.TagSpecifications),
  };
  records.put('securityGroup', id, group);
  return group;
}

/** One permission a source: what AWS itself makes of a list of them. */
function singleRules(permissions: readonly ec2.IpPermission[] | undefined): ec2.IpPermission[] {
  return (permissions ?? []).flatMap(({ IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs, ...ports }) => [
    ...(IpRanges ?? []).map((range) => ({ ...ports, IpRanges: [range] })),
    ...(Ipv6Ranges ?? []).map((range) => ({ ...ports, Ipv6Ranges: [range] })),
    ...(PrefixListIds ?? []).map((range) => ({ ...ports, PrefixListIds: [range] })),
    ...(UserIdGroupPairs ?? []).map((pair) => ({ ...ports, UserIdGroupPairs: [pair] })),
  ]);
}

/** What tells rules apart: everything but the description. */
const identity = (rule: ec2.IpPermission): string =>
  JSON.stringify([
    rule.IpProtocol,
    rule.FromPort,
    rule.ToPort,
    rule.IpRanges?.map(({ CidrIp }) => CidrIp),
    rule.Ipv6Ranges?.map(({ CidrIpv6 }) => CidrIpv6),
    rule.PrefixListIds?.map(({ PrefixListId }) => PrefixListId),
    rule.UserIdGroupPairs?.map(({ GroupId }) => GroupId),
  ]);

export function securityGroups(cloud: Cloud, records: Ec2Records): Operations {
  const authorize =
    (side: 'IpPermissions' | 'IpPermissionsEgress') => (input: ec2.AuthorizeSecurityGroupEgressRequest) => {
      const group = records.get<Group>('securityGroup', input.GroupId);
      const added = singleRules(input.IpPermissions);
      if (added.length === 0) throw missing('ipPermissions');
      for (const { UserIdGroupPairs: pairs } of added)
        for (const { GroupId: id } of pairs ?? []) records.get('securityGroup', id);
      const present = new Set(group[side]?.map(identity));
      const twice = added.find((rule) => present.has(identity(rule)));
      if (twice) throw new AwsError('InvalidPermission.Duplicate', 'the specified rule already exists');
      records.put('securityGroup', group.GroupId, { ...group, [side]: [...(group[side] ?? []), ...added] });
      return {
        Return: true,
        SecurityGroupRules: added.map(() => ({ SecurityGroupRuleId: `sgr-${cloud.ids.hex(17)}` })),
      };
    };
  const revoke = (side: 'IpPermissions' | 'IpPermissionsEgress') => (input: ec2.RevokeSecurityGroupEgressRequest) => {
    const group = records.get<Group>('securityGroup', input.GroupId);
    const gone = new Set(singleRules(input.IpPermissions).map(identity));
    const kept = (group[side] ?? []).filter((rule) => !gone.has(identity(rule)));
    if (kept.length === (group[side]?.length ?? 0))
      throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    records.put('securityGroup', group.GroupId, { ...group, [side]: kept });
    return { Return: true };
  };
  return {
    CreateSecurityGroup: (input: ec2.CreateSecurityGroupRequest) => {
      const { GroupName: name = '', Description: description = '', VpcId: vpcId } = input;
      records.get('vpc', vpcId);
      const allowed = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
      if (!allowed.test(name) || name.startsWith('sg-'))
        throw invalid(`Value (${name}) for parameter GroupName is invalid.`);
      if (!allowed.test(description))
        throw invalid(
          `Value (${description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.`,
        );
      if (records.all<Group>('securityGroup').some((other) => other.VpcId === vpcId && other.GroupName === name))
        throw new AwsError(
          'InvalidGroup.Duplicate',
          `The security group '${name}' already exists for VPC '${vpcId ?? ''}'`,
        );
      const group = addGroup(cloud, records, input);
      return { GroupId: group.GroupId, SecurityGroupArn: group.SecurityGroupArn, Tags: group.Tags };
    },
    DescribeSecurityGroups: (input: ec2.DescribeSecurityGroupsRequest) => {
      const wanted = input.GroupIds?.length
        ? input.GroupIds.map((id) => records.get<Group>('securityGroup', id))
        : records.all<Group>('securityGroup');
      const found = select(wanted, input.Filters, {
        'group-id': (group: Group) => group.GroupId,
        'group-name': (group: Group) => group.GroupName,
        'vpc-id': (group: Group) => group.VpcId,
      });
      const { items: SecurityGroups, NextToken } = page(found, input);
      return { SecurityGroups, NextToken };
    },
    DeleteSecurityGroup: ({ GroupId: id = '' }: ec2.DeleteSecurityGroupRequest) => {
      const group = records.get<Group>('securityGroup', id);
      if (group.GroupName === 'default')
        throw new AwsError('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
      const named = records
        .all<Group>('securityGroup')
        .filter(({ GroupId }) => GroupId !== id)
        .flatMap(({ IpPermissions, IpPermissionsEgress }) => [...(IpPermissions ?? []), ...(IpPermissionsEgress ?? [])])
        .some(({ UserIdGroupPairs: pairs }) => pairs?.some(({ GroupId }) => GroupId === id));
      const attached = records
        .all<ec2.VpcEndpoint>('endpoint')
        .some(({ Groups }) => Groups?.some(({ GroupId }) => GroupId === id));
      if (named || attached) throw new AwsError('DependencyViolation', `resource ${id} has a dependent object`);
      records.remove('securityGroup', id);
      return { Return: true, GroupId: id };
    },
    AuthorizeSecurityGroupIngress: authorize('IpPermissions'),
    AuthorizeSecurityGroupEgress: authorize('IpPermissionsEgress'),
    RevokeSecurityGroupIngress: revoke('IpPermissions'),
    RevokeSecurityGroupEgress: revoke('IpPermissionsEgress'),
  };
}
