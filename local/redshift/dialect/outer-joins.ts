import { AFTER_WHERE } from './clause-words.ts';
import { columnMarks, firstMarked, hasMark, hasOr, hasQuery, isMark, withoutMarks } from './outer-join-marks.ts';
import { identifier, isTrivia, nameOf, type Token } from './lexer.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { isGroup, isName, isSymbol, isWord, significant, splitAtCommas, startOf, type Node } from './token-tree.ts';

/**
 * The same statement with LEFT JOINs for the conditions marked `(+)`: `FROM a, b WHERE a.x = b.x(+)`. What is left of WHERE stays there.
 * Marks that stand elsewhere stay, and are refused where they are read.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_WHERE_oracle_outer.html
 */
export function outerJoins(nodes: readonly Node[]): readonly Node[] {
  if (!anywhere(nodes)) return nodes;
  const inside = nodes.map((node): Node => {
    if (!isGroup(node) || isMark(node)) return node;
    return { ...node, items: outerJoins(node.items) };
  });
  const starts = inside.flatMap((node, at) => (isWord(node, 'SELECT') ? [at] : []));
  const [first = inside.length] = starts;
  const blocks = starts.map((start, index) => inside.slice(start, starts[index + 1]));
  return [...inside.slice(0, first), ...blocks.flatMap(joined)];
}

function anywhere(nodes: readonly Node[]): boolean {
  return nodes.some((node) => isGroup(node) && (isMark(node) || anywhere(node.items)));
}

/** One SELECT, up to the next. */
function joined(nodes: readonly Node[]): readonly Node[] {
  const fromAt = nodes.findIndex((node) => isWord(node, 'FROM'));
  const whereAt = nodes.findIndex((node) => isWord(node, 'WHERE'));
  if (fromAt < 0 || whereAt < fromAt) return nodes;
  const ended = nodes.findIndex((node, at) => at > whereAt && (isWord(node, ...AFTER_WHERE) || isSymbol(node, ';')));
  const end = ended < 0 ? nodes.length : ended;
  const where = nodes.slice(whereAt + 1, end);
  if (!hasMark(where)) return nodes;
  const place = firstMarked(where) ?? startOf(nodes[whereAt] as Node);
  const from = nodes.slice(fromAt + 1, whereAt).filter(isNoComment);
  if (from.some((node) => isWord(node, 'JOIN')))
    throw refusal('The outer join operator (+) cannot be used in a query that has a JOIN in its FROM clause', place);
  const tables = splitAtCommas(from).map(tableOf);
  const { joins, rest } = sortConditions(conjuncts(where), tables, place);
  const inner = tables.filter(({ name }) => !joins.has(name));
  const order = outerOrder(tables, joins, inner, place);
  const select = nodes.slice(0, fromAt);
  const moved = order.some((table, at) => table !== tables[at]);
  return [
    ...(moved
      ? select.flatMap((node, at) => (isStar(select, at) ? everyColumn(tables, startOf(node)) : [node]))
      : select),
    nodes[fromAt] as Node,
    ...order.flatMap((table, at) => {
      const join = joins.get(table.name);
      if (!join) return [...(at === 0 ? [] : words(' CROSS JOIN ', place)), ...table.nodes];
      return [
        ...words(' LEFT JOIN ', place),
        ...table.nodes,
        ...words(' ON ', place),
        ...allOf(join.conditions, place),
      ];
    }),
    ...(rest.length > 0 ? [...words(' ', place), nodes[whereAt] as Node, ...allOf(rest, place)] : []),
    ...words(' ', place),
    ...nodes.slice(end),
  ];
}

interface Table {
  /** Its alias, else its own name. */
  readonly name: string;
  readonly nodes: readonly Node[];
}

interface OuterJoin {
  readonly to: string;
  readonly conditions: readonly (readonly Node[])[];
}

function tableOf(nodes: readonly Node[]): Table {
  const parts = significant(nodes);
  // `t (a, b)` names its columns.
  const last = parts.findLast((node) => isName(node));
  return { name: last ? nameOf(last) : '', nodes };
}

