import type {
  CreateEventBusRequest,
  CreateEventBusResponse,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  ListEventBusesRequest,
  ListEventBusesResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { Rules } from '../rules.ts';
import { page } from './page.ts';

export function busOperations(cloud: Cloud, rules: Rules): Operations {
  const taggable = (arn: string | undefined): { readonly tags: Tag[]; save: (tags: Tag[]) => void } => {
    const wanted = required(arn, 'resourceARN');
    const rule = rules.byArn(wanted);
    if (rule)
      return {
        tags: rule.tags,
        save: (tags) => {
          rule.tags = tags;
          rules.save(rule);
        },
      };
    const bus = rules.buses().find((candidate) => candidate.arn === wanted);
    if (!bus) throw new AwsError('ResourceNotFoundException', `Resource ${wanted} does not exist.`);
    return { tags: bus.tags, save: (tags) => rules.saveBus({ ...bus, tags }) };
  };

  return {
    CreateEventBus: (input: CreateEventBusRequest): CreateEventBusResponse => {
      const name = required(input.Name, 'name');
      if (!/^[/.\-_A-Za-z0-9]{1,256}$/.test(name))
        throw new AwsError('ValidationException', 'Parameter Name is not valid.');
      if (rules.buses().some((bus) => bus.name === name))
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      rules.saveBus({ name, arn: rules.busArn(name), createdAt: cloud.clock.now(), tags: input.Tags ?? [] });
      return { EventBusArn: rules.busArn(name) };
    },
    DeleteEventBus: (input: DeleteEventBusRequest) => {
      const name = required(input.Name, 'name');
      if (name === 'default') throw new AwsError('ValidationException', 'Cannot delete event bus default.');
      if (rules.onBus(name).length > 0)
        throw new AwsError('ValidationException', `Cannot delete event bus ${name} as it has rules.`);
      rules.deleteBus(name);
      return {};
    },
    DescribeEventBus: (input: DescribeEventBusRequest): DescribeEventBusResponse => {
      const name = rules.busName(input.Name);
      return { Name: name, Arn: rules.busArn(name) };
    },
    ListEventBuses: (input: ListEventBusesRequest): ListEventBusesResponse => {
      const { items, NextToken } = page(
        rules.buses().filter(({ name }) => name.startsWith(input.NamePrefix ?? '')),
        input,
      );
      return {
        EventBuses: items.map(({ name, arn }) => ({ Name: name, Arn: arn })),
        ...(NextToken !== undefined && { NextToken }),
      };
    },
    TagResource: (input: TagResourceRequest) => {
      const { tags, save } = taggable(input.ResourceARN);
      save([...new Map([...tags, ...required(input.Tags, 'tags')].map((tag) => [tag.Key, tag])).values()]);
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const { tags, save } = taggable(input.ResourceARN);
      const keys = required(input.TagKeys, 'tagKeys');
      save(tags.filter(({ Key }) => Key === undefined || !keys.includes(Key)));
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceRequest): ListTagsForResourceResponse => ({
      Tags: [...taggable(input.ResourceARN).tags],
    }),
  };
}
