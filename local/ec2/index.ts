import type { Cloud, Service } from '../kernel/index.ts';
import { networks } from './networks.ts';
import { createEc2Records } from './records.ts';
import { routing } from './routing.ts';
import { securityGroups } from './security-groups.ts';
import { tags } from './tags.ts';
import { ec2Wire } from './wire.ts';

const CLIENT = '@aws-sdk/client-ec2';

/** Amazon EC2's networks: VPCs and what is in them are kept and shown; no packet goes through them. */
export function createEc2(cloud: Cloud): Service {
  const records = createEc2Records(cloud);
  const operations = {
    ...networks(cloud, records),
    ...routing(cloud, records),
    ...securityGroups(cloud, records),
    ...tags(records),
  };
  return { name: 'ec2', client: CLIENT, operations, wire: ec2Wire(cloud, CLIENT, operations) };
}
