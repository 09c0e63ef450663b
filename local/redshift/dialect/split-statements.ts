import { isTrivia, lex } from './lexer.ts';

/** The statements of a script, without their semicolons and what surrounds them. Empty ones are left out. */
export function splitStatements(script: string): readonly string[] {
  const statements: string[] = [];
  let start = 0;
  let holds = false;
  const close = (end: number): void => {
    if (holds) statements.push(script.slice(start, end).trim());
    start = end + 1;
    holds = false;
  };
  for (const token of lex(script)) {
    if (token.type === 'symbol' && token.text === ';') close(token.at);
    else if (!isTrivia(token)) holds = true;
  }
  close(script.length);
  return statements;
}
