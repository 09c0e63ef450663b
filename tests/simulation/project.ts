import type { Projects } from '../../src/run/planner.ts';

/**
 * The simulation's own SQL project: one table for each way of loading, two waves of transforms, a check that stops, an answer. Small, so that
 * what is simulated is the service and not the SQL.
 */
const FILES: ReadonlyMap<string, string> = new Map([
  ['project.json', JSON.stringify({ title: 'Who spends what?', result: 'spending' })],
  [
    'staging/sale.sql',
    '-- grain: one row a sale\ncreate table staging.sale (\n  sale varchar(40),\n  customer integer,\n  amount integer\n);\n',
  ],
  [
    'staging/customer.sql',
    '-- grain: one row a customer\ncreate table staging.customer (\n  customer integer,\n  name varchar(40)\n);\n',
  ],
  [
    'staging/price.sql',
    '-- grain: one row a product\ncreate table staging.price (\n  product varchar(40),\n  price integer\n);\n',
  ],
  [
    'transforms/spend.sql',
    '-- grain: one row a customer\n-- depends: staging.sale, staging.customer\n-- creates: mart.spend\n-- rerun: replaces all rows\n' +
      'create schema if not exists mart;\ncreate table if not exists mart.spend (customer integer, amount bigint);\n' +
      'delete from mart.spend;\ninsert into mart.spend select s.customer, sum(s.amount) from staging.sale s group by s.customer;\n',
  ],
  [
    'transforms/total.sql',
    '-- grain: one row\n-- depends: mart.spend, staging.price\n-- creates: mart.total\n-- rerun: replaces all rows\n' +
      'create schema if not exists mart;\ncreate table if not exists mart.total (amount bigint, prices bigint);\n' +
      'delete from mart.total;\ninsert into mart.total select (select sum(amount) from mart.spend), (select count(*) from staging.price);\n',
  ],
  [
    'checks/negative.sql',
    "-- severity: stop\n-- depends: mart.spend\n-- means: Nobody spends less than nothing\nselect 'customer ' || customer as offending from mart.spend where amount < 0;\n",
  ],
  [
    'unload.sql',
    '-- grain: one row a customer\n-- depends: mart.spend, mart.total\n-- rerun: writes the same again\nselect s.customer, s.amount, t.prices from mart.spend s cross join mart.total t order by s.customer;\n',
  ],
]);

export const PROJECT = 'spending';
export const projects: Projects = { names: () => [PROJECT], files: () => FILES };
