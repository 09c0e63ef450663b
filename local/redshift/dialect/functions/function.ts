import { matched } from '../comparisons.ts';
import { type Expression, type Fragment, join, type Resolution } from '../fragment.ts';
import type { Token } from '../lexer.ts';
import { isFloat } from '../numeric-types.ts';
import { RedshiftError, SQLSTATE, unsupported } from '../redshift-error.ts';
import type { Node } from '../token-tree.ts';
import { shownType } from '../types.ts';

/** A call of a function, aggregate or window function, its arguments rewritten already. */
export interface Call {
  /** In lower case, as Redshift knows it. */
  readonly name: string;
  /** Where it stands, for errors. */
  readonly token: Token;
  readonly args: readonly Expression[];
  /** The arguments as they were written. */
  readonly original: readonly (readonly Node[])[];
  /** `DISTINCT` before the first argument. (`ALL` is the default and left out.) */
  readonly distinct: boolean;
  /** ` IGNORE NULLS` or ` RESPECT NULLS`, wherever it stood; else empty. */
  readonly nulls: string;
  /** The order of `WITHIN GROUP (ORDER BY …)`. */
  readonly within: readonly OrderTerm[] | undefined;
  /** ` OVER (…)` rewritten; absent for a plain call. */
  readonly over: Fragment | undefined;
  /** `OVER` has an order but no frame. */
  readonly unframed: boolean;
  /** It stands where a table does. */
  readonly inFrom: boolean;
}

export interface OrderTerm {
  readonly expression: Expression;
  /** ` DESC NULLS LAST` and the like; may be empty. */
  readonly direction: string;
}

/** What a call becomes; nothing where it stays as it was. */
export type FunctionRule = (call: Call) => Expression | undefined;

/** Redshift functions by name. One table a chapter of the developer guide. */
export type FunctionTable = Readonly<Record<string, FunctionRule>>;

/** The call of another function with the same arguments, for aggregates and window functions too. */
export function renamed(name: string, type?: string): FunctionRule {
  return (call) => ({ fragment: callOf(call, name), type });
}

/** The same function, its result cast to the type Redshift gives it. */
export function cast(type: string, name?: string): FunctionRule {
  return (call) => ({ fragment: ['CAST(', callOf(call, name ?? call.name), ` AS ${type})`], type });
}

/** A scalar rule: `OVER` after it is an error, and so is another number of arguments. */
export function scalar(
  least: number,
  most: number,
  rule: (args: readonly Fragment[], call: Call) => Fragment | undefined,
  type?: string,
): FunctionRule {
  return (call) => {
    expectArguments(call, least, most);
    const fragment = rule(
      call.args.map((arg) => arg.fragment),
      call,
    );
    return fragment === undefined ? undefined : { fragment, type };
  };
}

/** Whatever the types, DuckDB can bind this. Of one value alone COALESCE would leave no place behind. */
export const anyText = (args: readonly Fragment[]): Fragment => [
  'coalesce(NULL',
  args.map((arg) => [',CAST(', arg, ' AS VARCHAR)']),
  ')',
];

/** A scalar rule that depends on the types of its arguments, given in DuckDB's names (`UNKNOWN` for a string literal). */
export function byType(
  least: number,
  most: number,
  resolve: (types: readonly string[], call: Call) => Resolution,
  shape?: (args: readonly Fragment[]) => Fragment,
): FunctionRule {
  return (call) => {
    expectArguments(call, least, most);
    return {
      fragment: {
        operands: call.args,
        shape: shape ?? anyText,
        // Before the types of its arguments are known they may be texts.
        safeShape: shape && anyText,
        resolve: (types) => resolve(types, call),
      },
    };
  };
}

/** A scalar rule whose INTEGER is computed in a way that depends on the types of its arguments. */
export function integerByType(
  least: number,
  most: number,
  emit: (types: readonly string[], args: readonly Fragment[]) => Fragment,
): FunctionRule {
  return (call) => {
    expectArguments(call, least, most);
    return {
      fragment: {
        operands: call.args,
        shape: (args) => ['CAST(length(', anyText(args), ') AS INTEGER)'],
        resolve: (types) => ({ type: 'INTEGER', emit: (args) => emit(types, args) }),
      },
    };
  };
}

/** DuckDB takes a default frame where Redshift asks for one. https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html */
export function framed(rule: FunctionRule): FunctionRule {
  return (call) => {
    if (call.unframed)
      throw new RedshiftError(
        SQLSTATE.syntaxError,
        'Aggregate window functions with an ORDER BY clause require a frame clause',
        { position: call.token.at, hint: 'Write ROWS UNBOUNDED PRECEDING, or ROWS BETWEEN … AND …' },
      );
    return rule(call);
  };
}

