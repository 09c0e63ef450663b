import type { PublishCommandInput } from '@aws-sdk/client-sns';
import * as fc from 'fast-check';
import { snsCompletions, type Sns } from '../../../src/aws/topics.ts';
import { estimateCost } from '../../../src/report/cost.ts';
import type { ReportedFailure, ReportedUnit, RunFacts } from '../../../src/report/facts.ts';
import { escapeHtml } from '../../../src/report/html.ts';
import { writeMail } from '../../../src/report/mail.ts';
import { writeReport } from '../../../src/report/report.ts';
import { summarise } from '../../../src/report/summary.ts';
import { bytes, count, duration, oneLine, subjectLine } from '../../../src/report/words.ts';

const START = Date.UTC(2026, 10, 22, 6);
const FAILURE: ReportedFailure = {
  code: 'LoadFailed',
  message: 'load staging.usage: part-00003.gz, line 7, column amount: Invalid digit',
  why: 'Invalid digit',
  next: 'Correct the file',
  where: {
    step: 'CopyTables',
    unit: 'copy-2',
    table: 'staging.plan',
    file: 's3://in/part-00003.gz',
    line: 7,
    column: 'amount',
    value: '12x',
  },
  findings: [],
};

function facts(change: Partial<RunFacts> = {}): RunFacts {
  return {
    runId: '0123456789abcdef',
    redrive: 0,
    refused: [],
    execution: 'arn:aws:states:::execution:etl:1',
    project: 'recommendations',
    batch: '2026-11-22',
    manifest: { bucket: 'in', key: 'drop/manifest.json', version: 'v1' },
    afterRun: 'delete',
    size: { nodeType: 'ra3.large', nodes: 2 },
    units: [
      {
        id: 'copy-1',
        kind: 'copy',
        title: 'load staging.usage',
        table: { schema: 'staging', table: 'usage' },
        files: 8,
        bytes: 12_345_678,
        done: { submittedAt: START + 400_000, finishedAt: START + 410_000, durationMs: 9_000, rows: 200_000 },
      },
      {
        id: 'copy-2',
        kind: 'copy',
        title: 'load staging.plan',
        table: { schema: 'staging', table: 'plan' },
        files: 1,
        bytes: 10,
      },
      {
        id: 'check-1',
        kind: 'check',
        title: 'check orphans',
        files: 0,
        bytes: 0,
        check: { severity: 'warn', means: 'Customers without a contract' },
        done: { finishedAt: START + 420_000, offending: 3, example: 'customer 7' },
      },
      {
        id: 'unload',
        kind: 'unload',
        title: 'write the answer',
        files: 0,
        bytes: 0,
        done: { finishedAt: START + 430_000, rows: 42 },
      },
    ],
    marks: {
      started: START,
      opened: START + 1_000,
      acquired: START + 390_000,
      worked: START + 431_000,
      released: START + 432_000,
    },
    now: START + 433_000,
    loadErrors: [],
    resultsBucket: 'out',
    resultsPrefix: 'results/recommendations/0123456789abcdef/',
    workBucket: 'work',
    answer: [{ key: 'results/recommendations/0123456789abcdef/recommendations.csv', bytes: 2_048 }],
    ...change,
  };
}

test('the e-mail of a success says what was loaded, checked and written, how long it took, and what it cost', () => {
  const { subject, text, attributes } = writeMail(summarise(facts()));
  expect(subject).toBe('OK: recommendations 2026-11-22 (42 rows)');
  expect(text).toContain('staging.usage: 200,000 rows from 8 files');
  expect(text).toContain('\n  orphans: 3 rows. Customers without a contract. For example: customer 7.\n');
  expect(text).toContain('s3://out/results/recommendations/0123456789abcdef/recommendations.csv (2.0 kB)');
  expect(text).toContain('get the cluster: 6 min 29 s');
  expect(text).toContain('Duration: 7 min 13 s');
  expect(text).toMatch(/Cost \(an estimate at list prices\): USD \d+\.\d\d/);
  expect(attributes).toMatchObject({ status: 'SUCCEEDED', project: 'recommendations' });
});

