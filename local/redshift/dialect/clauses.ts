import { hierarchicalFrom, passedBy } from './connect-by.ts';
import type { Reader } from './reader.ts';
import type { Fragment } from './fragment.ts';
import { literal, stringValue, type Token } from './lexer.ts';
import { selectList } from './select-list.ts';
import { similarPattern } from './similar-pattern.ts';
import { RedshiftError, SQLSTATE, unsupported } from './redshift-error.ts';
import { isGroup, isWord, type Node } from './token-tree.ts';
import { unnesting } from './unnesting.ts';

/** Clauses that read differently in DuckDB. Nothing where the node stays as it is. */
export function clause(reader: Reader, node: Node): Fragment | undefined {
  if (node.type !== 'word') return undefined;
  const rule = RULES[node.word];
  return rule?.(reader, node);
}

type ClauseRule = (reader: Reader, token: Token) => Fragment | undefined;

const like: ClauseRule = (reader, token) => {
  const parts: Fragment[] = [token];
  reader.at++;
  parts.push(reader.trivia());
  const first = reader.node(reader.at);
  const pattern = reader.operand();
  if (!pattern) return parts;
  // One literal and nothing more: whether it holds a backslash is known.
  const plain = first?.type === 'string' && reader.node(reader.at - 1) === first;
  parts.push(pattern.fragment);
  if (isWord(reader.node(reader.next()), 'ESCAPE')) return parts;
  if (plain && first?.type === 'string' && !stringValue(first.text).includes('\\')) return parts;
  // Redshift's default: https://docs.aws.amazon.com/redshift/latest/dg/r_patternmatching_condition_like.html
  return [...parts, " ESCAPE '\\'"];
};

/** https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-similar-to.html */
function similar(reader: Reader, token: Token, operator: string): Fragment {
  reader.at = reader.next(reader.next(reader.at) + 1);
  const pattern = reader.node(reader.at);
  const computed = reader.operand();
  const plain = pattern?.type === 'string' && reader.node(reader.at - 1) === pattern;
  if (!plain && isWord(reader.node(reader.next()), 'ESCAPE'))
    throw unsupported('SIMILAR TO with a computed pattern and ESCAPE', token.at);
  if (!plain) return [operator, ' rs_similar_pattern(', computed?.fragment ?? '', ')'];
  let escape = '\\';
  if (isWord(reader.node(reader.next()), 'ESCAPE')) {
    const character = reader.node(reader.next(reader.next() + 1));
    if (character?.type === 'string') {
      escape = stringValue(character.text);
      reader.at = reader.next(reader.next() + 1) + 1;
    }
  }
  return [operator, ' ', { ...pattern, text: literal(similarPattern(stringValue(pattern.text), escape)) }];
}

/** Only UNION keeps what comes twice. https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html */
function refuseAll(reader: Reader, token: Token): undefined {
  if (isWord(reader.node(reader.next(reader.at + 1)), 'ALL'))
    throw new RedshiftError(SQLSTATE.notSupported, `${token.word} ALL is not supported`, { position: token.at });
}

const RULES: Readonly<Record<string, ClauseRule>> = {
  SELECT: (reader, token) => {
    reader.at++;
    const parts: Fragment[] = [token, reader.trivia()];
    for (let word = reader.node(reader.at); isWord(word, 'ALL', 'DISTINCT', 'TOP'); word = reader.node(reader.at)) {
      const top = isWord(word, 'TOP') ? RULES['TOP']?.(reader, word) : undefined;
      if (isWord(word, 'TOP') && top === undefined) break;
      if (top === undefined) {
        parts.push(word);
        reader.at++;
      }
      parts.push(reader.trivia());
    }
    return [...parts, selectList(reader)];
  },
  TOP: (reader, token) => {
    const count = reader.node(reader.next(reader.at + 1));
    if (count?.type !== 'number' && count?.type !== 'parameter' && !isGroup(count)) return undefined;
    if (reader.limit !== undefined) throw unsupported('TOP twice in one query', token.at);
    reader.at = reader.next(reader.at + 1) + 1;
    reader.limit = isGroup(count) ? reader.group(count).fragment : count;
    reader.trivia();
    return [];
  },
  MINUS: (reader, token) => {
    refuseAll(reader, token);
    reader.at++;
    return { ...token, text: 'EXCEPT' };
  },
  EXCEPT: refuseAll,
  INTERSECT: refuseAll,
  FROM: (reader, token) => hierarchicalFrom(reader, token) ?? unnesting(reader, token),
  LIKE: like,
  ILIKE: like,
  SIMILAR: (reader, token) => {
    if (!isWord(reader.node(reader.next(reader.at + 1)), 'TO')) return undefined;
    reader.at++;
    return similar(reader, token, '<%~>');
  },
  NOT: (reader, token) => {
    const next = reader.next(reader.at + 1);
    if (!isWord(reader.node(next), 'SIMILAR')) return undefined;
    reader.at = next + 1;
    return similar(reader, token, '<!%~>');
  },
  CONNECT: passedBy,
  START: passedBy,
  PIVOT: (reader, token) => pivot(reader, token),
  UNPIVOT: (reader, token) => pivot(reader, token),
};

/** The aggregate of a PIVOT is named, not computed: DuckDB takes no expression around it. */
function pivot(reader: Reader, token: Token): Fragment | undefined {
  const at = reader.next(reader.at + 1);
  const include = reader.node(at);
  const group = isWord(include, 'INCLUDE', 'EXCLUDE') ? reader.node(reader.next(reader.next(at + 1) + 1)) : include;
  if (!isGroup(group)) return undefined;
  if (group.items.some((node) => isWord(node, 'AVG')))
    throw unsupported('AVG in PIVOT', token.at, 'Write AVG(CASE WHEN … THEN … END) with GROUP BY.');
  const start = reader.at;
  reader.at = reader.next(at) + 1;
  while (reader.node(reader.at - 1) !== group) reader.at++;
  return reader.nodes.slice(start, reader.at).map(original);
}

function original(node: Node): Fragment {
  return isGroup(node) ? [node.open, node.items.map(original), node.close ?? ''] : node;
}
