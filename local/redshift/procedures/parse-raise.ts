import { stringValue, type Token } from '../dialect/lexer.ts';
import type { Bare } from './body.ts';
import { listed, type TokenReader } from './token-reader.ts';

const LEVELS = ['NOTICE', 'INFO', 'LOG', 'WARNING', 'EXCEPTION', 'DEBUG'];

/** `RAISE level 'format' [, variable …]`. https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-statements.html#r_PLpgSQL-messages-errors */
export function raise(reader: TokenReader): Bare {
  if (reader.peek()?.text === ';') return { kind: 'rethrow' };
  const level = reader.expect(...LEVELS).word;
  const format = reader.take();
  if (format.type !== 'string' && format.type !== 'dollar') throw reader.unexpected(format);
  const given = reader.accept(',') ? reader.until(';') : [];
  const using = given.find(({ word }) => word === 'USING');
  if (using) throw reader.unexpected(using);
  const values = listed(given);
  return { kind: 'raise', level, format: textIn(format), values };
}

/** What stands in quotes or between `$tag$` and `$tag$`. */
function textIn({ type, text }: Token): string {
  if (type === 'string') return stringValue(text);
  const delimiter = /^\$[^$]*\$/.exec(text)?.[0] ?? '$$';
  return text.slice(delimiter.length, -delimiter.length);
}
