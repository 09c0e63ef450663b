import type { ColumnAttributes, ForeignKey } from '../attributes.ts';
import { castExpression } from '../casts.ts';
import { collationNamed, type Collation } from '../collations.ts';
import { rewriteExpression } from '../expressions.ts';
import type { Fragment } from '../fragment.ts';
import { FUNCTIONS } from '../functions/index.ts';
import { identifier, nameOf } from '../lexer.ts';
import { qualified, readName, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Node,
} from '../token-tree.ts';
import { readType, type RedshiftType } from '../types.ts';
import { refuseEncoding, refuseSystemColumn } from './table-rules.ts';

/** A column as CREATE TABLE or ALTER TABLE ADD defines it. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: RedshiftType;
  readonly notNull: boolean;
  /** For DuckDB, cast to the column's type. */
  readonly default: Fragment | undefined;
  /** What its default calls that is no function of Redshift's. */
  readonly calls: readonly QualifiedName[];
  readonly attributes: ColumnAttributes;
  readonly distKey: boolean;
  readonly sortKey: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly references: ForeignKey | undefined;
}

/** Types with a collation. */
const TEXTS = new Set(['varchar', 'bpchar']);

const AFTER_DEFAULT = [
  'ENCODE',
  'DISTKEY',
  'SORTKEY',
  'NOT',
  'NULL',
  'PRIMARY',
  'UNIQUE',
  'REFERENCES',
  'COLLATE',
  'IDENTITY',
  'GENERATED',
];

/** `name type attributes`. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html */
export function columnDefinition(list: readonly Node[]): ColumnDefinition {
  const nodes = significant(list);
  const [first] = nodes;
  if (!isName(first)) throw first ? syntaxError(textOf([first]), startOf(first)) : syntaxError(undefined, 0);
  const read = readType(nodes, 1);
  if (!read)
    throw nodes[1]
      ? syntaxError(textOf([nodes[1]]), startOf(nodes[1]))
      : syntaxError(undefined, first.at + first.text.length);
  const { type } = read;
  const brackets = nodes[read.end];
  if (brackets?.type === 'group' && brackets.open.text === '[')
    throw unsupported(`type "${type.text.replace(/\(.*/, '')}[]"`, startOf(brackets), 'Use SUPER.');
  let notNull = false;
  let nullable = false;
  let defaultNodes: readonly Node[] | undefined;
  let encode: string | undefined;
  let collation: Collation | undefined;
  let identity: ColumnAttributes['identity'];
  let references: ForeignKey | undefined;
  const flags = new Set<string>();
  let at = read.end;
  const word = (index: number): string => (nodes[index]?.type === 'word' ? nodes[index].word : '');
  const lacking = (index: number): RedshiftError => {
    const node = nodes[index];
    const last = nodes[index - 1] ?? first;
    return node
      ? syntaxError(textOf([node]), startOf(node))
      : syntaxError(undefined, startOf(last) + textOf([last]).length);
  };
  const seedAndStep = (byDefault: boolean): void => {
    const group = nodes[at + 1];
    const [seed, step] = isParenthesis(group) ? splitAtCommas(group.items).map((part) => Number(textOf(part))) : [1, 1];
    if (isParenthesis(group)) at++;
    identity = { seed: seed ?? 1, step: step ?? 1, byDefault };
  };
  for (; at < nodes.length; at++) {
    const node = nodes[at] as Node;
    switch (word(at)) {
      case 'NOT':
        if (word(at + 1) !== 'NULL') throw lacking(at + 1);
        notNull = true;
        at++;
        break;
      case 'NULL':
        nullable = true;
        break;
      case 'DEFAULT': {
        if (nodes[at + 1] === undefined) throw lacking(at + 1);
        const end = nodes.findIndex((other, index) => index > at + 1 && isWord(other, ...AFTER_DEFAULT));
        const stop = end < 0 ? nodes.length : end;
        const from = list.indexOf(nodes[at + 1] as Node);
        const to = end < 0 ? list.length : list.indexOf(nodes[end] as Node);
        defaultNodes = list.slice(from, to);
        at = stop - 1;
        break;
      }
      case 'IDENTITY':
        seedAndStep(false);
        break;
      case 'GENERATED': {
        const always = word(at + 1) === 'ALWAYS';
        while (at < nodes.length && word(at) !== 'IDENTITY') at++;
        if (always || at >= nodes.length)
          throw unsupported('GENERATED ALWAYS', startOf(node), 'Use IDENTITY(seed, step).');
        seedAndStep(true);
        break;
      }
      case 'ENCODE':
        if (!isName(nodes[at + 1])) throw lacking(at + 1);
        encode = textOf([nodes[at + 1] as Node]).toLowerCase();
        refuseEncoding(nameOf(first), type, encode, startOf(nodes[at + 1] as Node));
        at++;
        break;
      case 'COLLATE':
        if (nodes[at + 1] === undefined) throw lacking(at + 1);
        collation = collationNamed(nodes[++at] as Node);
        if (!TEXTS.has(type.name))
          throw new RedshiftError(SQLSTATE.datatypeMismatch, `collations are not supported by type ${type.text}`, {
            position: startOf(node),
          });
        break;
      case 'DISTKEY':
      case 'SORTKEY':
      case 'UNIQUE':
        flags.add(word(at));
        break;
      case 'PRIMARY':
        flags.add('PRIMARY');
        at++;
        break;
      case 'REFERENCES': {
        const target = readName(nodes, at + 1);
        const group = nodes[target.end];
        references = {
          columns: [nameOf(first)],
          table: target.name.shown,
          references: isParenthesis(group) ? columnNames(group.items) : [],
        };
        at = isParenthesis(group) ? target.end : target.end - 1;
        break;
      }
      case 'CONSTRAINT':
        at++;
        break;
      default:
        throw syntaxError(textOf([node]), startOf(node));
    }
  }
  const invalid = (message: string): RedshiftError =>
    new RedshiftError(SQLSTATE.syntaxError, `${message} column "${nameOf(first)}"`, { position: first.at });
  if (notNull && nullable) throw invalid('conflicting NULL/NOT NULL declarations for');
  if (identity && defaultNodes) throw invalid('multiple default values specified for');
  if (identity && type.name !== 'int4' && type.name !== 'int8')
    throw new RedshiftError(
      SQLSTATE.invalidTableDefinition,
      `identity column "${nameOf(first)}" must be of type INT or BIGINT`,
      { position: first.at },
    );
  refuseSystemColumn([nameOf(first)], first.at);
  const written = defaultNodes && textOf(defaultNodes).trim();
  return {
    name: nameOf(first),
    type,
    notNull: notNull || flags.has('PRIMARY') || identity !== undefined,
    default: defaultNodes && defaultValue(defaultNodes, type, first.at),
    calls: defaultNodes ? callsIn(defaultNodes) : [],
    attributes: { type: type.text, encode, collation, identity, default: written },
    distKey: flags.has('DISTKEY'),
    sortKey: flags.has('SORTKEY'),
    primaryKey: flags.has('PRIMARY'),
    unique: flags.has('UNIQUE'),
    references,
  };
}

