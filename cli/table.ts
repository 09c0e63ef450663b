import { plain, width } from './text-width.ts';

/** Rows as a person reads them: aligned columns, numbers to the right, NULL told apart from empty text. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  const cells = rows.map((row) => row.map((value) => (value === null ? '∅' : inOneLine(String(value)))));
  const heads = columns.map(inOneLine);
  const widths = heads.map(width);
  for (const row of cells) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, width(cell));
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
  return [line(heads), line(widths.map((size) => '─'.repeat(size))), ...cells.map(line)].join('\n');
}

function inOneLine(text: string): string {
  return plain(text).replace(/\n/g, '⏎').replace(/\t/g, '⇥');
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function seconds(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
