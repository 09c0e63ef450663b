import type { Cloud } from '../kernel/index.ts';
import { entityExists, invalidInput, noSuchEntity } from './errors.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  trustPolicy: string;
  description: string;
  maxSessionSeconds: number;
  permissionsBoundary?: string | undefined;
  tags: readonly Tag[];
  /** Inline policies, by name. */
  inline: Readonly<Record<string, string>>;
  /** ARNs of attached managed policies. */
  attached: readonly string[];
}

export interface PolicyVersion {
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description: string;
  versions: readonly PolicyVersion[];
  defaultVersion: string;
  /** Number of the last version made; numbers are never used again. */
  lastVersion: number;
}

export interface InstanceProfile {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  role?: string | undefined;
}

const ROLE = 'iam.role';
const POLICY = 'iam.policy';
const PROFILE = 'iam.instance-profile';

/** Roles, policies and instance profiles as documents. */
export interface Records {
  role(name: string | undefined): Role;
  roles(): readonly Role[];
  saveRole(role: Role): void;
  addRole(role: Role): void;
  removeRole(name: string): void;
  policy(arn: string | undefined): ManagedPolicy;
  policies(): readonly ManagedPolicy[];
  savePolicy(policy: ManagedPolicy): void;
  removePolicy(arn: string): void;
  profile(name: string | undefined): InstanceProfile;
  profiles(): readonly InstanceProfile[];
  saveProfile(profile: InstanceProfile): void;
  removeProfile(name: string): void;
  has(kind: 'role' | 'policy' | 'profile', id: string): boolean;
}

export function createRecords({ documents }: Cloud): Records {
  const find = <T>(kind: string, id: string | undefined, what: string): T => {
    const found = id === undefined ? undefined : documents.get<T>(kind, id.toLowerCase());
    if (!found) throw noSuchEntity(what);
    return found;
  };
  const all = <T>(kind: string): readonly T[] => documents.list<T>(kind).map(({ document }) => document);
  return {
    role: (name) => find<Role>(ROLE, name, `The role with name ${name ?? ''}`),
    roles: () => all<Role>(ROLE),
    saveRole: (role) => documents.put(ROLE, role.name.toLowerCase(), role),
    addRole: (role) => {
      // Names are unique whatever their case.
      if (documents.get(ROLE, role.name.toLowerCase())) throw entityExists(`Role with name ${role.name}`);
      documents.put(ROLE, role.name.toLowerCase(), role);
    },
    removeRole: (name) => void documents.delete(ROLE, name.toLowerCase()),
    policy: (arn) => find<ManagedPolicy>(POLICY, arn, `Policy ${arn ?? ''}`),
    policies: () => all<ManagedPolicy>(POLICY),
    savePolicy: (policy) => documents.put(POLICY, policy.arn.toLowerCase(), policy),
    removePolicy: (arn) => void documents.delete(POLICY, arn.toLowerCase()),
    profile: (name) => find<InstanceProfile>(PROFILE, name, `Instance Profile ${name ?? ''}`),
    profiles: () => all<InstanceProfile>(PROFILE),
    saveProfile: (profile) => documents.put(PROFILE, profile.name.toLowerCase(), profile),
    removeProfile: (name) => void documents.delete(PROFILE, name.toLowerCase()),
    has: (kind, id) =>
      documents.get({ role: ROLE, policy: POLICY, profile: PROFILE }[kind], id.toLowerCase()) !== undefined,
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export function checkName(name: string | undefined, member: string, longest: number): string {
  if (name === undefined || !/^[\w+=,.@-]+$/.test(name) || name.length > longest)
    throw invalidInput(
      `1 validation error detected: Value '${name ?? 'null'}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+ and have length less than or equal to ${longest}`,
    );
  return name;
}

export function checkPath(path: string | undefined): string {
  const value = path ?? '/';
  if (!/^\/([\x21-\x7e]+\/)?$/.test(value) || value.length > 512)
    throw invalidInput(
      `The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
    );
  return value;
}

/** Unique ids begin with a prefix that tells the kind. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export function uniqueId({ ids }: Cloud, prefix: string): string {
  return `${prefix}${ids.hex(17).toUpperCase()}`;
}
