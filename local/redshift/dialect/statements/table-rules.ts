import { readTable, type ForeignKey, type TableAttributes } from '../attributes.ts';
import { qualified, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import type { Database } from '../translation.ts';
import type { RedshiftType } from '../types.ts';
import { functionsNamed } from '../user-functions.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html */
const MOST_SORT_KEYS = { COMPOUND: 400, INTERLEAVED: 8, AUTO: 400, NONE: 0 } as const;

/** Types of distribution and sort keys. */
const KEY_TYPES: ReadonlySet<string> = new Set(
  'bool float4 float8 int2 int4 int8 numeric date time timetz timestamp timestamptz bpchar varchar'.split(' '),
);

const EXACT = 'int2 int4 int8 numeric date timestamp timestamptz';
const EVERY = `${EXACT} float4 float8 bool bpchar varchar time timetz super varbyte intervaly2m intervald2s`;

/**
 * Types by the encoding they can have. The table of https://docs.aws.amazon.com/redshift/latest/dg/c_Compression_encodings.html leaves out
 * TIME, TIMETZ and VARBYTE, which CREATE TABLE gives AZ64 and LZO by itself, and TIMESTAMPTZ with DELTA, which the tables have that the
 * Spark connector is tested with on AWS.
 */
const ENCODED: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    raw: EVERY,
    none: EVERY,
    auto: EVERY,
    zstd: EVERY,
    runlength: `${EXACT} float4 float8 bool bpchar varchar time timetz`,
    az64: `${EXACT} time timetz`,
    bytedict: `${EXACT} float4 float8 bpchar varchar time timetz`,
    delta: EXACT,
    delta32k: 'int4 int8 numeric date timestamp timestamptz',
    lzo: `${EXACT} bpchar varchar time timetz super varbyte`,
    mostly8: 'int2 int4 int8 numeric',
    mostly16: 'int4 int8 numeric',
    mostly32: 'int8 numeric',
    text255: 'varchar',
    text32k: 'varchar',
  }).map(([encoding, types]) => [encoding, new Set(types.split(' '))]),
);

/** @throws RedshiftError for an encoding that is none, or none of this type's. */
export function refuseEncoding(column: string, type: RedshiftType, encoding: string, position: number): void {
  const types = ENCODED[encoding];
  if (!types) throw new RedshiftError(SQLSTATE.syntaxError, `invalid encoding type "${encoding}"`, { position });
  if (!types.has(type.name))
    throw new RedshiftError(
      SQLSTATE.invalidTableDefinition,
      `encoding ${encoding.toUpperCase()} is not supported for column "${column}" of type ${type.text}`,
      { position },
    );
}

