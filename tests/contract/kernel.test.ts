import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import { NormalizedSchema } from '@smithy/core/schema';
import {
  AwsError,
  createCloud,
  inProcessClient,
  listen,
  memoryDocuments,
  openDocuments,
  ROOT,
  seededIds,
  systemClock,
  withReadyJson,
  type Cloud,
  type Gateway,
} from '../../local/kernel/index.ts';
import type { OperationTuple } from '../../local/kernel/protocol/client-schemas.ts';
import { membersOf, operationsOf } from '../../local/kernel/protocol/schema.ts';

let cloud: Cloud;
let gateway: Gateway;
let client: SecretsManagerClient;

beforeEach(async () => {
  cloud = createCloud({
    clock: systemClock,
    ids: seededIds(1),
    documents: memoryDocuments(),
    directory: '/nonexistent',
  });
  cloud.register({
    name: 'secretsmanager',
    client: '@aws-sdk/client-secrets-manager',
    unsupported: { GetSecretValue: ['VersionStage'] },
    operations: {
      GetSecretValue: (input: secretsManager.GetSecretValueRequest) => {
        if (input.SecretId === 'none') throw new AwsError('ResourceNotFoundException', 'no such secret');
        if (input.SecretId === 'ready')
          return withReadyJson({}, 'VersionStages', '["é\\n","b"]', (json) => JSON.parse(json) as string[]);
        if (input.SecretId === 'ready with more')
          return withReadyJson({ Name: 'x' }, 'VersionStages', '["c"]', (json) => JSON.parse(json) as string[]);
        return {
          Name: input.SecretId,
          SecretString: '"é\n😀',
          CreatedDate: new Date(1000),
          SecretBinary: new Uint8Array([1, 2]),
        };
      },
    },
  });
  gateway = await listen(cloud);
  client = new SecretsManagerClient({
    endpoint: gateway.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await gateway.close();
  await cloud.close();
});

test('an SDK client reads strings, timestamps and blobs as they were answered', async () => {
  const answer = await client.send(new GetSecretValueCommand({ SecretId: 'x' }));
  expect(answer).toMatchObject({ Name: 'x', SecretString: '"é\n😀', CreatedDate: new Date(1000) });
  expect([...(answer.SecretBinary ?? [])]).toEqual([1, 2]);
});

test('a member whose JSON is there already reaches clients of every kind', async () => {
  const direct = inProcessClient(cloud, { service: 'secretsmanager', accessKeyId: 'a', maxAttempts: 1 });
  for (const each of [client, direct] as const) {
    const send = (SecretId: string) => each.send(new GetSecretValueCommand({ SecretId }));
    expect(await send('ready')).toMatchObject({ VersionStages: ['é\n', 'b'] });
    expect(await send('ready with more')).toMatchObject({ Name: 'x', VersionStages: ['c'] });
  }
});

test('an error of an operation reaches the client under its own name', async () => {
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'no such secret',
  });
});

test('an operation that is not there answers 501 with its name', async () => {
  await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('secretsmanager:ListSecrets') as string,
    $metadata: { httpStatusCode: 501 },
  });
});

test('a call that gives what the service has no part for answers 501 with its name, over the wire and in this process', async () => {
  const input = { SecretId: 'ready', VersionStage: 'AWSPREVIOUS' };
  const refusal = {
    message: 'secretsmanager:GetSecretValue with VersionStage is not implemented by the local cloud',
  };
  await expect(client.send(new GetSecretValueCommand(input))).rejects.toMatchObject(refusal);
  await expect(cloud.call('secretsmanager', 'GetSecretValue', input, ROOT)).rejects.toMatchObject(refusal);
});

test('a request scoped to another region is refused and says which region this cloud is', async () => {
  const elsewhere = new SecretsManagerClient({
    endpoint: gateway.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  await expect(elsewhere.send(new GetSecretValueCommand({ SecretId: 'x' }))).rejects.toThrow(/us-east-1/);
  elsewhere.destroy();
});

test.each([
  ['@aws-sdk/client-s3', s3],
  ['@aws-sdk/client-sfn', sfn],
  ['@aws-sdk/client-secrets-manager', secretsManager],
])('the schemas read from %s are those its client goes by', (name, client) => {
  const operations = operationsOf(name);
  const exported = (Object.values(client) as unknown[]).filter(isOperation);
  expect([...operations.keys()].toSorted()).toEqual(exported.map(([, , operation]) => operation).toSorted());
  for (const [, , operation, , input, output] of exported) {
    const read = operations.get(operation);
    expect(read && outline(read.input)).toEqual(outline(NormalizedSchema.of(input)));
    expect(read && outline(read.output)).toEqual(outline(NormalizedSchema.of(output)));
  }
});

function isOperation(value: unknown): value is OperationTuple {
  return Array.isArray(value) && value[0] === 9;
}

/** Members with their traits, and theirs. */
function outline(schema: NormalizedSchema, depth = 3): unknown {
  if (depth === 0) return schema.getName();
  return [
    schema.getName(),
    schema.getMergedTraits(),
    (schema.isStructSchema() ? membersOf(schema) : []).map(([name, member]) => [name, outline(member, depth - 1)]),
  ];
}

test('commands of a client in this process reach the operations as they are, and fail as with the client itself', async () => {
  const direct = inProcessClient(cloud, { service: 'secretsmanager', accessKeyId: 'a', maxAttempts: 1 });
  expect(await direct.send(new GetSecretValueCommand({ SecretId: 'x' }))).toMatchObject({ SecretString: '"é\n😀' });
  const refused = direct.send(new GetSecretValueCommand({ SecretId: 'none' }));
  await expect(refused).rejects.toThrow(ResourceNotFoundException);
  await expect(refused).rejects.toMatchObject({ message: 'no such secret', $metadata: { httpStatusCode: 400 } });
  await expect(direct.send(new ListSecretsCommand({}))).rejects.toMatchObject({
    name: 'NotImplemented',
    $metadata: { httpStatusCode: 501 },
  });
});

describe.each(['memory', 'a file'] as const)('documents kept in %s', (place) => {
  test('are listed by the bytes of their ids, and belong to nobody who has read or written them', () => {
    const directory = mkdtempSync(join(tmpdir(), 'documents-'));
    const documents = place === 'memory' ? memoryDocuments() : openDocuments(join(directory, 'state.db'));
    const written = { list: [1] };
    for (const id of ['b', '\u{1f600}', '\uffee', 'ä', 'a', '']) documents.put('kind', id, written);
    documents.put('other', 'a', {});
    written.list.push(2);
    documents.get<typeof written>('kind', 'a')?.list.push(3);
    expect(documents.list('kind').map(({ id }) => id)).toEqual(['', 'a', 'b', 'ä', '\uffee', '\u{1f600}']);
    expect(documents.get('kind', 'a')).toEqual({ list: [1] });
    expect([documents.delete('kind', 'a'), documents.delete('kind', 'a'), documents.delete('none', 'a')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(documents.get('kind', 'a')).toBeUndefined();
    expect(documents.list('none')).toEqual([]);
    documents.close();
    rmSync(directory, { recursive: true, force: true });
  });
});
