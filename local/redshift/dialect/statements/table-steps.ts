import { writeAttributes, type ColumnAttributes, type StoredTable, type TableAttributes } from '../attributes.ts';
import { columnCollation } from '../collations.ts';
import { type Fragment, join } from '../fragment.ts';
import { identifier, literal } from '../lexer.ts';
import type { QualifiedName } from '../names.ts';
import type { Database } from '../translation.ts';
import { storedType } from '../types.ts';
import type { Draft } from '../typing.ts';
import { lengthCheck, type ColumnDefinition } from './column-definition.ts';

export interface TableHead {
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
}

/** How far apart in the catalogue two identity columns' sequences are named. */
const SEQUENCE_PREFIX = 'rs_identity_';

export async function freeSequence(database: Database): Promise<number> {
  const [row] = await database.query(
    `SELECT coalesce(max(TRY_CAST(replace(sequence_name, '${SEQUENCE_PREFIX}', '') AS BIGINT)), 0) + 1 FROM duckdb_sequences()`,
  );
  return Number(row?.[0] ?? 1);
}

/** `table` in DuckDB, with its attributes; `sequence` is the first free number for identity columns. */
export function createSteps(
  head: TableHead,
  columns: readonly ColumnDefinition[],
  attributes: TableAttributes,
  sequence: number | undefined,
): readonly Draft[] {
  const drafts: Draft[] = [];
  let next = sequence ?? 0;
  const definitions = columns.map((column): Fragment => {
    const { identity } = column.attributes;
    let initial: Fragment = column.default === undefined ? '' : [' DEFAULT ', column.default];
    if (identity) {
      const name = `${SEQUENCE_PREFIX}${next++}`;
      const path =
        head.name.schema === undefined || head.temporary
          ? identifier(name)
          : `${identifier(head.name.schema)}.${identifier(name)}`;
      drafts.push({
        statement: `CREATE ${head.temporary ? 'TEMP ' : ''}SEQUENCE ${path} START ${identity.seed} INCREMENT ${identity.step} MINVALUE -9223372036854775807 MAXVALUE 9223372036854775807`,
      });
      initial = ` DEFAULT nextval(${literal(path)})`;
    }
    return [
      identifier(column.name),
      ' ',
      column.type.duckdb,
      columnCollation(column.attributes.collation),
      initial,
      column.notNull ? ' NOT NULL' : '',
      lengthCheck(column.name, column.type),
    ];
  });
  const create = `CREATE ${head.temporary ? 'TEMP ' : ''}TABLE ${head.ifNotExists ? 'IF NOT EXISTS ' : ''}${head.name.sql} (`;
  drafts.push({ statement: [create, join(definitions, ', '), ')'] });
  return [...drafts, { statement: writeAttributes('TABLE', head.name, attributes) }];
}

/** The columns of a table that is there, as definitions to make it again. */
export function storedDefinitions(table: StoredTable, defaults: boolean): readonly ColumnDefinition[] {
  return table.columns.map((column) => {
    const attributes: ColumnAttributes | undefined = table.attributes.columns[column.name];
    const { identity: _identity, default: written, ...kept } = attributes ?? { type: column.type };
    const expression = defaults ? column.default : undefined;
    return {
      name: column.name,
      type: storedType(attributes?.type, column.type),
      notNull: !column.nullable,
      default: expression,
      calls: [],
      attributes: { ...kept, default: defaults ? written : undefined },
      distKey: false,
      sortKey: false,
      primaryKey: false,
      unique: false,
      references: undefined,
    };
  });
}