/** Columns that every PostgreSQL table has: https://docs.aws.amazon.com/redshift/latest/dg/r_names.html */
const SYSTEM_COLUMNS = new Set(['oid', 'tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/** @throws RedshiftError (42701) */
export function refuseSystemColumn(columns: readonly string[], position?: number): void {
  const system = columns.find((column) => SYSTEM_COLUMNS.has(column));
  if (system !== undefined)
    throw new RedshiftError(
      SQLSTATE.duplicateColumn,
      `column name "${system}" conflicts with a system column name`,
      position === undefined ? {} : { position },
    );
}

type Keys = Pick<TableAttributes, 'distStyle' | 'distKey' | 'sortStyle' | 'sortKeys'>;

const invalid = (message: string): RedshiftError => new RedshiftError(SQLSTATE.invalidTableDefinition, message);

/** @throws RedshiftError for a distribution key without its style, or with another. */
export function refuseStyle({ distKey, distStyle }: Pick<Keys, 'distKey' | 'distStyle'>): void {
  if (distStyle === 'KEY' && distKey === undefined) throw invalid('DISTSTYLE KEY needs a DISTKEY column');
  if (distStyle !== 'KEY' && distKey !== undefined)
    throw invalid(`a DISTKEY column cannot be specified with DISTSTYLE ${distStyle}`);
}

/** @throws RedshiftError for keys that name no column or one of a type that is no key's, or are too many. */
export function refuseKeys(
  { distKey, distStyle, sortKeys, sortStyle }: Keys,
  columns: readonly { readonly name: string; readonly type: RedshiftType }[],
): void {
  refuseStyle({ distKey, distStyle });
  for (const key of [...sortKeys, ...(distKey === undefined ? [] : [distKey])]) {
    const column = columns.find(({ name }) => name === key);
    if (!column) throw new RedshiftError(SQLSTATE.undefinedColumn, `column "${key}" named in key does not exist`);
    if (!KEY_TYPES.has(column.type.name))
      throw invalid(
        `column "${key}" of type ${column.type.text} cannot be a ${key === distKey ? 'distribution' : 'sort'} key`,
      );
  }
  const twice = sortKeys.find((key, at) => sortKeys.indexOf(key) !== at);
  if (twice !== undefined)
    throw new RedshiftError(SQLSTATE.duplicateColumn, `column "${twice}" appears twice in the sort key`);
  const most = MOST_SORT_KEYS[sortStyle];
  if (sortKeys.length > most)
    throw invalid(`a table can have at most ${most} columns in its ${sortStyle.toLowerCase()} sort key`);
}

/** @throws RedshiftError (42P16) */
export function refusePrimaryKeys(table: string): never {
  throw new RedshiftError(
    SQLSTATE.invalidTableDefinition,
    `multiple primary keys for table "${table}" are not allowed`,
  );
}

/**
 * Foreign keys refer to columns of a primary or a unique key. A table that is not there yet, or is the same, is taken on trust.
 * @throws RedshiftError (42703, 42704, 42830)
 */
export async function refuseForeignKeys(database: Database, keys: readonly ForeignKey[]): Promise<void> {
  for (const key of keys) {
    const target = qualified(key.table.split('.'));
    const table = await readTable(database, target);
    if (table?.kind !== 'TABLE') continue;
    const { primaryKey, unique } = table.attributes;
    const columns = key.references.length > 0 ? key.references : primaryKey;
    if (columns.length === 0)
      throw new RedshiftError(
        SQLSTATE.undefinedObject,
        `there is no primary key for referenced table "${target.name}"`,
      );
    const absent = columns.find((column) => !table.columns.some(({ name }) => name === column));
    if (absent !== undefined)
      throw new RedshiftError(
        SQLSTATE.undefinedColumn,
        `column "${absent}" referenced in foreign key constraint does not exist`,
      );
    const same = (other: readonly string[]): boolean =>
      other.length === columns.length && columns.every((column) => other.includes(column));
    if (![primaryKey, ...unique].some(same))
      throw new RedshiftError(
        SQLSTATE.invalidForeignKey,
        `there is no unique constraint matching given keys for referenced table "${target.name}"`,
      );
  }
}

/** A DEFAULT calls none of the users' functions. @throws RedshiftError (0A000) */
export async function refuseUserFunctions(
  database: Database,
  columns: readonly { readonly calls: readonly QualifiedName[] }[],
): Promise<void> {
  for (const { name, schema, position } of columns.flatMap(({ calls }) => calls))
    if ((await functionsNamed(database, schema, name)).length > 0)
      throw new RedshiftError(
        SQLSTATE.notSupported,
        `cannot use user-defined function "${name}" in default expression`,
        { position },
      );
}

/** @throws RedshiftError (42703) for a key over a column that the table does not have. */
export function refuseKeyColumns(keys: readonly (readonly string[])[], columns: readonly string[]): void {
  const absent = keys.flat().find((column) => !columns.includes(column));
  if (absent !== undefined)
    throw new RedshiftError(SQLSTATE.undefinedColumn, `column "${absent}" named in key does not exist`);
}

/** A permanent table gets no name of temporary ones. @throws RedshiftError */
export function refuseTemporaryName({ temporary, shown, position }: QualifiedName): void {
  if (temporary)
    throw new RedshiftError(
      SQLSTATE.invalidTableDefinition,
      `a permanent table cannot be renamed to "${shown}": names that begin with # are of temporary tables`,
      { position },
    );
}
