import type * as ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Cloud, type Operations } from '../kernel/index.ts';
import { block } from './cidr.ts';
import { inUse, invalid, missing, select, tagsOf, type Ec2Records } from './records.ts';
import { page } from './page.ts';

type Table = ec2.RouteTable & { readonly RouteTableId: string; readonly VpcId: string };
type Endpoint = ec2.VpcEndpoint & { readonly VpcEndpointId: string; readonly VpcId: string };
type Gateway = ec2.InternetGateway & { readonly InternetGatewayId: string };

/** Route tables, internet gateways, VPC endpoints. */
export function routing(cloud: Cloud, records: Ec2Records): Operations {
  return { ...routeTables(cloud, records), ...internetGateways(cloud, records), ...endpoints(cloud, records) };
}

function routeTables(cloud: Cloud, records: Ec2Records): Operations {
  const change = (id: string | undefined, update: (table: Table) => Partial<ec2.RouteTable>): void => {
    const table = records.get<Table>('routeTable', id);
    records.put('routeTable', table.RouteTableId, { ...table, ...update(table) });
  };
  const tableOfAssociation = (id: string | undefined): Table => {
    const table = records
      .all<Table>('routeTable')
      .find(({ Associations }) => Associations?.some(({ RouteTableAssociationId }) => RouteTableAssociationId === id));
    if (!table) throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id ?? ''}' does not exist`);
    return table;
  };
  return {
    CreateRouteTable: (input: ec2.CreateRouteTableRequest) => {
      const vpc = records.get<ec2.Vpc>('vpc', input.VpcId);
      const id = records.newId('routeTable');
      const table: Table = {
        RouteTableId: id,
        VpcId: input.VpcId ?? '',
        OwnerId: cloud.accountId,
        Associations: [],
        Routes: [
          { DestinationCidrBlock: vpc.CidrBlock, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
        ],
        Tags: tagsOf(input.TagSpecifications),
      };
      records.put('routeTable', id, table);
      return { RouteTable: table };
    },
    DescribeRouteTables: (input: ec2.DescribeRouteTablesRequest) => {
      const wanted = input.RouteTableIds?.length
        ? input.RouteTableIds.map((id) => records.get<Table>('routeTable', id))
        : records.all<Table>('routeTable');
      const found = select(wanted, input.Filters, {
        'route-table-id': (table: Table) => table.RouteTableId,
        'vpc-id': (table: Table) => table.VpcId,
        'association.subnet-id': (table: Table) => table.Associations?.flatMap(({ SubnetId }) => SubnetId ?? []),
      });
      const { items: RouteTables, NextToken } = page(found, input);
      return { RouteTables, NextToken };
    },
    DeleteRouteTable: ({ RouteTableId: id }: ec2.DeleteRouteTableRequest) => {
      const table = records.get<Table>('routeTable', id);
      if ((table.Associations?.length ?? 0) > 0) throw inUse(table.RouteTableId);
      records.remove('routeTable', table.RouteTableId);
      return {};
    },
    CreateRoute: (input: ec2.CreateRouteRequest) => {
      const { DestinationCidrBlock: destination, GatewayId: gateway } = input;
      if (destination === undefined) throw missing('destinationCidrBlock');
      block(destination);
      if (gateway === undefined) throw invalid('Only routes to an internet gateway are supported by this EC2');
      records.get('internetGateway', gateway);
      change(input.RouteTableId, ({ Routes: routes = [] }) => {
        if (routes.some(({ DestinationCidrBlock }) => DestinationCidrBlock === destination))
          throw new AwsError('RouteAlreadyExists', `The route identified by ${destination} already exists.`);
        return {
          Routes: [
            ...routes,
            { DestinationCidrBlock: destination, GatewayId: gateway, Origin: 'CreateRoute', State: 'active' },
          ],
        };
      });
      return { Return: true };
    },
    DeleteRoute: (input: ec2.DeleteRouteRequest) => {
      change(input.RouteTableId, ({ Routes: routes = [] }) => {
        const kept = routes.filter((route) => route.DestinationCidrBlock !== input.DestinationCidrBlock);
        if (kept.length === routes.length)
          throw new AwsError(
            'InvalidRoute.NotFound',
            `no route with destination-cidr-block ${input.DestinationCidrBlock ?? ''}`,
          );
        return { Routes: kept };
      });
      return {};
    },
    AssociateRouteTable: ({ RouteTableId: id, SubnetId: subnet }: ec2.AssociateRouteTableRequest) => {
      records.get('subnet', subnet);
      const taken = records
        .all<Table>('routeTable')
        .some(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === subnet));
      if (taken)
        throw new AwsError(
          'Resource.AlreadyAssociated',
          `the specified association for subnet ${subnet ?? ''} conflicts with an existing association`,
        );
      const association = {
        RouteTableAssociationId: `rtbassoc-${cloud.ids.hex(17)}`,
        RouteTableId: id,
        SubnetId: subnet,
        Main: false,
        AssociationState: { State: 'associated' },
      } satisfies ec2.RouteTableAssociation;
      change(id, ({ Associations: associations = [] }) => ({ Associations: [...associations, association] }));
      return { AssociationId: association.RouteTableAssociationId, AssociationState: { State: 'associated' } };
    },
    DisassociateRouteTable: ({ AssociationId: id }: ec2.DisassociateRouteTableRequest) => {
      change(tableOfAssociation(id).RouteTableId, ({ Associations: associations = [] }) => ({
        Associations: associations.filter(({ RouteTableAssociationId }) => RouteTableAssociationId !== id),
      }));
      return {};
    },
  };
}

