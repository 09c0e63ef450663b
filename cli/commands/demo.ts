import { createReadStream, existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { createClients, type Clients } from '../aws/clients.ts';
import { deployedService, type DeployedService } from '../aws/deployment.ts';
import { inboxFolder, readBatch } from '../batch/batch.ts';
import { CommandError, EXIT, textOption, type Command, type ExitCode, type Invocation } from '../command.ts';
import { exampleNames, generateExample } from '../examples.ts';
import { environmentOf, findCloud, startCloud, stopCloud } from '../local/cloud-process.ts';
import { emailsAbout } from '../local/outbox.ts';
import { fetchAnswer } from '../run/answer.ts';
import { objectText } from '../run/documents.ts';
import type { Progress } from '../run/follow.ts';
import { seconds } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { plain } from '../text-width.ts';
import { layout } from '../../src/run/layout.ts';
import { runIdOf } from '../../src/run/run-id.ts';
import { deployService } from './deploy.ts';
import { dropBatch } from './drop.ts';
import { STATE_FOLDER } from './up.ts';
import { reportEnd, watchRun } from './watch.ts';

/** An event takes milliseconds here; a rule that never starts a run is a defect worth reporting soon. */
const START_LIMIT_MS = 20_000;
const ROWS_SHOWN = 6;

export const demo: Command = {
  name: 'demo',
  synopsis: '[EXAMPLE]',
  summary: 'Everything at once, here: local cloud, sls deploy, a sample batch, its run, the answer and the e-mail',
  options: { scale: { type: 'string' }, seed: { type: 'string' }, 'batch-to': { type: 'string' } },
  optionHelp: {
    scale: "size of the batch; 1 is the example's ordinary size",
    seed: 'the same seed gives the same batch',
    'batch-to': 'only write the batch, into this new folder',
  },
  positionals: { least: 0, most: 1 },
  async run(invocation) {
    const { options, positionals, terminal, directory, signal } = invocation;
    const folder = join(directory, STATE_FOLDER);
    const example = positionals[0] ?? (await exampleNames())[0] ?? '';
    const scale = numberOption(options, 'scale') ?? 1;
    const seed = numberOption(options, 'seed');
    const sample = { scale, ...(seed === undefined ? {} : { seed }) };
    const batchTo = textOption(options, 'batch-to');
    if (batchTo !== undefined) return writeBatch(invocation, example, resolve(directory, batchTo), sample);
    const timings: [string, number][] = [];
    const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      signal.throwIfAborted();
      const began = performance.now();
      const value = await work();
      timings.push([what, performance.now() - began]);
      return value;
    };

    const running = await findCloud(folder);
    const region = textOption(options, 'region') ?? 'us-east-1';
    const cloud =
      running ?? (await timed('local cloud', () => startCloud({ directory: folder, region, detached: false })));
    try {
      terminal.say(`1. The local cloud is up at ${cloud.endpoint}`);
      const local: Invocation = {
        ...invocation,
        environment: environmentOf(cloud, invocation.environment),
        options: { ...options, region: cloud.region },
      };
      terminal.say('2. sls deploy, to the local cloud');
      const batchFolder = join(folder, 'batches', example);
      rmSync(batchFolder, { recursive: true, force: true });
      // `sls` keeps one processor busy; the batch is made on the other.
      const [manifestPath] = await timed('deploy', () =>
        Promise.all([generateExample(example, batchFolder, sample), deployQuietly(local)]),
      );
      using clients = createClients(local);
      const service = await deployedService(clients, local);
      const batch = await readBatch(manifestPath);
      terminal.say(`3. A batch of the example '${example}' is dropped as DistCp drops it`);
      const transfer = { s3: clients.s3, bucket: service.inbox, signal };
      const { key } = await timed('drop', () => dropBatch(transfer, batch, inboxFolder(batch.manifest, {}), terminal));
      const executionArn = await startedRun(clients, service, key, signal);
      terminal.say('4. Its manifest has started a run');
      const progress = await timed('pipeline', () => watchRun(local, clients, service, executionArn)).catch(
        (error: unknown) => {
          throw signal.aborted && !running ? stoppedUnderTheRun(error) : error;
        },
      );
      const answer = await fetchAnswer(
        clients.s3,
        service.results,
        progress.runId ?? '',
        join(folder, 'answers', progress.runId ?? ''),
      );
      const [csv] = answer.results;
      const email = emailsAbout(folder, progress.runId ?? '').at(-1);
      if (progress.status === 'SUCCEEDED')
        await summarise({ terminal, directory, progress, csv, report: answer.report, email });
      else if (email) terminal.say(`\nThe e-mail (${relative(directory, email.path)}):\n${plain(email.body)}`);
      terminal.say(`\nHow long it took: ${timings.map(([what, ms]) => `${what} ${seconds(ms)}`).join(', ')}`);
      return reportEnd(terminal, progress);
    } finally {
      if (!running) await stopCloud(cloud);
      terminal.say(
        `\nWhat it holds stays in ${STATE_FOLDER}/. Look around: eval "$(npx sluice up --detach)"; clear it: npx sluice down --wipe`,
      );
    }
  },
};

