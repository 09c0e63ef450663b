import { isoConstant } from '../constant-literals.ts';
import { datePart } from '../date-parts.ts';
import type { Fragment } from '../fragment.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import { isName, significant, startOf, textOf } from '../token-tree.ts';
import { anyText, expectArguments, type Call, type FunctionRule } from './function.ts';
import { literalText } from './literal-arguments.ts';

export const TEXT = new Set(['VARCHAR', 'UNKNOWN', 'NULL']);

/** A date, a time stamp or text that reads as one, as TIMESTAMP. */
export function timestamp(fragment: Fragment, type: string): Fragment {
  if (type === 'TIMESTAMP') return fragment;
  if (TEXT.has(type)) return isoConstant(fragment, 'TIMESTAMP') ?? ['rs_timestamp(', fragment, ')'];
  return ['CAST(', fragment, ' AS TIMESTAMP)'];
}

/** TIMESTAMP for dates and text; what carries a zone or is a time of day stays. */
export function moment(fragment: Fragment, type: string): Fragment {
  return type === 'TIMESTAMP WITH TIME ZONE' || type.startsWith('TIME') || type === 'INTERVAL'
    ? fragment
    : timestamp(fragment, type);
}

export const momentType = (type: string): string =>
  type === 'TIMESTAMP WITH TIME ZONE' || type.startsWith('TIME') || type === 'INTERVAL' ? type : 'TIMESTAMP';

/** The date part an argument names; it may be a word, a quoted name or a string. */
export function partOf(call: Call, index: number): string {
  const nodes = significant(call.original[index] ?? []);
  const [node] = nodes;
  const name = nodes.length === 1 && isName(node) ? node.text.replaceAll('"', '') : literalText(call, index)?.trim();
  const part = name === undefined ? undefined : datePart(name);
  if (part !== undefined) return part;
  throw new RedshiftError(
    SQLSTATE.invalidParameter,
    `invalid date part "${textOf(nodes).replaceAll("'", '')}" specified for ${call.name} function`,
    {
      position: node ? startOf(node) : call.token.at,
    },
  );
}

/** A function of a date part and of arguments whose types decide; `known` is the result's type where they do not decide that. */
export function withPart(
  count: number,
  resolve: (
    part: string,
    types: readonly string[],
    call: Call,
  ) => { readonly type: string; readonly emit: (args: readonly Fragment[]) => Fragment },
  known?: string,
): FunctionRule {
  return (call) => {
    expectArguments(call, count + 1, count + 1);
    const part = partOf(call, 0);
    return {
      type: known,
      fragment: {
        operands: call.args.slice(1),
        // A query around this one may compute with it before its own types are known.
        shape: (args) => (known === undefined ? anyText(args) : ['CAST(length(', anyText(args), `) AS ${known})`]),
        resolve: (types) => resolve(part, types, call),
      },
    };
  };
}

/** A function of dates given in any form, which are its first arguments: all of them unless `dates` says how many. */
export function ofMoments(
  least: number,
  most: number,
  type: string | undefined,
  emit: (args: readonly Fragment[]) => Fragment,
  dates = most,
): FunctionRule {
  return (call) => {
    expectArguments(call, least, most);
    return {
      type,
      fragment: {
        operands: call.args,
        shape: (args) => ['CAST(', anyText(args), ` AS ${type})`],
        resolve: (types) => ({
          type,
          emit: (args) =>
            emit(
              args.map((arg, index) =>
                index < dates && (/^(?:DATE|TIMESTAMP)/.test(types[index] ?? '') || TEXT.has(types[index] ?? ''))
                  ? timestamp(arg, types[index] ?? '')
                  : arg,
              ),
            ),
        }),
      },
    };
  };
}
