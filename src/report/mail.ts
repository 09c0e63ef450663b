import { describeFinding } from '../errors/finding.ts';
import type { Load } from '../plan/plan.ts';
import type { LoadErrorLine, ReportedFailure } from './facts.ts';
import { clusterOf, type Summary, type SummaryTable } from './summary.ts';
import { bytes, count, counted, duration, oneLine, sentence, subjectLine, tail } from './words.ts';

/** What is sent to the topic of completions. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly json: string;
  /** To filter subscriptions on. `code` is there when something went wrong: the run, or the cluster's release alone. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A message has at most 256 KB, its attributes among them. https://docs.aws.amazon.com/sns/latest/dg/sns-message-publishing.html */
const MOST_BYTES = 240_000;

/** The topic takes the text once, and the JSON for each protocol that gets it. */
const COPIES_OF_JSON = 5;

/** Lines of each list: as many of these as fit, for a line can quote a file's name and a value. The report has all of them. */
const MOST_LINES = [40, 10, 2] as const;

/** Characters of a manifest's key in the subject, so that the error's code still stands there. */
const SUBJECT_KEY = 60;

/** How a message is sent. */
export interface Sending {
  /**
   * It was sent before, or nearly: whoever sent it broke off before he had noted that it was sent. A topic that e-mails knows no key by which it
   * would send a message once. https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
   */
  readonly mayRepeat: boolean;
}

export function writeMail(summary: Summary, sending: Sending = { mayRepeat: false }): Mail {
  let mail = written(summary, sending, MOST_LINES[0]);
  for (const lines of MOST_LINES.slice(1)) if (messageBytes(mail) > MOST_BYTES) mail = written(summary, sending, lines);
  return mail;
}

const REPEATED = [
  'You may have got this e-mail before: sending it was interrupted. It tells of the same end of the same run.',
  '',
];

function messageBytes({ text, json }: Mail): number {
  const bytesOf = (part: string): number => Buffer.byteLength(JSON.stringify(part));
  return bytesOf(text) + COPIES_OF_JSON * bytesOf(json);
}

function written(summary: Summary, { mayRepeat }: Sending, most: number): Mail {
  const { status, runId, project = '', batch = '', failure } = summary;
  const code = failure?.code ?? summary.releaseFailure?.code;
  const lines = failure ? failed(summary, failure, most) : succeeded(summary, most);
  return {
    subject: subjectOf(summary),
    text: `${[...(mayRepeat ? REPEATED : []), ...lines].join('\n')}\n`,
    json: JSON.stringify({
      version: 1,
      status,
      runId,
      execution: summary.execution,
      redrive: summary.redrive,
      ...(mayRepeat ? { mayRepeat } : {}),
      ...(project ? { project, batch } : {}),
      finishedAt: summary.finishedAt,
      seconds: summary.seconds,
      rowsLoaded: summary.rowsLoaded,
      answer: { rows: summary.answer.rows, files: summary.answer.files.slice(0, most) },
      cost: summary.cost,
      ...(failure ? { failure: { ...failure, findings: failure.findings.slice(0, most) } } : {}),
      ...(summary.releaseFailure ? { clusterNotReleased: summary.releaseFailure.code } : {}),
      resultsUrl: summary.resultsUrl,
      reportUrl: summary.reportUrl,
    }),
    attributes: { status, runId, ...(project ? { project, batch } : {}), ...(code ? { code } : {}) },
  };
}

function subjectOf(summary: Summary): string {
  const { failure, manifest } = summary;
  const what = summary.project
    ? `${summary.project} ${summary.batch ?? ''}`
    : manifest
      ? tail(oneLine(manifest.key, 1_100), SUBJECT_KEY)
      : `run ${summary.runId}`;
  if (failure) {
    const { table, file } = failure.where;
    const place = table ?? (file === manifest?.key ? undefined : file);
    return subjectLine(`FAILED: ${what}: ${failure.code}${place ? ` ${place}` : ''}`);
  }
  const rows = summary.answer.rows === undefined ? '' : ` (${counted(summary.answer.rows, 'row')})`;
  return subjectLine(`OK: ${what}${rows}${summary.releaseFailure ? ', but the cluster was not released' : ''}`);
}

