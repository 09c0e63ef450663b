import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the local cloud's SNS leaves e-mails, inside its state folder. */
const OUTBOX = 'outbox';

export interface ReceivedEmail {
  readonly path: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

/** E-mails in the outbox that mention `text`, the newest last. Their names sort by time. */
export function emailsAbout(directory: string, text: string): readonly ReceivedEmail[] {
  const folder = join(directory, OUTBOX);
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .sort()
    .map((name) => read(join(folder, name)))
    .filter(({ body }) => body.includes(text));
}

function read(path: string): ReceivedEmail {
  const text = readFileSync(path, 'utf8');
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1]?.trim() ?? '';
  return {
    path,
    to: header('To'),
    subject: encodedWords(header('Subject')),
    body: quotedPrintable(text.slice(end + 4)),
  };
}

/** RFC 2045, section 6.7. */
function quotedPrintable(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/\r\n/g, '\n')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').trimEnd();
}

/** RFC 2047, in the form SNS writes. */
function encodedWords(text: string): string {
  return text.replace(/=\?UTF-8\?B\?([^?]*)\?= ?/g, (_, base64: string) =>
    Buffer.from(base64, 'base64').toString('utf8'),
  );
}
