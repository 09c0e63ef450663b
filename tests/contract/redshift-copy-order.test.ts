import { redshiftDialect } from '../../local/redshift/engine/redshift-dialect.ts';
import type { Session } from '../../local/redshift/engine/session.ts';
import { engineSettings } from '../../local/redshift/engine/settings.ts';
import { Warehouse } from '../../local/redshift/engine/warehouse.ts';

/** What a large COPY asks of its session, by a COPY that asks nothing else. */
let warehouse: Warehouse;
let session: Session;
let orderInCopy: unknown;

const COPY = "copy t from 's3://data/in/' iam_role default";

async function order(): Promise<unknown> {
  const [[answer] = []] = await session.query("SELECT current_setting('preserve_insertion_order')");
  return answer;
}

beforeAll(async () => {
  warehouse = await Warehouse.open('', 'dev', {
    dialect: redshiftDialect,
    settings: engineSettings({ storage: 'memory', threads: 1 }),
    pool: undefined,
    runCopy: async (sql, { inAnyOrder }) => {
      await inAnyOrder();
      orderInCopy = await order();
      await session.connection.run(sql.includes('csv') ? 'INSERT INTO t SELECT CAST($$x$$ AS INTEGER)' : 'SELECT 1');
      return { rows: 1 };
    },
    runUnload: () => Promise.reject(new Error('nothing is unloaded here')),
    now: () => 1_700_000_000_000,
  });
  session = await warehouse.connect('dev', 'admin');
  await run('create table t (a int)');
});

afterAll(async () => {
  await session.close();
  await warehouse.close();
});

const run = (sql: string): Promise<unknown> =>
  session.execute(sql, { queryId: 1, signal: new AbortController().signal, read: async () => 0 });

test.each([
  ['has loaded', [COPY], []],
  ['has failed', [], [`${COPY} csv`]],
  ['has loaded in a transaction that goes on', ['begin', COPY], []],
  ['has failed in a transaction, once that has ended', ['begin'], [`${COPY} csv`, 'select 1', 'rollback']],
])('rows keep their order again after a COPY that may leave it %s', async (_name, good, bad) => {
  orderInCopy = undefined;
  for (const sql of good) await run(sql);
  for (const sql of bad) await run(sql).catch(() => undefined);
  expect(orderInCopy).toBe(false);
  expect(await order()).toBe(true);
  await run('rollback');
});
