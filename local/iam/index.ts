import type { Cloud, Service } from '../kernel/index.ts';
import { instanceProfiles } from './instance-profiles.ts';
import { policies } from './policies.ts';
import { createRecords } from './records.ts';
import { roles } from './roles.ts';

/** AWS Identity and Access Management: roles, policies, instance profiles. It keeps them; it does not enforce them. */
export function createIam(cloud: Cloud): Service {
  const records = createRecords(cloud);
  return {
    name: 'iam',
    client: '@aws-sdk/client-iam',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    operations: { ...roles(cloud, records), ...policies(cloud, records), ...instanceProfiles(cloud, records) },
  };
}
