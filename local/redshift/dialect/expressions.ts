import { castExpression } from './casts.ts';
import { arrayCast, arrayOf, arrayType, isElements } from './catalogue-arrays.ts';
import { BITWISE, bitwise, bitwiseNot } from './bitwise.ts';
import { chosen } from './comparisons.ts';
import { binary, condition } from './conditions.ts';
import { concatenation } from './concatenation.ts';
import { readCall } from './calls.ts';
import { AFTER_WHERE } from './clause-words.ts';
import { type Expression, type Fragment, oneOf, within, wrapped } from './fragment.ts';
import { BARE_VALUES, CLAUSE_WORDS, LITERAL_TYPES, NOT_FUNCTIONS, OPERATORS } from './keywords.ts';
import { isTrivia, nameOf, type Token } from './lexer.ts';
import { nameFragment } from './names.ts';
import { typeOfNumber } from './numeric-types.ts';
import { clause } from './clauses.ts';
import { atTimeZone } from './functions/date.ts';
import { groupedColumn } from './grouped-texts.ts';
import { intervalLiteral } from './intervals.ts';
import { literalExpression, stringLiteral } from './string-literals.ts';
import { keywordCall, refusePlainCount } from './keyword-calls.ts';
import type { Reader } from './reader.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from './redshift-error.ts';
import { isQuery } from './query-groups.ts';
import { setOperations } from './set-operations.ts';
import { systemName } from './system-names.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  splitAtCommas,
  startOf,
  type Group,
  type Node,
} from './token-tree.ts';
import { signed } from './signs.ts';
import { attributesBehind, checkIndex, element } from './super-paths.ts';
import { isTableAlone, refuseFile } from './table-names.ts';
import { pivoted } from './pivoted.ts';
import { topBranches } from './top-branches.ts';
import { unitedLiteral } from './united-literals.ts';
import { aliasesOf } from './unnesting.ts';
import { readType, typeNamed } from './types.ts';
import type { GroupedColumns, Grouping, Sorting, WindowTexts } from './text-keys.ts';

/** What the parts of a query know of it. */
type Surroundings = Pick<Reader, 'grouped' | 'windowTexts' | 'aliases'>;

class ExpressionReader implements Reader {
  readonly nodes: readonly Node[];
  at = 0;
  /** The only thing the list holds, if it is one expression. */
  single: Expression | undefined;
  limit: Fragment | undefined;
  ending: Fragment | undefined;
  grouping: Grouping | undefined;
  plainKeys: readonly Fragment[] | undefined;
  sorting: Sorting | undefined;
  grouped: GroupedColumns | undefined;
  windowTexts: WindowTexts | undefined;
  readonly #around: Surroundings | undefined;
  #aliases: ReadonlySet<string> | undefined;

  /** `around` reads the list it is a part of; a query of its own has its own groups and windows. */
  constructor(nodes: readonly Node[], around?: Surroundings, query = false) {
    this.nodes = pivoted(topBranches(nodes));
    this.#around = around;
    this.grouped = query ? undefined : around?.grouped;
    this.windowTexts = query ? undefined : around?.windowTexts;
  }

  next(from: number = this.at): number {
    let at = from;
    while (at < this.nodes.length && isTrivia(this.nodes[at] as Node)) at++;
    return at;
  }

  outerAliases(): ReadonlySet<string> {
    return this.#around?.aliases() ?? new Set();
  }

  aliases(): ReadonlySet<string> {
    this.#aliases ??= new Set([...this.outerAliases(), ...aliasesOf(this.nodes)]);
    return this.#aliases;
  }

  node(at: number): Node | undefined {
    return this.nodes[at];
  }

  trivia(): Fragment {
    const from = this.at;
    this.at = this.next();
    return this.nodes.slice(from, this.at) as readonly Token[];
  }

