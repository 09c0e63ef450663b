import type { Finding } from '../errors/finding.ts';
import { nearestName } from '../manifest/nearest-name.ts';
import { type Token, Unclosed, meaningful, tokens } from '../redshift-sql/lexer.ts';
import { PARAMETERS, type SqlStatement } from './sql-project.ts';

/** A file of a SQL project: its header's entries and its statements. */
export interface SqlFile {
  readonly file: string;
  readonly header: ReadonlyMap<string, HeaderEntry>;
  /** The text below the header, on the lines it has in the file: what the tokens' offsets count in. */
  readonly body: string;
  readonly statements: readonly SqlStatement[];
}

export interface HeaderEntry {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads a file: the comment lines at its top are its header, `-- key: text`, where a text goes on in the next line when that starts with
 * two more blanks; the rest is statements. Whatever breaks a rule becomes a finding with file and line.
 */
export function readSqlFile(file: string, text: string, keys: HeaderKeys, findings: Finding[]): SqlFile | undefined {
  const sql = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const { header, lines } = readHeader(file, sql, keys, findings);
  const body = sql
    .split('\n')
    .map((line, at) => (at < lines ? '' : line))
    .join('\n');
  try {
    return { file, header, body, statements: statementsOf(file, body, findings) };
  } catch (error) {
    if (!(error instanceof Unclosed)) throw error;
    findings.push({
      path: `${file}:${lineOf(body, error.offset)}`,
      what: error.message,
      why: 'The rest of the file would belong to it',
      do: 'Close it',
    });
    return undefined;
  }
}

export interface HeaderKeys {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

function readHeader(file: string, sql: string, keys: HeaderKeys, findings: Finding[]) {
  const header = new Map<string, { line: number; text: string }>();
  const known = [...keys.required, ...(keys.optional ?? [])];
  let lines = 0;
  let open: { line: number; text: string } | undefined;
  for (const written of sql.split('\n')) {
    if (!written.startsWith('--')) break;
    lines += 1;
    const path = `${file}:${lines}`;
    const continued = /^-- {3,}(\S.*?)\s*$/.exec(written)?.[1];
    const [, key, text] = /^-- ([a-z][a-z-]*):\s*(.*?)\s*$/.exec(written) ?? [];
    if (continued !== undefined && open !== undefined) open.text = `${open.text} ${continued}`.trim();
    else if (key === undefined) open = undefined;
    else if (!known.includes(key)) {
      const near = nearestName(key, known);
      findings.push({
        path,
        what: `a header has no entry '${key}' here`,
        why: near === undefined ? `The entries are ${known.join(', ')}` : `The nearest one is '${near}'`,
        do: near === undefined ? 'Remove it, or write it without a colon after its first word' : `Write '${near}'`,
      });
    } else if (header.has(key))
      findings.push({
        path,
        what: `the header's entry '${key}' is there twice`,
        why: 'Only one of them could count',
        do: 'Join them',
      });
    else header.set(key, (open = { line: lines, text: text ?? '' }));
  }
  for (const key of keys.required)
    if ((header.get(key)?.text ?? '') === '')
      findings.push({
        path: `${file}:${header.get(key)?.line ?? 1}`,
        what: `the header has no '${key}'`,
        why: `Every file of this folder says ${keys.required.join(', ')}`,
        do: `Add a line '-- ${key}: …' to the comment at the top`,
      });
  return { header: header as ReadonlyMap<string, HeaderEntry>, lines };
}

function statementsOf(file: string, body: string, findings: Finding[]): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let piece: Token[] = [];
  const finish = (): void => {
    const statement = statementOf(file, body, piece);
    if (statement !== undefined) statements.push(statement);
    piece = [];
  };
  for (const token of tokens(body)) {
    if (token.kind === 'punctuation' && token.text === ';') finish();
    else piece.push(token);
    if (token.kind === 'parameter' && !(PARAMETERS as readonly string[]).includes(token.text.slice(1))) {
      const near = nearestName(token.text.slice(1), PARAMETERS);
      findings.push({
        path: `${file}:${lineOf(body, token.offset)}`,
        what: `there is no parameter ${token.text}`,
        why: `The parameters are ${PARAMETERS.map((name) => `:${name}`).join(', ')}`,
        do: near === undefined ? 'Use one of them' : `Write :${near}`,
      });
    }
  }
  finish();
  return statements;
}

function statementOf(file: string, body: string, piece: readonly Token[]): SqlStatement | undefined {
  const first = piece.findIndex(({ kind }) => kind !== 'space' && kind !== 'comment');
  const last = piece.findLastIndex(({ kind }) => kind !== 'space' && kind !== 'comment');
  if (first < 0) return undefined;
  const own = piece.slice(first, last + 1);
  const above = piece.slice(0, first).findLast(({ kind }) => kind === 'comment');
  return {
    file,
    line: lineOf(body, own[0]?.offset ?? 0),
    sql: own.map(({ text }) => text).join(''),
    tokens: own,
    purpose: above === undefined ? summary(own) : above.text.replaceAll(/^(--|\/\*)\s*|\s*\*\/$/g, '').trim(),
  };
}

/** "insert into mart.offer_fit": the words of a statement up to its first name. */
function summary(own: readonly Token[]): string {
  const words = meaningful(own).filter(({ text }) => !/^(if|not|exists)$/i.test(text));
  const end = words.findIndex(({ text }) => text === '.');
  const shown = end > 0 && end < 8 ? words.slice(0, end + 2) : words.slice(0, 3);
  return shown
    .map(({ text }) => text)
    .join(' ')
    .replaceAll(/ ?\. ?/g, '.')
    .slice(0, 100);
}

export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** A list of table names in a header: `staging.usage, mart.profile`; `none` is the empty list. */
export function tableList(file: string, entry: HeaderEntry | undefined, findings: Finding[]): string[] {
  if (entry === undefined || entry.text === '' || entry.text === 'none') return [];
  const names = entry.text.split(',').map((name) => name.trim());
  for (const name of names)
    if (!/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/.test(name))
      findings.push({
        path: `${file}:${entry.line}`,
        what: `'${name}' is not a table`,
        why: 'Tables are listed as schema.table, in lower case, separated by commas',
        do: "Write 'schema.table', or 'none'",
      });
  return names;
}
