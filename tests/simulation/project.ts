import type { Projects } from '../../src/run/planner.ts';
import { type TableName, TABLES } from './scenario.ts';

/**
 * The simulation's own SQL project: one table for each way of loading, two waves of transforms, a check that stops, an answer. Small, so that
 * what is simulated is the service and not the SQL; of some of the tables only, it has one wave.
 */
function filesOf(tables: readonly TableName[]): ReadonlyMap<string, string> {
  const source = sourceOf(tables);
  const read =
    source === 'sale' && tables.includes('customer') ? 'staging.sale, staging.customer' : `staging.${source}`;
  const total = hasTotal(tables);
  return new Map([
    ['project.json', JSON.stringify({ title: 'Who spends what?', result: 'spending' })],
    ...tables.map((table) => [`staging/${table}.sql`, STAGING[table]] as const),
    [
      'transforms/spend.sql',
      `-- grain: one row a customer\n-- depends: ${read}\n-- creates: mart.spend\n-- rerun: replaces all rows\n` +
        'create schema if not exists mart;\ncreate table if not exists mart.spend (customer integer, amount bigint);\n' +
        `delete from mart.spend;\ninsert into mart.spend ${SPEND[source]};\n`,
    ],
    ...(total ? [TOTAL] : []),
    [
      'checks/negative.sql',
      "-- severity: stop\n-- depends: mart.spend\n-- means: Nobody spends less than nothing\nselect 'customer ' || customer as offending from mart.spend where amount < 0;\n",
    ],
    [
      'unload.sql',
      total
        ? '-- grain: one row a customer\n-- depends: mart.spend, mart.total\n-- rerun: writes the same again\nselect s.customer, s.amount, t.prices from mart.spend s cross join mart.total t order by s.customer;\n'
        : '-- grain: one row a customer\n-- depends: mart.spend\n-- rerun: writes the same again\nselect s.customer, s.amount from mart.spend s order by s.customer;\n',
    ],
  ]);
}

const STAGING: Readonly<Record<TableName, string>> = {
  sale: '-- grain: one row a sale\ncreate table staging.sale (\n  sale varchar(40),\n  customer integer,\n  amount integer\n);\n',
  customer:
    '-- grain: one row a customer\ncreate table staging.customer (\n  customer integer,\n  name varchar(40)\n);\n',
  price: '-- grain: one row a product\ncreate table staging.price (\n  product varchar(40),\n  price integer\n);\n',
};
/** What `mart.spend` is made of: `customer, amount`. */
export const SPEND: Readonly<Record<TableName, string>> = {
  sale: 'select s.customer, sum(s.amount) from staging.sale s group by s.customer',
  customer: 'select c.customer, count(*) from staging.customer c group by c.customer',
  price: 'select p.price, count(*) from staging.price p group by p.price',
};
const TOTAL = [
  'transforms/total.sql',
  '-- grain: one row\n-- depends: mart.spend, staging.price\n-- creates: mart.total\n-- rerun: replaces all rows\n' +
    'create schema if not exists mart;\ncreate table if not exists mart.total (amount bigint, prices bigint);\n' +
    'delete from mart.total;\ninsert into mart.total select (select sum(amount) from mart.spend), (select count(*) from staging.price);\n',
] as const;

/** The table `mart.spend` is made from. */
export function sourceOf(tables: readonly TableName[]): TableName {
  const [first = 'sale'] = tables;
  return first;
}

/** A second wave, made of the first one's answer and another table. */
export function hasTotal(tables: readonly TableName[]): boolean {
  return tables.length === TABLES.length;
}

export const PROJECT = 'spending';

/** What a manifest names that asks for a project that is not deployed. */
export const UNKNOWN_PROJECT = 'spendings';

/** Folders of the results bucket in which the end of a run may be told. */
export const TOLD_UNDER = [PROJECT, UNKNOWN_PROJECT, 'unopened'];
const known = new Map<string, Projects>();

/** The project of these tables, in the order of {@link TABLES}. */
export function projectsOf(tables: readonly TableName[]): Projects {
  const key = tables.join();
  let projects = known.get(key);
  if (!projects) {
    const files = filesOf(tables);
    projects = { names: () => [PROJECT], files: () => files };
    known.set(key, projects);
  }
  return projects;
}