test('the e-mail of a failure names step, table, file, line, column, value, reason, what to do, and who holds the batch', () => {
  const { subject, text, attributes } = writeMail(summarise(facts({ failure: FAILURE, answer: [] })));
  expect(subject).toBe('FAILED: recommendations 2026-11-22: LoadFailed staging.plan');
  for (const line of [
    'Step: CopyTables',
    'Table: staging.plan',
    'File: s3://in/part-00003.gz',
    'Line: 7',
    'Column: amount',
    'Value: 12x',
    'Reason: Invalid digit',
    'What to do: Correct the file',
  ])
    expect(text).toContain(`\n${line}\n`);
  expect(text).toContain('staging.usage: 200,000 rows from 8 files');
  expect(text).not.toContain('staging.plan: ');
  expect(attributes).toMatchObject({ status: 'FAILED', code: 'LoadFailed' });
});

test('what another run has written since is told of each table: what it has replaced holds the batch no more, what it has added to does', () => {
  const table = (name: string, kind: 'copy' | 'transform', load?: 'replace' | 'append'): ReportedUnit => ({
    id: name,
    kind,
    title: name,
    table: { schema: 'staging', table: name },
    ...(load ? { load } : {}),
    files: 1,
    bytes: 10,
    done: { finishedAt: START + 410_000, rows: 2 },
  });
  const units = [
    table('a', 'copy', 'replace'),
    table('b', 'copy', 'append'),
    table('c', 'transform'),
    table('d', 'copy', 'replace'),
  ];
  const told = { afterRun: 'keep' as const, failure: FAILURE, answer: [] };
  const writtenSince = { runId: 'fedcba9876543210', batch: 'next' };
  const summary = summarise(
    facts({ ...told, units: units.map((unit) => (unit.id === 'd' ? unit : { ...unit, writtenSince })) }),
  );
  expect(summary.tables.map(({ holdsBatch }) => holdsBatch)).toEqual([false, true, false, true]);
  const since = 'written since by run fedcba9876543210 (batch next)';
  expect(writeMail(summary).text).toContain(
    [
      'Of these tables another run has replaced what this run had written:',
      `  staging.a: ${since}`,
      `  staging.c: ${since}`,
      'These tables still hold the batch:',
      `  staging.b: 2 rows from 1 file, appended; ${since}`,
      '  staging.d: 2 rows from 1 file, in the place of all rows',
    ].join('\n'),
  );
  expect(writeReport(summary)).toContain(`loaded, ${since}`);
  expect(writeMail(summarise(facts({ ...told, units, heldBefore: true }))).text).toContain(
    'Whether another run has written them since could not be seen:\n  staging.a: 2 rows',
  );
});

test('a manifest that became no run of a project is named in subject and text, and no cluster is spoken of', () => {
  const { project: _project, batch: _batch, afterRun: _afterRun, ...unopened } = facts({ units: [], answer: [] });
  const failure = { ...FAILURE, code: 'ManifestInvalid', where: { step: 'OpenRun', path: '' } };
  const { subject, text } = writeMail(summarise({ ...unopened, failure }));
  expect(subject).toBe('FAILED: drop/manifest.json: ManifestInvalid');
  expect(text).toContain('\nManifest: s3://in/drop/manifest.json\n');
  expect(text).toContain('\nCluster: none was asked for\n');
  expect(text).not.toMatch(/^Path:/m);
  const key = `${'long/'.repeat(100)}manifest.json`;
  const long = writeMail(summarise({ ...unopened, failure, manifest: { bucket: 'in', key, version: 'v' } }));
  expect(long.subject).toMatch(/^FAILED: \.\.\.[long]*\/(long\/)+manifest\.json: ManifestInvalid$/);
});

test('what was loaded and what was made of it stand apart in the e-mail', () => {
  const made = {
    id: 'transform-1',
    kind: 'transform' as const,
    title: 'transform profile',
    table: { schema: 'mart', table: 'profile' },
    files: 0,
    bytes: 0,
    done: { finishedAt: START + 420_000, rows: 7 },
  };
  const { text } = writeMail(summarise(facts({ units: [...facts().units, made] })));
  expect(text).toMatch(
    /Loaded: 200,000 rows, 12\.3 MB\n( {2}staging\..*\n)+Made, with all rows that are in the table now:\n {2}mart\.profile: 7 rows\n\n/,
  );
});

