import { required, type AwsError, type Documents } from '../../kernel/index.ts';
import type { ClusterRecord } from './cluster-record.ts';
import { invalidValue, page, refuseOthers, tagMap } from './parameters.ts';

/** What subnet groups and parameter groups have in common. */
export interface NamedGroup {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What has tags, as the operations on them see it. */
export interface Taggable {
  /** The resource part of its ARN. */
  readonly resource: string;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
  replace(tags: Readonly<Record<string, string>>): void;
}

/** How groups of one kind are kept, called, and refused. */
export interface GroupKind<Group extends NamedGroup> {
  /** The documents' kind. */
  readonly kind: string;
  /** The member that names a group: `ClusterSubnetGroupName`. */
  readonly member: string;
  /** `subnetgroup` */
  readonly resource: string;
  readonly type: Taggable['type'];
  /** A group that is always there, and cannot be made. */
  readonly preset: { readonly name: string; readonly group?: Group };
  readonly notFound: (name: string) => AwsError;
  readonly exists: (name: string) => AwsError;
  readonly inUse: (name: string, cluster: string) => AwsError;
  /** The group a cluster uses. */
  readonly usedBy: (cluster: ClusterRecord) => string;
}

type Listing = Readonly<Record<string, unknown>> & {
  readonly MaxRecords?: number | undefined;
  readonly Marker?: string | undefined;
};

export interface NamedGroups<Group extends NamedGroup> {
  /** @throws AwsError where there is none. */
  get(name: string | undefined): Group;
  put(group: Group): Group;
  /** Makes one. @throws AwsError for a name that is none, or taken. */
  create(
    input: Readonly<{
      name: string | undefined;
      description: string | undefined;
      tags: Parameters<typeof tagMap>[0];
    }>,
    own: Omit<Group, keyof NamedGroup>,
  ): Group;
  /** One page of them, or the one that is named. */
  page(operation: string, input: Listing): { readonly items: readonly Group[]; readonly Marker?: string };
  /** @throws AwsError while a cluster uses it. */
  remove(name: string): void;
  tagged(): readonly Taggable[];
}

/** Keeps the groups of one kind. */
export function namedGroups<Group extends NamedGroup>(
  documents: Documents,
  clusters: () => readonly ClusterRecord[],
  kind: GroupKind<Group>,
): NamedGroups<Group> {
  const camel = kind.member.charAt(0).toLowerCase() + kind.member.slice(1);
  const list = (): readonly Group[] => documents.list<Group>(kind.kind).map(({ document }) => document);
  const put = (group: Group): Group => {
    documents.put(kind.kind, group.name, group);
    return group;
  };
  const get = (given: string | undefined): Group => {
    const name = required(given, camel);
    const found = name === kind.preset.name ? kind.preset.group : documents.get<Group>(kind.kind, name.toLowerCase());
    if (!found) throw kind.notFound(name);
    return found;
  };
  return {
    get,
    put,
    create: ({ name: given, description, tags }, own) => {
      const name = required(given, camel).toLowerCase();
      if (!/^[a-z0-9][a-z0-9._-]{0,254}$/.test(name)) throw invalidValue(`Invalid ${kind.member}: '${name}'`);
      if (name === kind.preset.name && !kind.preset.group)
        throw invalidValue(`${kind.member} must not be '${kind.preset.name}'`);
      if (name === kind.preset.name || documents.get(kind.kind, name)) throw kind.exists(name);
      const common: NamedGroup = { name, description: required(description, 'description'), tags: tagMap(tags) };
      return put({ ...common, ...own } as Group);
    },
    page: (operation, input) => {
      refuseOthers(operation, input, [kind.member, 'MaxRecords', 'Marker']);
      const name = input[kind.member];
      const always = kind.preset.group ? [kind.preset.group] : [];
      const all = typeof name === 'string' && name !== '' ? [get(name)] : [...always, ...list()];
      return page(
        all.map((group) => ({ ...group, id: group.name })),
        input,
      );
    },
    remove: (name) => {
      const user = clusters().find((cluster) => kind.usedBy(cluster) === name);
      if (user) throw kind.inUse(name, user.identifier);
      documents.delete(kind.kind, name);
    },
    tagged: () =>
      list().map((group) => ({
        resource: `${kind.resource}:${group.name}`,
        type: kind.type,
        tags: group.tags,
        replace: (tags) => void put({ ...group, tags }),
      })),
  };
}