function internetGateways(cloud: Cloud, records: Ec2Records): Operations {
  return {
    CreateInternetGateway: (input: ec2.CreateInternetGatewayRequest) => {
      const id = records.newId('internetGateway');
      const gateway: Gateway = {
        InternetGatewayId: id,
        OwnerId: cloud.accountId,
        Attachments: [],
        Tags: tagsOf(input.TagSpecifications),
      };
      records.put('internetGateway', id, gateway);
      return { InternetGateway: gateway };
    },
    DescribeInternetGateways: (input: ec2.DescribeInternetGatewaysRequest) => {
      const wanted = input.InternetGatewayIds?.length
        ? input.InternetGatewayIds.map((id) => records.get<Gateway>('internetGateway', id))
        : records.all<Gateway>('internetGateway');
      const found = select(wanted, input.Filters, {
        'attachment.vpc-id': (gateway: Gateway) => gateway.Attachments?.flatMap(({ VpcId }) => VpcId ?? []),
      });
      const { items: InternetGateways, NextToken } = page(found, input);
      return { InternetGateways, NextToken };
    },
    AttachInternetGateway: ({ InternetGatewayId: id, VpcId: vpcId }: ec2.AttachInternetGatewayRequest) => {
      const gateway = records.get<Gateway>('internetGateway', id);
      records.get('vpc', vpcId);
      if ((gateway.Attachments?.length ?? 0) > 0)
        throw new AwsError(
          'Resource.AlreadyAssociated',
          `resource ${gateway.InternetGatewayId} is already attached to a network`,
        );
      records.put('internetGateway', gateway.InternetGatewayId, {
        ...gateway,
        Attachments: [{ State: 'available', VpcId: vpcId }],
      });
      return {};
    },
    DetachInternetGateway: ({ InternetGatewayId: id, VpcId: vpcId }: ec2.DetachInternetGatewayRequest) => {
      const gateway = records.get<Gateway>('internetGateway', id);
      if (!gateway.Attachments?.some((attachment) => attachment.VpcId === vpcId))
        throw new AwsError(
          'Gateway.NotAttached',
          `resource ${gateway.InternetGatewayId} is not attached to network ${vpcId ?? ''}`,
        );
      records.put('internetGateway', gateway.InternetGatewayId, { ...gateway, Attachments: [] });
      return {};
    },
    DeleteInternetGateway: ({ InternetGatewayId: id }: ec2.DeleteInternetGatewayRequest) => {
      const gateway = records.get<Gateway>('internetGateway', id);
      if ((gateway.Attachments?.length ?? 0) > 0) throw inUse(gateway.InternetGatewayId);
      records.remove('internetGateway', gateway.InternetGatewayId);
      return {};
    },
  };
}

