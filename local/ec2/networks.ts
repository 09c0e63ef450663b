import type * as ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Cloud, type Operations } from '../kernel/index.ts';
import { block, contains, overlap } from './cidr.ts';
import { inUse, invalid, missing, select, tagsOf, type Ec2Records } from './records.ts';
import { page } from './page.ts';
import { createDefaultGroup } from './security-groups.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const SHORTEST_PREFIX = 16;
const LONGEST_PREFIX = 28;
/** Of every subnet, AWS keeps the first four addresses and the last. */
const RESERVED_ADDRESSES = 5;
const ZONE_LETTERS = ['a', 'b', 'c'] as const;

interface StoredVpc extends ec2.Vpc {
  readonly VpcId: string;
  readonly CidrBlock: string;
  EnableDnsSupport: boolean;
  EnableDnsHostnames: boolean;
}

type StoredSubnet = ec2.Subnet & { readonly SubnetId: string; readonly VpcId: string; readonly CidrBlock: string };

/** VPCs, subnets, availability zones. */
export function networks(cloud: Cloud, records: Ec2Records): Operations {
  const describeVpc = ({ EnableDnsSupport: _support, EnableDnsHostnames: _hostnames, ...vpc }: StoredVpc): ec2.Vpc =>
    vpc;
  const zones = ZONE_LETTERS.map((letter) => `${cloud.region}${letter}`);
  return {
    CreateVpc: (input: ec2.CreateVpcRequest) => {
      if (input.CidrBlock === undefined) throw missing('cidrBlock');
      block(input.CidrBlock, SHORTEST_PREFIX, LONGEST_PREFIX);
      const id = records.newId('vpc');
      const vpc: StoredVpc = {
        VpcId: id,
        CidrBlock: input.CidrBlock,
        State: 'available',
        IsDefault: false,
        InstanceTenancy: input.InstanceTenancy ?? 'default',
        OwnerId: cloud.accountId,
        DhcpOptionsId: 'default',
        CidrBlockAssociationSet: [
          {
            AssociationId: `vpc-cidr-assoc-${cloud.ids.hex(17)}`,
            CidrBlock: input.CidrBlock,
            CidrBlockState: { State: 'associated' },
          },
        ],
        Tags: tagsOf(input.TagSpecifications),
        EnableDnsSupport: true,
        EnableDnsHostnames: false,
      };
      records.put('vpc', id, vpc);
      createDefaultGroup(cloud, records, id);
      return { Vpc: describeVpc(vpc) };
    },
    DescribeVpcs: (input: ec2.DescribeVpcsRequest) => {
      const wanted = input.VpcIds?.length
        ? input.VpcIds.map((id) => records.get<StoredVpc>('vpc', id))
        : records.all<StoredVpc>('vpc');
      const fields = {
        'vpc-id': (vpc: StoredVpc) => vpc.VpcId,
        cidr: (vpc: StoredVpc) => vpc.CidrBlock,
        state: () => 'available',
      };
      const { items, NextToken } = page(select(wanted, input.Filters, fields), input);
      return { Vpcs: items.map(describeVpc), NextToken };
    },
    DescribeVpcAttribute: ({ VpcId: id, Attribute: attribute }: ec2.DescribeVpcAttributeRequest) => {
      const vpc = records.get<StoredVpc>('vpc', id);
      if (attribute === 'enableDnsSupport') return { VpcId: id, EnableDnsSupport: { Value: vpc.EnableDnsSupport } };
      if (attribute === 'enableDnsHostnames')
        return { VpcId: id, EnableDnsHostnames: { Value: vpc.EnableDnsHostnames } };
      throw invalid(`Value (${attribute ?? ''}) for parameter attribute is invalid.`);
    },
    ModifyVpcAttribute: (input: ec2.ModifyVpcAttributeRequest) => {
      const vpc = records.get<StoredVpc>('vpc', input.VpcId);
      vpc.EnableDnsSupport = input.EnableDnsSupport?.Value ?? vpc.EnableDnsSupport;
      vpc.EnableDnsHostnames = input.EnableDnsHostnames?.Value ?? vpc.EnableDnsHostnames;
      records.put('vpc', vpc.VpcId, vpc);
      return {};
    },
    DeleteVpc: ({ VpcId: id }: ec2.DeleteVpcRequest) => {
      const vpc = records.get<StoredVpc>('vpc', id);
      const groups = records.all<ec2.SecurityGroup>('securityGroup').filter(({ VpcId }) => VpcId === id);
      const users = (['subnet', 'routeTable', 'endpoint'] as const).flatMap((kind) =>
        records.all<{ readonly VpcId?: string }>(kind).filter(({ VpcId }) => VpcId === id),
      );
      const gateways = records
        .all<ec2.InternetGateway>('internetGateway')
        .filter(({ Attachments: attachments }) => attachments?.some(({ VpcId }) => VpcId === id));
      if (users.length > 0 || gateways.length > 0 || groups.some(({ GroupName }) => GroupName !== 'default'))
        throw new AwsError('DependencyViolation', `The vpc '${vpc.VpcId}' has dependencies and cannot be deleted.`);
      for (const { GroupId } of groups) records.remove('securityGroup', GroupId ?? '');
      records.remove('vpc', vpc.VpcId);
      return {};
    },

    CreateSubnet: (input: ec2.CreateSubnetRequest) => {
      const vpc = records.get<StoredVpc>('vpc', input.VpcId);
      if (input.CidrBlock === undefined) throw missing('cidrBlock');
      const own = block(input.CidrBlock, SHORTEST_PREFIX, LONGEST_PREFIX);
      if (!contains(block(vpc.CidrBlock), own))
        throw new AwsError('InvalidSubnet.Range', `The CIDR '${input.CidrBlock}' is invalid.`);
      const siblings = records.all<StoredSubnet>('subnet').filter(({ VpcId }) => VpcId === vpc.VpcId);
      if (siblings.some((other) => overlap(block(other.CidrBlock), own)))
        throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${input.CidrBlock}' conflicts with another subnet`);
      const zone = input.AvailabilityZone ?? zones[0] ?? '';
      if (!zones.includes(zone))
        throw invalid(
          `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(', ')}.`,
        );
      const id = records.newId('subnet');
      const subnet: StoredSubnet = {
        SubnetId: id,
        SubnetArn: cloud.arn('ec2', `subnet/${id}`),
        VpcId: vpc.VpcId,
        CidrBlock: input.CidrBlock,
        AvailabilityZone: zone,
        AvailabilityZoneId: `use1-az${zones.indexOf(zone) + 1}`,
        AvailableIpAddressCount: own.to - own.from + 1 - RESERVED_ADDRESSES,
        MapPublicIpOnLaunch: false,
        DefaultForAz: false,
        State: 'available',
        OwnerId: cloud.accountId,
        Tags: tagsOf(input.TagSpecifications),
      };
      records.put('subnet', id, subnet);
      return { Subnet: subnet };
    },
    DescribeSubnets: (input: ec2.DescribeSubnetsRequest) => {
      const wanted = input.SubnetIds?.length
        ? input.SubnetIds.map((id) => records.get<StoredSubnet>('subnet', id))
        : records.all<StoredSubnet>('subnet');
      const found = select(wanted, input.Filters, {
        'subnet-id': (subnet: StoredSubnet) => subnet.SubnetId,
        'vpc-id': (subnet: StoredSubnet) => subnet.VpcId,
        'availability-zone': (subnet: StoredSubnet) => subnet.AvailabilityZone,
        'cidr-block': (subnet: StoredSubnet) => subnet.CidrBlock,
      });
      const { items: Subnets, NextToken } = page(found, input);
      return { Subnets, NextToken };
    },
    ModifySubnetAttribute: (input: ec2.ModifySubnetAttributeRequest) => {
      const subnet = records.get<StoredSubnet>('subnet', input.SubnetId);
      records.put('subnet', subnet.SubnetId, {
        ...subnet,
        MapPublicIpOnLaunch: input.MapPublicIpOnLaunch?.Value ?? subnet.MapPublicIpOnLaunch,
      });
      return {};
    },
    DeleteSubnet: ({ SubnetId: id = '' }: ec2.DeleteSubnetRequest) => {
      records.get<StoredSubnet>('subnet', id);
      if (records.all<ec2.VpcEndpoint>('endpoint').some(({ SubnetIds }) => SubnetIds?.includes(id))) throw inUse(id);
      for (const table of records.all<ec2.RouteTable>('routeTable'))
        if (table.Associations?.some(({ SubnetId }) => SubnetId === id))
          records.put('routeTable', table.RouteTableId ?? '', {
            ...table,
            Associations: table.Associations.filter(({ SubnetId }) => SubnetId !== id),
          });
      records.remove('subnet', id);
      return {};
    },
    DescribeAvailabilityZones: () => ({
      AvailabilityZones: zones.map((zone, at) => ({
        ZoneName: zone,
        ZoneId: `use1-az${at + 1}`,
        RegionName: cloud.region,
        State: 'available',
        ZoneType: 'availability-zone',
      })),
    }),
  };
}
