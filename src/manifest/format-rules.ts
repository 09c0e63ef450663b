import type { Finding } from '../errors/finding.ts';
import type { FormatDocument } from './document.ts';
import { quoted } from './shape-findings.ts';

/** What COPY does not accept in a format, though each option is of the right kind. https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html */
export function formatFindings(format: FormatDocument | undefined, path: string): Finding[] {
  if (format === undefined || format.type === 'parquet') return [];
  const findings: Finding[] = [];
  const ascii = (key: string, text: string | undefined, why: string): void => {
    // oxlint-disable-next-line no-control-regex -- COPY takes control characters as delimiters, but no line breaks and no NUL
    if (text === undefined || /^[\u0001-\u0009\u000b\u000c\u000e-\u007f]+$/.test(text)) return;
    findings.push({
      path: `${path}.${key}`,
      what: `${quoted(text)} cannot stand here`,
      why,
      do: 'Use an ASCII character',
    });
  };
  ascii('acceptInvalidCharacters', format.acceptInvalidCharacters, 'COPY replaces with one ASCII character');
  printable('dateFormat', format.dateFormat);
  printable('timeFormat', format.timeFormat);
  if (format.type === 'json') return findings;
  ascii('delimiter', format.delimiter, 'COPY takes ASCII characters, no line breaks, as a delimiter');
  printable('null', format.null);
  if (format.type === 'delimited') return findings;
  ascii('quote', format.quote, 'COPY takes one ASCII character as the quotation mark');
  if ((format.delimiter ?? ',').length > 1)
    findings.push({
      path: `${path}.delimiter`,
      what: `${quoted(format.delimiter)} is too long`,
      why: 'CSV has a delimiter of one character',
      do: "Use one character, or the type 'delimited'",
    });
  if ((format.quote ?? '"') === (format.delimiter ?? ','))
    findings.push({
      path: `${path}.quote`,
      what: 'quote and delimiter are the same',
      why: 'A field could not be told from a quoted one',
      do: 'Change one of them',
    });
  return findings;

  function printable(key: string, text: string | undefined): void {
    if (text === undefined || (text.isWellFormed() && !text.includes('\0'))) return;
    findings.push({
      path: `${path}.${key}`,
      what: `${quoted(text)} cannot stand here`,
      why: 'It holds a NUL or half of a character',
      do: 'Remove the character',
    });
  }
}
