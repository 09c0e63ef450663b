import { nameOf, type Token } from '../dialect/lexer.ts';
import { RedshiftError, SQLSTATE, unsupported } from '../dialect/redshift-error.ts';
import type { Action, Bare, Block, Branch, Handler, Sql, Target } from './body.ts';
import { parseDeclarations } from './parse-declarations.ts';
import { raise } from './parse-raise.ts';
import { listed, solid, TokenReader } from './token-reader.ts';

/**
 * The block a procedure's body is.
 * See https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-structure.html
 * @throws RedshiftError with the position in the body.
 */
export function parseBody(source: string, nonatomic: boolean): Block {
  const reader = new TokenReader(source, nonatomic);
  const block = parseBlock(reader, parseLabel(reader));
  reader.accept(';');
  if (reader.peek()) throw reader.unexpected();
  return block;
}

function parseLabel(reader: TokenReader): string | undefined {
  if (!reader.accept('<<')) return undefined;
  const label = reader.name();
  reader.expect('>>');
  return label;
}

function parseBlock(reader: TokenReader, label: string | undefined): Block {
  const declarations = reader.accept('DECLARE') ? parseDeclarations(reader) : [];
  reader.expect('BEGIN');
  return reader.within({ label, loop: false }, () => {
    const body = parseActions(reader, 'END', 'EXCEPTION');
    const handler = reader.accept('EXCEPTION') ? parseHandler(reader) : undefined;
    reader.expect('END');
    endLabel(reader, label);
    return { label, declarations, body, handler };
  });
}

/** https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-trapping-errors.html */
function parseHandler(reader: TokenReader): Handler {
  const kind = reader.nonatomic ? reader.accept('CONTINUE_HANDLER', 'EXIT_HANDLER') : undefined;
  reader.expect('WHEN');
  reader.expect('OTHERS');
  reader.expect('THEN');
  return { continues: kind?.word === 'CONTINUE_HANDLER', body: parseActions(reader, 'END', 'WHEN') };
}

/** The label may stand behind END again. */
function endLabel(reader: TokenReader, label: string | undefined): void {
  const token = reader.peek();
  if (token?.type !== 'word' && token?.type !== 'quoted') return;
  if (label !== undefined && nameOf(token) !== label)
    throw invalid(`end label "${nameOf(token)}" differs from block's label "${label}"`, token);
  reader.take();
}

function invalid(message: string, { at }: Token): RedshiftError {
  return new RedshiftError(SQLSTATE.syntaxError, message, { position: at });
}

function parseActions(reader: TokenReader, ...ends: readonly string[]): readonly Action[] {
  const actions: Action[] = [];
  while (!ends.includes(reader.peek()?.word ?? ends[0] ?? '')) actions.push(parseAction(reader));
  return actions;
}

function parseAction(reader: TokenReader): Action {
  const { line } = reader;
  const label = parseLabel(reader);
  const first = reader.peek();
  if (!first) throw reader.unexpected();
  if (first.word === 'DECLARE' || (first.word === 'BEGIN' && reader.peek(1)?.word !== ';')) {
    const block = parseBlock(reader, label);
    reader.expect(';');
    return { line, kind: 'block', block };
  }
  const next = reader.peek(1);
  const assigns = next?.text === ':=' || next?.text === '=' || next?.text === '.';
  const rule = first.type === 'word' && !assigns ? ACTIONS[first.word] : undefined;
  if (rule) reader.take();
  const action = rule ? rule(reader, label, first) : next && assigns ? assignment(reader) : statement(reader);
  reader.expect(';');
  return { line, ...action };
}

