/** Text for an XML element or attribute. Characters XML 1.0 cannot carry become U+FFFD; line ends are kept as references. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(
      // oxlint-disable-next-line no-control-regex -- these are the characters XML 1.0 forbids
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g,
      '\ufffd',
    );
}
