import type { Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template/json-value.ts';
import {
  flag,
  jsonText,
  lastPart,
  objects,
  omit,
  optionalText,
  pick,
  removedTagKeys,
  text,
  texts,
  unlessGone,
} from './values.ts';

/** Tags as a creation takes them. */
const tagged = (type: string, properties: Properties): JsonObject =>
  properties['Tags'] === undefined || objects(properties, 'Tags').length === 0
    ? {}
    : { TagSpecifications: [{ ResourceType: type, Tags: objects(properties, 'Tags') }] };

async function setTags(id: string, after: Properties, before: Properties, { call }: ResourceContext): Promise<void> {
  const tags = objects(after, 'Tags');
  const gone = removedTagKeys(after, before).map((Key) => ({ Key }));
  if (gone.length > 0) await call('ec2', 'DeleteTags', { Resources: [id], Tags: gone });
  if (tags.length > 0) await call('ec2', 'CreateTags', { Resources: [id], Tags: tags });
}

async function setDns(VpcId: string, after: Properties, before: Properties, { call }: ResourceContext): Promise<void> {
  for (const [name, fallback] of [
    ['EnableDnsSupport', true],
    ['EnableDnsHostnames', false],
  ] as const) {
    const wanted = after[name] ?? fallback;
    if (String(wanted) !== String(before[name] ?? fallback))
      await call('ec2', 'ModifyVpcAttribute', { VpcId, [name]: { Value: wanted } });
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html */
const vpc: ResourceType = {
  properties: {
    CidrBlock: 'replace',
    EnableDnsHostnames: 'in-place',
    EnableDnsSupport: 'in-place',
    InstanceTenancy: 'replace',
    Tags: 'in-place',
  },
  required: ['CidrBlock'],
  attributes: ['CidrBlock', 'DefaultSecurityGroup', 'VpcId'],
  create: async (properties, context) => {
    const { call } = context;
    const { Vpc: created } = await call<{ readonly Vpc: { readonly VpcId: string } }>('ec2', 'CreateVpc', {
      ...pick(properties, 'CidrBlock', 'InstanceTenancy'),
      ...tagged('vpc', properties),
    });
    const { VpcId } = created;
    context.exists(VpcId);
    await setDns(VpcId, properties, {}, context);
    const { SecurityGroups: groups } = await call<{ readonly SecurityGroups: readonly { readonly GroupId: string }[] }>(
      'ec2',
      'DescribeSecurityGroups',
      {
        Filters: [
          { Name: 'vpc-id', Values: [VpcId] },
          { Name: 'group-name', Values: ['default'] },
        ],
      },
    );
    return {
      id: VpcId,
      attributes: { VpcId, CidrBlock: text(properties, 'CidrBlock'), DefaultSecurityGroup: groups[0]?.GroupId ?? '' },
    };
  },
  update: async (physical, properties, before, context) => {
    await setDns(physical.id, properties, before, context);
    await setTags(physical.id, properties, before, context);
    return physical;
  },
  delete: ({ id: VpcId }, _properties, { call }) => unlessGone(call('ec2', 'DeleteVpc', { VpcId })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html */
const subnet: ResourceType = {
  properties: {
    AvailabilityZone: 'replace',
    CidrBlock: 'replace',
    MapPublicIpOnLaunch: 'in-place',
    Tags: 'in-place',
    VpcId: 'replace',
  },
  required: ['VpcId'],
  attributes: ['AvailabilityZone', 'CidrBlock', 'SubnetId', 'VpcId'],
  create: async (properties, context) => {
    const { Subnet: created } = await context.call<{
      readonly Subnet: {
        readonly SubnetId: string;
        readonly AvailabilityZone: string;
        readonly CidrBlock: string;
        readonly VpcId: string;
      };
    }>('ec2', 'CreateSubnet', {
      ...pick(properties, 'AvailabilityZone', 'CidrBlock', 'VpcId'),
      ...tagged('subnet', properties),
    });
    const { SubnetId, AvailabilityZone, CidrBlock, VpcId } = created;
    context.exists(SubnetId);
    if (flag(properties, 'MapPublicIpOnLaunch'))
      await context.call('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } });
    return { id: SubnetId, attributes: { SubnetId, AvailabilityZone, CidrBlock, VpcId } };
  },
  update: async (physical, properties, before, context) => {
    const MapPublicIpOnLaunch = { Value: flag(properties, 'MapPublicIpOnLaunch') };
    await context.call('ec2', 'ModifySubnetAttribute', { SubnetId: physical.id, MapPublicIpOnLaunch });
    await setTags(physical.id, properties, before, context);
    return physical;
  },
  delete: ({ id: SubnetId }, _properties, { call }) => unlessGone(call('ec2', 'DeleteSubnet', { SubnetId })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-routetable.html */
const routeTable: ResourceType = {
  properties: { Tags: 'in-place', VpcId: 'replace' },
  required: ['VpcId'],
  attributes: ['RouteTableId'],
  create: async (properties, { call }) => {
    const { RouteTable: created } = await call<{ readonly RouteTable: { readonly RouteTableId: string } }>(
      'ec2',
      'CreateRouteTable',
      { ...pick(properties, 'VpcId'), ...tagged('route-table', properties) },
    );
    const { RouteTableId } = created;
    return { id: RouteTableId, attributes: { RouteTableId } };
  },
  update: async (physical, properties, before, context) => {
    await setTags(physical.id, properties, before, context);
    return physical;
  },
  delete: ({ id: RouteTableId }, _properties, { call }) =>
    unlessGone(call('ec2', 'DeleteRouteTable', { RouteTableId })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html */
const route: ResourceType = {
  properties: { DestinationCidrBlock: 'replace', GatewayId: 'replace', RouteTableId: 'replace' },
  required: ['RouteTableId'],
  attributes: ['CidrBlock'],
  create: async (properties, { call }) => {
    await call('ec2', 'CreateRoute', properties);
    const cidr = text(properties, 'DestinationCidrBlock');
    return { id: `${text(properties, 'RouteTableId')}|${cidr}`, attributes: { CidrBlock: cidr } };
  },
  delete: (_physical, properties, { call }) =>
    unlessGone(call('ec2', 'DeleteRoute', pick(properties, 'RouteTableId', 'DestinationCidrBlock'))),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnetroutetableassociation.html */
const subnetRouteTableAssociation: ResourceType = {
  properties: { RouteTableId: 'replace', SubnetId: 'replace' },
  required: ['RouteTableId', 'SubnetId'],
  attributes: ['Id'],
  create: async (properties, { call }) => {
    const { AssociationId } = await call<{ readonly AssociationId: string }>('ec2', 'AssociateRouteTable', properties);
    return { id: AssociationId, attributes: { Id: AssociationId } };
  },
  delete: ({ id: AssociationId }, _properties, { call }) =>
    unlessGone(call('ec2', 'DisassociateRouteTable', { AssociationId })),
};

/** A rule as templates write it, as the API takes it. */
function permission(rule: JsonObject, side: 'Ingress' | 'Egress'): JsonObject {
  const description = pick(rule, 'Description');
  const group = rule[side === 'Ingress' ? 'SourceSecurityGroupId' : 'DestinationSecurityGroupId'];
  const prefixList = rule[side === 'Ingress' ? 'SourcePrefixListId' : 'DestinationPrefixListId'];
  return {
    ...pick(rule, 'IpProtocol', 'FromPort', 'ToPort'),
    ...(rule['CidrIp'] !== undefined && { IpRanges: [{ CidrIp: rule['CidrIp'], ...description }] }),
    ...(rule['CidrIpv6'] !== undefined && { Ipv6Ranges: [{ CidrIpv6: rule['CidrIpv6'], ...description }] }),
    ...(prefixList !== undefined && { PrefixListIds: [{ PrefixListId: prefixList, ...description }] }),
    ...(group !== undefined && { UserIdGroupPairs: [{ GroupId: group, ...description }] }),
  };
}

const EVERYTHING_OUT: JsonObject = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };

/** Rules of one side. Without outgoing rules of its own a group lets everything out. */
const rulesOf = (properties: Properties, side: 'Ingress' | 'Egress'): readonly JsonObject[] => {
  const rules = objects(properties, `SecurityGroup${side}`);
  return side === 'Egress' && properties['SecurityGroupEgress'] === undefined ? [EVERYTHING_OUT] : rules;
};

async function setRules(
  GroupId: string,
  after: Properties,
  before: Properties,
  { call }: ResourceContext,
): Promise<void> {
  for (const side of ['Ingress', 'Egress'] as const) {
    const [rules, old] = [rulesOf(after, side), rulesOf(before, side)];
    const keyed = new Set(rules.map((rule) => JSON.stringify(rule)));
    const oldKeyed = new Set(old.map((rule) => JSON.stringify(rule)));
    for (const rule of old)
      if (!keyed.has(JSON.stringify(rule)))
        await unlessGone(
          call('ec2', `RevokeSecurityGroup${side}`, { GroupId, IpPermissions: [permission(rule, side)] }),
        );
    for (const rule of rules)
      if (!oldKeyed.has(JSON.stringify(rule)))
        await call('ec2', `AuthorizeSecurityGroup${side}`, { GroupId, IpPermissions: [permission(rule, side)] });
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html */
const securityGroup: ResourceType = {
  properties: {
    GroupDescription: 'replace',
    GroupName: 'replace',
    SecurityGroupEgress: 'in-place',
    SecurityGroupIngress: 'in-place',
    Tags: 'in-place',
    VpcId: 'replace',
  },
  required: ['GroupDescription', 'VpcId'],
  named: 'GroupName',
  attributes: ['GroupId', 'Id', 'VpcId'],
  create: async (properties, context) => {
    const { GroupId } = await context.call<{ readonly GroupId: string }>('ec2', 'CreateSecurityGroup', {
      GroupName: optionalText(properties, 'GroupName') ?? context.name(255),
      Description: text(properties, 'GroupDescription'),
      VpcId: text(properties, 'VpcId'),
      ...tagged('security-group', properties),
    });
    context.exists(GroupId);
    await setRules(GroupId, properties, {}, context);
    return { id: GroupId, attributes: { GroupId, Id: GroupId, VpcId: text(properties, 'VpcId') } };
  },
  update: async (physical, properties, before, context) => {
    await setRules(physical.id, properties, before, context);
    await setTags(physical.id, properties, before, context);
    return physical;
  },
  delete: ({ id: GroupId }, _properties, { call }) => unlessGone(call('ec2', 'DeleteSecurityGroup', { GroupId })),
};

function ruleType(side: 'Ingress' | 'Egress'): ResourceType {
  const peer = side === 'Ingress' ? 'Source' : 'Destination';
  const names = ['CidrIp', 'CidrIpv6', 'Description', 'FromPort', 'GroupId', 'IpProtocol', 'ToPort'];
  return {
    properties: Object.fromEntries(
      [...names, `${peer}SecurityGroupId`, `${peer}PrefixListId`].map((name) => [name, 'replace' as const]),
    ),
    required: ['GroupId', 'IpProtocol'],
    attributes: ['Id'],
    create: async (properties, { call }) => {
      const answer = await call<{ readonly SecurityGroupRules: readonly { readonly SecurityGroupRuleId: string }[] }>(
        'ec2',
        `AuthorizeSecurityGroup${side}`,
        { GroupId: text(properties, 'GroupId'), IpPermissions: [permission(properties, side)] },
      );
      const id = answer.SecurityGroupRules[0]?.SecurityGroupRuleId ?? '';
      return { id, attributes: { Id: id } };
    },
    delete: (_physical, properties, { call }) =>
      unlessGone(
        call('ec2', `RevokeSecurityGroup${side}`, {
          GroupId: text(properties, 'GroupId'),
          IpPermissions: [permission(properties, side)],
        }),
      ),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html */
const vpcEndpoint: ResourceType = {
  properties: {
    PolicyDocument: 'in-place',
    PrivateDnsEnabled: 'in-place',
    RouteTableIds: 'in-place',
    SecurityGroupIds: 'in-place',
    ServiceName: 'replace',
    SubnetIds: 'in-place',
    Tags: 'in-place',
    VpcEndpointType: 'replace',
    VpcId: 'replace',
  },
  required: ['ServiceName', 'VpcId'],
  attributes: ['CreationTimestamp', 'Id'],
  create: async (properties, { call }) => {
    const { VpcEndpoint: created } = await call<{
      readonly VpcEndpoint: { readonly VpcEndpointId: string; readonly CreationTimestamp?: Date };
    }>('ec2', 'CreateVpcEndpoint', {
      ...omit(properties, 'Tags', 'PolicyDocument'),
      ...(properties['PolicyDocument'] !== undefined && { PolicyDocument: jsonText(properties, 'PolicyDocument') }),
      ...tagged('vpc-endpoint', properties),
    });
    const { VpcEndpointId: id, CreationTimestamp: at } = created;
    return { id, attributes: { Id: id, CreationTimestamp: at?.toISOString() ?? '' } };
  },
  update: async (physical, properties, before, context) => {
    const difference = (name: string, from: Properties, to: Properties): readonly string[] =>
      texts(from, name).filter((item) => !texts(to, name).includes(item));
    const changes = ['RouteTableIds', 'SubnetIds', 'SecurityGroupIds'].flatMap((name) => [
      [`Add${name}`, difference(name, properties, before)] as const,
      [`Remove${name}`, difference(name, before, properties)] as const,
    ]);
    await context.call('ec2', 'ModifyVpcEndpoint', {
      VpcEndpointId: physical.id,
      ...pick(properties, 'PrivateDnsEnabled'),
      ...(properties['PolicyDocument'] === undefined
        ? before['PolicyDocument'] !== undefined && { ResetPolicy: true }
        : { PolicyDocument: jsonText(properties, 'PolicyDocument') }),
      ...Object.fromEntries(changes.filter(([, ids]) => ids.length > 0)),
    });
    await setTags(physical.id, properties, before, context);
    return physical;
  },
  delete: ({ id }, _properties, { call }) => unlessGone(call('ec2', 'DeleteVpcEndpoints', { VpcEndpointIds: [id] })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-internetgateway.html */
const internetGateway: ResourceType = {
  properties: { Tags: 'in-place' },
  attributes: ['InternetGatewayId'],
  create: async (properties, { call }) => {
    const { InternetGateway: created } = await call<{
      readonly InternetGateway: { readonly InternetGatewayId: string };
    }>('ec2', 'CreateInternetGateway', tagged('internet-gateway', properties));
    const { InternetGatewayId } = created;
    return { id: InternetGatewayId, attributes: { InternetGatewayId } };
  },
  update: async (physical, properties, before, context) => {
    await setTags(physical.id, properties, before, context);
    return physical;
  },
  delete: ({ id: InternetGatewayId }, _properties, { call }) =>
    unlessGone(call('ec2', 'DeleteInternetGateway', { InternetGatewayId })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcgatewayattachment.html */
const vpcGatewayAttachment: ResourceType = {
  properties: { InternetGatewayId: 'replace', VpcId: 'replace' },
  required: ['InternetGatewayId', 'VpcId'],
  attributes: ['AttachmentType'],
  create: async (properties, { call }) => {
    await call('ec2', 'AttachInternetGateway', properties);
    return { id: `IGW|${text(properties, 'VpcId')}`, attributes: { AttachmentType: 'IGW' } };
  },
  delete: ({ id }, properties, { call }) =>
    unlessGone(
      call('ec2', 'DetachInternetGateway', { ...pick(properties, 'InternetGatewayId'), VpcId: lastPart(id, '|') }),
    ),
};

export const EC2_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::EC2::InternetGateway': internetGateway,
  'AWS::EC2::Route': route,
  'AWS::EC2::RouteTable': routeTable,
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::EC2::SecurityGroupEgress': ruleType('Egress'),
  'AWS::EC2::SecurityGroupIngress': ruleType('Ingress'),
  'AWS::EC2::Subnet': subnet,
  'AWS::EC2::SubnetRouteTableAssociation': subnetRouteTableAssociation,
  'AWS::EC2::VPC': vpc,
  'AWS::EC2::VPCEndpoint': vpcEndpoint,
  'AWS::EC2::VPCGatewayAttachment': vpcGatewayAttachment,
};
