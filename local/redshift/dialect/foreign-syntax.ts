import { CLAUSE_WORDS } from './keywords.ts';
import { isQuery } from './query-groups.ts';
import { RedshiftError, SQLSTATE, syntaxError } from './redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  startOf,
  textOf,
  type Group,
  type Node,
} from './token-tree.ts';

/**
 * Refuses what DuckDB's grammar takes and Redshift's does not: PostgreSQL 8 and the developer guide have no such thing.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html
 * @throws RedshiftError
 */
export function refuseForeignSyntax(nodes: readonly Node[]): void {
  look(significant(nodes), undefined, undefined);
}

/** The list of a group, with what stands before the group. */
function look(nodes: readonly Node[], group: Group | undefined, before: Node | undefined): void {
  const [first, second] = nodes;
  const around = nodes[0] && group ? before : undefined;
  if (group && isWord(first, 'FROM') && !isWord(around, 'TRIM')) refuse(first);
  if (group && isWord(first, 'TABLE') && isName(second)) refuse(first);
  if (isWord(first, 'VALUES') && isParenthesis(second)) refuse(first);
  for (const [at, node] of nodes.entries()) {
    if (isGroup(node)) look(significant(node.items), node, nodes[at - 1]);
    else if (node.type === 'word' || node.type === 'symbol') {
      if (!Object.hasOwn(RULES, node.word)) continue;
      const wrong = RULES[node.word]?.(nodes, at, around);
      if (wrong) refuse(wrong);
    }
  }
  const last = nodes.at(-1);
  if (isSymbol(last, ',')) throw syntaxError(group?.close?.text, group?.close?.at ?? last.at + 1);
}

function refuse(node: Node): never {
  throw syntaxError(textOf([node]).slice(0, 40), startOf(node));
}

/** The node that does not belong there, if any. */
type Rule = (nodes: readonly Node[], at: number, around: Node | undefined) => Node | undefined;

const wordIf = (node: Node | undefined, ...words: readonly string[]): Node | undefined =>
  isWord(node, ...words) ? node : undefined;

/** `UNION [ALL] BY NAME` */
const combines: Rule = (nodes, at) => wordIf(nodes[at + (isWord(nodes[at + 1], 'ALL', 'DISTINCT') ? 2 : 1)], 'BY');

/** What may begin a list behind its parenthesis, so that an ORDER BY in it is a query's or a window's. */
const WITH_ORDER = ['SELECT', 'WITH', 'PARTITION', 'ORDER', 'FROM'];

const RULES: Readonly<Record<string, Rule>> = {
  UNION: combines,
  INTERSECT: combines,
  EXCEPT: combines,
  MINUS: combines,
  // LIMIT 10 PERCENT
  LIMIT: (nodes, at) => wordIf(nodes[at + 2], 'PERCENT'),
  // USING SAMPLE 10, USING SAMPLE reservoir(10); but DELETE … USING sample s
  USING: (nodes, at) => {
    const [sample, how, list] = nodes.slice(at + 1, at + 4);
    return isWord(sample, 'SAMPLE') && (how?.type === 'number' || (isName(how) && isParenthesis(list)))
      ? how
      : undefined;
  },
  // WINDOW w AS (…)
  WINDOW: (nodes, at) => {
    const [name, as, window] = nodes.slice(at + 1, at + 4);
    return isName(name) && isWord(as, 'AS') && isParenthesis(window) ? name : undefined;
  },
  LATERAL: (nodes, at) => {
    const query = nodes[at + 1];
    return isParenthesis(query) && isQuery(query) ? significant(query.items)[0] : undefined;
  },
  // CREATE TABLE … AS FROM t, AS TABLE t, AS VALUES (1); WITH a AS MATERIALIZED (…)
  AS: (nodes, at) => {
    const [first, second, third] = nodes.slice(at + 1, at + 4);
    if (isWord(first, 'MATERIALIZED')) return isParenthesis(second) ? first : undefined;
    if (isWord(first, 'NOT')) return isWord(second, 'MATERIALIZED') && isParenthesis(third) ? first : undefined;
    const defines = isWord(nodes[0], 'CREATE') && !nodes.slice(0, at).some((node) => isWord(node, 'SELECT'));
    return defines ? wordIf(first, 'FROM', 'TABLE', 'VALUES') : undefined;
  },
  // listagg(a, ',' ORDER BY b)
  ORDER: (nodes, at, around) => {
    const [first] = nodes;
    if (at === 0 || !isWord(nodes[at + 1], 'BY') || !isName(around) || CLAUSE_WORDS.has(around.word)) return undefined;
    return isWord(first, ...WITH_ORDER) || isGroup(first) ? undefined : nodes[at];
  },
  // SELECT * LIKE 'a%'
  '*': (nodes, at) => {
    const next = nodes[at + 1];
    return wordIf(isWord(next, 'NOT') ? nodes[at + 2] : next, 'LIKE', 'ILIKE', 'SIMILAR', 'GLOB') && next;
  },
  // SELECT a, FROM t
  ',': (nodes, at) => wordIf(nodes[at + 1], 'FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'UNION', 'ON'),
  // SELECT #1
  '#': (nodes, at) => {
    const before = nodes[at - 1];
    const operand = before && before.type !== 'symbol' && !(before.type === 'word' && CLAUSE_WORDS.has(before.word));
    return operand ? undefined : nodes[at];
  },
  '->': noArrow,
  '->>': noArrow,
};

function noArrow(nodes: readonly Node[], at: number): never {
  const operator = nodes[at] as Node;
  throw new RedshiftError(SQLSTATE.undefinedFunction, `operator does not exist: ${textOf([operator])}`, {
    position: startOf(operator),
    hint: 'An attribute of a SUPER value is value.attribute.',
  });
}
