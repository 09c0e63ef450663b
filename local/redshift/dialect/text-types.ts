import { parseAttributes, type TableAttributes } from './attributes.ts';
import { fieldNumber, ONCE } from './call-fields.ts';
import { literal } from './lexer.ts';
import { createPlanReader } from './plan-question.ts';
import type { Database } from './translation.ts';
import { MAX_VARCHAR, typeNamed } from './types.ts';

/** A text's type in Redshift: DuckDB knows no lengths. */
export interface TextType {
  readonly name: 'varchar' | 'bpchar';
  /** Bytes. */
  readonly length: number;
}

type Known = TextType | undefined;

interface Plan {
  readonly type?: string;
  readonly children?: readonly Plan[];
  readonly expressions?: readonly Bound[];
  readonly groups?: readonly Bound[];
  readonly names?: readonly string[];
  readonly column_indexes?: readonly { readonly index?: number }[];
  readonly function_data?: { readonly catalog?: string; readonly schema?: string; readonly table?: string };
  readonly join_type?: string;
  readonly table_index?: number;
  readonly cte_index?: number;
}

interface Bound {
  readonly expression_class?: string;
  readonly type?: string;
  readonly name?: string;
  readonly index?: number;
  readonly return_type?: { readonly id?: string };
  readonly children?: readonly Bound[];
  readonly child?: Bound;
  readonly left?: Bound;
  readonly right?: Bound;
  readonly case_checks?: readonly { readonly when_expr?: Bound; readonly then_expr?: Bound }[];
  readonly else_expr?: Bound;
  readonly value?: { readonly value?: unknown; readonly is_null?: boolean };
  readonly alias?: string;
  readonly function_data?: { readonly lambda_expr?: Bound };
}

/**
 * The types of a DuckDB query's text columns, by position, as far as they follow from the columns of tables and from literals; undefined
 * for every other column. One look at the plan and one at the catalogue.
 */
export async function textTypes(database: Database, select: string): Promise<readonly Known[]> {
  const found = await firstPlan(database, select);
  const plan = 'answer' in found ? found.answer[0] : undefined;
  return plan ? columnsOf(plan, { tables: await declaredTypes(database, plan), queries: new Map() }) : [];
}

const firstPlan = createPlanReader('', ({ plans }) => (plans as readonly Plan[] | undefined) ?? []);

/**
 * The same by the names of the query's columns, `given` or its own, for the attributes of a table or a view made from it. Nothing where the
 * query cannot be bound: whoever runs it is told why.
 */
export async function textColumns(
  database: Database,
  select: string,
  given: readonly string[],
): Promise<TableAttributes['columns']> {
  try {
    const types = await textTypes(database, select);
    if (types.every((type) => type === undefined)) return {};
    const names =
      given.length > 0
        ? given
        : (await database.query(`DESCRIBE ${select}`, 'catalogue')).map(([name]) => String(name));
    return Object.fromEntries(
      names.flatMap((name, index) => {
        const type = types[index];
        return type ? [[name, { type: writtenText(type) }] as const] : [];
      }),
    );
  } catch {
    return {};
  }
}

interface Sources {
  /** By `catalog.schema.table`, then column. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, TextType>>;
  /** Columns of common table expressions, by index. */
  readonly queries: Map<number, readonly Known[]>;
}

const tableKey = (catalog: unknown, schema: unknown, table: unknown): string => `${catalog}.${schema}.${table}`;

async function declaredTypes(database: Database, plan: Plan): Promise<Sources['tables']> {
  const tables = new Set<string>();
  const visit = ({ function_data: table, children = [] }: Plan): void => {
    if (table?.table !== undefined) tables.add(tableKey(table.catalog, table.schema, table.table));
    for (const child of children) visit(child);
  };
  visit(plan);
  if (tables.size === 0) return new Map();
  const rows = await database.query(
    `SELECT database_name, schema_name, table_name, comment FROM duckdb_tables()
     WHERE database_name || '.' || schema_name || '.' || table_name IN (${[...tables].map(literal).join(', ')})`,
    'catalogue',
  );
  return new Map(
    rows.map(([catalog, schema, table, comment]) => [
      tableKey(catalog, schema, table),
      new Map(
        Object.entries(parseAttributes(comment).columns).flatMap(([column, { type }]) => {
          const text = textTypeOf(type);
          return text ? [[column.toLowerCase(), text] as const] : [];
        }),
      ),
    ]),
  );
}

