import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createSts } from '../../local/sts/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';

let host: TestCloud;
let client: STSClient;

beforeEach(async () => {
  host = await startCloud([createSts]);
  client = new STSClient(host.client);
});

afterEach(async () => {
  client.destroy();
  await host[Symbol.asyncDispose]();
});

test('an assumed role is who its keys say is calling', async () => {
  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:user/local',
  });
  const RoleArn = 'arn:aws:iam::000000000000:role/path/worker';
  const { Credentials, AssumedRoleUser } = await client.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 's-1' }),
  );
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/worker/s-1');
  const assumed = new STSClient({
    ...host.client,
    credentials: { accessKeyId: Credentials?.AccessKeyId ?? '', secretAccessKey: Credentials?.SecretAccessKey ?? '' },
  });
  expect((await assumed.send(new GetCallerIdentityCommand({}))).Arn).toBe(RoleArn);
  assumed.destroy();
});

test('a role ARN or session name that is none is refused', async () => {
  const assume = (RoleArn: string, RoleSessionName: string) =>
    client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
  await expect(assume('arn:aws:iam::000000000000:user/u', 'ok')).rejects.toMatchObject({ name: 'ValidationError' });
  await expect(assume('arn:aws:iam::000000000000:role/r', 'not ok')).rejects.toMatchObject({ name: 'ValidationError' });
});
