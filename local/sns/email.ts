/** An e-mail as text: RFC 5322 headers, a UTF-8 body in quoted-printable. */
export interface Email {
  readonly fromName: string;
  readonly fromAddress: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly date: Date;
  readonly messageId: string;
}

const LONGEST_LINE = 76;

export function writeEmail(email: Email): string {
  const headers = [
    `From: ${phrase(email.fromName)} <${unfolded(email.fromAddress)}>`,
    `To: ${unfolded(email.to)}`,
    `Subject: ${headerText(email.subject)}`,
    `Date: ${email.date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${unfolded(email.messageId)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: quoted-printable',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${quotedPrintable(email.body)}\r\n`;
}

/** Whatever a value holds, it stays one header: line ends and control characters become spaces. */
function unfolded(text: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly these would end the header
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ');
}

/** Encoded words (RFC 2047) hold 75 characters at most, so at most this many bytes of text. */
const ENCODED_WORD_BYTES = 42;

function headerText(text: string): string {
  const line = unfolded(text);
  if (/^[\x20-\x7e]*$/.test(line) && !line.includes('=?')) return line;
  const words: string[] = [];
  let word = '';
  for (const character of line) {
    if (Buffer.byteLength(word + character) > ENCODED_WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}

function phrase(name: string): string {
  const text = headerText(name);
  return text === unfolded(name) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

/** RFC 2045, section 6.7. Line ends of the text become the mail's own. */
function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => {
      const lines: string[] = [];
      let current = '';
      const bytes = Buffer.from(line);
      bytes.forEach((byte, at) => {
        const last = at === bytes.length - 1;
        const printable =
          (byte >= 0x21 && byte <= 0x7e && byte !== 0x3d) || ((byte === 0x20 || byte === 0x09) && !last);
        const piece = printable ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
        if (current.length + piece.length > LONGEST_LINE - 1) {
          lines.push(`${current}=`);
          current = '';
        }
        current += piece;
      });
      lines.push(current);
      return lines.join('\r\n');
    })
    .join('\r\n');
}
