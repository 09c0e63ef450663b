import type { RunFailure } from '../../src/run/failure-record.ts';
import type { UnitResult } from '../../src/statement/unit-result.ts';
import type { UnitDocument } from '../../src/run/unit-document.ts';
import { bytes, seconds } from '../table.ts';
import { plain } from '../text-width.ts';
import type { Progress, StepName, StepProgress } from './follow.ts';
import { counted } from '../../src/report/words.ts';

/** Tables shown under the copies: the newest, so that a batch of thousands still fits a screen. */
const TABLES_SHOWN = 8;

const PHASE_OF = {
  tables: 'tables',
  copies: 'copies',
  transforms: 'transforms',
  checks: 'checks',
  unload: 'unload',
} as const satisfies Partial<Record<StepName, string>>;

/** A run as lines of text, one a step, with the tables as they load. */
export function progressLines(progress: Progress): readonly string[] {
  const lines: string[] = [];
  for (const step of progress.steps) {
    lines.push(stepLine(step, progress));
    if (step.name === 'copies' && step.began !== undefined) lines.push(...tableLines(progress));
  }
  return lines;
}

/** The lines of a run that do not change any more: steps that have ended, tables that are loaded. */
export function settledLines(progress: Progress): readonly string[] {
  const settled = progress.steps.flatMap((step) => [
    ...(step.name === 'copies' ? loadedTables(progress).map(({ line }) => line) : []),
    ...(step.ended === undefined ? [] : [stepLine(step, progress)]),
  ]);
  if (progress.status === 'RUNNING') return settled;
  // Where a run ended is worth a line, where it never came is not.
  const began = progress.steps.filter((step) => step.began !== undefined).map((step) => stepLine(step, progress));
  return [...new Set([...settled, ...began])];
}

function stepLine(step: StepProgress, progress: Progress): string {
  return `  ${mark(step, progress)} ${step.name.padEnd(11)}${took(step)}  ${plain(detail(step.name, progress))}`.trimEnd();
}

function mark(step: StepProgress, { status }: Progress): string {
  if (step.began === undefined) return '·';
  if (step.failed) return '✘';
  if (step.ended !== undefined) return '✔';
  return status === 'RUNNING' ? '▸' : '✘';
}

function took({ ended, tookMs }: StepProgress): string {
  return (ended === undefined ? '' : seconds(tookMs)).padStart(9);
}

function detail(name: StepName, { plan, run, results, runId }: Progress): string {
  if (name === 'open')
    return run
      ? `run ${run.runId}: ${counted(run.tables, 'table')}, ${counted(run.files, 'file')}, ${bytes(run.bytes)}`
      : runId
        ? `run ${runId}`
        : '';
  const phase = PHASE_OF[name as keyof typeof PHASE_OF];
  if (!phase || !plan) return '';
  const units = new Set(plan.waves[phase].flat());
  const done = results.filter(({ unit }) => units.has(unit));
  const rows = done.reduce((sum, result) => sum + (result.rows ?? 0), 0);
  if (name === 'checks') {
    const offending = done.filter((result) => (result.offending ?? 0) > 0).length;
    return `${done.length} of ${units.size}${offending > 0 ? `, ${offending} found something` : ''}`;
  }
  const loaded = new Set(done.map(({ unit }) => unit));
  const size = plan.units.filter(({ id }) => loaded.has(id)).reduce((sum, unit) => sum + sizeOf(unit), 0);
  return [
    `${done.length} of ${units.size}`,
    ...(rows > 0 && name !== 'tables' ? [`${count(rows)} rows`] : []),
    ...(size > 0 ? [bytes(size)] : []),
  ].join(', ');
}

function tableLines(progress: Progress): readonly string[] {
  const { plan, underWay } = progress;
  const loading = new Set(underWay);
  const lines = [
    ...loadedTables(progress).map(({ line }) => line),
    ...(plan?.units ?? [])
      .filter(({ id, kind }) => kind === 'copy' && loading.has(id))
      .map((unit) => tableLine(unit, undefined)),
  ];
  const before = lines.length - TABLES_SHOWN;
  return before > 0 ? [`      … ${before} tables before`, ...lines.slice(-TABLES_SHOWN)] : lines;
}

function loadedTables({ plan, results }: Progress): readonly { readonly unit: UnitDocument; readonly line: string }[] {
  const units = new Map(plan?.units.filter(({ kind }) => kind === 'copy').map((unit) => [unit.id, unit]));
  return results.flatMap((result) => {
    const unit = units.get(result.unit);
    return unit ? [{ unit, line: tableLine(unit, result) }] : [];
  });
}

function tableLine(unit: UnitDocument, result: UnitResult | undefined): string {
  const size = bytes(sizeOf(unit)).padStart(8);
  const name = plain(unit.table ? `${unit.table.schema}.${unit.table.table}` : unit.title).padEnd(32);
  if (!result) return `      ${name} ${'loading'.padStart(12)}      ${size}`;
  const time = result.durationMs === undefined ? '' : seconds(result.durationMs);
  return `      ${name} ${count(result.rows ?? 0).padStart(12)} rows ${size} ${time.padStart(8)}`;
}

function sizeOf({ files = [] }: UnitDocument): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

/** What went wrong, as the e-mail says it: step, place, reason, what to do. */
export function failureLines(progress: Progress): readonly string[] {
  if (progress.failures.length === 0)
    return [
      `${progress.status}${progress.error ? `: ${plain(progress.error)}` : ''}`,
      ...(progress.cause ? [plain(progress.cause)] : []),
    ];
  return progress.failures
    .slice(0, 5)
    .flatMap((failure) => [
      `${failure.code}: ${plain(failure.message)}`,
      ...place(failure),
      `  why         ${plain(failure.why)}`,
      `  what to do  ${plain(failure.next)}`,
      ...failure.findings.slice(0, 20).map(({ path, what, do: mend }) => plain(`  - ${path}: ${what}. ${mend}.`)),
    ]);
}

function place({ where }: RunFailure): readonly string[] {
  const parts = (['step', 'table', 'file', 'line', 'column', 'value', 'path'] as const)
    .filter((part) => where[part] !== undefined)
    .map((part) => `${part} ${where[part]}`);
  return parts.length > 0 ? [`  where       ${plain(parts.join(', '))}`] : [];
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
