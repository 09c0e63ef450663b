import { createReadStream } from 'node:fs';
import { CHUNK_BYTES } from './content.ts';

/** What a file's line breaks look like: DuckDB's reader skips empty lines and takes a lone carriage return for a line break. */
export interface LineSurvey {
  /** An empty line somewhere, or one that looks like it. */
  readonly emptyLine: boolean;
  /** Line feeds only, or `\r\n` only. */
  readonly regular: boolean;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Takes a file's chunks in order. */
export class LineSurveyor {
  #last = LINE_FEED;
  #lineFeeds = 0;
  #returns = 0;
  #pairs = 0;
  #emptyLine = false;

  take(chunk: Buffer): void {
    const returns = count(chunk, '\r');
    if (returns > 0 || this.#returns > 0 || this.#last === CARRIAGE_RETURN) this.#takeReturns(chunk, returns);
    if (chunk[0] === LINE_FEED && this.#last === LINE_FEED) this.#emptyLine = true;
    this.#emptyLine ||= chunk.includes('\n\n') || (returns > 0 && chunk.includes('\n\r\n'));
    this.#lineFeeds += this.#returns > 0 ? count(chunk, '\n') : Number(chunk.includes(LINE_FEED));
    this.#last = chunk.at(-1) ?? this.#last;
  }

  /** Line feeds are counted from the first carriage return on: a file that begins with bare ones is irregular already. */
  #takeReturns(chunk: Buffer, returns: number): void {
    if (this.#last === LINE_FEED && chunk[0] === CARRIAGE_RETURN) this.#emptyLine = true;
    this.#returns += returns;
    this.#pairs += count(chunk, '\r\n');
    if (this.#last === CARRIAGE_RETURN && chunk[0] === LINE_FEED) this.#pairs++;
  }

  get survey(): LineSurvey {
    const regular = this.#returns === 0 || (this.#returns === this.#pairs && this.#pairs === this.#lineFeeds);
    return { emptyLine: this.#emptyLine, regular };
  }
}

function count(chunk: Buffer, text: string): number {
  let found = 0;
  for (let at = chunk.indexOf(text); at >= 0; at = chunk.indexOf(text, at + text.length)) found++;
  return found;
}

export async function surveyLines(path: string, signal: AbortSignal): Promise<LineSurvey> {
  const surveyor = new LineSurveyor();
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal }))
    surveyor.take(chunk as Buffer);
  return surveyor.survey;
}
