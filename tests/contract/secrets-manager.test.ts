import * as sm from '@aws-sdk/client-secrets-manager';
import { ROOT, createCloud, memoryDocuments, seededIds, VirtualClock } from '../../local/kernel/index.ts';
import { createSecretsManager } from '../../local/secrets-manager/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';

let host: TestCloud;
let client: sm.SecretsManagerClient;

beforeEach(async () => {
  host = await startCloud([createSecretsManager]);
  client = new sm.SecretsManagerClient(host.client);
});

afterEach(async () => {
  client.destroy();
  await host[Symbol.asyncDispose]();
});

test('a secret is found by name, ARN and ARN without its random end', async () => {
  const { ARN = '' } = await client.send(
    new sm.CreateSecretCommand({
      Name: 'a/b',
      SecretString: '{"p":"ü\n"}',
      KmsKeyId: 'key',
      Tags: [{ Key: 't', Value: 'v' }],
    }),
  );
  for (const SecretId of ['a/b', ARN, ARN.slice(0, -7)])
    expect(await client.send(new sm.GetSecretValueCommand({ SecretId }))).toMatchObject({
      SecretString: '{"p":"ü\n"}',
      VersionStages: ['AWSCURRENT'],
    });
  expect(await client.send(new sm.DescribeSecretCommand({ SecretId: ARN }))).toMatchObject({
    KmsKeyId: 'key',
    Tags: [{ Key: 't', Value: 'v' }],
  });
  await expect(client.send(new sm.GetSecretValueCommand({ SecretId: 'a' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
  await expect(client.send(new sm.CreateSecretCommand({ Name: 'a/b', SecretString: 'other' }))).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
});

test('a new value leaves the former one as AWSPREVIOUS, and the one before that goes', async () => {
  await client.send(new sm.CreateSecretCommand({ Name: 's', SecretString: '1' }));
  for (const SecretString of ['2', '3'])
    await client.send(new sm.PutSecretValueCommand({ SecretId: 's', SecretString }));
  const value = async (VersionStage: string) =>
    (await client.send(new sm.GetSecretValueCommand({ SecretId: 's', VersionStage }))).SecretString;
  expect([await value('AWSCURRENT'), await value('AWSPREVIOUS')]).toEqual(['3', '2']);
  expect((await client.send(new sm.ListSecretVersionIdsCommand({ SecretId: 's' }))).Versions).toHaveLength(2);
});

test('the same request token with the same value is one version, with another value an error', async () => {
  const ClientRequestToken = '11111111-1111-1111-1111-111111111111';
  const create = (SecretString: string) =>
    client.send(new sm.CreateSecretCommand({ Name: 's', SecretString, ClientRequestToken }));
  expect((await create('1')).ARN).toBe((await create('1')).ARN);
  await expect(create('2')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('a deleted secret refuses to be read, can be restored, and is gone after its window', async () => {
  const clock = new VirtualClock(0);
  const cloud = createCloud({
    clock,
    ids: seededIds(1),
    documents: memoryDocuments(),
    directory: '/nonexistent',
  });
  cloud.register(createSecretsManager(cloud));
  const call = (operation: string, input: object) => cloud.call('secretsmanager', operation, input, ROOT);
  await call('CreateSecret', { Name: 's', SecretString: '1' });
  await call('DeleteSecret', { SecretId: 's', RecoveryWindowInDays: 7 });
  await expect(call('GetSecretValue', { SecretId: 's' })).rejects.toMatchObject({ code: 'InvalidRequestException' });
  await call('RestoreSecret', { SecretId: 's' });
  expect(await call('GetSecretValue', { SecretId: 's' })).toMatchObject({ SecretString: '1' });
  await call('DeleteSecret', { SecretId: 's', RecoveryWindowInDays: 7 });
  clock.jump(7 * 86_400_000);
  await expect(call('DescribeSecret', { SecretId: 's' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  await expect(call('DeleteSecret', { SecretId: 's', RecoveryWindowInDays: 3 })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  });
  await cloud.close();
});

test('a random password has the length and the characters that were asked for', async () => {
  for (let round = 0; round < 50; round++) {
    const { RandomPassword = '' } = await client.send(
      new sm.GetRandomPasswordCommand({ PasswordLength: 12, ExcludeCharacters: '"@/\\\'', ExcludePunctuation: false }),
    );
    expect(RandomPassword).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^a-zA-Z0-9])[^"@/\\']{12}$/);
  }
  await expect(client.send(new sm.GetRandomPasswordCommand({ PasswordLength: 2 }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('lists page, filter by the beginning of a name, and leave out what is being deleted', async () => {
  for (const Name of ['b1', 'a1', 'a2', 'a3'])
    await client.send(new sm.CreateSecretCommand({ Name, SecretString: 'x' }));
  await client.send(new sm.DeleteSecretCommand({ SecretId: 'a3' }));
  const Filters: sm.Filter[] = [{ Key: 'name', Values: ['a'] }];
  const first = await client.send(new sm.ListSecretsCommand({ MaxResults: 1, Filters }));
  const second = await client.send(new sm.ListSecretsCommand({ MaxResults: 1, Filters, NextToken: first.NextToken }));
  expect([...(first.SecretList ?? []), ...(second.SecretList ?? [])].map(({ Name }) => Name)).toEqual(['a1', 'a2']);
  expect(second.NextToken).toBeUndefined();
  await expect(client.send(new sm.ListSecretsCommand({ NextToken: 'made up' }))).rejects.toMatchObject({
    name: 'InvalidNextTokenException',
  });
});
