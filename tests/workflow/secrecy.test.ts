import { gzipSync } from 'node:zlib';
import { ROOT } from '../../local/kernel/index.ts';
import { manifest, projects } from '../fixtures/sales.ts';
import { machineLedger } from '../support/machine-ledger.ts';
import { type Ended, type ServiceInProcess, startService } from '../support/service-in-process.ts';

/** Values that stand nowhere but in the files. */
const CUSTOMER = '918273645';
const AMOUNT = '8675309.42';
const REFUSED = '2x-not-a-number';

interface Seen {
  readonly ended: Ended;
  readonly log: string;
  readonly states: string;
  readonly work: ReadonlyMap<string, string>;
  readonly mails: string;
  readonly report: string;
  readonly password: string;
}

/** Everything of Step Functions: inputs and outputs of states and executions, and every event. */
async function run(lines: string): Promise<Seen> {
  const log: string[] = [];
  const states: string[] = [];
  const ledger = machineLedger((text) => states.push(text));
  const put = (...parts: readonly unknown[]): void => {
    log.push(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
  };
  const { debug, info, log: print, warn, error } = console;
  Object.assign(console, { debug: put, info: put, log: put, warn: put, error: put });
  const before = { ...process.env };
  // Every line the functions could log, through the console that is listened to.
  Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'DEBUG', POWERTOOLS_DEV: 'true' });
  try {
    await using service = await startService(projects, (_call, proceed) => proceed(), { documents: ledger.documents });
    await service.put('inbox', 'drop/sale/part-0.gz', gzipSync(lines));
    await service.put('inbox', 'drop/sale/part-1.gz', gzipSync('customer|amount\n1|5.25\n'));
    await service.put('inbox', 'drop/manifest.json', manifest());
    const ended = await service.ended(
      await service.start({ bucket: service.bucket('inbox'), key: 'drop/manifest.json' }),
    );
    const work = new Map<string, string>();
    for (const key of await service.keys('work', '')) work.set(key, await service.text('work', key));
    const reports = (await service.keys('results', '')).filter((key) => /report\.html|summary\.json/.test(key));
    const report = (await Promise.all(reports.map((key) => service.text('results', key)))).join('\n');
    return {
      ended,
      log: log.join('\n'),
      states: states.join('\n'),
      work,
      mails: JSON.stringify(service.messages),
      report,
      password: await passwordOf(service),
    };
  } finally {
    process.env = before;
    Object.assign(console, { debug, info, log: print, warn, error });
  }
}

async function passwordOf({ cloud }: ServiceInProcess): Promise<string> {
  const { SecretList } = await cloud.call<{ SecretList: readonly { ARN: string }[] }>(
    'secretsmanager',
    'ListSecrets',
    {},
    ROOT,
  );
  const { SecretString } = await cloud.call<{ SecretString: string }>(
    'secretsmanager',
    'GetSecretValue',
    { SecretId: SecretList[0]?.ARN },
    ROOT,
  );
  return (JSON.parse(SecretString) as { password: string }).password;
}

/** Where a value was seen. */
function places(seen: Seen, value: string): readonly string[] {
  return [
    ...(['log', 'states', 'mails', 'report'] as const).filter((place) => seen[place].includes(value)),
    ...[...seen.work].flatMap(([key, text]) => (text.includes(value) ? [key.replace(/^runs\/[^/]+\//, '')] : [])),
  ].toSorted();
}

test('neither the secret nor any row of a batch that succeeds is in logs, states, work bucket, report or e-mail', async () => {
  const seen = await run(`customer|amount\n${CUSTOMER}|${AMOUNT}\n2|20.00\n`);
  expect(seen.ended.status).toBe('SUCCEEDED');
  expect(seen.log).toContain('DONE');
  expect(seen.states).toContain('copy-staging-sale');
  expect(seen.password.length).toBeGreaterThan(8);
  for (const value of [seen.password, CUSTOMER, AMOUNT]) expect(places(seen, value)).toEqual([]);
});

test('of a line that is refused only the offending value is told: to the analysts and in the work bucket, never in logs or states', async () => {
  const seen = await run(`customer|amount\n${CUSTOMER}|3.00\n${REFUSED}|${AMOUNT}\n`);
  expect(seen.ended).toMatchObject({ status: 'FAILED', error: 'LoadFailed' });
  for (const value of [seen.password, CUSTOMER, AMOUNT]) expect(places(seen, value)).toEqual([]);
  expect(places(seen, REFUSED)).toEqual([
    'failures/1/copy-staging-sale.json',
    'load-errors/copy-staging-sale.json',
    'mails',
    'report',
  ]);
});