/** `character varying(20)` or `character(3)`; undefined for what is no text. */
export function textTypeOf(written: string): Known {
  const [, name = '', length] = /^(character varying|character)\((\d+)\)$/.exec(written) ?? [];
  return name === '' ? undefined : { name: name === 'character' ? 'bpchar' : 'varchar', length: Number(length) };
}

/** As `pg_table_def` shows it. */
function writtenText({ name, length }: TextType): string {
  return typeNamed(name, [String(length)]).text;
}

function columnsOf(plan: Plan, sources: Sources): readonly Known[] {
  const children = plan.children ?? [];
  const below = (index: number): readonly Known[] => (children[index] ? columnsOf(children[index], sources) : []);
  switch (plan.type ?? '') {
    case 'LOGICAL_GET': {
      const { catalog, schema, table } = plan.function_data ?? {};
      const types = sources.tables.get(tableKey(catalog, schema, table));
      const indexes =
        plan.column_indexes?.map(({ index = 0 }) => index) ?? plan.names?.map((_name, index) => index) ?? [];
      return indexes.map((index) => types?.get(plan.names?.[index]?.toLowerCase() ?? ''));
    }
    case 'LOGICAL_PROJECTION': {
      const inner = below(0);
      return (plan.expressions ?? []).map((expression) => typeOf(expression, inner));
    }
    case 'LOGICAL_AGGREGATE_AND_GROUP_BY': {
      const inner = below(0);
      return [...(plan.groups ?? []), ...(plan.expressions ?? [])].map((expression) => typeOf(expression, inner));
    }
    case 'LOGICAL_WINDOW': {
      const inner = below(0);
      return [...inner, ...(plan.expressions ?? []).map((expression) => typeOf(expression, inner))];
    }
    case 'LOGICAL_COMPARISON_JOIN':
    case 'LOGICAL_ANY_JOIN':
    case 'LOGICAL_CROSS_PRODUCT':
      if (plan.join_type === 'MARK') return [...below(0), undefined];
      return plan.join_type === 'SEMI' || plan.join_type === 'ANTI' ? below(0) : [...below(0), ...below(1)];
    case 'LOGICAL_UNION':
    case 'LOGICAL_EXCEPT':
    case 'LOGICAL_INTERSECT': {
      const branches = children.map((_child, index) => below(index));
      return (branches[0] ?? []).map((_type, index) => widest(branches.map((branch) => branch[index])));
    }
    case 'LOGICAL_MATERIALIZED_CTE':
      if (plan.table_index !== undefined) sources.queries.set(plan.table_index, below(0));
      return below(1);
    case 'LOGICAL_CTE_REF':
      return sources.queries.get(plan.cte_index ?? 0) ?? [];
    case 'LOGICAL_FILTER':
    case 'LOGICAL_ORDER_BY':
    case 'LOGICAL_LIMIT':
    case 'LOGICAL_TOP_N':
    case 'LOGICAL_DISTINCT':
      return below(0);
    default:
      return [];
  }
}

/** The type that holds them all; CHAR only where all are CHAR. */
function widest(types: readonly Known[]): Known {
  const known = types.filter((type) => type !== undefined);
  if (known.length < types.length || known.length === 0) return undefined;
  return {
    name: known.every(({ name }) => name === 'bpchar') ? 'bpchar' : 'varchar',
    length: Math.max(...known.map(({ length }) => length)),
  };
}

const varchar = (length: number): TextType => ({ name: 'varchar', length: Math.min(length, MAX_VARCHAR) });