function endpoints(cloud: Cloud, records: Ec2Records): Operations {
  const groupsOf = (ids: readonly string[] | undefined) =>
    (ids ?? []).map((id) => ({
      GroupId: id,
      GroupName: records.get<ec2.SecurityGroup>('securityGroup', id).GroupName ?? '',
    }));
  const withChanges = (
    ids: readonly string[] | undefined,
    add?: readonly string[],
    remove?: readonly string[],
  ): string[] => [...new Set([...(ids ?? []), ...(add ?? [])])].filter((id) => !remove?.includes(id));
  return {
    CreateVpcEndpoint: (input: ec2.CreateVpcEndpointRequest) => {
      records.get('vpc', input.VpcId);
      const type = input.VpcEndpointType ?? 'Gateway';
      if (type !== 'Gateway' && type !== 'Interface')
        throw invalid(`VpcEndpointType ${type} is not supported by this EC2`);
      if (input.ServiceName === undefined) throw missing('serviceName');
      const prefix = `com.amazonaws.${cloud.region}.`;
      if (!input.ServiceName.startsWith(prefix))
        throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${input.ServiceName}' does not exist`);
      for (const id of input.SubnetIds ?? []) records.get('subnet', id);
      for (const id of input.RouteTableIds ?? []) records.get('routeTable', id);
      const id = records.newId('endpoint');
      const endpoint: Endpoint = {
        VpcEndpointId: id,
        VpcEndpointType: type,
        VpcId: input.VpcId ?? '',
        ServiceName: input.ServiceName,
        State: 'Available',
        PolicyDocument: input.PolicyDocument,
        RouteTableIds: input.RouteTableIds ?? [],
        SubnetIds: input.SubnetIds ?? [],
        Groups: groupsOf(input.SecurityGroupIds),
        PrivateDnsEnabled: input.PrivateDnsEnabled ?? false,
        CreationTimestamp: new Date(cloud.clock.now()),
        OwnerId: cloud.accountId,
        Tags: tagsOf(input.TagSpecifications),
      };
      records.put('endpoint', id, endpoint);
      return { VpcEndpoint: endpoint };
    },
    DescribeVpcEndpoints: (input: ec2.DescribeVpcEndpointsRequest) => {
      const wanted = input.VpcEndpointIds?.length
        ? input.VpcEndpointIds.map((id) => records.get<Endpoint>('endpoint', id))
        : records.all<Endpoint>('endpoint');
      const found = select(wanted, input.Filters, {
        'vpc-endpoint-id': (endpoint: Endpoint) => endpoint.VpcEndpointId,
        'vpc-id': (endpoint: Endpoint) => endpoint.VpcId,
        'service-name': (endpoint: Endpoint) => endpoint.ServiceName,
        'vpc-endpoint-type': (endpoint: Endpoint) => endpoint.VpcEndpointType,
      });
      const { items, NextToken } = page(found, input);
      return {
        VpcEndpoints: items.map((endpoint) => ({
          ...endpoint,
          CreationTimestamp: new Date(endpoint.CreationTimestamp ?? 0),
        })),
        NextToken,
      };
    },
    ModifyVpcEndpoint: (input: ec2.ModifyVpcEndpointRequest) => {
      const endpoint = records.get<Endpoint>('endpoint', input.VpcEndpointId);
      const groups = endpoint.Groups?.flatMap(({ GroupId }) => GroupId ?? []);
      records.put('endpoint', endpoint.VpcEndpointId, {
        ...endpoint,
        PolicyDocument: input.ResetPolicy ? undefined : (input.PolicyDocument ?? endpoint.PolicyDocument),
        PrivateDnsEnabled: input.PrivateDnsEnabled ?? endpoint.PrivateDnsEnabled,
        RouteTableIds: withChanges(endpoint.RouteTableIds, input.AddRouteTableIds, input.RemoveRouteTableIds),
        SubnetIds: withChanges(endpoint.SubnetIds, input.AddSubnetIds, input.RemoveSubnetIds),
        Groups: groupsOf(withChanges(groups, input.AddSecurityGroupIds, input.RemoveSecurityGroupIds)),
      });
      return { Return: true };
    },
    DeleteVpcEndpoints: ({ VpcEndpointIds: ids = [] }: ec2.DeleteVpcEndpointsRequest) => {
      for (const id of ids) records.get('endpoint', id);
      for (const id of ids) records.remove('endpoint', id);
      return { Unsuccessful: [] };
    },
  };
}
