import type { Token } from '../dialect/lexer.ts';

/** A piece of SQL in a procedure's body, as it was written: an expression or a statement in which variables may stand. */
export type Sql = readonly Token[];

/** What is assigned to: a variable, or a field of a record. */
export type Target = readonly string[];

export interface Declaration {
  readonly name: string;
  /** As it was written; `record` and `refcursor` among them. Absent for an alias. */
  readonly type: string;
  readonly constant: boolean;
  readonly notNull: boolean;
  readonly initial?: Sql | undefined;
  /** `name ALIAS FOR $n` */
  readonly alias?: string | undefined;
  /** `name CURSOR [(arguments)] FOR query` */
  readonly cursor?: { readonly args: readonly string[]; readonly query: Sql } | undefined;
}

export interface Block {
  readonly label: string | undefined;
  readonly declarations: readonly Declaration[];
  readonly body: readonly Action[];
  readonly handler: Handler | undefined;
}

/** `EXCEPTION [CONTINUE_HANDLER | EXIT_HANDLER] WHEN OTHERS THEN …` */
export interface Handler {
  /** What stands after the statement that failed is done, too. */
  readonly continues: boolean;
  readonly body: readonly Action[];
}

interface Looped {
  readonly label: string | undefined;
  readonly body: readonly Action[];
}

/** A statement of PL/pgSQL. https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-statements.html */
export type Action = { readonly line: number } & (
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'assign'; readonly target: Target; readonly value: Sql }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Action[] }
  | {
      readonly kind: 'case';
      readonly operand: Sql | undefined;
      readonly branches: readonly Branch[];
      readonly otherwise: readonly Action[] | undefined;
    }
  | (Looped & { readonly kind: 'loop'; readonly when: Sql | undefined })
  | (Looped & {
      readonly kind: 'range';
      readonly variable: string;
      readonly reverse: boolean;
      readonly from: Sql;
      readonly to: Sql;
    })
  | (Looped & {
      readonly kind: 'rows';
      readonly targets: readonly Target[];
      readonly query: Sql;
      readonly dynamic: boolean;
    })
  | {
      readonly kind: 'leave';
      readonly again: boolean;
      readonly label: string | undefined;
      readonly when: Sql | undefined;
    }
  | { readonly kind: 'return' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'raise'; readonly level: string; readonly format: string; readonly values: readonly Sql[] }
  /** RAISE alone: what was caught is thrown again. */
  | { readonly kind: 'rethrow' }
  | { readonly kind: 'execute'; readonly command: Sql; readonly into: readonly Target[] | undefined }
  | {
      readonly kind: 'open';
      readonly cursor: string;
      readonly query: Sql | undefined;
      readonly dynamic: boolean;
      readonly values: readonly Sql[];
    }
  | { readonly kind: 'fetch'; readonly cursor: string; readonly targets: readonly Target[] }
  | { readonly kind: 'close'; readonly cursor: string }
  | { readonly kind: 'diagnostics'; readonly target: Target }
  | { readonly kind: 'transaction'; readonly action: 'commit' | 'rollback' | 'start' }
  | { readonly kind: 'call'; readonly call: Sql }
  /** Any other SQL; `discards` for PERFORM. */
  | {
      readonly kind: 'sql';
      readonly sql: Sql;
      readonly into: readonly Target[] | undefined;
      readonly discards: boolean;
    }
);

/** An action before its line is known. */
export type Bare = Action extends infer Each ? (Each extends Action ? Omit<Each, 'line'> : never) : never;

export interface Branch {
  /** One for IF and a searched CASE, several for a simple CASE. */
  readonly when: readonly Sql[];
  readonly body: readonly Action[];
}
