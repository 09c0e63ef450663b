import { Readable } from 'node:stream';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Clients } from '../../../cli/aws/clients.ts';
import type { DeployedService } from '../../../cli/aws/deployment.ts';
import { followRun } from '../../../cli/run/follow.ts';
import { layout } from '../../../src/run/layout.ts';

test('what a run says of its batch while it waits for files is read again once it is opened', async () => {
  const runId = '0123456789abcdef';
  const executionArn = 'arn:aws:states:us-east-1:1:execution:etl:one';
  const objects = new Map([
    [layout.byExecution(executionArn), { runId }],
    [layout.run(runId), { runId, tables: 1, files: 2, bytes: 0 }],
  ]);
  let looks = 0;
  const clients = {
    states: {
      send: async (command: unknown) =>
        command instanceof DescribeExecutionCommand ? { status: looks > 1 ? 'SUCCEEDED' : 'RUNNING' } : { events: [] },
    },
    s3: {
      send: async (command: unknown) => {
        if (!(command instanceof GetObjectCommand)) return { Contents: [] };
        const found = objects.get(command.input.Key ?? '');
        if (!found) throw Object.assign(new Error('there is none'), { name: 'NoSuchKey' });
        return { Body: Object.assign(Readable.from([]), { transformToString: async () => JSON.stringify(found) }) };
      },
    },
  } as unknown as Clients;
  const seen: unknown[] = [];
  await followRun({
    clients,
    service: { work: 'work' } as DeployedService,
    executionArn,
    everyMs: 0,
    signal: new AbortController().signal,
    onProgress: ({ run }) => {
      seen.push(run?.bytes);
      looks++;
      objects.set(layout.run(runId), { runId, tables: 1, files: 2, bytes: 7 });
      objects.set(layout.plan(runId), { runId });
    },
  });
  expect(seen).toEqual([0, 7, 7]);
});
