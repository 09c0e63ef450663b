import { appendFileSync, createReadStream, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { held, type Clock } from '../kernel/index.ts';

/** One log event. Times are milliseconds. */
export interface LogEvent {
  readonly id: string;
  readonly stream: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

/** The file of one log group: JSON lines, in order of arrival. People may read it with any tool. */
export class LogFile {
  readonly #path: string;
  readonly #clock: Clock;

  constructor(directory: string, group: string, clock: Clock) {
    this.#path = join(directory, 'logs', `${encodeURIComponent(group)}.jsonl`);
    this.#clock = clock;
  }

  append(events: readonly LogEvent[]): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    appendFileSync(this.#path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }

  /** The events `keep` wants, in order of time. A line cut off by a crash is left out. */
  async read(keep: (event: LogEvent) => boolean): Promise<LogEvent[]> {
    return held(this.#clock, this.#scan(keep));
  }

  async #scan(keep: (event: LogEvent) => boolean): Promise<LogEvent[]> {
    const found: LogEvent[] = [];
    try {
      for await (const line of createInterface({ input: createReadStream(this.#path), crlfDelay: Infinity })) {
        const event = parse(line);
        if (event && keep(event)) found.push(event);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return found.toSorted((a, b) => a.timestamp - b.timestamp);
  }

  delete(): void {
    rmSync(this.#path, { force: true });
  }
}

function parse(line: string): LogEvent | undefined {
  try {
    return JSON.parse(line) as LogEvent;
  } catch {
    return undefined;
  }
}
