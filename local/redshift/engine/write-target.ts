/**
 * The tables a statement locks for writing, as `schema.table`, read off its first words. A name without a schema is `public`'s; a
 * temporary table (`#name`) belongs to one session and needs no lock.
 */
export function writeTargets(sql: string): readonly string[] {
  const words = wordsOf(sql);
  const at = (index: number): string => words[index]?.text ?? '';
  let start = 0;
  if (at(0) === 'with') {
    // WITH … before a statement that changes data: the first such word outside every parenthesis.
    start = words.findIndex(({ text, depth }) => depth === 0 && (text === 'update' || text === 'delete'));
    if (start < 0) return [];
  }
  const name = (index: number): readonly string[] => {
    const table = nameAt(words, index);
    return table === undefined ? [] : [table];
  };
  switch (at(start)) {
    case 'insert':
    case 'merge':
    case 'delete':
      return name(start + (at(start + 1) === 'into' || at(start + 1) === 'from' ? 2 : 1));
    case 'update':
    case 'copy':
      return name(start + 1);
    case 'truncate':
      return name(at(1) === 'table' ? 2 : 1);
    case 'alter':
    case 'drop': {
      if (at(1) !== 'table' && at(1) !== 'view') return [];
      return name(at(2) === 'if' ? (at(3) === 'not' ? 5 : 4) : 2);
    }
    case 'create': {
      const table = words.findIndex(({ text }, index) => index < 8 && (text === 'table' || text === 'view'));
      if (table < 0 || words.slice(0, table).some(({ text }) => text === 'temp' || text === 'temporary')) return [];
      return name(at(table + 1) === 'if' ? table + 4 : table + 1);
    }
    case 'lock': {
      const first = at(1) === 'table' ? 2 : 1;
      return words
        .flatMap((_word, index) => (index === first || (index > first && at(index - 1) === ',') ? name(index) : []))
        .filter((table) => table !== '');
    }
    default:
      return [];
  }
}

interface Word {
  /** Lower case unless quoted; a quoted identifier without its quotes. */
  readonly text: string;
  /** Of parentheses around it. */
  readonly depth: number;
}

/** Identifiers, quoted identifiers and single characters of interest; comments and literals are passed over. */
const WORD = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\.|'')*'|"((?:[^"]|"")*)"|(#?[\p{L}_][\p{L}\p{N}_$]*)|([().,])/gu;

function wordsOf(sql: string): readonly Word[] {
  const words: Word[] = [];
  let depth = 0;
  for (const [, quoted, plain, sign] of sql.matchAll(WORD)) {
    if (sign === ')') depth--;
    const text = quoted === undefined ? (plain?.toLowerCase() ?? sign) : quoted.replaceAll('""', '"').toLowerCase();
    if (text !== undefined) words.push({ text, depth });
    if (sign === '(') depth++;
  }
  return words;
}

/** `table`, `schema.table` or `database.schema.table` starting at a word. */
function nameAt(words: readonly Word[], index: number): string | undefined {
  const parts: string[] = [];
  for (let at = index; ; at += 2) {
    const part = words[at]?.text;
    if (part === undefined) break;
    parts.push(part);
    if (words[at + 1]?.text !== '.') break;
  }
  const table = parts.at(-1);
  if (table === undefined || table.startsWith('#')) return undefined;
  return `${parts.at(-2) ?? 'public'}.${table}`;
}
