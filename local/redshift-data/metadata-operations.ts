import type * as api from '@aws-sdk/client-redshift-data';
import {
  AwsError,
  held,
  inUtf8Order,
  required,
  type CallContext,
  type Caller,
  type Cloud,
  type Operations,
} from '../kernel/index.ts';
import { informationSchemaView, SYSTEM_RELATIONS } from '../redshift/catalog/system-relations.ts';
import type { Session } from '../redshift/engine/session.ts';
import { authenticate, type ConnectionInput, type Warehouses } from './authenticate.ts';
import type { ReachableWarehouse } from '../redshift/clusters/cluster-access.ts';
import { storedColumn } from './column-types.ts';
import { MOST_LISTED_NAMES } from './limits.ts';
import { pageOffset, pageToken, within } from './validation.ts';

interface Paged {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

type Connecting = ConnectionInput & { readonly ConnectedDatabase?: string | undefined };

/** Lists what is in a cluster, over a connection of its own. */
export function metadataOperations(cloud: Cloud, warehouses: Warehouses): Operations {
  const ask = async <T>(
    input: Connecting,
    caller: Caller,
    question: (session: Session, warehouse: ReachableWarehouse) => Promise<T>,
  ): Promise<T> => {
    const { warehouse, database, user, refusal } = await authenticate(cloud, warehouses, input, caller);
    if (refusal !== undefined) throw refused(refusal);
    const connected = async <R>(name: string, work: (session: Session) => Promise<R>): Promise<R> => {
      const session = await warehouse
        .connect(name, user)
        .catch((error: unknown) => Promise.reject(refused(`FATAL: ${(error as Error).message}`)));
      try {
        return await work(session);
      } finally {
        await session.close();
      }
    };
    const { ConnectedDatabase: other = database } = input;
    return held(
      cloud.clock,
      (async () => {
        // The views of a database's catalogue are its own, so another one is asked there, once the connection is known to be good.
        if (other !== database) await connected(other, () => Promise.resolve());
        return connected(database, (session) => question(session, warehouse));
      })(),
    );
  };
  const paged = <T>(
    what: string,
    items: readonly T[],
    input: Paged,
  ): { readonly items: T[]; readonly NextToken?: string } => {
    const size = within('MaxResults', input.MaxResults, 0, MOST_LISTED_NAMES) || MOST_LISTED_NAMES;
    const offset = pageOffset(what, input.NextToken);
    return {
      items: items.slice(offset, offset + size),
      ...(offset + size < items.length && { NextToken: pageToken(what, offset + size) }),
    };
  };

  return {
    ListDatabases: async (
      input: api.ListDatabasesRequest,
      { caller }: CallContext,
    ): Promise<api.ListDatabasesResponse> => {
      const names = await ask(input, caller, (_session, warehouse) => warehouse.databases());
      const { items: Databases, ...rest } = paged('databases', names, input);
      return { Databases, ...rest };
    },
    ListSchemas: async (input: api.ListSchemasRequest, { caller }: CallContext): Promise<api.ListSchemasResponse> => {
      required(input.Database, 'database');
      const rows = await ask(input, caller, (session) => session.query(schemasOf(session.database)));
      const names = ['information_schema', 'pg_catalog', ...rows.map(([name]) => String(name))].sort();
      const matching = names.filter((name) => like(name, input.SchemaPattern));
      const { items: Schemas, ...rest } = paged('schemas', [...new Set(matching)], input);
      return { Schemas, ...rest };
    },
    ListTables: async (input: api.ListTablesRequest, { caller }: CallContext): Promise<api.ListTablesResponse> => {
      required(input.Database, 'database');
      const rows = await ask(input, caller, (session) => session.query(tablesOf(session.database)));
      const tables = [
        ...rows.map(([schema, name, type]) => ({ name: String(name), type: String(type), schema: String(schema) })),
        ...SYSTEM_TABLES.values(),
      ]
        .sort((a, b) => inUtf8Order(a.schema, b.schema) || inUtf8Order(a.name, b.name))
        .filter(({ name, schema }) => like(schema, input.SchemaPattern) && like(name, input.TablePattern));
      const { items: Tables, ...rest } = paged('tables', tables, input);
      return { Tables, ...rest };
    },
    DescribeTable: async (
      input: api.DescribeTableRequest,
      { caller }: CallContext,
    ): Promise<api.DescribeTableResponse> => {
      required(input.Database, 'database');
      const columns = await ask(input, caller, async (session) => {
        const rows = await session.query(columnsOf(session.database));
        const system = await session.query(SYSTEM_COLUMNS);
        const described = system.flatMap(([kept, ...column]) => {
          const table = SYSTEM_TABLES.get(String(kept));
          return table ? [[table.schema, table.name, ...column]] : [];
        });
        return [...rows, ...described]
          .filter(
            ([schema, table]) =>
              (input.Schema === undefined || schema === input.Schema) &&
              (input.Table === undefined || table === input.Table),
          )
          .map(([schema, table, name, type, nullable, preset]) =>
            storedColumn({
              schema: String(schema),
              table: String(table),
              name: String(name),
              type: String(type),
              nullable: nullable === 'YES',
              preset: preset === null || preset === undefined ? undefined : String(preset),
            }),
          );
      });
      const { items: ColumnList, ...rest } = paged('columns', columns, input);
      return { ...(input.Table !== undefined && { TableName: input.Table }), ColumnList, ...rest };
    },
  };
}

function refused(message: string): AwsError {
  return new AwsError('DatabaseConnectionException', message, 500, { Message: message });
}

/** SQL LIKE: `%` any characters, `_` one, and after a backslash each stands for itself. */
function like(text: string, pattern: string | undefined): boolean {
  if (pattern === undefined || pattern === '') return true;
  const expression = pattern.replace(/\\([^])|[^]/gu, (character, escaped: string | undefined) => {
    if (character === '%') return '.*';
    return character === '_' ? '.' : (escaped ?? character).replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  return new RegExp(`^${expression}$`, 'su').test(text);
}

const quote = (name: string): string => `'${name.replaceAll("'", "''")}'`;

const schemasOf = (database: string): string =>
  `select distinct schema_name from duckdb_schemas() where database_name = ${quote(database)} and schema_name not in ('main', 'pg_catalog', 'information_schema')`;

const tablesOf = (database: string): string =>
  `select schema_name, table_name, 'TABLE' from duckdb_tables() where database_name = ${quote(database)}
   union all select schema_name, view_name, 'VIEW' from duckdb_views() where database_name = ${quote(database)} and not internal`;

const columnsOf = (database: string): string =>
  `select schema_name, table_name, column_name, data_type, is_nullable, column_default
   from rs.main.svv_redshift_columns where database_name = ${quote(database)}
   order by schema_name, table_name, ordinal_position`;

const SYSTEM_COLUMNS = `select table_name, column_name, rs.main.rs_base_type(data_type), 'YES', null
   from duckdb_columns() where database_name = 'rs' and schema_name = 'main' order by table_name, column_index`;

/** What Redshift keeps as tables; everything else of its catalogue is a view. */
const KEPT_AS_TABLE = /^(?:stl|stv)_|^pg_(?:attribute|class|database|group|namespace|type)$/;

/** Tables and views of the catalogue by the name they are kept under in `rs.main`. */
const SYSTEM_TABLES: ReadonlyMap<string, api.TableMember & { readonly name: string; readonly schema: string }> =
  new Map(
    SYSTEM_RELATIONS.map((relation) => {
      const [name = '', schema = 'pg_catalog'] = relation.split('.').toReversed();
      return [
        schema === 'information_schema' ? informationSchemaView(name) : name,
        { name, type: KEPT_AS_TABLE.test(name) ? 'SYSTEM TABLE' : 'SYSTEM VIEW', schema },
      ];
    }),
  );
