import type { Token } from './lexer.ts';
import type { Group } from './token-tree.ts';
import type { Database } from './translation.ts';

/** A piece of DuckDB SQL in the making: new text, a token of the original as it is, or several of them. */
export type Fragment = string | Token | Typed | Mark | Chosen | Alternatives | Meeting | readonly Fragment[];

/** Tells where in the output its content begins. */
export interface Mark {
  readonly mark: () => void;
  readonly inner: Fragment;
}

/** Two ways to write the same: as the exact form of the statement has it, or the quick one. */
export interface Chosen {
  readonly choose: (quickly: boolean) => Fragment;
  /** How it is written to ask for types, where the quick form says too little: fragment-writer.ts says when. */
  readonly asked?: Fragment | undefined;
}

/** One of several values, as CASE and COALESCE give one. */
export interface Alternatives {
  /** CASE, COALESCE, … */
  readonly construct: string;
  readonly alternatives: readonly Expression[];
  readonly written: (values: readonly Fragment[]) => Fragment;
}

export function oneOf(
  construct: string,
  alternatives: readonly Expression[],
  written: Alternatives['written'],
): Alternatives {
  return { construct, alternatives, written };
}

/** Queries of one set operation: their columns become one type, each with those at its place. */
export interface Meeting {
  readonly queries: readonly Fragment[];
  /** Of the columns of the first; undefined where a star stands for some. */
  readonly names: readonly string[] | undefined;
  readonly united: (queries: readonly Fragment[]) => Fragment;
  /** So that no column is left out of it, whatever is read of it: how it is written to ask for types. */
  readonly whole: (queries: readonly Fragment[]) => Fragment;
}

/** A piece of a fragment that is no list. */
export type Piece = Exclude<Fragment, readonly Fragment[]>;

/** `sql\`rs_left(${argument},2)\`` is a fragment. */
export function sql(texts: TemplateStringsArray, ...values: readonly Fragment[]): Fragment {
  return texts.flatMap((text, index) => {
    const value = values[index];
    return value === undefined ? [text] : [text, value];
  });
}

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return fragments.flatMap((fragment, index) => (index === 0 ? [fragment] : [separator, fragment]));
}

/** A group of the original around new content. */
export function within(group: Group, content: Fragment): Fragment {
  return [group.open, content, group.close ?? ''];
}

/** An expression as rewritten so far. */
export interface Expression {
  readonly fragment: Fragment;
  /** DuckDB's name of its type where it is known without asking the database; `UNKNOWN` for a string literal, as in PostgreSQL. */
  readonly type?: string | undefined;
  /** Of a value that is cast to CHAR(n): n. */
  readonly width?: number | undefined;
}

/** Two operands with an operator between them. */
export interface Operation {
  readonly left: Expression;
  readonly operator: Token;
  readonly right: Expression;
  /** As it was written, spaces and comments with it, of operands that were made of these. */
  readonly infix: (left: Fragment, right: Fragment) => Fragment;
}

/**
 * A construct whose translation depends on the types of its operands. The database is asked for those that are not known:
 * see typing.ts.
 */
export interface Typed {
  readonly operands: readonly Expression[];
  /** Its only operand is a literal, and the type asked for is the one DuckDB casts it to where it stands. */
  readonly literal?: boolean | undefined;
  /** An aggregate: what is below it is computed for every row, its own value once for each group. */
  readonly aggregate?: boolean | undefined;
  /** No expression, but a clause: its shape stands for it where nobody can know the types. */
  readonly clause?: boolean | undefined;
  /** How DuckDB can bind it while the types are not known. */
  readonly shape: (operands: readonly Fragment[]) => Fragment;
  /** A shape that binds whatever the types, for when the other does not; its type is text until the real one is known. */
  readonly safeShape?: ((operands: readonly Fragment[]) => Fragment) | undefined;
  /** What stands around it whatever its type: parentheses, a sign. */
  readonly wrap?: ((content: Fragment) => Fragment) | undefined;
  /** Asks the database for what the resolution needs besides types; until it is `prepared` the construct stays open. */
  readonly prepare?: ((database: Database) => Promise<void>) | undefined;
  readonly prepared?: (() => boolean) | undefined;
  /** @throws RedshiftError where Redshift has no such operation. */
  readonly resolve: (types: readonly string[]) => Resolution;
}

export interface Resolution {
  /** The result's type; absent where DuckDB finds the same type for the shape as for what is emitted. */
  readonly type?: string | undefined;
  readonly emit: (operands: readonly Fragment[]) => Fragment;
  /** The same as an item of a GROUP BY, where DuckDB looks for it inside of what stands elsewhere. */
  readonly grouped?: ((operands: readonly Fragment[]) => Fragment) | undefined;
  /** The same in 64 bits, failing on overflow: used below an aggregate, where it is computed for every row. */
  readonly narrow?: ((operands: readonly Fragment[]) => Fragment) | undefined;
}

export type Resolutions = ReadonlyMap<Typed, Resolution>;

/** The same with something more around it; whatever has no type of its own to wait for, too. */
export function wrapped(expression: Expression, wrap: (content: Fragment) => Fragment): Expression {
  const { fragment } = expression;
  if (typeof fragment !== 'object' || !('operands' in fragment)) return { ...expression, fragment: wrap(fragment) };
  const inner = fragment.wrap;
  return { ...expression, fragment: { ...fragment, wrap: inner ? (content) => wrap(inner(content)) : wrap } };
}