test('a subject never says success for a failure, and is always one line of printable ASCII', () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 300 });
  fc.assert(
    fc.property(hostile, hostile, fc.boolean(), (project, table, failed) => {
      const { subject } = writeMail(
        summarise(facts({ project, ...(failed ? { failure: { ...FAILURE, where: { table } } } : {}) })),
      );
      expect(subject).toMatch(/^[\x20-\x7E]{1,100}$/);
      expect(subject.startsWith(failed ? 'FAILED: ' : 'OK: ')).toBe(true);
    }),
  );
});

test('nothing from outside breaks a line of the e-mail', () => {
  const value = 'a\r\nBcc: everybody@example.com\u2028\u202Eevil';
  const { text } = writeMail(summarise(facts({ failure: { ...FAILURE, where: { value, file: value } } })));
  expect(text).not.toMatch(/^Bcc:/m);
  expect(text).not.toContain('\u202E');
});

test('a failed release is told in the subject, in the text and to whoever listens for codes', () => {
  const { subject, text, attributes } = writeMail(
    summarise(facts({ releaseFailure: { ...FAILURE, code: 'ClusterNotUsable' } })),
  );
  expect(subject).toContain('but the cluster was not released');
  expect(attributes).toMatchObject({ status: 'SUCCEEDED', code: 'ClusterNotUsable' });
  expect(text).toContain('NOT released');
});

test('a message stays far below the limit of SNS with thousands of tables', () => {
  const units = Array.from({ length: 2_000 }, (_, at) => ({
    id: `copy-${at}`,
    kind: 'copy' as const,
    title: `load s.t${at}`,
    table: { schema: 's'.repeat(100), table: `t${at}` },
    files: 25,
    bytes: 1,
    done: { submittedAt: START, finishedAt: START + at, rows: at },
  }));
  const summary = summarise(facts({ units }));
  const { text, json } = writeMail(summary);
  expect(Buffer.byteLength(text) * 2 + Buffer.byteLength(json) * 4).toBeLessThan(200_000);
  expect(text).toContain('and 1,960 more, see the report');
  expect(writeReport(summary)).toContain('and 1,600 units more');
});

test.each(['x', '"', 'ß', '漢', '😀'])(
  'a message fits although every list is full of long lines of %s',
  async (character) => {
    const long = (length: number): string => character.repeat(length / character.length);
    const line = {
      file: long(1_000),
      line: 1,
      column: long(120),
      type: 'varchar',
      value: long(1_000),
      reason: long(100),
    };
    const finding = { path: long(200), what: long(200), why: long(200), do: long(200) };
    const mail = writeMail(
      summarise(
        facts({
          failure: {
            ...FAILURE,
            message: long(1_000),
            why: long(500),
            next: long(500),
            findings: Array.from({ length: 200 }, () => finding),
          },
          loadErrors: Array.from({ length: 100 }, () => line),
          refused: Array.from({ length: 20 }, () => ({
            table: long(250),
            rows: 5,
            lines: [line, line, line, line, line],
          })),
        }),
      ),
    );
    const sent: PublishCommandInput[] = [];
    const sns = { send: async ({ input }: { input: PublishCommandInput }) => void sent.push(input) } as unknown as Sns;
    await snsCompletions(sns, 'topic').tell(mail);
    expect(Buffer.byteLength(sent[0]?.Message ?? '')).toBeLessThan(262_144 - 2_000);
    expect(mail.text).toContain('more, see the report');
    expect(mail.text).toContain('Run: 0123456789abcdef');
  },
);

test('the report escapes whatever it is given', () => {
  const evil = `<script>alert(1)</script>" onload="x' & <b>`;
  const page = writeReport(
    summarise(
      facts({
        project: evil,
        batch: evil,
        failure: { ...FAILURE, message: evil, where: { table: evil, value: evil } },
        loadErrors: [{ file: evil, line: 1, column: evil, type: evil, value: evil, reason: evil }],
      }),
    ),
  );
  expect(page).not.toContain('<script');
  expect(page).not.toContain('<b>x');
  expect(page).not.toContain('" onload');
});

