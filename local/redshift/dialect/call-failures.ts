import { NOT_FUNCTIONS } from './keywords.ts';
import { nameOf, type Token } from './lexer.ts';
import { isName, isParenthesis, isSymbol, significant, startOf, type Node } from './token-tree.ts';

/**
 * A function or an operator that DuckDB lacks for some types, and that the user did not write: the call that became it is what there is no
 * function for. Its name, what it was called with, and its place.
 */
export function calledByUser(
  message: string,
  nodes: readonly Node[],
  position: number | undefined,
): { readonly message: string; readonly position: number | undefined } | undefined {
  const [, name, types = '', operands = ''] = MISSING.exec(message) ?? [];
  if (name === undefined && operands === '') return undefined;
  const calls = callsIn(nodes);
  const operator = / ([^\w\s"]+) /.exec(operands)?.[1];
  const written =
    name === undefined
      ? operator === undefined || hasSymbol(nodes, operator)
      : calls.some(({ token }) => nameOf(token) === name);
  if (written) return undefined;
  const around =
    position === undefined ? undefined : calls.findLast(({ token, end }) => token.at <= position && position <= end);
  const renamed = around && SAME_ARGUMENTS.has(nameOf(around.token)) ? around : undefined;
  // Of what a macro is made of DuckDB tells a place in the macro.
  const called = renamed ?? (calls.length === 1 ? calls[0] : undefined);
  if (!called)
    return { message: 'a function that is called does not take arguments of such types', position: undefined };
  const given = renamed ? (name === undefined ? operands.replace(` ${operator} `, ', ') : types) : '…';
  return { message: `function ${nameOf(called.token)}(${given}) does not exist`, position: called.token.at };
}

const MISSING = /^(?:function (\w+)\((.*)\)|operator does not exist: (.*?))(?: does not exist)?$/;

/** Calls whose arguments are those of what DuckDB is given. */
const SAME_ARGUMENTS = new Set(['mod', 'variance', 'stddev']);

interface CallPlace {
  readonly token: Token;
  readonly end: number;
}

/** Those in parentheses behind the one they are in. */
function callsIn(all: readonly Node[]): readonly CallPlace[] {
  const nodes = significant(all);
  return nodes.flatMap((node, at) => {
    if (!isParenthesis(node)) return [];
    const before = nodes[at - 1];
    const inner = callsIn(node.items);
    if (!isName(before) || (before.type === 'word' && NOT_FUNCTIONS.has(before.word))) return inner;
    const last = node.items.at(-1);
    const end = node.close?.at ?? (last ? startOf(last) : node.open.at);
    return [{ token: before, end }, ...inner];
  });
}

function hasSymbol(nodes: readonly Node[], text: string): boolean {
  return nodes.some((node) => (isParenthesis(node) ? hasSymbol(node.items, text) : isSymbol(node, text)));
}
