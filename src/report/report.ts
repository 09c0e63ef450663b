import { describeFinding } from '../errors/finding.ts';
import { type Html, html, joined, NOTHING } from './html.ts';
import { STYLE } from './style.ts';
import type { LoadErrorLine } from './facts.ts';
import { clusterOf, type Summary, type SummaryTable, type SummaryUnit } from './summary.ts';
import { bytes, count, counted, duration } from './words.ts';

/** Bars of the timeline; a browser draws more, but nobody reads them. */
const MOST_BARS = 400;

/** `report.html`: one page that needs nothing else. Everything that is not of this file is escaped. */
export function writeReport(summary: Summary): string {
  const title = `${summary.status === 'SUCCEEDED' ? 'OK' : 'FAILED'}: ${summary.project ?? 'run'} ${summary.batch ?? summary.runId}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <header class="${summary.status === 'SUCCEEDED' ? 'ok' : 'failed'}">
          <p class="status">${summary.status === 'SUCCEEDED' ? 'OK' : 'FAILED'}</p>
          <h1>
            <span>${summary.project ?? 'A batch'}</span> <span>${summary.batch ?? summary.manifest?.key ?? ''}</span>
          </h1>
          <p>
            Run <code>${summary.runId}</code>, finished
            ${moment(summary.finishedAt)}${summary.seconds === undefined ? '' : ` after ${duration(summary.seconds)}`}
          </p>
        </header>
        <main>
          ${failureSection(summary)} ${figures(summary)} ${tableSection(summary)} ${refusedSection(summary)}
          ${checkSection(summary)} ${answerSection(summary)} ${timeline(summary)} ${details(summary)}
        </main>
      </body>
    </html> `.html;
}

function failureSection({ failure, releaseFailure, loadErrors }: Summary): Html {
  const told = failure ?? releaseFailure;
  if (!told) return NOTHING;
  const { step, unit, table, file, line, column, value, path } = told.where;
  const place = [
    ['Step', step],
    ['Unit', unit],
    ['Table', table],
    ['File', file],
    ['Line', line],
    ['Column', column],
    ['Value', value],
    ['Path', path],
  ] as const;
  return html`<section class="failure">
    <h2>${failure ? 'What went wrong' : 'The cluster was not released'}</h2>
    <p><strong>${told.message}</strong></p>
    <dl>
      ${joined(
        place.flatMap(([term, detail]) =>
          detail === undefined || detail === ''
            ? []
            : [
                html`<dt>${term}</dt>
                  <dd>${detail}</dd>`,
              ],
        ),
      )}
      <dt>Reason</dt>
      <dd>${told.why}</dd>
      <dt>What to do</dt>
      <dd>${told.next}</dd>
      <dt>Code</dt>
      <dd><code>${told.code}</code></dd>
    </dl>
    ${
      told.findings.length > 1
        ? html`<ul>
            ${joined(told.findings.map((finding) => html`<li>${describeFinding(finding)}</li>`))}
          </ul>`
        : NOTHING
    }
    ${
      loadErrors.length > 0
        ? html`<h3>Lines that were refused</h3>
            ${refusedLines(loadErrors)}`
        : NOTHING
    }
  </section>`;
}

function refusedLines(lines: readonly LoadErrorLine[]): Html {
  return grid(
    [name('File'), number('Line'), name('Column'), name('Type'), text('Value'), text('Reason')],
    lines.map(({ file, line, column, type, value, reason }) => [
      fileName(file),
      count(line),
      column,
      type,
      value,
      reason,
    ]),
  );
}

function refusedSection({ refused }: Summary): Html {
  if (refused.length === 0) return NOTHING;
  return html`<section>
    <h2>Refused rows</h2>
    <p>The manifest allows them to be left out.</p>
    ${joined(
      refused.map(
        ({ table, rows, lines }) =>
          html`<h3>${table}: ${counted(rows, 'row')}</h3>
            ${refusedLines(lines)}`,
      ),
    )}
  </section>`;
}

function figures(summary: Summary): Html {
  const { cost, answer } = summary;
  const boxes: readonly (readonly [string, string])[] = [
    ['rows loaded', count(summary.rowsLoaded)],
    ['loaded', bytes(summary.bytesLoaded)],
    ['rows in the answer', answer.rows === undefined ? '-' : count(answer.rows)],
    ['estimated cost', `$${cost.total.toFixed(2)}`],
    ['duration', summary.seconds === undefined ? '-' : duration(summary.seconds)],
  ];
  return html`<section class="figures">
    ${joined(boxes.map(([name, value]) => html`<div><b>${value}</b><span>${name}</span></div>`))}
  </section>`;
}

function tableSection({ tables }: Summary): Html {
  if (tables.length === 0) return NOTHING;
  return html`<section>
    <h2>Tables</h2>
    ${grid(
      [
        name('Table'),
        name('In this run'),
        number('Rows'),
        number('Promised'),
        number('Refused'),
        number('Files'),
        number('Size'),
        number('Seconds'),
      ],
      tables.map((table) => [
        table.table,
        stateOf(table),
        table.rows === undefined ? '' : count(table.rows),
        table.expectedRows === undefined ? '' : count(table.expectedRows),
        table.refused === undefined ? '' : count(table.refused),
        table.files === undefined ? '' : count(table.files),
        table.bytes === undefined ? '' : bytes(table.bytes),
        table.seconds === undefined ? '' : table.seconds.toFixed(1),
      ]),
    )}
  </section>`;
}

