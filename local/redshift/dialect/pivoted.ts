import { identifier, nameOf, stringValue, type Token } from './lexer.ts';
import { inParentheses, newNodes } from './new-nodes.ts';
import { RedshiftError, SQLSTATE, unsupported } from './redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Node,
} from './token-tree.ts';

/**
 * `source PIVOT (aggregate FOR column IN (values))` as the query over the source it stands for: the columns that are not named in it, and the
 * aggregate of the rows of each value. So aggregates have Redshift's types, which DuckDB's PIVOT does not give them.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-pivot-unpivot-examples.html
 */
export function pivoted(nodes: readonly Node[]): readonly Node[] {
  const at = nodes.findIndex((node) => isWord(node, 'PIVOT'));
  if (at < 0) return nodes;
  const end = nodes.findIndex((node, index) => index > at && node.type !== 'space' && node.type !== 'comment');
  const group = nodes[end];
  const start = sourceBefore(nodes, at);
  const parts = isParenthesis(group) ? read(group.items) : undefined;
  if (!parts || start === undefined) return nodes;
  const query = written(nodes.slice(start, at), parts, (nodes[at] as Token).at);
  return pivoted([...nodes.slice(0, start), query, ...nodes.slice(end + 1)]);
}

/** Where the table or the query before PIVOT begins: `(…) [AS] alias`, `schema.table alias`. */
function sourceBefore(nodes: readonly Node[], at: number): number | undefined {
  let start: number | undefined;
  for (let index = at - 1; index >= 0; index--) {
    const node = nodes[index] as Node;
    if (isWord(node, 'FROM', 'JOIN') || isSymbol(node, ',')) return start;
    if (isName(node) || isSymbol(node, '.') || isParenthesis(node)) start = index;
    else if (node.type !== 'space' && node.type !== 'comment') return undefined;
  }
  return undefined;
}

interface Aggregate {
  readonly name: Token;
  readonly distinct: boolean;
  readonly argument: readonly Node[];
  readonly alias: string | undefined;
}

interface Parts {
  readonly aggregates: readonly Aggregate[];
  readonly column: Token;
  readonly values: readonly { readonly nodes: readonly Node[]; readonly name: string }[];
}

function read(items: readonly Node[]): Parts | undefined {
  const nodes = significant(items);
  const at = nodes.findIndex((node) => isWord(node, 'FOR'));
  const [column, inside, list] = [nodes[at + 1], nodes[at + 2], nodes[at + 3]];
  if (at < 0 || !isName(column) || !isWord(inside, 'IN') || !isParenthesis(list)) return undefined;
  const aggregates = splitAtCommas(nodes.slice(0, at)).map(aggregateOf);
  for (const [index, aggregate] of aggregates.entries())
    if (!aggregate || !isWord(aggregate.name, 'COUNT', 'SUM', 'MIN', 'MAX', 'AVG'))
      throw new RedshiftError(
        SQLSTATE.notSupported,
        'PIVOT has one of COUNT, SUM, MIN, MAX and AVG, and no other expression',
        {
          position: startOf(splitAtCommas(nodes.slice(0, at))[index]?.[0] ?? column),
        },
      );
  const values = splitAtCommas(list.items).map(valueOf);
  if (!aggregates.every((each) => each !== undefined) || !values.every((each) => each !== undefined)) return undefined;
  // Their columns would be called alike: without an alias of the aggregate they have the value's name alone.
  if (aggregates.filter(({ alias }) => alias === undefined).length > 1)
    throw unsupported(
      'PIVOT of several aggregates without aliases',
      startOf(nodes[0] ?? column),
      'Give each a name: SUM(a) AS total.',
    );
  return { aggregates, column, values };
}

/** A name behind an expression, with AS or without. */
function aliased(nodes: readonly Node[]): { readonly rest: readonly Node[]; readonly alias: string | undefined } {
  const last = nodes.at(-1);
  if (nodes.length < 2 || !isName(last)) return { rest: nodes, alias: undefined };
  return { rest: nodes.slice(0, isWord(nodes.at(-2), 'AS') ? -2 : -1), alias: nameOf(last) };
}

