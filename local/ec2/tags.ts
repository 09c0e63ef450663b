import type * as ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operations } from '../kernel/index.ts';
import { KINDS, type Ec2Records, type KindName, type Tag } from './records.ts';

/** Tags of any kind of resource; the id says which. */
export function tags(records: Ec2Records): Operations {
  const kindOf = (id: string): KindName => {
    const found = Object.entries(KINDS).find(([, { prefix }]) => id.startsWith(`${prefix}-`));
    if (!found) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    return found[0] as KindName;
  };
  const change = (
    ids: readonly string[] | undefined,
    update: (tags: readonly Tag[]) => readonly Tag[],
  ): Record<string, never> => {
    for (const id of ids ?? []) {
      const kind = kindOf(id);
      const record = records.get<{ readonly Tags?: readonly Tag[] }>(kind, id);
      records.put(kind, id, { ...record, Tags: update(record.Tags ?? []) });
    }
    return {};
  };
  return {
    CreateTags: ({ Resources: ids, Tags: added = [] }: ec2.CreateTagsRequest) =>
      change(ids, (old) => [...old.filter(({ Key }) => !added.some((tag) => tag.Key === Key)), ...added]),
    DeleteTags: ({ Resources: ids, Tags: gone }: ec2.DeleteTagsRequest) =>
      change(ids, (old) => (gone ? old.filter(({ Key }) => !gone.some((tag) => tag.Key === Key)) : [])),
  };
}
