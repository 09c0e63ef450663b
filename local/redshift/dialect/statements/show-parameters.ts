import { proceduresNamed } from '../../procedures/definition.ts';
import { literal, stringValue } from '../lexer.ts';
import { readName, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import { isParenthesis, isWord, significant, splitAtCommas, startOf, textOf } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { readType, storedType, type RedshiftType } from '../types.ts';
import { bareType, functionsNamed } from '../user-functions.ts';
import { unexpected } from './show-grants.ts';
import { steps, type Statement } from './statement.ts';

interface Parameter {
  readonly name: string | undefined;
  readonly mode: string;
  readonly type: string;
}

interface Routine {
  readonly schema: string;
  readonly parameters: readonly Parameter[];
}

/**
 * `SHOW PARAMETERS OF FUNCTION|PROCEDURE schema.name(types) [LIKE 'pattern']`
 * https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_PARAMETERS.html
 */
export function showParameters({ nodes: all, sql }: Statement): (database: Database) => Promise<readonly Step[]> {
  const nodes = significant(all);
  const kind = nodes[3];
  if (!isWord(nodes[2], 'OF')) throw unexpected(nodes[2], sql);
  if (!isWord(kind, 'FUNCTION', 'PROCEDURE')) throw unexpected(kind, sql);
  const { name, end } = readName(nodes, 4);
  const list = nodes[end];
  if (!isParenthesis(list)) throw unexpected(list, sql);
  const types = splitAtCommas(list.items).map((item) => {
    const read = readType(item, 0);
    if (!read) throw syntaxError(textOf(item).trim(), startOf(item[0] ?? list));
    return bareType(read.type.text);
  });
  const pattern = nodes[end + 2];
  const like = isWord(nodes[end + 1], 'LIKE') && pattern?.type === 'string' ? stringValue(pattern.text) : undefined;
  const rest = nodes[end + (like === undefined ? 1 : 3)];
  if (rest) throw unexpected(rest, sql);
  const isProcedure = kind.word === 'PROCEDURE';
  return async (database) => {
    const routines = isProcedure ? await procedures(database, name) : await functions(database, name);
    const found = routines.find(({ parameters }) => inputs(parameters).join() === types.join());
    if (!found)
      throw new RedshiftError(
        SQLSTATE.undefinedFunction,
        `${kind.word.toLowerCase()} ${name.shown}(${types.join(', ')}) does not exist`,
        { position: name.position },
      );
    return steps([{ statement: listed(found, name.name, isProcedure, like) }], sql, database);
  };
}

async function procedures(database: Database, name: QualifiedName): Promise<readonly Routine[]> {
  const found = await proceduresNamed(database, name);
  return found.map(({ schema, args }) => ({ schema, parameters: args }));
}

/** The arguments of a function in SQL have no names. */
async function functions(database: Database, name: QualifiedName): Promise<readonly Routine[]> {
  const found = await functionsNamed(database, name.schema, name.name);
  return found.map(({ schema, args }) => ({
    schema,
    parameters: args.map((type) => ({ name: undefined, mode: 'IN', type })),
  }));
}

const inputs = (parameters: readonly Parameter[]): readonly string[] =>
  parameters.filter(({ mode }) => mode !== 'OUT').map(({ type }) => bareType(type));

function listed({ schema, parameters }: Routine, name: string, isProcedure: boolean, like: string | undefined): string {
  const columns = [
    'database_name',
    'schema_name',
    isProcedure ? 'procedure_name' : 'function_name',
    'parameter_name',
    'ordinal_position',
    'parameter_type',
    'data_type',
    'character_maximum_length',
    'numeric_precision',
    'numeric_scale',
    'remarks',
  ];
  const rows = parameters.map(({ name: parameter = '', mode, type }, index) => {
    const { length, precision, scale } = described(type);
    const number = (value: number | undefined): string => `CAST(${value ?? 'NULL'} AS INTEGER)`;
    return `(current_database(), ${literal(schema)}, ${literal(name)}, ${literal(parameter)}, ${index + 1}, ${literal(mode)}, ${literal(bareType(type))}, ${number(length)}, ${number(precision)}, ${number(scale)}, CAST(NULL AS VARCHAR))`;
  });
  const none = `SELECT ${columns.map((column) => `CAST(NULL AS ${NUMBERS.has(column) ? 'INTEGER' : 'VARCHAR'}) AS ${column}`).join(', ')} WHERE false`;
  if (rows.length === 0) return none;
  const filter = like === undefined ? '' : ` WHERE parameter_name LIKE ${literal(like)}`;
  return `SELECT * FROM (VALUES ${rows.join(', ')}) parameters(${columns.join(', ')})${filter} ORDER BY ordinal_position`;
}

const NUMBERS = new Set(['ordinal_position', 'character_maximum_length', 'numeric_precision', 'numeric_scale']);

const described = (type: string): RedshiftType => storedType(type, 'VARCHAR');
