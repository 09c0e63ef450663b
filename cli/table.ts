import { plain } from './terminal.ts';

/** Rows as a person reads them: aligned columns, numbers to the right, NULL told apart from empty text. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  const cells = rows.map((row) =>
    row.map((value) => (value === null ? '∅' : plain(String(value)).replace(/\n/g, '⏎'))),
  );
  const widths = columns.map((name, at) => Math.max(width(plain(name)), ...cells.map((row) => width(row[at] ?? ''))));
  const numeric = columns.map(
    (_, at) => rows.length > 0 && rows.every((row) => row[at] === null || typeof row[at] === 'number'),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => {
        const fill = ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(cell)));
        return numeric[at] ? fill + cell : cell + fill;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(plain)), line(widths.map((size) => '─'.repeat(size))), ...cells.map(line)].join('\n');
}

const segments = new Intl.Segmenter();
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Columns a text takes on a terminal: East Asian characters and emoji take two. */
function width(text: string): number {
  let columns = 0;
  for (const { segment } of segments.segment(text)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function seconds(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const rest = Math.round((ms % 60_000) / 1000);
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