test('numbers of the report stand under one another, and names are not broken', () => {
  const page = writeReport(
    summarise(
      facts({
        failure: FAILURE,
        loadErrors: [
          {
            file: 's3://in/drop/usage/part-3.gz',
            line: 1_007,
            column: 'amount',
            type: 'numeric',
            value: 'x',
            reason: 'no',
          },
        ],
      }),
    ),
  );
  for (const cell of ['200,000', '12.3 MB', '9.0', '1,007'])
    expect(page).toMatch(new RegExp(`<td class="number">${cell.replace('.', String.raw`\.`)}</td>`));
  for (const cell of ['staging.usage', 'orphans', 'usage/part-3.gz', 'left as it was'])
    expect(page).toContain(`<td class="name">${cell}</td>`);
  expect(page).toMatch(/\.number\{text-align:right;white-space:nowrap/);
  expect(page).toMatch(/@media print\{:root\{color-scheme:light/);
  expect(page).toContain('finished\n            2026-11-22 06:07:13 UTC');
});

test('the report needs nothing from outside and draws a timeline', () => {
  const page = writeReport(summarise(facts()));
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).not.toMatch(/(src|href)=/);
  expect(page).toContain('class="timeline"');
  expect(page).toContain('prefers-color-scheme:dark');
});

test('escaped text holds no character that HTML gives a meaning', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeHtml(text)).not.toMatch(/[<>"']/);
      expect(escapeHtml(text).replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
    }),
  );
});

test('summary.json tells each table’s state and each phase’s time, and survives clocks that go backwards', () => {
  const summary = summarise(facts({ failure: FAILURE }));
  expect(summary.tables.map(({ table, holdsBatch }) => [table, holdsBatch])).toEqual([
    ['staging.usage', true],
    ['staging.plan', false],
  ]);
  expect(summary.units.find(({ id }) => id === 'copy-2')).toMatchObject({ state: 'failed' });
  const backwards = summarise(facts({ now: START - 1_000_000, marks: { started: START, acquired: START } }));
  expect(backwards.seconds).toBe(0);
  expect(backwards.cost.total).toBeGreaterThanOrEqual(0);
});

test('a cost is the nodes’ hours and a little for orchestration; an unknown node type is said to be unknown', () => {
  expect(estimateCost({ nodeType: 'ra3.xlplus', nodes: 2, clusterMs: 3_600_000, unitDurationsMs: [] })).toMatchObject({
    cluster: 2.172,
    estimated: true,
  });
  expect(estimateCost({ nodeType: 'ra9', nodes: 2, clusterMs: 1, unitDurationsMs: [] })).not.toHaveProperty('cluster');
});

test('figures read as people write them', () => {
  expect([
    count(0),
    count(1_234_567),
    bytes(999),
    bytes(1_500_000),
    duration(59.9),
    duration(61),
    duration(7_260),
  ]).toEqual(['0', '1,234,567', '999 bytes', '1.5 MB', '59.9 s', '1 min 1 s', '2 h 1 min']);
  expect(oneLine('a\n b', 2)).toBe('a…');
  expect(subjectLine('grün')).toBe('gr?n');
});

test('rows that were refused because the manifest allows it are told, with the first of them', () => {
  const line = {
    file: 's3://in/a.csv',
    line: 7,
    column: 'amount',
    type: 'int4',
    value: '12x\r\nBcc: x',
    reason: 'Invalid digit',
  };
  const { units } = facts();
  const summary = summarise(
    facts({
      units: units.map((unit) =>
        unit.id === 'copy-1' && unit.done ? { ...unit, done: { ...unit.done, refused: 3 } } : unit,
      ),
      refused: [{ table: 'staging.usage', rows: 3, lines: [line] }],
    }),
  );
  const { text } = writeMail(summary);
  expect(text).toContain('staging.usage: 200,000 rows from 8 files, 3 rows refused');
  expect(text).toContain("    s3://in/a.csv, line 7, column amount, value '12x Bcc: x': Invalid digit");
  expect(writeReport(summary)).toContain('Refused rows');
  expect(summary.tables[0]).toMatchObject({ refused: 3 });
});
