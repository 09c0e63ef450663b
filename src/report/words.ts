/** 1234567 as `1,234,567`. */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 row`, `2 rows`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** One line of plain text: what would break a line, hide or reorder text becomes a blank. At most `most` characters. */
export function oneLine(text: string, most = 500): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 1).toWellFormed()}…` : line;
}

/** A sentence, however its writer ended it. */
export function sentence(text: string): string {
  const whole = text.trim();
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/** The end of a text that is too long: of a key it tells more than the beginning. */
export function tail(text: string, most: number): string {
  return text.length > most ? `...${text.slice(3 - most).toWellFormed()}` : text;
}

/** A subject of an e-mail: printable ASCII, one line, at most 100 characters. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function subjectLine(text: string): string {
  return oneLine(text, 1_000)
    .replaceAll(/[^\x20-\x7E]/gu, '?')
    .slice(0, 100)
    .trimEnd();
}
