import { NO_NUMBER } from './batch.ts';

/** Text that stands in rows and nowhere else: a row's own id, and a value that is no number. */
const ROW = new RegExp(`b\\d\\.(?:sale|customer|price)-\\d\\.csv\\.v\\d\\.r\\d|${NO_NUMBER}`);

export interface LogWatch {
  /** What a log said that no log may say, since the last time this was asked. */
  leaks(): readonly string[];
}

/** Reads what the functions log instead of printing it. For a process that does nothing but simulate. */
export function watchLogs(secrets: readonly string[]): LogWatch {
  let found: string[] = [];
  const write = (chunk: unknown): boolean => {
    const line = String(chunk);
    if (leaks(line, secrets)) found.push(line.slice(0, 300));
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
  return {
    leaks: () => {
      const all = found;
      found = [];
      return all;
    },
  };
}

export function leaks(text: string, secrets: readonly string[]): boolean {
  return ROW.test(text) || secrets.some((secret) => text.includes(secret));
}
