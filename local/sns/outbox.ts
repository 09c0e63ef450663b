import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../kernel/index.ts';
import { writeEmail, type Email } from './email.ts';

const ORDER_DIGITS = 6;

/** E-mails go nowhere: they become `.eml` files in `<cloud.directory>/outbox`, whose names sort by time. */
export function openOutbox(cloud: Cloud): (email: Pick<Email, 'fromName' | 'to' | 'subject' | 'body'>) => void {
  const directory = join(cloud.directory, 'outbox');
  let order = 0;
  return (email) => {
    mkdirSync(directory, { recursive: true });
    const date = new Date(cloud.clock.now());
    const id = cloud.ids.hex(12);
    const stamp = date.toISOString().replaceAll(':', '-');
    const name = `${stamp}-${String(order++).padStart(ORDER_DIGITS, '0')}-${id}.eml`;
    const text = writeEmail({
      ...email,
      fromAddress: 'no-reply@sns.amazonaws.com',
      date,
      messageId: `${id}@sns.amazonaws.com`,
    });
    // Whoever watches the folder sees whole e-mails only.
    writeFileSync(join(directory, `.${name}.part`), text);
    renameSync(join(directory, `.${name}.part`), join(directory, name));
  };
}