  rest(...stopWords: readonly string[]): Fragment {
    const parts: Fragment[] = [];
    let expressions = 0;
    let others = 0;
    // In `SET a = 1, b = 2` the first `=` of each item assigns.
    let assigns = false;
    let inSet = false;
    while (this.at < this.nodes.length) {
      const node = this.nodes[this.at] as Node;
      if (isWord(node, 'SET', 'FROM', 'WHERE', 'WHEN')) inSet = assigns = node.word === 'SET';
      else if (isSymbol(node, ',')) assigns = inSet;
      if (isTrivia(node)) parts.push(this.trivia());
      else if (isWord(node, ...stopWords)) break;
      else {
        if (this.ending !== undefined && isWord(node, ...AFTER_WHERE)) {
          parts.push(this.ending);
          this.ending = undefined;
        }
        const combined = stopWords.length === 0 ? setOperations(this) : undefined;
        if (combined !== undefined) {
          parts.push(combined);
          others++;
          continue;
        }
        const start = this.at;
        const operand = this.operand();
        const expression = operand && !assigns ? condition(this, operand, start) : operand;
        if (operand) assigns = false;
        if (expression) {
          parts.push(expression.fragment);
          this.single = expression;
          expressions++;
        } else {
          others++;
          parts.push(clause(this, node) ?? this.#other(node));
        }
      }
    }
    // A part of it has no end of its own; a comment may stand before it.
    if (stopWords.length === 0) parts.push(this.ending ?? '', this.limit === undefined ? '' : ['\nLIMIT ', this.limit]);
    if (expressions !== 1 || others > 0) this.single = undefined;
    return parts;
  }

  rewrite(nodes: readonly Node[]): Fragment {
    return new ExpressionReader(nodes, this).rest();
  }

  expression(nodes: readonly Node[]): Expression {
    return rewriteExpression(nodes, this);
  }

  group(group: Group): Expression {
    return rewriteGroup(group, this);
  }

  operand(): Expression | undefined {
    let left = this.#sum();
    while (left) {
      const operator = this.nodes[this.next()];
      if (!isSymbol(operator, '||', ...BITWISE)) break;
      left = binary(this, left, operator, () => this.#sum(), operator.text === '||' ? concatenation : bitwise);
    }
    return left;
  }

  #other(node: Node): Fragment {
    this.at++;
    // Lists and structs of DuckDB.
    if (node.type === 'symbol' && node.text === '{') throw syntaxError('{', node.at);
    if (isGroup(node) && node.open.text !== '(') throw syntaxError(node.open.text, node.open.at);
    if (node.type === 'symbol') return OPERATORS[node.text] ?? node;
    if (isGroup(node)) return this.group(node).fragment;
    return node;
  }

  #sum(): Expression | undefined {
    let left = this.#product();
    while (left) {
      const operator = this.nodes[this.next()];
      if (!isSymbol(operator, '+', '-')) break;
      left = binary(this, left, operator, () => this.#product());
    }
    return left;
  }

  #product(): Expression | undefined {
    let left = this.#power();
    while (left) {
      const operator = this.nodes[this.next()];
      if (!isSymbol(operator, '*', '/', '%')) break;
      left = binary(this, left, operator, () => this.#power());
    }
    return left;
  }

  #power(): Expression | undefined {
    let left = this.#signed();
    while (left) {
      const operator = this.nodes[this.next()];
      if (!isSymbol(operator, '^')) break;
      left = binary(this, left, operator, () => this.#signed());
    }
    return left;
  }

  /** Whether an operand, and not an operator, has to come at the current node. */
  #beginsOperand(): boolean {
    const before = this.nodes.slice(0, this.at).findLast((node) => !isTrivia(node));
    if (before === undefined || before.type === 'symbol') return true;
    return before.type === 'word' && before.word !== 'END' && CLAUSE_WORDS.has(before.word);
  }

