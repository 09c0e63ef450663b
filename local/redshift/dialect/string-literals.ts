import { castExpression } from './casts.ts';
import { isIso } from './constant-literals.ts';
import { literal, stringValue, type Token } from './lexer.ts';
import { RedshiftError, SQLSTATE, unsupported } from './redshift-error.ts';
import type { Expression } from './fragment.ts';
import { typeNamed } from './types.ts';

/** A literal with its backslash escapes resolved; as it is where it has none. */
export function stringLiteral(token: Token): Expression {
  if (!/^[a-z]?'(?:[^'\\]|\\[^]|'')*'$/i.test(token.text))
    throw new RedshiftError(SQLSTATE.syntaxError, 'unterminated quoted string', { position: token.at });
  if (/^[xXbB]/.test(token.text)) throw unsupported('a bit string literal', token.at);
  const plain =
    token.text.startsWith("'") && !token.text.includes('\\') && token.text.length > 1 && token.text.endsWith("'");
  return {
    fragment: plain ? token : { ...token, text: literal(stringValue(token.text)) },
    type: 'UNKNOWN',
  };
}

/** Text that may be a date or a time in a form DuckDB does not read: `01/31/2024`, `Jan 31,2024 10:00`, `20240131`, `10:00 PM`, `now`. */
const PERHAPS_A_DATE =
  /^\s*(?:\d{1,4}[/.-]\d{1,3}(?:[/.-]\d{1,4})?\b|\d{6}\b|\d{8}\b|j\d{7}\b|\d{1,4}[ -][a-z]{3}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ .-]*\d|\d{1,2}:\d\d|(?:now|today|tomorrow|yesterday)\s*$)/i;

/**
 * A literal where an expression may stand. DuckDB reads dates in the ISO form only, Redshift in many: what may be such a date becomes
 * one where it is compared with one.
 * https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html
 */
export function literalExpression(token: Token): Expression {
  const plain = stringLiteral(token);
  const text = stringValue(token.text);
  if (!PERHAPS_A_DATE.test(text) || isIso(text)) return plain;
  const names: Readonly<Record<string, string>> = {
    DATE: 'date',
    TIME: 'time',
    'TIME WITH TIME ZONE': 'timetz',
    TIMESTAMP: 'timestamp',
    'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  };
  return {
    type: 'UNKNOWN',
    fragment: {
      literal: true,
      operands: [{ fragment: plain.fragment }],
      shape: ([value = '']) => value,
      resolve: ([type = '']) => {
        const name = names[type];
        if (name === undefined) return { emit: ([value = '']) => value };
        const read = castExpression(plain, typeNamed(name, undefined), token.at).fragment;
        return { emit: () => read };
      },
    },
  };
}
