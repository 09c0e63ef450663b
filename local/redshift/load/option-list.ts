import { AUTHORIZATION_WORDS, checkAuthorization, readAuthorization } from './authorization.ts';
import { invalidOption } from './failure.ts';
import type { StatementReader } from './statement-tokens.ts';

/**
 * Everything after the source of a COPY or the target of an UNLOAD: options in any order, with or without commas, each at most once.
 * `readOption` is given an option's word, already taken, and where it stands; it returns the name the option counts under. Among what is
 * returned are the words of the authorization.
 */
export function readOptions(
  reader: StatementReader,
  readOption: (word: string, position: number) => string,
): ReadonlySet<string> {
  const given = new Set<string>();
  const authorization = new Set<string>();
  while (!reader.done) {
    if (reader.sign(',')) continue;
    const { position } = reader;
    const word = reader.keyword() ?? reader.fail();
    reader.take('word');
    if (AUTHORIZATION_WORDS.has(word)) {
      readAuthorization(word, reader);
      if (authorization.has(word)) throw invalidOption(`conflicting or redundant options: ${word}`, position);
      authorization.add(word);
    } else if (word !== 'WITH') {
      const option = readOption(word, position);
      if (given.has(option)) throw invalidOption(`conflicting or redundant options: ${option}`, position);
      given.add(option);
    }
  }
  checkAuthorization(authorization);
  return new Set([...given, ...authorization]);
}
