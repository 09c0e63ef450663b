import type * as iam from '@aws-sdk/client-iam';
import type { Cloud, Operations } from '../kernel/index.ts';
import { deleteConflict, entityExists, limitExceeded, noSuchEntity } from './errors.ts';
import { page } from './pages.ts';
import { checkName, checkPath, uniqueId, type InstanceProfile, type Records } from './records.ts';
import { describeRole } from './roles.ts';

export function instanceProfiles(cloud: Cloud, records: Records): Operations {
  const describe = (profile: InstanceProfile): iam.InstanceProfile => ({
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    Path: profile.path,
    CreateDate: new Date(profile.createdAt),
    Roles: profile.role === undefined ? [] : [describeRole(records.role(profile.role))],
  });
  return {
    CreateInstanceProfile: (input: iam.CreateInstanceProfileRequest) => {
      const name = checkName(input.InstanceProfileName, 'instanceProfileName', 128);
      const path = checkPath(input.Path);
      if (records.has('profile', name)) throw entityExists(`Instance Profile ${name}`);
      const profile: InstanceProfile = {
        name,
        path,
        id: uniqueId(cloud, 'AIPA'),
        arn: `arn:aws:iam::${cloud.accountId}:instance-profile${path}${name}`,
        createdAt: cloud.clock.now(),
      };
      records.saveProfile(profile);
      return { InstanceProfile: describe(profile) };
    },
    GetInstanceProfile: ({ InstanceProfileName: name }: iam.GetInstanceProfileRequest) => ({
      InstanceProfile: describe(records.profile(name)),
    }),
    ListInstanceProfiles: ({ PathPrefix: prefix = '/', ...paging }: iam.ListInstanceProfilesRequest) => {
      const { items, more } = page(
        records.profiles().filter(({ path }) => path.startsWith(prefix)),
        paging,
      );
      return { InstanceProfiles: items.map(describe), ...more };
    },
    ListInstanceProfilesForRole: ({ RoleName: name, ...paging }: iam.ListInstanceProfilesForRoleRequest) => {
      const role = records.role(name);
      const { items, more } = page(
        records.profiles().filter((profile) => profile.role === role.name),
        paging,
      );
      return { InstanceProfiles: items.map(describe), ...more };
    },
    AddRoleToInstanceProfile: (input: iam.AddRoleToInstanceProfileRequest) => {
      const profile = records.profile(input.InstanceProfileName);
      const role = records.role(input.RoleName);
      if (profile.role !== undefined)
        throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
      profile.role = role.name;
      records.saveProfile(profile);
      return {};
    },
    RemoveRoleFromInstanceProfile: (input: iam.RemoveRoleFromInstanceProfileRequest) => {
      const profile = records.profile(input.InstanceProfileName);
      if (profile.role === undefined || profile.role !== input.RoleName)
        throw noSuchEntity(`Role ${input.RoleName ?? ''} in instance profile ${profile.name}`);
      profile.role = undefined;
      records.saveProfile(profile);
      return {};
    },
    DeleteInstanceProfile: ({ InstanceProfileName: name }: iam.DeleteInstanceProfileRequest) => {
      const profile = records.profile(name);
      if (profile.role !== undefined)
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
      records.removeProfile(profile.name);
      return {};
    },
  };
}