function stateOf({ holdsBatch, by, writtenSince }: SummaryTable): string {
  const state = holdsBatch ? { copy: 'loaded', transform: 'made' }[by] : 'left as it was';
  if (!writtenSince) return state;
  const since = `written since by run ${writtenSince.runId} (batch ${writtenSince.batch})`;
  return holdsBatch ? `${state}, ${since}` : since;
}

function checkSection({ checks }: Summary): Html {
  if (checks.length === 0) return NOTHING;
  return html`<section>
    <h2>Checks</h2>
    ${grid(
      [name('Check'), name('If broken'), number('Rows'), text('Means'), text('Example')],
      checks.map((check) => [
        check.check,
        check.severity === 'stop' ? 'stops the run' : 'is reported',
        check.offending === undefined ? 'not run' : count(check.offending),
        check.means,
        check.example ?? '',
      ]),
    )}
  </section>`;
}

function answerSection({ answer, resultsUrl }: Summary): Html {
  if (answer.files.length === 0) return NOTHING;
  const bucket = resultsUrl.split('/')[2] ?? '';
  return html`<section>
    <h2>Answer</h2>
    ${grid(
      [text('File'), number('Size')],
      answer.files.map(({ key, bytes: size }) => [`s3://${bucket}/${key}`, bytes(size)]),
    )}
  </section>`;
}

function timeline({ units }: Summary): Html {
  const timed = units.filter((unit): unit is SummaryUnit & { from: string; to: string } => !!unit.from && !!unit.to);
  if (timed.length === 0) return NOTHING;
  const begin = Math.min(...timed.map(({ from }) => Date.parse(from)));
  const span = Math.max(1, Math.max(...timed.map(({ to }) => Date.parse(to))) - begin);
  const percent = (ms: number): string => ((100 * ms) / span).toFixed(2);
  const bars = timed
    .toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from))
    .slice(0, MOST_BARS)
    .map(
      ({ title, kind, state, from, to, seconds = 0 }) =>
        html`<li class="${kind} ${state}">
          <span class="name">${title}</span
          ><span class="track"
            ><span
              class="bar"
              style="left:${percent(Date.parse(from) - begin)}%;width:${percent(Math.max(span / 300, Date.parse(to) - Date.parse(from)))}%"
            ></span></span
          ><span class="time">${duration(seconds)}</span>
        </li>`,
    );
  const left = timed.length - bars.length;
  return html`<section>
    <h2>Timeline</h2>
    <ol class="timeline">
      ${joined(bars)}
    </ol>
    ${left > 0 ? html`<p>and ${counted(left, 'unit')} more, see summary.json</p>` : NOTHING}
  </section>`;
}

function details(summary: Summary): Html {
  const { manifest, cost } = summary;
  const rows: readonly (readonly [string, string])[] = [
    ...(manifest
      ? ([
          ['Manifest', `s3://${manifest.bucket}/${manifest.key}`],
          ['Version', manifest.version],
        ] as const)
      : []),
    ['Cluster', clusterOf(summary)],
    ['Cost of the cluster, estimated', cost.cluster === undefined ? 'price not known' : `$${cost.cluster.toFixed(4)}`],
    ['Cost of functions and states, estimated', `$${cost.orchestration.toFixed(4)}`],
    ...summary.phases.map(({ phase, seconds }) => [`Time: ${phase}`, duration(seconds)] as const),
    [
      'Execution',
      summary.redrive === 0 ? summary.execution : `${summary.execution}, redriven ${counted(summary.redrive, 'time')}`,
    ],
    ['Record', summary.recordUrl],
  ];
  return html`<section>
    <h2>Details</h2>
    <dl>
      ${joined(
        rows.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        ),
      )}
    </dl>
  </section>`;
}

/** Numbers stand under one another, names stay whole, texts are broken where they must be. */
interface Column {
  readonly head: string;
  readonly kind: 'name' | 'number' | 'text';
}

const name = (head: string): Column => ({ head, kind: 'name' });
const number = (head: string): Column => ({ head, kind: 'number' });
const text = (head: string): Column => ({ head, kind: 'text' });

function grid(columns: readonly Column[], rows: readonly (readonly (string | number)[])[]): Html {
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${joined(columns.map(({ head, kind }) => html`<th scope="col" class="${kind}">${head}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${joined(
          rows.map(
            (row) =>
              html`<tr>
                ${joined(columns.map(({ kind }, at) => html`<td class="${kind}">${row[at] ?? ''}</td>`))}
              </tr>`,
          ),
        )}
      </tbody>
    </table>
  </div>`;
}

/** A file and its folder: the whole key stands above, and it is the same for all but its end. */
function fileName(url: string): string {
  return url.split('/').slice(-2).join('/');
}

/** An ISO time to the second, as people write it. */
function moment(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