function aggregateOf(item: readonly Node[]): Aggregate | undefined {
  const { rest, alias } = aliased(significant(item));
  const [name, list] = rest;
  if (rest.length !== 2 || !isName(name) || !isParenthesis(list)) return undefined;
  const argument = significant(list.items);
  const distinct = isWord(argument[0], 'DISTINCT');
  return {
    name,
    distinct,
    argument: distinct ? list.items.slice(list.items.indexOf(argument[0] as Node) + 1) : list.items,
    alias,
  };
}

function valueOf(item: readonly Node[]): Parts['values'][number] | undefined {
  const { rest, alias } = aliased(significant(item));
  const [only] = rest;
  if (rest.length === 1 && isName(only) && !isWord(only, 'NULL', 'TRUE', 'FALSE'))
    throw new RedshiftError(SQLSTATE.notSupported, 'the values of PIVOT cannot be columns', {
      position: startOf(only),
    });
  const shown =
    only?.type === 'string'
      ? stringValue(only.text)
      : rest.some(isGroup)
        ? undefined
        : rest.some((node, at) => at > 0 && node.type === 'symbol' && node.text !== '.')
          ? '?column?'
          : textOf(rest).toLowerCase();
  const name = alias ?? shown;
  return name === undefined ? undefined : { nodes: rest, name };
}

function written(source: readonly Node[], { aggregates, column, values }: Parts, at: number): Node {
  const words = (text: string): readonly Node[] => newNodes(text, at);
  const group = (items: readonly Node[]): Node => inParentheses(items, at);
  const named = new Set([nameOf(column), ...aggregates.flatMap(({ argument }) => columnsIn(argument))]);
  const list = values.flatMap(({ nodes, name }) =>
    aggregates.flatMap(({ name: call, distinct, argument, alias }) => {
      const isNull = isWord(nodes[0], 'NULL') && nodes.length === 1;
      const counted = significant(argument).length === 1 && isSymbol(significant(argument)[0], '*');
      const inside = [
        ...words(`${distinct ? 'DISTINCT ' : ''}CASE WHEN `),
        // A null in JSON is one, too: https://docs.aws.amazon.com/redshift/latest/dg/super-examples.html
        ...(isNull
          ? [{ type: 'symbol', text: 'rs_is_null', word: 'rs_is_null', at } as const, group([column])]
          : [column, ...words(' = '), ...nodes]),
        ...words(' THEN '),
        ...(counted ? words('1') : [group(argument)]),
        ...words(' END'),
      ];
      const label = alias === undefined ? name : `${name}_${alias}`;
      return [...words(', '), call, group(inside), ...words(` AS ${identifier(label)}`)];
    }),
  );
  const star = words(`SELECT * EXCLUDE (${[...named].map(identifier).join(', ')})`);
  // One piece, which is left as it is.
  const guard: Node = { type: 'symbol', text: ` WHERE ${CHECK}(columns(*))`, word: '', at };
  return group([...star, ...list, ...words(' FROM '), ...source, guard, ...words(' GROUP BY ALL')]);
}

/** Names that are no functions. */
function columnsIn(nodes: readonly Node[]): readonly string[] {
  const all = significant(nodes);
  return all.flatMap((node, index) => {
    if (isGroup(node)) return columnsIn(node.items);
    const column = isName(node) && !isGroup(all[index + 1]) && !isSymbol(all[index + 1], '.');
    return column && !KEYWORDS.has(node.word) ? [nameOf(node)] : [];
  });
}

const KEYWORDS = new Set('CASE WHEN THEN ELSE END AND OR NOT NULL IS IN TRUE FALSE LIKE BETWEEN AS'.split(' '));

const CHECK = 'rs_pivoted';

/** Texts that differ in the blanks at their end are of one group, and match one value of FOR. */
export const PIVOT_MACROS: readonly string[] = [
  `${CHECK}(x VARCHAR) AS CASE WHEN suffix(x, ' ') THEN error('rs:${SQLSTATE.notSupported}:PIVOT of texts that end with blanks is not supported here: write RTRIM(…);') ELSE true END, (x) AS true`,
];