/** Functions whose text is never longer than their first argument's. */
const SHRINKING = new Set('upper lower trim ltrim rtrim substring left right reverse split_part translate'.split(' '));
const DIGESTS: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64 };
/** Aggregates and window functions that give one of the values they read. */
const CHOOSING = new Set('min max first last first_value last_value nth_value lag lead any_value arbitrary'.split(' '));

function typeOf(expression: Bound | undefined, columns: readonly Known[]): Known {
  if (expression === undefined) return undefined;
  const { expression_class: kind = '', name = '', children = [] } = expression;
  const inner = (child: Bound | undefined): Known => typeOf(child, columns);
  switch (kind) {
    case 'BOUND_REF':
      return columns[expression.index ?? 0];
    case 'BOUND_CONSTANT': {
      const { value } = expression.value ?? {};
      return typeof value === 'string' ? varchar(Math.max(1, Buffer.byteLength(value))) : undefined;
    }
    case 'BOUND_CAST':
      return inner(expression.child);
    case 'BOUND_CASE':
      return caseType(expression, inner);
    case 'BOUND_OPERATOR':
      return expression.type === 'OPERATOR_COALESCE' ? widest(children.filter(notNull).map(inner)) : undefined;
    case 'BOUND_FUNCTION': {
      if (name === 'array_extract') return elementType(children, columns);
      const digest = DIGESTS[name];
      if (digest !== undefined) return varchar(digest);
      const types = children.map(inner);
      if (name === '||' || name === 'concat') {
        const known = types.filter((type) => type !== undefined);
        return known.length === types.length ? varchar(known.reduce((sum, { length }) => sum + length, 0)) : undefined;
      }
      // Of a CHAR they make a VARCHAR.
      const [first] = types;
      return SHRINKING.has(name) && first ? varchar(first.length) : undefined;
    }
    case 'BOUND_AGGREGATE':
    case 'BOUND_WINDOW':
      return CHOOSING.has(name.toLowerCase()) || expression.type === 'WINDOW_LAG' || expression.type === 'WINDOW_LEAD'
        ? inner(children[0])
        : undefined;
    default:
      return undefined;
  }
}

/** Of what a call makes of arguments that are made once: its body reads them as the fields of the only element of a list. */
function elementType([list, place]: readonly Bound[], columns: readonly Known[]): Known {
  if (list?.alias === ONCE && typeof place?.value?.value === 'string') return columns[fieldNumber(place.value.value)];
  const fields = list?.children?.[0]?.children?.[0];
  if (list?.name !== 'list_transform' || fields?.name !== 'struct_pack') return undefined;
  const given: Known[] = [];
  for (const field of fields.children ?? []) given[fieldNumber(field.alias ?? '')] = typeOf(field, columns);
  return typeOf(list.function_data?.lambda_expr, given);
}

const notNull = (expression: Bound): boolean =>
  !(expression.expression_class === 'BOUND_CONSTANT' && expression.value?.is_null === true) &&
  !(expression.expression_class === 'BOUND_CAST' && expression.child !== undefined && !notNull(expression.child));

/** Of a cast to `varchar(n)`, which tests the length first, the length it was given; else the widest branch. */
function caseType(
  { case_checks: checks = [], else_expr: otherwise }: Bound,
  inner: (child: Bound | undefined) => Known,
): Known {
  const limit = checks.length === 1 ? lengthTested(checks[0]?.when_expr) : undefined;
  if (limit !== undefined) return varchar(limit);
  const branches = [...checks.map((check) => check.then_expr), otherwise].filter(
    (branch) => branch !== undefined && notNull(branch),
  );
  return widest(branches.map(inner));
}

function lengthTested(test: Bound | undefined): number | undefined {
  if (test?.type !== 'COMPARE_LESSTHANOREQUALTO' || test.left?.name !== 'strlen') return undefined;
  const constant = test.right?.expression_class === 'BOUND_CAST' ? test.right.child : test.right;
  return typeof constant?.value?.value === 'number' ? constant.value.value : undefined;
}
