import type * as api from '@aws-sdk/client-redshift-serverless';
import { AwsError, required, type Operations } from '../kernel/index.ts';
import { notFound, validation } from './errors.ts';

export type Tags = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_TagResource.html */
const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/** `before` with the tags of a request. */
export function tagsOf(given: readonly api.Tag[] | undefined, before: Tags = {}): Tags {
  const added = (given ?? []).map(({ key, value }): readonly [string, string] => {
    const name = required(key, 'tags.member.key');
    if (name === '' || name.length > LONGEST_KEY || name.startsWith('aws:'))
      throw validation(`The tag key '${name}' is not valid.`);
    const text = required(value, 'tags.member.value');
    if (text.length > LONGEST_VALUE) throw validation(`The value of tag '${name}' is not valid.`);
    return [name, text];
  });
  const tags = { ...before, ...Object.fromEntries(added) };
  if (Object.keys(tags).length > MOST_TAGS)
    throw new AwsError('TooManyTagsException', `A resource can have ${MOST_TAGS} tags at most.`);
  return tags;
}

/** A namespace or a workgroup, as the operations on tags see it. */
export interface Tagged {
  readonly arn: string;
  readonly tags: Tags;
  replace(tags: Tags): void;
}

export function tagOperations(all: () => readonly Tagged[]): Operations {
  const find = (arn: string | undefined): Tagged => {
    const wanted = required(arn, 'resourceArn');
    const found = all().find((resource) => resource.arn === wanted);
    if (!found) throw notFound('resource', wanted);
    return found;
  };
  return {
    TagResource: (input: api.TagResourceRequest): api.TagResourceResponse => {
      const resource = find(input.resourceArn);
      resource.replace(tagsOf(required(input.tags, 'tags'), resource.tags));
      return {};
    },
    UntagResource: (input: api.UntagResourceRequest): api.UntagResourceResponse => {
      const resource = find(input.resourceArn);
      const gone = new Set(required(input.tagKeys, 'tagKeys'));
      resource.replace(Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !gone.has(key))));
      return {};
    },
    ListTagsForResource: (input: api.ListTagsForResourceRequest): api.ListTagsForResourceResponse => ({
      tags: Object.entries(find(input.resourceArn).tags).map(([key, value]) => ({ key, value })),
    }),
  };
}
