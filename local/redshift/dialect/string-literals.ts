import { literal, stringValue, type Token } from './lexer.ts';
import { unsupported } from './redshift-error.ts';
import type { Expression } from './typed.ts';

/** A literal with its backslash escapes resolved; as it is where it has none. */
export function stringLiteral(token: Token): Expression {
  if (/^[xXbB]/.test(token.text)) throw unsupported('a bit string literal', token.at);
  const plain =
    token.text.startsWith("'") && !token.text.includes('\\') && token.text.length > 1 && token.text.endsWith("'");
  return {
    fragment: plain ? token : { ...token, text: literal(stringValue(token.text)) },
    type: 'UNKNOWN',
  };
}
