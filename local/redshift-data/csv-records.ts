import type { Field } from '@aws-sdk/client-redshift-data';

/** Rows as RFC 4180 has them. NULL is an empty field, an empty string a quoted one. */
export function csvRecords(rows: readonly (readonly Field[])[]): string {
  return rows.map((row) => csvLine(row.map(csvField))).join('');
}

/**
 * The columns' names: the first row of a result.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-calling-cli-get-statement-result.html
 */
export function csvHeader(names: readonly string[]): string {
  return csvLine(names.map(quoted));
}

const csvLine = (fields: readonly string[]): string => `${fields.join(',')}\r\n`;

function csvField(field: Field): string {
  if (field.isNull) return '';
  if (field.stringValue !== undefined) return quoted(field.stringValue);
  if (field.blobValue !== undefined) return Buffer.from(field.blobValue).toString('hex');
  return String(field.longValue ?? field.doubleValue ?? field.booleanValue);
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
