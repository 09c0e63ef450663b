import type { StatementTables } from '../catalog/index.ts';
import { isTrivia, lex, nameOf, stringValue, type Token } from '../dialect/lexer.ts';
import { relationsIn } from '../dialect/statements/dependent-views.ts';
import { writeTargets } from './write-target.ts';

/** The relations a statement reads and the table it writes, by the names it has for them; for the system views. */
export function tablesOf(sql: string): StatementTables {
  const tokens = lex(sql).filter((token) => !isTrivia(token));
  if (tokens[0]?.word === 'UNLOAD') {
    const query = tokens.find(({ type }) => type === 'string');
    return { reads: query ? readsOf(stringValue(query.text)) : [], writes: [] };
  }
  const writes = [...writeTargets(sql), ...selectedInto(tokens)];
  const source =
    tokens[0]?.word === 'MERGE' ? pathAt(tokens, tokens.findIndex(({ word }) => word === 'USING') + 1) : [];
  return { reads: [...new Set([...readsOf(sql), ...source])], writes };
}

function readsOf(sql: string): readonly string[] {
  const tokens = lex(sql).filter((token) => !isTrivia(token));
  const own = new Set(
    tokens.flatMap((token, at) =>
      isName(token) && tokens[at + 1]?.word === 'AS' && tokens[at + 2]?.text === '(' && beginsItem(tokens[at - 1])
        ? [nameOf(token)]
        : [],
    ),
  );
  return [...relationsIn(sql)].filter((name) => !own.has(name));
}

const isName = ({ type }: Token): boolean => type === 'word' || type === 'quoted';

/** What stands before a common table expression. */
const beginsItem = (token: Token | undefined): boolean =>
  token?.word === 'WITH' || token?.word === 'RECURSIVE' || token?.text === ',';

/** `SELECT … INTO [TEMP] [TABLE] name` */
function selectedInto(tokens: readonly Token[]): readonly string[] {
  if (tokens[0]?.word !== 'SELECT' && tokens[0]?.word !== 'WITH') return [];
  const into = tokens.findIndex(({ word }) => word === 'INTO');
  return into < 0 ? [] : pathAt(tokens, into + (tokens[into + 1]?.word === 'TABLE' ? 2 : 1));
}

function pathAt(tokens: readonly Token[], index: number): readonly string[] {
  const [first, dot, second] = tokens.slice(index, index + 3);
  if (!first || !isName(first)) return [];
  return [dot?.text === '.' && second ? `${nameOf(first)}.${nameOf(second)}` : nameOf(first)];
}