  #signed(): Expression | undefined {
    const sign = this.nodes[this.at];
    if (isSymbol(sign, '~') && this.#beginsOperand()) {
      const start = this.at++;
      this.trivia();
      const operand = this.#signed();
      if (operand) return bitwiseNot(sign, operand);
      this.at = start;
    }
    if (isSymbol(sign, '-', '+', '@', '|/', '||/')) {
      const start = this.at;
      this.at++;
      const space = this.trivia();
      const operand = this.#signed();
      if (!operand) {
        this.at = start;
        return undefined;
      }
      return signed(sign, space, operand);
    }
    return this.#postfixed();
  }

  #postfixed(): Expression | undefined {
    let expression = this.#primary();
    while (expression) {
      const at = this.next();
      const node = this.nodes[at];
      if (isSymbol(node, '::')) {
        const array = arrayType(this.nodes, at + 1);
        if (array) {
          this.at = array.end;
          expression = arrayCast(expression, array.type);
          continue;
        }
        const read = readType(this.nodes, at + 1);
        if (!read) throw syntaxError(undefined, node.at + 2);
        this.at = read.end;
        expression = castExpression(expression, read.type, node.at);
      } else if (isGroup(node) && node.open.text === '[') {
        const before = this.trivia();
        this.at++;
        checkIndex(node);
        const index = this.expression(node.items).fragment;
        const path = [before, within(node, index), attributesBehind(this)];
        expression = element(expression, { path, index, position: node.open.at });
      } else if (isWord(node, 'AT') && isWord(this.nodes[this.next(at + 1)], 'TIME')) {
        const zone = this.next(this.next(at + 1) + 1);
        if (!isWord(this.nodes[zone], 'ZONE')) break;
        this.at = zone + 1;
        this.trivia();
        const value = this.#primary();
        if (!value) throw syntaxError(undefined, node.at + node.text.length);
        expression = atTimeZone(expression, value);
      } else break;
    }
    return expression;
  }

  #primary(): Expression | undefined {
    const node = this.nodes[this.at];
    if (node === undefined) return undefined;
    switch (node.type) {
      case 'group':
        if (node.open.text !== '(') return undefined;
        this.at++;
        return isTableAlone(this.nodes, this.at - 1) ? this.expression(node.items) : this.group(node);
      case 'string':
        refuseFile(this.nodes, this.at);
        this.at++;
        return node.besideOthers ? unitedLiteral(node, stringLiteral(node)) : literalExpression(node);
      case 'number':
        this.at++;
        return { fragment: node, type: typeOfNumber(node.text) };
      case 'dollar':
        this.at++;
        return { fragment: node, type: 'UNKNOWN' };
      case 'parameter':
        this.at++;
        return { fragment: node };
      case 'quoted':
        refuseFile(this.nodes, this.at);
        return this.#named(node);
      case 'word':
        return this.#word(node);
      case 'symbol':
      case 'space':
      case 'comment':
        return undefined;
    }
  }

  #word(token: Token): Expression | undefined {
    const word = token.word;
    const following = this.nodes[this.next(this.at + 1)];
    if (word === 'RANGE' && isParenthesis(following))
      throw new RedshiftError(SQLSTATE.undefinedFunction, 'function range() does not exist', { position: token.at });
    if (word === 'CASE') return this.#case(token);
    if (word === 'INTERVAL' && following?.type === 'string') return intervalLiteral(this);
    if (word === 'ARRAY' && isElements(following)) {
      this.at = this.next(this.at + 1) + 1;
      return arrayOf(splitAtCommas(following.items).map((item) => this.expression(item)));
    }
    if (following?.type === 'string' && LITERAL_TYPES.test(word)) {
      this.at = this.next(this.at + 1) + 1;
      return castExpression(stringLiteral(following), typeNamed(word.toLowerCase(), undefined), token.at);
    }
    const sized =
      isParenthesis(following) &&
      LITERAL_TYPES.test(word) &&
      this.nodes[this.next(this.nodes.indexOf(following, this.at) + 1)]?.type === 'string';
    if (sized || (isWord(token, 'TIMESTAMP', 'TIME') && isWord(following, 'WITH', 'WITHOUT'))) {
      const read = readType(this.nodes, this.at);
      const value = read && this.nodes[this.next(read.end)];
      if (read && value?.type === 'string') {
        this.at = this.next(read.end) + 1;
        return castExpression(stringLiteral(value), read.type, token.at);
      }
    }
    // A word that no operator of Redshift's is. https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html
    if (word === 'COLLATE' && !isParenthesis(following)) throw syntaxError(token.text, token.at);
    if (word === 'APPROXIMATE' && isWord(following, 'COUNT', 'PERCENTILE_DISC')) {
      refusePlainCount(this, token);
      // What is exact is within every error bound of what is approximate.
      this.at = this.next(this.at + 1);
      return this.#word(following);
    }
    if (isParenthesis(following) && !NOT_FUNCTIONS.has(word)) {
      const special = keywordCall(this, token, following);
      if (special) return special;
    } else if (CLAUSE_WORDS.has(word)) return undefined;
    if (word === 'CURRENT_AWS_ACCOUNT' && !isSymbol(following, '.')) throw unsupported(word, token.at);
    if (word === 'CURRENT_NAMESPACE' && !isSymbol(following, '.'))
      throw unsupported('CURRENT_NAMESPACE', token.at, 'DescribeClusters has it, in ClusterNamespaceArn.');
    // DuckDB has a value by this name.
    if (word === 'CURRENT_ROLE' && !isSymbol(following, '.'))
      throw new RedshiftError(SQLSTATE.undefinedColumn, 'column "current_role" does not exist', { position: token.at });
    const bare = BARE_VALUES[word];
    if (bare && !isSymbol(following, '.') && !isParenthesis(following)) {
      this.at++;
      const [text, type] = bare;
      return { fragment: text.toUpperCase() === word ? token : text, type };
    }
    return this.#named(token);
  }

  /** `a`, `a.b.c`, `a.*`, `f(…)`, `schema.f(…)`. */
  #named(token: Token): Expression {
    const start = this.at;
    const path: Token[] = [token];
    const parts: Fragment[] = [nameFragment(token)];
    this.at++;
    for (;;) {
      const dot = this.next();
      const name = this.nodes[this.next(dot + 1)];
      if (!isSymbol(this.nodes[dot], '.') || !(isName(name) || isSymbol(name, '*'))) break;
      const after = this.next(dot + 1);
      parts.push(this.nodes.slice(this.at, after) as readonly Token[]);
      this.at = after + 1;
      if (isSymbol(name, '*')) return { fragment: [...parts, name] };
      path.push(name);
      parts.push(nameFragment(name));
    }
    const group = this.nodes[this.next()];
    const called = path.at(-1) as Token;
    if (isParenthesis(group) && !(path.length === 1 && token.type === 'word' && NOT_FUNCTIONS.has(token.word))) {
      const known = path.length === 1 || nameOf(token) === 'pg_catalog';
      return readCall(this, called, group, known ? undefined : parts);
    }
    const name = systemName(this.nodes, start, this.at, path, parts);
    return { fragment: name ?? (this.grouped ? groupedColumn(this.grouped, path, parts) : parts) };
  }

  #case(token: Token): Expression {
    const start = this.at;
    this.at++;
    const space = this.trivia();
    const operand = isWord(this.nodes[this.at], 'WHEN') ? undefined : this.operand();
    const simple = operand && isWord(this.nodes[this.next()], 'WHEN');
    const head: Fragment = simple ? chosen(operand, token.at).fragment : (operand?.fragment ?? '');
    const before: Fragment[] = [];
    const values: Expression[] = [];
    // What stands before each value: up to THEN and ELSE.
    let words: Fragment = [space, head];
    for (;;) {
      words = [words, this.rest('THEN', 'ELSE', 'END')];
      const word = this.nodes[this.at];
      if (!isWord(word, 'THEN', 'ELSE')) break;
      this.at++;
      before.push([words, word]);
      const value = this.rest('WHEN', 'ELSE', 'END');
      values.push({ fragment: value, type: this.single?.type });
      words = '';
    }
    const end = this.nodes[this.at];
    if (!isWord(end, 'END')) {
      this.at = start + 1;
      throw syntaxError(undefined, startOf(this.nodes.at(-1) ?? token) + 1);
    }
    this.at++;
    const rest = words;
    return {
      fragment: oneOf('CASE', values, (given) => [
        token,
        given.map((value, at) => [before[at] ?? '', value]),
        rest,
        end,
      ]),
    };
  }
}

/** Rewrites a list of nodes. */
export function rewrite(nodes: readonly Node[]): Fragment {
  return new ExpressionReader(nodes).rest();
}

/** Rewrites a list that should be one expression, keeping what is known of its type. */
export function rewriteExpression(nodes: readonly Node[], around?: Surroundings): Expression {
  const reader = new ExpressionReader(nodes, around);
  const fragment = reader.rest();
  return { ...reader.single, fragment: reader.single?.fragment ?? fragment };
}

/** The content of parentheses, and they themselves around it. */
function rewriteGroup(group: Group, around?: Surroundings): Expression {
  const reader = new ExpressionReader(group.items, around, isQuery(group));
  const content = reader.rest();
  const fragment = within(group, content);
  const single = reader.single;
  return single && group.close ? wrapped(single, (content) => within(group, content)) : { fragment };
}
