import { cataloguedType, typeSql } from '../manifest/column-type.ts';
import type { Column, Table } from '../manifest/manifest.ts';
import { identifier, identifiers, qualified } from './identifier.ts';
import { integer, literal } from './literal.ts';

export function createSchemaSql(schema: string): string {
  return `create schema if not exists ${identifier(schema)}`;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html. Keys are not declared: Redshift would trust them unchecked. */
export function createTableSql(table: Table): string {
  const columns = table.columns.map((column) => `  ${columnSql(column)}`).join(',\n');
  const distribution = table.distKey === undefined ? '' : `\ndiststyle key distkey (${identifier(table.distKey)})`;
  const order = table.sortKey.length === 0 ? '' : `\ncompound sortkey (${identifiers(table.sortKey)})`;
  return `create table if not exists ${qualified(table)} (\n${columns}\n)${distribution}${order}`;
}

function columnSql({ name, type, nullable, encode }: Column): string {
  return `${identifier(name)} ${typeSql(type)}${encode === undefined ? '' : ` encode ${encode}`}${nullable ? '' : ' not null'}`;
}

/** Columns compared by one guard: with the longest names still far inside the 100 KB of a statement. */
const COLUMNS_A_GUARD = 150;

/**
 * Queries that divide by zero unless the table has exactly these columns. Names and types are compared, and the order too where files are
 * matched by position. https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMNS.html
 */
export function columnsGuardSql(table: Table): string[] {
  const byPosition = table.format.type === 'parquet';
  const conditions = table.columns.map((column, at) => columnCondition(column, byPosition ? at + 1 : undefined));
  const groups = Array.from({ length: Math.ceil(conditions.length / COLUMNS_A_GUARD) }, (_, group) =>
    conditions.slice(group * COLUMNS_A_GUARD, (group + 1) * COLUMNS_A_GUARD),
  );
  return groups.map(
    (group) =>
      `select 1 / case when count(*) = ${conditions.length} and sum(case\n` +
      `${group.map((condition) => `  when ${condition} then 1`).join('\n')}\n` +
      `  else 0 end) = ${group.length} then 1 else 0 end as columns_as_in_the_manifest\n` +
      `from svv_columns where table_schema = ${literal(table.schema)} and table_name = ${literal(table.name)}`,
  );
}

/** The columns a table has, in order: `column_name`, `data_type`, `characters`, `precision` and `scale`. */
export function columnsSql({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return (
    'select column_name, data_type, character_maximum_length as characters, numeric_precision as "precision", numeric_scale as scale\n' +
    `from svv_columns where table_schema = ${literal(schema)} and table_name = ${literal(table)} order by ordinal_position`
  );
}

function columnCondition({ name, type }: Column, position: number | undefined): string {
  const { dataType, characters, precision, scale } = cataloguedType(type);
  return [
    `column_name = ${literal(name)}`,
    `data_type = ${literal(dataType)}`,
    ...(characters === undefined ? [] : [`character_maximum_length = ${integer(characters)}`]),
    ...(precision === undefined ? [] : [`numeric_precision = ${integer(precision)}`]),
    ...(scale === undefined ? [] : [`numeric_scale = ${integer(scale)}`]),
    ...(position === undefined ? [] : [`ordinal_position = ${integer(position)}`]),
  ].join(' and ');
}
