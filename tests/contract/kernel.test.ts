import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import {
  AwsError,
  createCloud,
  inProcessHandler,
  listen,
  openDocuments,
  seededIds,
  systemClock,
  type Cloud,
  type Gateway,
} from '../../local/kernel/index.ts';

let cloud: Cloud;
let gateway: Gateway;
let client: SecretsManagerClient;

beforeEach(async () => {
  cloud = createCloud({
    clock: systemClock,
    ids: seededIds(1),
    documents: openDocuments(':memory:'),
    directory: '/nonexistent',
  });
  cloud.register({
    name: 'secretsmanager',
    client: secretsManager,
    operations: {
      GetSecretValue: (input: secretsManager.GetSecretValueRequest) => {
        if (input.SecretId === 'none') throw new AwsError('ResourceNotFoundException', 'no such secret');
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

test('a client in the same process speaks to the cloud without a socket, errors included', async () => {
  const direct = new SecretsManagerClient({
    requestHandler: inProcessHandler(cloud),
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  expect(await direct.send(new GetSecretValueCommand({ SecretId: 'x' }))).toMatchObject({ SecretString: '"é\n😀' });
  await expect(direct.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
