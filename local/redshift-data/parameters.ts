import type { SqlParameter } from '@aws-sdk/client-redshift-data';
import { required } from '../kernel/index.ts';
import { lex } from '../redshift/dialect/lexer.ts';
import { validation } from './validation.ts';

/** The name a token refers to a parameter by; undefined for every other token. Positional `$1` is no parameter of the Data API. */
function parameterName({ type, text }: { readonly type: string; readonly text: string }): string | undefined {
  return type === 'parameter' && text.startsWith(':') ? text.slice(1) : undefined;
}

/** Names of the parameters a statement refers to; names in literals, quoted names and comments are none. */
export function referencedParameters(sql: string): ReadonlySet<string> {
  return new Set(
    lex(sql)
      .map(parameterName)
      .filter((name) => name !== undefined),
  );
}

/** A statement with its values in place, and where each piece of it came from. */
export interface BoundStatement {
  readonly sql: string;
  /** Offset in the submitted text for an offset in `sql`. */
  readonly originalOffset: (offset: number) => number;
}

/**
 * Puts values where their names stand, as untyped literals: Redshift converts them as it converts a string, and nothing in them is SQL.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-parameters
 */
export function bindParameters(sql: string, parameters: readonly SqlParameter[]): BoundStatement {
  if (parameters.length === 0) return { sql, originalOffset: (offset) => offset };
  const values = new Map(parameters.map(({ name, value }) => [name, value ?? '']));
  const pieces = lex(sql).map((token) => {
    const name = parameterName(token);
    const value = name === undefined ? undefined : values.get(name);
    return { at: token.at, text: value === undefined ? token.text : literal(value), replaced: value !== undefined };
  });
  const starts: { readonly from: number; readonly at: number; readonly replaced: boolean }[] = [];
  let from = 0;
  for (const { at, text, replaced } of pieces) {
    starts.push({ from, at, replaced });
    from += text.length;
  }
  return {
    sql: pieces.map(({ text }) => text).join(''),
    originalOffset: (offset) => {
      const piece = starts.findLast((start) => start.from <= offset);
      if (!piece) return offset;
      return piece.replaced ? piece.at : piece.at + offset - piece.from;
    },
  };
}

/** Redshift reads backslash escapes in plain literals. */
function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_SqlParameter.html */
const PARAMETER_NAME = /^[0-9a-zA-Z_]+$/;

function parameterNamed(name: string, at: number): string {
  if (PARAMETER_NAME.test(name)) return name;
  throw validation(
    `1 validation error detected: Value '${name}' at 'parameters.${at + 1}.member.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z_]+`,
  );
}

/** @throws AwsError `ValidationException` for a name or value that is none, given twice, or that no statement refers to. */
export function checkParameters(parameters: readonly SqlParameter[] | undefined, statements: readonly string[]): void {
  if (!parameters) return;
  if (parameters.length === 0) throw validation('Parameters list must have at least one parameter.');
  const referenced = new Set(statements.flatMap((sql) => [...referencedParameters(sql)]));
  const names = parameters.map(({ name, value }, at) => {
    required(value, `parameters.${at + 1}.member.value`);
    return parameterNamed(required(name, `parameters.${at + 1}.member.name`), at);
  });
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw validation(`Parameters list contains duplicate parameters: [${twice}]`);
  const unused = names.filter((name) => !referenced.has(name));
  if (unused.length > 0)
    throw validation(`Parameters list contains unused parameters. Unused parameters: [${unused.join(', ')}]`);
}