const ACTIONS: Readonly<Record<string, (reader: TokenReader, label: string | undefined, first: Token) => Bare>> = {
  IF: (reader) => {
    const branches: Branch[] = [];
    let otherwise: readonly Action[] = [];
    do {
      const when = reader.until('THEN');
      reader.take();
      branches.push({ when: [when], body: parseActions(reader, 'ELSIF', 'ELSEIF', 'ELSE', 'END') });
    } while (reader.accept('ELSIF', 'ELSEIF'));
    if (reader.accept('ELSE')) otherwise = parseActions(reader, 'END');
    reader.expect('END');
    reader.expect('IF');
    return { kind: 'if', branches, otherwise };
  },
  CASE: (reader) => {
    const operand = reader.peek()?.word === 'WHEN' ? undefined : reader.until('WHEN');
    const branches: Branch[] = [];
    while (reader.accept('WHEN')) {
      const when = reader.until('THEN');
      reader.take();
      branches.push({ when: operand ? listed(when) : [when], body: parseActions(reader, 'WHEN', 'ELSE', 'END') });
    }
    const otherwise = reader.accept('ELSE') ? parseActions(reader, 'END') : undefined;
    reader.expect('END');
    reader.expect('CASE');
    return { kind: 'case', operand, branches, otherwise };
  },
  LOOP: (reader, label) => ({ kind: 'loop', label, when: undefined, body: loopBody(reader, label) }),
  WHILE: (reader, label) => {
    const when = reader.until('LOOP');
    reader.take();
    return { kind: 'loop', label, when, body: loopBody(reader, label) };
  },
  FOR: forLoop,
  EXIT: (reader, _label, first) => leave(reader, first, false),
  CONTINUE: (reader, _label, first) => leave(reader, first, true),
  RETURN: (reader) => {
    if (reader.peek()?.text !== ';') throw unsupported('RETURN of a value', reader.peek()?.at);
    return { kind: 'return' };
  },
  NULL: () => ({ kind: 'nothing' }),
  RAISE: raise,
  EXECUTE: (reader) => {
    const command = reader.until(';', 'INTO', 'USING');
    const into = reader.accept('INTO') ? targets(reader.until(';', 'USING'), reader) : undefined;
    const using = reader.peek();
    // Values are put into the text. https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-statements.html#r_PLpgSQL-dynamic-sql
    if (using?.word === 'USING') throw reader.unexpected(using);
    return { kind: 'execute', command, into };
  },
  OPEN: (reader) => {
    const cursor = reader.name();
    if (!reader.accept('FOR')) {
      const values = reader.peek()?.text === '(' ? listed(reader.until(';').filter(notOuter)) : [];
      return { kind: 'open', cursor, query: undefined, dynamic: false, values };
    }
    const dynamic = reader.accept('EXECUTE') !== undefined;
    return { kind: 'open', cursor, query: reader.until(';'), dynamic, values: [] };
  },
  FETCH: (reader) => {
    const cursor = reader.name();
    reader.expect('INTO');
    return { kind: 'fetch', cursor, targets: targets(reader.until(';'), reader) };
  },
  CLOSE: (reader) => ({ kind: 'close', cursor: reader.name() }),
  GET: (reader) => {
    reader.expect('DIAGNOSTICS');
    const target = [reader.name()];
    reader.expect(':=', '=');
    reader.expect('ROW_COUNT');
    return { kind: 'diagnostics', target };
  },
  COMMIT: (reader) => transaction(reader, 'commit'),
  ROLLBACK: (reader) => transaction(reader, 'rollback'),
  START: (reader) => {
    reader.expect('TRANSACTION');
    return { kind: 'transaction', action: 'start' };
  },
  PERFORM: (reader, _label, first) => ({
    kind: 'sql',
    sql: [{ ...first, text: 'SELECT', word: 'SELECT' }, ...reader.until(';')],
    into: undefined,
    discards: true,
  }),
  CALL: (reader) => ({ kind: 'call', call: reader.until(';') }),
};

function transaction(reader: TokenReader, action: 'commit' | 'rollback'): Bare {
  reader.accept('WORK', 'TRANSACTION');
  return { kind: 'transaction', action };
}

function loopBody(reader: TokenReader, label: string | undefined): readonly Action[] {
  const body = reader.within({ label, loop: true }, () => parseActions(reader, 'END'));
  reader.expect('END');
  reader.expect('LOOP');
  endLabel(reader, label);
  return body;
}

function leave(reader: TokenReader, first: Token, again: boolean): Bare {
  const place = reader.peek() ?? first;
  const label = place.word === 'WHEN' || place.word === ';' ? undefined : reader.name();
  const target = reader.around.find((each) => (label === undefined ? each.loop : each.label === label));
  if (!target)
    throw label === undefined
      ? invalid(`${first.word} cannot be used outside a loop`, first)
      : invalid(`there is no label "${label}" attached to any block or loop enclosing this statement`, place);
  if (again && !target.loop) throw invalid(`block label "${label}" cannot be used in CONTINUE`, place);
  const when = reader.accept('WHEN') ? reader.until(';') : undefined;
  return { kind: 'leave', again, label, when };
}