/** Which conditions join which table, and which are conditions of the whole. */
function sortConditions(
  conditions: readonly (readonly Node[])[],
  tables: readonly Table[],
  place: number,
): { readonly joins: ReadonlyMap<string, OuterJoin>; readonly rest: readonly (readonly Node[])[] } {
  const marked = new Map<string, { to: Set<string>; conditions: (readonly Node[])[] }>();
  const rest: (readonly Node[])[] = [];
  const late: (readonly Node[])[] = [];
  const add = (table: string, others: readonly string[], condition: readonly Node[]): void => {
    const known = marked.get(table) ?? { to: new Set<string>(), conditions: [] };
    for (const other of others) known.to.add(other);
    known.conditions.push(withoutMarks(condition));
    marked.set(table, known);
  };
  if (conditions.some(hasMark) && conditions.some((condition) => condition.some((node) => isWord(node, 'OR'))))
    throw refusal('Outer join operator (+) not allowed in operand of OR or IN.', place);
  for (const condition of conditions) {
    if (!hasMark(condition)) {
      rest.push(condition);
      continue;
    }
    if (hasOr(condition)) throw refusal('Outer join operator (+) not allowed in operand of OR or IN.', place);
    if (hasQuery(condition))
      throw refusal('A column marked with the outer join operator (+) cannot be compared with a subquery', place);
    const { outer, others, unqualified } = columnMarks(
      condition,
      tables.map(({ name }) => name),
    );
    if (outer.length > 1) throw refusal('A condition can mark the columns of one table only with (+)', place);
    const free = tables.filter(({ name }) => !others.includes(name));
    const guessed = unqualified && others.length > 0 && free.length === 1 ? free[0]?.name : undefined;
    const table = outer[0] ?? guessed;
    if (table === undefined) late.push(condition);
    else if (others.includes(table))
      throw refusal(`All columns of "${table}" in a join condition have to be marked with (+), or none`, place);
    else
      add(
        table,
        others.length === 0 && tables.length === 2 && !isConstant(condition) ? otherOf(tables, table) : others,
        condition,
      );
  }
  for (const condition of late) {
    const [only] = marked.size === 1 ? [...marked.keys()] : [];
    if (only === undefined)
      throw refusal('A column marked with the outer join operator (+) needs its table’s name here', place);
    add(only, [], condition);
  }
  const joins = new Map<string, OuterJoin>();
  for (const [table, { to, conditions: own }] of marked) {
    const [other, ...more] = to;
    if (more.length > 0) throw refusal('A table may be outer joined to at most one other table.', place);
    // With nothing to join it to the mark has no effect.
    if (other === undefined) rest.push(...own);
    else joins.set(table, { to: other, conditions: own });
  }
  return { joins, rest };
}

function otherOf(tables: readonly Table[], table: string): readonly string[] {
  return tables.flatMap(({ name }) => (name === table ? [] : [name]));
}

/** `b.x(+) = 5`: nothing in it but one column. */
function isConstant(condition: readonly Node[]): boolean {
  const names = significant(condition).filter(
    (node) => isName(node) && !isWord(node, 'IS', 'NOT', 'NULL', 'BETWEEN', 'AND', 'LIKE', 'IN'),
  );
  const dots = significant(condition).filter((node) => isSymbol(node, '.'));
  return names.length - dots.length <= 1;
}

/** Tables that are not optional first, then each optional one after the table it is joined to. */
function outerOrder(
  tables: readonly Table[],
  joins: ReadonlyMap<string, OuterJoin>,
  inner: readonly Table[],
  place: number,
): readonly Table[] {
  const order = [...inner];
  const waiting = tables.filter(({ name }) => joins.has(name));
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ name }) => order.some((table) => table.name === joins.get(name)?.to));
    const [table] = next < 0 ? [] : waiting.splice(next, 1);
    if (!table) throw refusal('Two tables cannot be outer joined to each other', place);
    order.push(table);
  }
  return order;
}

/** The conditions between the ANDs of this level. */
function conjuncts(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const lists: Node[][] = [[]];
  let between = 0;
  let cases = 0;
  // A comment to the end of the line would hide what comes after it in the new order.
  for (const node of nodes.filter(isNoComment)) {
    if (isWord(node, 'CASE')) cases++;
    if (isWord(node, 'END')) cases--;
    if (isWord(node, 'BETWEEN') && cases === 0) between++;
    if (isWord(node, 'AND') && cases === 0 && between === 0) lists.push([]);
    else {
      if (isWord(node, 'AND') && cases === 0) between--;
      lists.at(-1)?.push(node);
    }
  }
  return lists;
}

function allOf(conditions: readonly (readonly Node[])[], at: number): readonly Node[] {
  return conditions.flatMap((condition, index) => [...words(index === 0 ? ' ' : ' AND ', at), ...condition]);
}

function isNoComment(node: Node): boolean {
  return node.type !== 'comment';
}

/** A `*` that stands for the columns of all tables. */
function isStar(select: readonly Node[], at: number): boolean {
  const before = previous(select, at);
  return isSymbol(select[at], '*') && (isWord(before, 'SELECT', 'ALL', 'DISTINCT') || isSymbol(before, ','));
}

function everyColumn(tables: readonly Table[], at: number): readonly Node[] {
  return tables.flatMap(({ name }, index): readonly Token[] => [
    ...(index === 0 ? [] : [{ type: 'symbol', text: ',', at, word: ',' } as const]),
    { type: 'quoted', text: identifier(name), at, word: identifier(name) },
    { type: 'symbol', text: '.', at, word: '.' },
    { type: 'symbol', text: '*', at, word: '*' },
  ]);
}

function previous(nodes: readonly Node[], at: number): Node | undefined {
  return nodes.slice(0, at).findLast((node) => !isTrivia(node));
}

/** New words with the spaces between them. */
function words(text: string, at: number): readonly Token[] {
  return (text.match(/\s+|\w+/g) ?? []).map((part) =>
    part.trim() === '' ? { type: 'space', text: part, at, word: part } : { type: 'word', text: part, at, word: part },
  );
}

function refusal(message: string, position: number): RedshiftError {
  return new RedshiftError(SQLSTATE.notSupported, message, { position, hint: 'Write LEFT JOIN … ON …' });
}
