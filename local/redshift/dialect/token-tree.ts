import { RedshiftError, SQLSTATE, syntaxError } from './redshift-error.ts';
import { isTrivia, type Token } from './lexer.ts';

/** Parentheses or brackets with what is between them. */
export interface Group {
  readonly type: 'group';
  readonly open: Token;
  readonly items: readonly Node[];
  /** Absent when the statement ends before it. */
  readonly close: Token | undefined;
}

export type Node = Token | Group;

/** Deeper nesting than this no statement needs, and the call stack has an end. */
const MAX_DEPTH = 400;

/** Groups the tokens by their parentheses. A closing one without its opening one stays as it is. */
export function tree(tokens: readonly Token[]): readonly Node[] {
  const root: Node[] = [];
  const stack: { readonly open: Token; readonly items: Node[] }[] = [];
  const top = (): Node[] => stack.at(-1)?.items ?? root;
  for (const token of tokens) {
    const innermost = stack.at(-1);
    if (token.type === 'symbol' && (token.text === '(' || token.text === '[')) {
      if (stack.length >= MAX_DEPTH)
        throw new RedshiftError(SQLSTATE.tooComplex, 'stack depth limit exceeded', {
          position: token.at,
          hint: 'Nest the expression less deeply.',
        });
      stack.push({ open: token, items: [] });
    } else if (innermost && token.type === 'symbol' && token.text === (innermost.open.text === '(' ? ')' : ']')) {
      stack.pop();
      top().push({ type: 'group', open: innermost.open, items: innermost.items, close: token });
    } else top().push(token);
  }
  for (let open = stack.pop(); open; open = stack.pop())
    top().push({ type: 'group', open: open.open, items: open.items, close: undefined });
  return root;
}

export function isGroup(node: Node | undefined): node is Group {
  return node?.type === 'group';
}

/** Round parentheses. */
export function isParenthesis(node: Node | undefined): node is Group {
  return isGroup(node) && node.open.text === '(';
}

export function isWord(node: Node | undefined, ...words: readonly string[]): node is Token & { readonly type: 'word' };
export function isWord(node: Node | undefined, word?: string, ...more: readonly string[]): boolean {
  return node?.type === 'word' && (node.word === word || more.includes(node.word));
}

export function isSymbol(
  node: Node | undefined,
  ...symbols: readonly string[]
): node is Token & { readonly type: 'symbol' };
export function isSymbol(node: Node | undefined, symbol?: string, ...more: readonly string[]): boolean {
  return node?.type === 'symbol' && (node.text === symbol || more.includes(node.text));
}

/** The same of a list of words. */
export function isOneOf(node: Node | undefined, words: readonly string[]): node is Token & { readonly type: 'word' } {
  return node?.type === 'word' && words.includes(node.word);
}

export function isName(node: Node | undefined): node is Token & { readonly type: 'word' | 'quoted' } {
  return node?.type === 'word' || node?.type === 'quoted';
}

/** Where a node begins in the statement. */
export function startOf(node: Node): number {
  return node.type === 'group' ? node.open.at : node.at;
}

/** Without spaces and comments. */
export function significant(nodes: readonly Node[]): readonly Node[] {
  return nodes.filter((node) => !isTrivia(node));
}

/** Without spaces and comments at both ends. */
export function trimmed(nodes: readonly Node[]): readonly Node[] {
  const first = nodes.findIndex((node) => !isTrivia(node));
  return first < 0 ? [] : nodes.slice(first, nodes.findLastIndex((node) => !isTrivia(node)) + 1);
}

/** Without spaces and comments, in parentheses neither. */
export function bare(nodes: readonly Node[]): readonly Node[] {
  return significant(nodes).map((node) => (isGroup(node) ? { ...node, items: bare(node.items) } : node));
}

/** The first node that is no space and no comment. */
export function firstOf(nodes: readonly Node[]): Node | undefined {
  return nodes.find((node) => !isTrivia(node));
}

/** Where the last node before a place is that is no space and no comment; -1 where there is none. */
export function placeBefore(nodes: readonly Node[], at: number): number {
  let before = at - 1;
  for (let node = nodes[before]; node && isTrivia(node); node = nodes[before]) before--;
  return before;
}

export function nodeBefore(nodes: readonly Node[], at: number): Node | undefined {
  return nodes[placeBefore(nodes, at)];
}

/** Whether the word at a place is a name, as any is after AS and around a dot. */
export function isNamePart(nodes: readonly Node[], at: number): boolean {
  const before = nodeBefore(nodes, at);
  return isWord(before, 'AS') || isSymbol(before, '.') || isSymbol(nodes[at + 1], '.');
}

/** The text as it was. */
export function textOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) => (node.type === 'group' ? node.open.text + textOf(node.items) + (node.close?.text ?? '') : node.text))
    .join('');
}

/** Words in which no parentheses may stand: how a key is sorted. @throws RedshiftError where some do. */
export function withoutGroups(nodes: readonly Node[]): readonly Token[] {
  return nodes.map((node) => {
    if (isGroup(node)) throw syntaxError(node.open.text, node.open.at);
    return node;
  });
}

/** The lists between commas; none for an empty list. */
export function splitAtCommas(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const lists: Node[][] = [[]];
  for (const node of nodes) {
    if (isSymbol(node, ',')) lists.push([]);
    else lists.at(-1)?.push(node);
  }
  return lists.length === 1 && significant(nodes).length === 0 ? [] : lists;
}