/** The local cloud is this command's own and ends with it. */
function stoppedUnderTheRun(cause: unknown): CommandError {
  return new CommandError(
    'interrupted, and the local cloud has stopped under the run',
    'start again: the local cloud ends what it was in the middle of, says so by e-mail and frees the cluster; then the batch is dropped anew',
    EXIT.interrupted,
    { cause },
  );
}

async function writeBatch(
  { terminal }: Invocation,
  example: string,
  folder: string,
  sample: { readonly scale: number; readonly seed?: number },
): Promise<ExitCode> {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new CommandError(`${folder} is not empty`, 'name a new folder', EXIT.usage);
  const manifest = await generateExample(example, folder, sample);
  terminal.print(manifest);
  terminal.data({ manifest });
  return EXIT.done;
}

async function deployQuietly(invocation: Invocation): Promise<void> {
  const { environment, signal, options, terminal } = invocation;
  const lines: string[] = [];
  const deployment = {
    stage: textOption(options, 'stage') ?? 'dev',
    region: undefined,
    parameters: [],
    environment,
    signal,
  };
  await deployService(deployment, (line) => {
    lines.push(line);
    terminal.draw([plain(line)]);
  }).catch((error: unknown) => {
    for (const line of lines) terminal.say(plain(line));
    throw error;
  });
  terminal.draw([]);
}

/** The execution that the manifest's own event started: the one that claimed the run of this version. */
async function startedRun(
  clients: Clients,
  service: DeployedService,
  key: string,
  signal: AbortSignal,
): Promise<string> {
  const { VersionId, ETag } = await clients.s3.send(new HeadObjectCommand({ Bucket: service.inbox, Key: key }));
  const runId = runIdOf({ bucket: service.inbox, key, version: VersionId ?? ETag ?? '' });
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const claim = await objectText(clients.s3, service.work, layout.claim(runId));
    if (claim !== undefined) return (JSON.parse(claim) as { execution: string }).execution;
    await sleep(100, undefined, { signal });
  }
  throw new CommandError(
    `the manifest s3://${service.inbox}/${key} started no run within ${START_LIMIT_MS / 1000} s`,
    `look at ${STATE_FOLDER}/cloud.log and at the executions of the etl state machine`,
  );
}

interface Ending {
  readonly terminal: Terminal;
  readonly directory: string;
  readonly progress: Progress;
  readonly csv: string | undefined;
  readonly report: string | undefined;
  readonly email: ReturnType<typeof emailsAbout>[number] | undefined;
}

async function summarise({ terminal, directory, csv, report, email }: Ending): Promise<void> {
  if (csv !== undefined) {
    terminal.print(`\nThe answer: ${relative(directory, csv)}`);
    for (const line of await firstLines(csv, ROWS_SHOWN)) terminal.print(`  ${plain(line)}`);
  }
  if (report !== undefined) terminal.print(`\nThe report: ${relative(directory, report)}`);
  if (email) {
    terminal.print(`\nThe e-mail: ${relative(directory, email.path)}`);
    for (const line of [`To: ${email.to}`, `Subject: ${email.subject}`, '', ...email.body.split('\n')])
      terminal.print(`  │ ${plain(line)}`.trimEnd());
  }
}

async function firstLines(path: string, most: number): Promise<readonly string[]> {
  const lines: string[] = [];
  const reader = createInterface({ input: createReadStream(path) });
  for await (const line of reader) {
    lines.push(line);
    if (lines.length >= most) break;
  }
  reader.close();
  return lines;
}

function numberOption(options: Invocation['options'], name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0)
    throw new CommandError(`--${name} ${text}: not a positive number`, 'give one', EXIT.usage);
  return number;
}