function succeeded(summary: Summary, most: number): string[] {
  const listed = listing(most);
  const { answer, checks } = summary;
  const offended = checks.filter(({ offending = 0 }) => offending > 0);
  const made = summary.tables.filter(({ by }) => by === 'transform');
  return [
    `The batch ${summary.batch} of ${summary.project} is done.`,
    '',
    `Answer: ${answer.rows === undefined ? '' : `${counted(answer.rows, 'row')} in `}${counted(answer.files.length, 'file')}`,
    ...listed(answer.files, (file) => `  s3://${bucketOf(summary)}/${oneLine(file.key)} (${bytes(file.bytes)})`),
    `Report: ${summary.reportUrl}`,
    '',
    `Loaded: ${counted(summary.rowsLoaded, 'row')}, ${bytes(summary.bytesLoaded)}`,
    ...listed(
      summary.tables.filter(({ by }) => by === 'copy'),
      tableLine,
    ),
    ...refusedLines(summary, most),
    ...(made.length === 0 ? [] : ['Made, with all rows that are in the table now:', ...listed(made, tableLine)]),
    '',
    checks.length === 0
      ? 'Checks: none'
      : `Checks: ${checks.length - offended.length} of ${checks.length} found nothing`,
    ...listed(
      offended,
      ({ check, offending = 0, means, example }) =>
        `  ${oneLine(`${check}: ${counted(offending, 'row')}. ${sentence(means)}${example ? ` For example: ${sentence(example)}` : ''}`)}`,
    ),
    '',
    ...ending(summary),
  ];
}

/** Nothing is left out silently, though the manifest allows it. */
function refusedLines({ refused }: Summary, most: number): string[] {
  if (refused.length === 0) return [];
  return [
    'Refused, as the manifest allows:',
    ...listing(most)(
      refused.flatMap(({ table, rows, lines }) => [
        `  ${oneLine(table)}: ${counted(rows, 'row')}`,
        ...lines.map((line) => `    ${refusedLine(line)}`),
      ]),
      (line) => line,
    ),
  ];
}

function refusedLine({ file, line, column, value, reason }: LoadErrorLine): string {
  return oneLine(
    `${file}, line ${line}${column ? `, column ${column}` : ''}${value ? `, value '${value}'` : ''}: ${reason}`,
    2_000,
  );
}

function failed(summary: Summary, failure: ReportedFailure, most: number): string[] {
  const listed = listing(most);
  const { where } = failure;
  const place: readonly (readonly [string, string | number | undefined])[] = [
    ['Step', where.step],
    ['Unit', where.unit],
    ['Table', where.table],
    ['File', where.file],
    ['Line', where.line],
    ['Column', where.column],
    ['Value', where.value],
    ['Path', where.path],
  ];
  const { manifest } = summary;
  const batch = summary.project ? `The batch ${summary.batch} of ${summary.project}` : 'A batch';
  return [
    `${batch} FAILED. There is no answer.`,
    ...(manifest ? [`Manifest: s3://${manifest.bucket}/${oneLine(manifest.key, 1_100)}`] : []),
    '',
    oneLine(failure.message, 2_000),
    '',
    ...place.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [`${name}: ${oneLine(String(value))}`],
    ),
    `Reason: ${oneLine(failure.why, 2_000)}`,
    `What to do: ${oneLine(failure.next, 2_000)}`,
    `Code: ${failure.code}`,
    ...(failure.findings.length > 1
      ? [
          '',
          `All ${failure.findings.length} findings:`,
          ...listed(failure.findings, (finding) => `  ${oneLine(describeFinding(finding))}`),
        ]
      : []),
    ...(summary.loadErrors.length > 1
      ? ['', 'Lines that were refused:', ...listed(summary.loadErrors, (line) => `  ${refusedLine(line)}`)]
      : []),
    '',
    ...whatHoldsTheBatch(summary, most),
    ...refusedLines(summary, most),
    '',
    `Report: ${summary.reportUrl}`,
    `Record: ${summary.recordUrl}`,
    '',
    ...ending(summary),
  ];
}

