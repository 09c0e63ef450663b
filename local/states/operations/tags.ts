import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-sfn';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import { MAX_TAGS } from '../limits.ts';
import { findMachine, saveMachine, type MachineRecord } from './machines.ts';

export function tagOperations(cloud: Cloud): Operations {
  const find = (arn: string | undefined): MachineRecord => {
    try {
      return findMachine(cloud, required(arn, 'resourceArn'));
    } catch (error) {
      if (error instanceof AwsError && error.code === 'StateMachineDoesNotExist')
        throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
      throw error;
    }
  };
  return {
    TagResource: (input: TagResourceInput) => {
      const machine = find(input.resourceArn);
      const tags = new Map([...machine.tags, ...required(input.tags, 'tags')].map((tag) => [tag.key, tag]));
      if (tags.size > MAX_TAGS) throw new AwsError('TooManyTags', `A resource has at most ${MAX_TAGS} tags`);
      machine.tags = [...tags.values()];
      saveMachine(cloud, machine);
      return {};
    },
    UntagResource: (input: UntagResourceInput) => {
      const machine = find(input.resourceArn);
      const keys = required(input.tagKeys, 'tagKeys');
      machine.tags = machine.tags.filter(({ key }) => key === undefined || !keys.includes(key));
      saveMachine(cloud, machine);
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceInput): ListTagsForResourceOutput => ({
      tags: find(input.resourceArn).tags,
    }),
  };
}