/** `FOR i IN [REVERSE] a..b LOOP`, `FOR target IN query LOOP`, `FOR target IN EXECUTE text LOOP` */
function forLoop(reader: TokenReader, label: string | undefined): Bare {
  const variables = targets(reader.until('IN'), reader);
  reader.take();
  const reverse = reader.accept('REVERSE') !== undefined;
  const dynamic = reader.accept('EXECUTE') !== undefined;
  const source = reader.until('LOOP');
  reader.take();
  const range = dynamic ? undefined : rangeIn(source);
  const [[variable = ''] = []] = variables;
  const body = loopBody(reader, label);
  if (range) return { kind: 'range', label, variable, reverse, from: range[0], to: range[1], body };
  return { kind: 'rows', label, targets: variables, query: source, dynamic, body };
}

/** The bounds around `..`; the lexer takes a dot beside a digit for the number's own. */
function rangeIn(source: Sql): readonly [Sql, Sql] | undefined {
  if (['SELECT', 'WITH', '('].includes(solid(source)[0]?.word ?? '') && !dotted(source)) return undefined;
  let depth = 0;
  for (const [index, token] of source.entries()) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth > 0) continue;
    const after = source[index + 1];
    const closes = token.text.endsWith('.') && (token.type === 'number' || token.text === '.');
    if (!closes || !after?.text.startsWith('.')) continue;
    const cut = (part: Token, text: string): Sql => (text === '' ? [] : [{ ...part, text, word: text }]);
    return [
      [...source.slice(0, index), ...cut(token, token.text.slice(0, -1))],
      [...cut(after, after.text.slice(1)), ...source.slice(index + 2)],
    ];
  }
  return undefined;
}

const dotted = (source: Sql): boolean =>
  source
    .map(({ text }) => text)
    .join('')
    .includes('..');

/** `a, r.b` */
function targets(sql: Sql, reader: TokenReader): readonly Target[] {
  return listed(sql).map((each) => {
    const path = solid(each).filter(({ text }) => text !== '.');
    const wrong = path.find(({ type }) => type !== 'word' && type !== 'quoted');
    if (wrong || path.length > 2) throw reader.unexpected(wrong ?? path[2]);
    return path.map(nameOf);
  });
}

/** The parentheses around the values of a cursor. */
function notOuter(token: Token, _at: number, all: Sql): boolean {
  const inside = solid(all);
  return token !== inside[0] && token !== inside.at(-1);
}

function assignment(reader: TokenReader): Bare {
  const target = [reader.name()];
  if (reader.accept('.')) target.push(reader.name());
  reader.expect(':=', '=');
  return { kind: 'assign', target, value: reader.until(';') };
}

/** Any statement of SQL; the INTO of a query names variables. */
function statement(reader: TokenReader): Bare {
  const sql = reader.until(';');
  const first = solid(sql)[0];
  const query = first?.word === 'SELECT' || first?.word === 'WITH';
  let depth = 0;
  const into = sql.findIndex((token) => {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    return query && depth === 0 && token.word === 'INTO';
  });
  if (into < 0) return { kind: 'sql', sql, into: undefined, discards: false };
  const target = solid(sql.slice(into + 1))[0];
  if (target?.word === 'STRICT')
    throw unsupported('SELECT … INTO STRICT', target.at, 'Count the rows before: SELECT COUNT(*) INTO n.');
  const end = endOfTargets(sql, into + 1);
  const rest = [...sql.slice(0, into), ...sql.slice(end)];
  return { kind: 'sql', sql: rest, into: targets(sql.slice(into + 1, end), reader), discards: false };
}

/** Names with commas and dots between them: where the next word follows a name, the list of variables has ended. */
function endOfTargets(sql: Sql, start: number): number {
  let named = false;
  for (let at = start; at < sql.length; at++) {
    const token = sql[at] as Token;
    if (token.type === 'space' || token.type === 'comment') continue;
    if (token.text === ',' || token.text === '.') named = false;
    else if (!named && (token.type === 'word' || token.type === 'quoted')) named = true;
    else return at;
  }
  return sql.length;
}