/**
 * The value of a default. There are no sequences, yet a cluster takes `DEFAULT nextval('…')`, as schemas brought from PostgreSQL have it: only
 * the row that needs it is refused. https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html
 */
function defaultValue(nodes: readonly Node[], type: RedshiftType, at: number): Fragment {
  const [called, group, ...more] = significant(nodes);
  if (isWord(called, 'NEXTVAL') && isParenthesis(group) && more.length === 0) return NO_SEQUENCE;
  return castExpression(rewriteExpression(nodes), { ...type, explicit: false }, at).fragment;
}

function callsIn(all: readonly Node[]): readonly QualifiedName[] {
  const nodes = significant(all);
  return nodes.flatMap((node, at) => {
    if (isGroup(node)) return callsIn(node.items);
    if (!isName(node) || !isParenthesis(nodes[at + 1])) return [];
    const schema = isSymbol(nodes[at - 1], '.') ? nodes[at - 2] : undefined;
    if (isName(schema)) return [qualified([nameOf(schema), nameOf(node)], node.at)];
    return Object.hasOwn(FUNCTIONS, nameOf(node)) ? [] : [qualified([nameOf(node)], node.at)];
  });
}

const NO_SEQUENCE = `error('rs:${SQLSTATE.notSupported}:sequences are not supported, so the default nextval(…) gives no value;')`;

/** The names of a list in parentheses. */
export function columnNames(nodes: readonly Node[]): readonly string[] {
  return splitAtCommas(nodes).flatMap((list) => {
    const [name] = significant(list);
    return isName(name) ? [nameOf(name)] : [];
  });
}

/**
 * ` CHECK (…)` for a type with a length in bytes, else empty. DuckDB's own VARCHAR has no length. The three forms let an error tell the
 * three types apart.
 */
export function lengthCheck(name: string, type: RedshiftType): string {
  if (type.length === undefined) return '';
  if (type.name === 'varbyte') return ` CHECK (octet_length(${identifier(name)}) <= ${type.length})`;
  return type.name === 'bpchar'
    ? ` CHECK (${type.length} >= strlen(${identifier(name)}))`
    : ` CHECK (strlen(${identifier(name)}) <= ${type.length})`;
}
