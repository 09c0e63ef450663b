import type { TableName } from '../plan/plan.ts';

/** The table as an error's whereabouts name it. */
export function tableText({ table }: { readonly table?: TableName }): { readonly table?: string } {
  return table ? { table: `${table.schema}.${table.table}` } : {};
}
