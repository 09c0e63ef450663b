import { stripVTControlCharacters } from 'node:util';

const segments = new Intl.Segmenter();
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const ASCII = /^[\u0020-\u007e]*$/;

/** Columns a text takes on a terminal: East Asian characters and emoji take two, colours none. */
export function width(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segments.segment(stripVTControlCharacters(text))) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}

/** Cuts a line to `most` columns, so that a redraw never scrolls. What is cut loses its colours. */
export function fit(line: string, most: number): string {
  if (width(line) <= most) return line;
  let cut = '';
  let columns = 0;
  for (const { segment } of segments.segment(stripVTControlCharacters(line))) {
    columns += WIDE.test(segment) ? 2 : 1;
    if (columns > most - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Text from outside (file names, error messages) cannot move the cursor, colour the terminal or turn the direction of writing. */
export function plain(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replace(/\r\n/g, '\n')
      // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  );
}
