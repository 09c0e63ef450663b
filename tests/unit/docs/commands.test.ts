import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findCommand } from '../../../cli/commands/index.ts';
import { loadProject } from '../../../src/sql-project/load-project.ts';
import { shellBlocks, type ShellBlock } from '../../support/document-commands.ts';

const blocks = shellBlocks();
const of = (...kinds: readonly string[]): readonly ShellBlock[] => blocks.filter(({ kind }) => kinds.includes(kind));

/** Words of a command line, quotes taken off. Enough for the documents' commands. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/(?:"([^"]*)"|'([^']*)'|([^\s"']+))+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}

test('each block of shell commands says what it is for, so that none is left untested', () => {
  for (const { file, line, kind } of blocks)
    expect(`${file}:${line} ${kind}`).toMatch(/ (local|ci|aws|awscli|hadoop)$/);
});

test('what CI runs is in .ci/run', () => {
  const ci = readFileSync('.ci/run', 'utf8').replaceAll(' --silent', '');
  for (const { text } of of('ci')) for (const line of text.trim().split(/\n| && /)) expect(ci).toContain(line.trim());
});

test('each use of the command names a command and options that it has', async () => {
  for (const { file, text } of of('aws', 'local'))
    for (const line of text.split('\n').filter((line) => line.startsWith('npx sluice'))) {
      const [, , name, ...rest] = words(line.split(/ [|>] /)[0] ?? '');
      const command = await findCommand(name ?? '');
      if (!command) throw new Error(`${file}: ${line}`);
      const everywhere = { stage: { type: 'string' }, region: { type: 'string' }, json: { type: 'boolean' } } as const;
      const { positionals } = parseArgs({
        args: [...rest],
        options: { ...everywhere, ...command.options },
        allowPositionals: true,
      });
      expect(positionals.length).toBeGreaterThanOrEqual(command.positionals.least);
      expect(positionals.length).toBeLessThanOrEqual(command.positionals.most);
    }
});

test('the least SQL project that the developer is shown is one that works', () => {
  const text = readFileSync('docs/development.md', 'utf8');
  const [, json = '', sql = ''] = /`project\.json` \(`(\{.*\})`\):\n\n```sql\n([^]*?)```/.exec(text) ?? [];
  const files = sql.split(/^-- (?=\S+\.sql$)/m).flatMap((part): [string, string][] => {
    const end = part.indexOf('\n');
    return part === '' ? [] : [[part.slice(0, end), part.slice(end + 1)]];
  });
  const { contracts, transforms, checks } = loadProject('totals', new Map([['project.json', json], ...files]));
  expect([contracts.length, transforms.length, checks.length]).toEqual([1, 1, 1]);
});

/** Commands of the AWS CLI that are no operation of a service. */
const CUSTOM = new Set(['s3 ls', 's3 rb', 's3 cp', 's3 sync']);
const CLIENTS: Readonly<Record<string, string>> = {
  cloudformation: '@aws-sdk/client-cloudformation',
  logs: '@aws-sdk/client-cloudwatch-logs',
  redshift: '@aws-sdk/client-redshift',
  'redshift-data': '@aws-sdk/client-redshift-data',
  sns: '@aws-sdk/client-sns',
  sqs: '@aws-sdk/client-sqs',
  stepfunctions: '@aws-sdk/client-sfn',
};
/** Options of the AWS CLI itself. */
const GLOBAL = new Set(['query', 'output', 'region', 'profile']);

const pascal = (kebab: string): string => kebab.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

test('each command of the AWS CLI is an operation of its service, with parameters that it has', async () => {
  for (const { file, text } of of('aws', 'awscli'))
    for (const line of text.split('\n').filter((line) => line.startsWith('aws '))) {
      const [, service = '', command = '', ...rest] = words(line);
      if (CUSTOM.has(`${service} ${command}`)) continue;
      const client = CLIENTS[service];
      if (client === undefined) throw new Error(`${file}: the service of '${line}' is not known to this test`);
      const schema = ((await import(client)) as Record<string, unknown>)[`${pascal(command)}$`];
      if (!Array.isArray(schema)) throw new Error(`${file}: ${service} has no ${command}`);
      const given: unknown = schema[4];
      const input = JSON.stringify(typeof given === 'function' ? (given as () => unknown)() : given).toLowerCase();
      for (const option of rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2)))
        if (!GLOBAL.has(option)) expect(input).toContain(`"${option.replaceAll('-', '')}"`);
    }
});

test('each link between documents leads somewhere', () => {
  const files = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith('.md'),
  );
  for (const file of files)
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g))
      expect([file, target, existsSync(join(dirname(file), target))]).toEqual([file, target, true]);
});
