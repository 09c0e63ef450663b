import { format } from 'node:util';
import type { WorkerMessage } from './messages.ts';

const LEVELS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/**
 * Sends what the function prints to the host: `console` calls as one log event each, in Lambda's format, other writes to stdout and stderr line
 * by line. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export function captureOutput(
  send: (message: WorkerMessage) => void,
  jsonLogs: boolean,
  requestId: () => string,
): void {
  for (const [method, level] of Object.entries(LEVELS))
    (console as unknown as Record<string, (...values: unknown[]) => void>)[method] = (...values) => {
      const timestamp = new Date().toISOString();
      const text = format(...values);
      send({
        kind: 'output',
        whole: true,
        text: jsonLogs
          ? JSON.stringify({
              timestamp,
              level,
              requestId: requestId(),
              message: values.length === 1 && isPlain(values[0]) ? values[0] : text,
            })
          : `${timestamp}\t${requestId() || 'undefined'}\t${level}\t${text}`,
      });
    };
  for (const stream of [process.stdout, process.stderr])
    stream.write = (chunk: Uint8Array | string, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      send({ kind: 'output', whole: false, text });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(callback);
      return true;
    };
}

const isPlain = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Error);