/** Each unit is a transaction: a table holds the batch whole or not at all. */
function whatHoldsTheBatch({ tables, cluster, heldBefore, undoUrl }: Summary, most: number): string[] {
  const holding = tables.filter(({ holdsBatch }) => holdsBatch);
  const lost = tables.filter(({ holdsBatch, writtenSince }) => writtenSince && !holdsBatch);
  const overtaken =
    lost.length === 0
      ? []
      : ['Of these tables another run has replaced what this run had written:', ...listing(most)(lost, lostLine)];
  if (holding.length === 0) return [...overtaken, 'No table holds anything of this batch.'];
  const head =
    cluster.afterRun === 'delete' && cluster.released
      ? 'These tables held the new batch; unless another run uses it, the cluster goes, and they with it:'
      : heldBefore
        ? 'These tables held the batch when this run had left the cluster before. Whether another run has written them since could not be seen:'
        : lost.length === 0
          ? 'These tables hold the new batch; all others are as they were before:'
          : 'These tables still hold the batch:';
  return [
    ...overtaken,
    head,
    ...listing(most)(holding, heldLine),
    ...(undoUrl === undefined
      ? []
      : [
          'A table that was appended to refuses these files when they are sent again. Before that, this takes exactly the rows of',
          `this run out of it: ${undoUrl}`,
        ]),
  ];
}

function ending(summary: Summary): string[] {
  const { cluster, cost, releaseFailure } = summary;
  return [
    ...(summary.seconds === undefined ? [] : [`Duration: ${duration(summary.seconds)}`]),
    ...summary.phases.map(({ phase, seconds }) => `  ${phase}: ${duration(seconds)}`),
    `Cost (an estimate at list prices): USD ${cost.total.toFixed(2)}${
      cost.cluster === undefined ? `, without the cluster: the price of ${oneLine(cluster.nodeType)} is not known` : ''
    }`,
    releaseFailure
      ? `The cluster was NOT released: ${oneLine(releaseFailure.message)} ${oneLine(releaseFailure.next)} The janitor goes on trying.`
      : `Cluster: ${clusterOf(summary)}`,
    `Run: ${summary.runId}`,
  ];
}

const LOADED: Readonly<Record<Load, string>> = {
  replace: ', in the place of all rows',
  append: ', appended',
  merge: ', in the place of rows with the same key',
};

/** What a failed run has left in a table, and what has become of the rows before it. */
function heldLine(table: SummaryTable): string {
  const loaded = table.load === undefined ? '' : LOADED[table.load];
  return `${tableLine(table)}${loaded}${table.writtenSince ? `; ${writtenSince(table)}` : ''}`;
}

function lostLine(table: SummaryTable): string {
  return `  ${oneLine(table.table)}: ${writtenSince(table)}`;
}

function writtenSince({ writtenSince: by }: SummaryTable): string {
  return `written since by run ${oneLine(by?.runId ?? '')} (batch ${oneLine(by?.batch ?? '')})`;
}

function tableLine({ table, rows, refused, files, holdsBatch, by }: SummaryTable): string {
  const from = by === 'copy' && files !== undefined ? ` from ${counted(files, 'file')}` : '';
  const what = holdsBatch
    ? `${rows === undefined ? 'done' : counted(rows, 'row')}${from}${refused === undefined ? '' : `, ${counted(refused, 'row')} refused`}`
    : 'not done';
  return `  ${oneLine(table)}: ${what}`;
}

function listing(most: number): <T>(items: readonly T[], line: (item: T) => string) => string[] {
  return (items, line) => {
    const lines = items.slice(0, most).map(line);
    return items.length > most ? [...lines, `  and ${count(items.length - most)} more, see the report`] : lines;
  };
}

function bucketOf({ resultsUrl }: Summary): string {
  return resultsUrl.split('/')[2] ?? '';
}
