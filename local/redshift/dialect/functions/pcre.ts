import { createContext, Script } from 'node:vm';
import { DuckDBScalarFunction, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import { javascriptPattern } from './pcre-syntax.ts';

/** What is asked of a pattern. */
export type PcreOperation = 'count' | 'instr' | 'replace' | 'substr';

/** The function of DuckDB that answers it: `rs_pcre(operation, text, pattern, flags, position, occurrence, detail)`. */
export const PCRE = 'rs_pcre';

interface Question {
  readonly operation: string;
  readonly text: string;
  readonly expression: RegExp;
  /** The first subexpression rather than the whole match. */
  readonly group: boolean;
  /** In characters, from 1. */
  readonly position: number;
  readonly occurrence: number;
  /** The replacement; of `instr`, whether what follows the match is asked for. */
  readonly detail: string;
}

/** How long the patterns of one chunk of rows may take, in milliseconds: nothing else runs meanwhile. */
const MOST_TIME = 2_000;

const EXPRESSIONS = new Map<string, RegExp>();
const MOST_EXPRESSIONS = 100;

function expressionOf(pattern: string, flags: string): RegExp {
  const key = `${flags}:${pattern}`;
  const known = EXPRESSIONS.get(key);
  if (known) return known;
  const written = javascriptPattern(pattern);
  let expression: RegExp | undefined;
  try {
    expression =
      written === undefined
        ? undefined
        : new RegExp(written, `gud${flags.lastIndexOf('i') > flags.lastIndexOf('c') ? 'i' : ''}`);
  } catch {
    // Told below.
  }
  if (!expression)
    throw new Error(`rs:0A000:the pattern ${pattern} is not supported by this stand-in for Amazon Redshift;`);
  if (EXPRESSIONS.size >= MOST_EXPRESSIONS) EXPRESSIONS.clear();
  EXPRESSIONS.set(key, expression);
  return expression;
}

const answers: Readonly<Record<PcreOperation, (question: Question, start: number) => string>> = {
  count: (question, start) => String(matches(question, start).length),
  substr: (question, start) => {
    const match = matches(question, start)[question.occurrence - 1];
    return (question.group && match && match.length > 1 ? match[1] : match?.[0]) ?? '';
  },
  instr: (question, start) => {
    const match = matches(question, start)[question.occurrence - 1];
    const range = question.group && match && match.length > 1 ? match.indices?.[1] : match?.indices?.[0];
    if (range === undefined) return '0';
    return String(characters(question.text, range[question.detail === '0' ? 0 : 1]) + 1);
  },
  // `$1` is the first subexpression.
  replace: (question, start) => {
    const { text, detail } = question;
    let written = '';
    let from = 0;
    for (const match of matches(question, start)) {
      written += text.slice(from, match.index);
      written += detail.replaceAll(/\$(\d)/g, (_all, group: string) => match[Number(group)] ?? '');
      from = match.index + match[0].length;
    }
    return written + text.slice(from);
  },
};

function matches({ text, expression }: Question, start: number): readonly RegExpExecArray[] {
  expression.lastIndex = start;
  const found: RegExpExecArray[] = [];
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    found.push(match);
    if (match[0] === '') expression.lastIndex += unitsOf(text, expression.lastIndex);
  }
  return found;
}

/** Characters in the first `units` UTF-16 units. */
function characters(text: string, units: number): number {
  let count = 0;
  for (let at = 0; at < units; at += unitsOf(text, at)) count++;
  return count;
}

/** UTF-16 units of the characters before a position; one before the first is the first. */
function unitsBefore(text: string, position: number): number {
  let units = 0;
  for (let before = 1; before < position && units < text.length; before++) units += unitsOf(text, units);
  return units;
}

const unitsOf = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

// A pattern may backtrack without end: only a script of its own can be stopped.
const context = createContext({ work: undefined as (() => void) | undefined });
const script = new Script('work()');

function bounded(work: () => void): void {
  context['work'] = work;
  try {
    script.runInContext(context, { timeout: MOST_TIME });
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new Error('rs:54001:a pattern takes too long to be matched;', { cause: error });
    throw error;
  } finally {
    context['work'] = undefined;
  }
}

/**
 * Patterns of PCRE with what RE2, which DuckDB has, knows not: look-around and back references. JavaScript matches them, a chunk of rows
 * after the other. Once for each instance.
 * https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_SUBSTR.html
 */
export function registerPcre(connection: DuckDBConnection): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: PCRE,
      returnType: VARCHAR,
      parameterTypes: Array.from({ length: 7 }, () => VARCHAR),
      specialHandling: true,
      mainFunction: (_info, input, output) => {
        const columns = Array.from({ length: 7 }, (_none, index) => input.getColumnVector(index));
        bounded(() => {
          for (let row = 0; row < input.rowCount; row++) {
            const values = columns.map((column) => column.getItem(row));
            output.setItem(row, values.includes(null) ? null : answer(values.map(String)));
          }
        });
        output.flush();
      },
    }),
  );
}

function answer([operation = '', text = '', pattern = '', flags = '', ...more]: readonly string[]): string {
  const [position = '1', occurrence = '1', detail = ''] = more;
  const question: Question = {
    operation,
    text,
    expression: expressionOf(pattern, flags),
    group: flags.includes('e'),
    position: Number(position),
    occurrence: Number(occurrence),
    detail,
  };
  return answers[operation as PcreOperation](question, unitsBefore(text, question.position));
}
