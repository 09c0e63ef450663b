import { castExpression } from './casts.ts';
import { type Expression, type Fragment, join, type Resolution } from './fragment.ts';
import { identifier, lex, literal, nameOf, type Token } from './lexer.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { Database, Step } from './translation.ts';
import { shownType, storedType, type RedshiftType } from './types.ts';

/**
 * A scalar function in SQL that a user made: a DuckDB macro in the function's schema, named after function and types; what was written is
 * kept in the comment on it. https://docs.aws.amazon.com/redshift/latest/dg/udf-creating-a-scalar-sql-udf.html
 */
export interface UserFunction {
  /** Types of the arguments as Redshift writes them. */
  readonly args: readonly string[];
  readonly returns: string;
  /** The SELECT clause as it was written. */
  readonly body: string;
}

export interface PlacedFunction extends UserFunction {
  readonly schema: string;
}

const PREFIX = 'rs_udf_';

/** The macro's name: none of DuckDB's own, whatever the user called the function. */
export function macroName(name: string, args: readonly string[]): string {
  return `${PREFIX}${name}(${args.map(bareType).join(', ')})`;
}

/** The function as Redshift shows it for the name of a macro of that kind; undefined for any other. */
export function shownFunction(macro: string): string | undefined {
  return macro.startsWith(PREFIX) ? macro.slice(PREFIX.length) : undefined;
}

/** A user's function that DuckDB's form of a statement calls, as Redshift shows it; undefined where it calls none. */
export function calledFunction({ sql }: Pick<Step, 'sql'>): string | undefined {
  if (!sql.includes(PREFIX)) return undefined;
  const called = lex(sql, { identifiers: true, attributes: false }).find(
    (token) => token.type === 'quoted' && nameOf(token).startsWith(PREFIX),
  );
  return called && shownFunction(nameOf(called));
}

/** Without the arguments of a type: they are no part of a function's signature. */
export const bareType = (type: string): string => type.replace(/\(.*/, '');

/** All overloads of a name, in the order of the search path where no schema is given. */
export async function functionsNamed(
  database: Database,
  schema: string | undefined,
  name: string,
): Promise<readonly PlacedFunction[]> {
  return overloadsOf<UserFunction>(database, PREFIX, schema, name);
}

/** The records in the comments on the macros of a kind that have a name, each with its schema. */
export async function overloadsOf<Kept>(
  database: Database,
  prefix: string,
  schema: string | undefined,
  name: string,
): Promise<readonly (Kept & { readonly schema: string })[]> {
  const rows = await database.query(
    `SELECT DISTINCT schema_name, comment, list_position(current_schemas(false), schema_name) FROM duckdb_functions()
     WHERE database_name = current_database() AND starts_with(function_name, ${literal(`${prefix}${name}(`)})
     AND ${schema === undefined ? 'list_contains(current_schemas(false), schema_name)' : `schema_name = ${literal(schema)}`}
     ORDER BY 3, 2`,
    'catalogue',
  );
  return rows.map(([placed, comment]) => ({ schema: String(placed), ...(JSON.parse(String(comment)) as Kept) }));
}

/** A call of what is not in the tables: of a user's function, or of none. */
export function userCall(
  token: Token,
  schema: string | undefined,
  args: readonly Expression[],
  { inFrom, over }: { readonly inFrom: boolean; readonly over: boolean },
): Expression {
  const name = nameOf(token);
  let found: readonly PlacedFunction[] | undefined;
  return {
    fragment: {
      operands: args,
      shape: (given) => ['coalesce(NULL', given.map((arg) => [',CAST(', arg, ' AS VARCHAR)']), ')'],
      prepare: async (database) => {
        found ??= await functionsNamed(database, schema, name);
        // Of what stands there no types are asked.
        if ((inFrom || over) && found.length === 0)
          throw undefinedFunction(
            token,
            args.map(({ type }) => (type === undefined ? '…' : shownType(type))),
          );
      },
      prepared: () => found !== undefined,
      resolve: (types) => {
        const resolution = called(token, found ?? [], args, types);
        if (over)
          throw new RedshiftError(
            SQLSTATE.wrongObjectType,
            `OVER specified, but ${name} is not a window function nor an aggregate function`,
            { position: token.at },
          );
        return resolution;
      },
    },
  };
}

function called(
  token: Token,
  functions: readonly PlacedFunction[],
  args: readonly Expression[],
  types: readonly string[],
): Resolution {
  const name = nameOf(token);
  const ranked = functions
    .flatMap((each) => {
      const wanted = each.args.map((text) => storedType(text, 'VARCHAR'));
      const distance = distanceOf(types, wanted);
      return distance === undefined ? [] : [{ each, wanted, distance }];
    })
    .toSorted((a, b) => a.distance - b.distance);
  const [best, next] = ranked;
  if (!best) throw undefinedFunction(token, types.map(shownType));
  if (next?.distance === best.distance && next.each.schema === best.each.schema)
    throw new RedshiftError(
      SQLSTATE.ambiguousFunction,
      `function ${name}(${types.map(shownType).join(', ')}) is not unique`,
      {
        position: token.at,
        hint: 'Could not choose a best candidate function. You may need to add explicit type casts.',
      },
    );
  const macro: Token = {
    ...token,
    text: `${identifier(best.each.schema)}.${identifier(macroName(name, best.each.args))}`,
  };
  const converted = (given: readonly Fragment[]): readonly Fragment[] =>
    given.map((arg, index) => {
      const type = best.wanted[index];
      // A literal is read as Redshift reads it.
      return types[index] === 'UNKNOWN' && type && args[index]
        ? castExpression(args[index], { ...type, explicit: false }, token.at).fragment
        : arg;
    });
  return {
    type: storedType(best.each.returns, 'VARCHAR').duckdb,
    emit: (given) => [macro, '(', join(converted(given), ', '), ')'],
  };
}

function undefinedFunction(token: Token, types: readonly string[]): RedshiftError {
  return new RedshiftError(
    SQLSTATE.undefinedFunction,
    `function ${nameOf(token)}(${types.join(', ')}) does not exist`,
    {
      position: token.at,
      hint: 'No function matches the given name and argument types. You may need to add explicit type casts.',
    },
  );
}

/** From narrow to wide: a number becomes a wider one by itself. */
const NUMBERS = ['SMALLINT', 'INTEGER', 'BIGINT', 'DECIMAL', 'FLOAT', 'DOUBLE'];
const MOMENTS = ['DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'];

/** How far the types of a call are from those a function wants; undefined where one cannot become the other by itself. */
function distanceOf(given: readonly string[], wanted: readonly RedshiftType[]): number | undefined {
  if (given.length !== wanted.length) return undefined;
  let sum = 0;
  for (const [index, type] of given.entries()) {
    const to = bareType(wanted[index]?.duckdb ?? '');
    const step = stepsBetween(bareType(type), to);
    if (step === undefined) return undefined;
    sum += step;
  }
  return sum;
}

function stepsBetween(from: string, to: string): number | undefined {
  if (from === to) return 0;
  // A literal is rather a text than anything else.
  if (from === 'NULL') return 1;
  if (from === 'UNKNOWN') return to === 'VARCHAR' ? 0 : 1;
  for (const widening of [NUMBERS, MOMENTS]) {
    const distance = widening.indexOf(to) - widening.indexOf(from);
    if (widening.includes(from) && widening.includes(to)) return distance > 0 ? distance : undefined;
  }
  return to === 'VARCHAR' && from !== 'JSON' ? 10 : undefined;
}