/** Arguments that are numbers, of functions of texts: their places. */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  chr: [0],
  fnv_hash: [0, 1],
  left: [1],
  lpad: [1],
  regexp_count: [2],
  regexp_instr: [2, 3, 4],
  regexp_replace: [3],
  regexp_substr: [2, 3],
  repeat: [1],
  replicate: [1],
  right: [1],
  rpad: [1],
  sha2: [1],
  split_part: [2],
  substr: [1, 2],
  substring: [1, 2],
};

/** Those of them that take bytes: https://docs.aws.amazon.com/redshift/latest/dg/varbyte-functions.html, POSITION, and hashes. */
const OF_BYTES = new Set(
  'len length char_length character_length textlen octet_length substring substr concat charindex strpos md5 sha sha1 func_sha1 sha2 fnv_hash murmur3_32_hash farmfingerprint64'.split(
    ' ',
  ),
);

/** Functions of texts: a SUPER value gives its text, and so does a float, unless the functions are of numbers, too. */
export function ofTexts(table: FunctionTable, floats: 'texts' | 'numbers' = 'texts'): FunctionTable {
  const given = (name: string, call: Call, arg: Expression, index: number): Expression => {
    const number = floats === 'numbers' || NUMBERS[name]?.includes(index) === true;
    const ofBytes = floats === 'numbers' || OF_BYTES.has(name) ? undefined : () => ofNoBytes(call.name, call.token);
    if (arg.type === 'BLOB' && ofBytes) throw ofBytes();
    if (arg.type === undefined || (isFloat(arg.type) && !number))
      return matched(arg, number ? 'numbers' : 'texts', ofBytes);
    return arg;
  };
  return Object.fromEntries(
    Object.entries(table).map(([name, rule]): [string, FunctionRule] => [
      name,
      (call) => rule({ ...call, args: call.args.map((arg, index) => given(name, call, arg, index)) }),
    ]),
  );
}

/** A function that has no faithful counterpart here. */
export function refused(hint?: string): FunctionRule {
  return (call) => {
    throw unsupported(`function ${call.name}`, call.token.at, hint);
  };
}

export function expectArguments(call: Call, least: number, most: number): void {
  if (call.over !== undefined)
    throw new RedshiftError(
      SQLSTATE.wrongObjectType,
      `OVER specified, but ${call.name} is not a window function nor an aggregate function`,
      { position: call.token.at },
    );
  if (call.distinct)
    throw new RedshiftError(
      SQLSTATE.wrongObjectType,
      `DISTINCT specified, but ${call.name} is not an aggregate function`,
      { position: call.token.at },
    );
  if (call.args.length < least || call.args.length > most) throw noSuchFunction(call);
}

/** That there is no such function, said before the types of all its arguments are known. */
export class NoSuchFunction extends RedshiftError {}

export function noSuchFunction(call: Call, types?: readonly string[]): RedshiftError {
  const known = types !== undefined || call.args.every(({ type }) => type !== undefined);
  const shown = types ?? call.args.map(({ type }) => (type === undefined ? '…' : shownType(type)));
  return new (known ? RedshiftError : NoSuchFunction)(
    SQLSTATE.undefinedFunction,
    `function ${call.name}(${shown.join(', ')}) does not exist`,
    {
      position: call.token.at,
      hint: 'No function matches the given name and argument types. You may need to add explicit type casts.',
    },
  );
}

export function ofNoBytes(name: string, token: Token): RedshiftError {
  return new RedshiftError(SQLSTATE.undefinedFunction, `function ${name}(binary varying) does not exist`, {
    position: token.at,
    hint: "Write FROM_VARBYTE(value, 'utf8') or, of the digits of its bytes, TO_HEX(value).",
  });
}

/** An aggregate that DuckDB can bind whatever the type of its argument, and that no other of the query is: of two it would compute one. */
export const someText = (call: Call, argument: Fragment): Fragment =>
  callOf(call, 'first', [['CAST(', argument, ' AS VARCHAR)']]);

/** `name([DISTINCT] args [IGNORE NULLS]) [OVER …]` */
export function callOf(call: Call, name: string, args?: readonly Fragment[]): Fragment {
  return [
    `${name}(`,
    call.distinct ? 'DISTINCT ' : '',
    join(args ?? call.args.map(({ fragment }) => fragment), ', '),
    call.nulls,
    ')',
    call.over ?? '',
  ];
}
