import { RedshiftError, SQLSTATE } from '../dialect/redshift-error.ts';
import { lex } from '../dialect/lexer.ts';
import { tree } from '../dialect/token-tree.ts';
import { readType, type RedshiftType } from '../dialect/types.ts';

/** A value as Redshift writes it, and its type as Redshift names it. */
export interface Value {
  readonly text: string | null;
  readonly type: string;
}

export const NULL: Value = { text: null, type: 'character varying' };

/** A literal of Redshift: a backslash escapes in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

const TEXT = /^(?:character|varchar|char|bpchar|text|refcursor|name|"unknown"|nvarchar|nchar)/;
const WHOLE = /^(?:smallint|integer|bigint|int2|int4|int8|int|oid)$/;
const NUMBER = /^(?:numeric|decimal)/;

export const isText = ({ type }: Value): boolean => TEXT.test(type);
export const isWhole = ({ type }: Value): boolean => WHOLE.test(type);

/** A value as it stands in SQL. */
export function written({ text, type }: Value): string {
  if (text === null) return TEXT.test(type) ? 'CAST(NULL AS VARCHAR)' : `CAST(NULL AS ${type})`;
  if (TEXT.test(type)) return quoted(text);
  if (type === 'boolean') return text;
  if (type === 'integer' || type === 'int' || type === 'int4') return text.startsWith('-') ? `(${text})` : text;
  if (NUMBER.test(type) && !type.includes('(')) return `(${text})`;
  if (type === 'super') return `json_parse(${quoted(text)})`;
  if (type.startsWith('binary') || type.startsWith('varb')) return `from_hex('${text.replaceAll('\\x', '')}')`;
  return `CAST(${quoted(text)} AS ${type})`;
}

/** The type a variable is declared with; undefined for what takes values of any type. */
export function declaredType(text: string): RedshiftType | undefined {
  return /^(?:record|refcursor)$/i.test(text) ? undefined : readType(tree(lex(text)), 0)?.type;
}

export const isCharacter = ({ name }: RedshiftType): boolean => name === 'varchar' || name === 'bpchar';

/** Nothing but blanks is cut from a text that is assigned: a cast cuts anything. */
function fitted(text: string, { length, explicit, text: type }: RedshiftType): string {
  if (!explicit || length === undefined || Buffer.byteLength(text) <= length) return text;
  const solid = text.replace(/ +$/, '');
  const blanks = length - Buffer.byteLength(solid);
  if (blanks < 0) throw new RedshiftError(SQLSTATE.valueTooLong, `value too long for type ${type}`);
  return solid + ' '.repeat(blanks);
}

/** What needs no query to be of the declared type: the same type, or a text that fits. Undefined where a cast has to be computed. */
export function converted(value: Value, declared: RedshiftType | undefined): Value | undefined {
  if (declared === undefined) return value;
  if (value.text === null) return { text: null, type: declared.text };
  if (value.type === declared.text) return value;
  if (isCharacter(declared) && isText(value)) {
    const text = fitted(value.text, declared);
    return declared.name === 'varchar' || !declared.explicit ? { text, type: declared.text } : undefined;
  }
  if (declared.name === 'int8' && isWhole(value)) return { text: value.text, type: declared.text };
  return undefined;
}
