import { createHash } from 'node:crypto';

/** What happened, in order: the timeline of a failing seed, and the proof that a seed replays. */
export class Trace {
  readonly #lines: { readonly at: number; readonly what: string }[] = [];
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  add(at: number, what: string): void {
    this.#lines.push({ at, what });
  }

  get digest(): string {
    const text = this.#lines.map(({ at, what }) => `${at} ${what}\n`).join('');
    return createHash('sha256').update(text).digest('hex').slice(0, 16);
  }

  get length(): number {
    return this.#lines.length;
  }

  lines(): readonly string[] {
    return this.#lines.map(({ at, what }) => `${elapsed(at - this.#start)} ${what}`);
  }
}

function elapsed(ms: number): string {
  const part = (value: number, digits: number): string => String(Math.trunc(value)).padStart(digits, '0');
  return `${part(ms / 3_600_000, 3)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1000) % 60, 2)}.${part(ms % 1000, 3)}`;
}
