import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXAMPLES, type ExampleBatch } from '../../examples/index.ts';
import { projectFolder } from '../../src/runtime/project-folder.ts';
import { readCsv } from '../support/csv.ts';
import { rhythmsByHand } from '../support/flights-by-hand.ts';
import { recommendationsByHand } from '../support/recommendations-by-hand.ts';
import { startService, type ServiceInProcess } from '../support/service-in-process.ts';

const projects = projectFolder(new URL('../../sql/', import.meta.url));

let directory: string;
let service: ServiceInProcess;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'examples-'));
  service = await startService(projects);
});

afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
  expect(service.faults).toEqual([]);
});

/** Makes an example's batch, runs it whole, and reads its answer. */
async function answerOf(
  name: string,
  scale: number,
): Promise<{ readonly batch: ExampleBatch; readonly rows: ReturnType<typeof readCsv>; readonly mail: string }> {
  const batch = await EXAMPLES.find((example) => example.name === name)?.generate(directory, { scale });
  if (!batch) throw new Error(`there is no example ${name}`);
  for (const key of batch.files) await service.put('inbox', `drop/${key}`, await readFile(join(directory, key)));
  await service.put('inbox', 'drop/manifest.json', await readFile(batch.manifestPath));
  const ended = await service.ended(
    await service.start({ bucket: service.bucket('inbox'), key: 'drop/manifest.json' }),
  );
  const mail = service.mails().join('\n');
  expect([ended.status, mail]).toEqual(['SUCCEEDED', expect.stringMatching(/is done/) as string]);
  const { runId } = ended.output as { runId: string };
  const answer = (await service.keys('results', `results/${name}/${runId}/`)).filter((key) => key.endsWith('.csv'));
  expect(answer).toHaveLength(1);
  const rows = readCsv(await service.text('results', answer[0] ?? ''));
  return { batch, rows, mail };
}

test('the recommendations of a batch are those that a loop over its files finds', async () => {
  const { batch, rows } = await answerOf('recommendations', 0.1);
  const byHand = recommendationsByHand(directory, batch.files);
  expect(byHand.length).toBeGreaterThan(100);
  expect(rows).toEqual(byHand);
}, 60_000);

test('what the flights example says of every large airport is what a loop over all flights finds', async () => {
  const [{ rows, mail }, byHand] = await Promise.all([answerOf('flights', 1), rhythmsByHand()]);
  expect(byHand.length).toBeGreaterThan(20);
  expect(
    rows.map((row) => ({
      airport: row['airport'],
      flights: Number(row['flights']),
      latePercent: row['late_percent'],
      averageDelay: row['average_delay'],
      lastGoodHour: row['last_good_hour'] === '' ? undefined : Number(row['last_good_hour']),
      worstHour: Number(row['worst_hour']),
      worstDestination: row['worst_destination'],
    })),
  ).toEqual(byHand);
  expect(rows.map((row) => Number(row['punctuality_rank']))).toEqual(byHand.map((_, at) => at + 1));
  expect(mail).toContain('staging.flight: 3,000,000 rows from 1 file');
}, 60_000);
