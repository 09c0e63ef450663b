import type { Cloud, Service, Unsupported } from '../kernel/index.ts';
import { networks } from './networks.ts';
import { createEc2Records } from './records.ts';
import { routing } from './routing.ts';
import { securityGroups } from './security-groups.ts';
import { tags } from './tags.ts';
import { ec2Wire } from './wire.ts';

const CLIENT = '@aws-sdk/client-ec2';

const GROUP_OF_EC2_CLASSIC = ['SourceSecurityGroupName', 'SourceSecurityGroupOwnerId'];

const UNSUPPORTED: Unsupported = {
  CreateVpc: [
    'AmazonProvidedIpv6CidrBlock',
    'Ipv6CidrBlock',
    'Ipv6Pool',
    'Ipv4IpamPoolId',
    'Ipv6IpamPoolId',
    'VpcEncryptionControl',
  ],
  ModifyVpcAttribute: ['EnableNetworkAddressUsageMetrics'],
  CreateSubnet: ['Ipv6CidrBlock', 'Ipv6Native', 'OutpostArn', 'Ipv4IpamPoolId', 'Ipv6IpamPoolId'],
  ModifySubnetAttribute: [
    'AssignIpv6AddressOnCreation',
    'EnableDns64',
    'PrivateDnsHostnameTypeOnLaunch',
    'EnableResourceNameDnsARecordOnLaunch',
    'EnableResourceNameDnsAAAARecordOnLaunch',
  ],
  CreateVpcEndpoint: [
    'IpAddressType',
    'DnsOptions',
    'SubnetConfigurations',
    'ServiceNetworkArn',
    'ResourceConfigurationArn',
    'ServiceRegion',
  ],
  ModifyVpcEndpoint: ['IpAddressType', 'DnsOptions', 'SubnetConfigurations'],
  AuthorizeSecurityGroupIngress: GROUP_OF_EC2_CLASSIC,
  AuthorizeSecurityGroupEgress: GROUP_OF_EC2_CLASSIC,
  RevokeSecurityGroupIngress: [...GROUP_OF_EC2_CLASSIC, 'SecurityGroupRuleIds'],
  RevokeSecurityGroupEgress: [...GROUP_OF_EC2_CLASSIC, 'SecurityGroupRuleIds'],
  DescribeSecurityGroups: ['GroupNames'],
  DescribeAvailabilityZones: ['ZoneNames', 'ZoneIds', 'Filters'],
};

/** Amazon EC2's networks: VPCs and what is in them are kept and shown; no packet goes through them. */
export function createEc2(cloud: Cloud): Service {
  const records = createEc2Records(cloud);
  const operations = {
    ...networks(cloud, records),
    ...routing(cloud, records),
    ...securityGroups(cloud, records),
    ...tags(records),
  };
  const service = { name: 'ec2', client: CLIENT, operations, unsupported: UNSUPPORTED };
  return { ...service, wire: ec2Wire(cloud, service) };
}
