import type { Expression, Fragment } from './fragment.ts';
import type { GroupedColumns, Grouping, Sorting, WindowTexts } from './text-keys.ts';
import type { Group, Node } from './token-tree.ts';

/** The rewriting of one list of nodes, from left to right, as the rules of single constructs see it: they read on from `at`. */
export interface Reader {
  readonly nodes: readonly Node[];
  /** Index of the current node; a rule that has read something leaves it behind what it read. */
  at: number;
  /** The count of a TOP, written as LIMIT at the end. */
  limit: Fragment | undefined;
  /** What is written behind FROM and WHERE. */
  ending: Fragment | undefined;
  /** Of the query that is being read, if texts may be among what it groups by. */
  grouping: Grouping | undefined;
  /** What it is grouped by, if no text is among it. */
  plainKeys: readonly Fragment[] | undefined;
  /** How it is sorted, if maybe by texts. */
  sorting: Sorting | undefined;
  /** Where columns are those of its groups: not in FROM and WHERE, and not in an aggregate. */
  grouped: GroupedColumns | undefined;
  /** Of the query that is being read, if its windows may be made by texts. */
  windowTexts: WindowTexts | undefined;
  /** The aliases in the FROM clauses of the queries that this one stands in. */
  outerAliases(): ReadonlySet<string>;
  /** Those of its own with them: each query in it asks for them. */
  aliases(): ReadonlySet<string>;
  node(at: number): Node | undefined;
  /** Index of the next node that is neither space nor comment, from `from` on, which is the current node unless given. */
  next(from?: number): number;
  /** Spaces and comments up to the next node, which becomes the current one. */
  trivia(): Fragment;
  /** Everything up to the end, or up to one of the words at this level. */
  rest(...stopWords: readonly string[]): Fragment;
  /** An expression of arithmetic and text at the current node; nothing where none begins. */
  operand(): Expression | undefined;
  /** Rewrites other nodes: for the parts of a construct. */
  rewrite(nodes: readonly Node[]): Fragment;
  /** Rewrites nodes that should be one expression. */
  expression(nodes: readonly Node[]): Expression;
  /** Rewrites parentheses and what is in them. */
  group(group: Group): Expression;
}
