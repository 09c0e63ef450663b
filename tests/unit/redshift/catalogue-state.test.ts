import { createCatalogueAnswers } from '../../../local/redshift/engine/catalogue-answers.ts';
import { createCatalogueState, SessionCatalogue } from '../../../local/redshift/engine/catalogue-state.ts';
import { makesUnlessThere } from '../../../local/redshift/engine/catalogue-version.ts';
import { withoutContents } from '../../../local/redshift/dialect/plan-question.ts';

const NOTHING = (): Promise<void> => Promise.resolve();

/** A warehouse whose catalogue is changed by these statements, each a transaction; sharing what others were answered. */
function warehouse(answers = createCatalogueAnswers()) {
  const state = createCatalogueState(answers, 'as opened');
  const session = (database = 'dev'): SessionCatalogue => new SessionCatalogue(state, database, 'admin');
  const run = async (sql: string, by = session(), end: 'commit' | 'rollback' = 'commit'): Promise<void> => {
    await by.begin(NOTHING);
    by.changing();
    by.changed(sql);
    by.end(end === 'commit');
  };
  return { state, session, run };
}

/** Whether a question is answered from memory. */
async function remembered(catalogue: SessionCatalogue, question = 'q'): Promise<boolean> {
  let asked = false;
  await catalogue.ask(question, () => {
    asked = true;
    return Promise.resolve([]);
  });
  return !asked;
}

const TABLE = 'create table if not exists s.t (a integer, b varchar(20)) diststyle even sortkey (a)';

describe('what catalogues answered', () => {
  it('is remembered until one is changed, and in the same order of changes elsewhere', async () => {
    const answers = createCatalogueAnswers();
    const one = warehouse(answers);
    expect(await remembered(one.session())).toBe(false);
    expect(await remembered(one.session())).toBe(true);
    await one.run('create view v as select 1');
    expect(await remembered(one.session())).toBe(false);
    const other = warehouse(answers);
    await other.run('create view v as select 1');
    expect(await remembered(other.session())).toBe(true);
    await other.run('drop view v');
    expect(await remembered(other.session())).toBe(false);
  });

  it('holds whatever order tables came in that were not there, and however often they were asked for', async () => {
    const answers = createCatalogueAnswers();
    const one = warehouse(answers);
    await one.run('create schema if not exists s');
    await one.run(TABLE);
    await one.run('create table if not exists s.u (a integer)');
    await remembered(one.session());
    const other = warehouse(answers);
    for (const sql of ['create schema if not exists s', 'create table if not exists s.u (a integer)', TABLE, TABLE])
      await other.run(sql);
    expect(await remembered(other.session())).toBe(true);
    // There is one already: this one was never made.
    await other.run('create table if not exists s.t (other integer)');
    expect(await remembered(other.session())).toBe(true);
    await other.run('drop table s.t');
    await other.run('create table if not exists s.t (other integer)');
    expect(await remembered(other.session())).toBe(false);
  });

  it('differs where the first of two tables of a name is another', async () => {
    const answers = createCatalogueAnswers();
    const one = warehouse(answers);
    await one.run(TABLE);
    await remembered(one.session());
    const other = warehouse(answers);
    await other.run('create table if not exists s.t (other integer)');
    await other.run(TABLE);
    expect(await remembered(other.session())).toBe(false);
  });

  it('differs where the schema was made in another database', async () => {
    const { session, run } = warehouse();
    await run('create schema if not exists s', session('dev'));
    await remembered(session('dev'));
    await run('create schema if not exists s', session('other'));
    expect(await remembered(session('dev'))).toBe(false);
  });

  it('stays for others when a session makes tables of its own, and changes for itself', async () => {
    const { session, run } = warehouse();
    await remembered(session());
    const busy = session();
    expect(await remembered(busy)).toBe(true);
    await busy.begin(NOTHING);
    busy.changed('create temp table t (a integer)');
    expect(await remembered(busy)).toBe(false);
    expect(await remembered(session())).toBe(true);
    busy.end(true);
    expect(await remembered(session())).toBe(true);
    // What it makes of it is of the whole warehouse, and no other session can make the same with the same words.
    await run('create table shared as select * from t', busy);
    await remembered(session());
    const elsewhere = warehouse();
    await elsewhere.run('create table shared as select * from t');
    expect(await remembered(elsewhere.session())).toBe(false);
  });

  it('is as before when a transaction is taken back, and nothing it was answered stays', async () => {
    const { session, run } = warehouse();
    await remembered(session());
    const undone = session();
    await undone.begin(NOTHING);
    undone.changing();
    undone.changed(TABLE);
    await remembered(undone);
    undone.end(false);
    expect(await remembered(session())).toBe(true);
    await run(TABLE);
    expect(await remembered(session())).toBe(true);
    const own = session();
    await own.begin(NOTHING);
    own.changed('create temp table t (a integer)');
    await remembered(own, 'own');
    own.end(false);
    expect(await remembered(own, 'own')).toBe(false);
  });

  it('is not asked for while somebody changes the catalogue', async () => {
    const { session } = warehouse();
    await remembered(session());
    const busy = session();
    await busy.begin(NOTHING);
    busy.changing();
    expect(await remembered(session())).toBe(false);
    expect(session().quiet).toBeUndefined();
    busy.end(true);
    expect(await remembered(session())).toBe(true);
  });
});

describe('statements that only make what is not there', () => {
  it.each([
    ['create schema if not exists Staging', 'schema staging'],
    [TABLE, 'table s.t'],
    ['CREATE TABLE IF NOT EXISTS s.t (a decimal(10, 2) not null encode az64)', 'table s.t'],
    ['create table if not exists t (a integer)', undefined],
    ['create table if not exists "s".t (a integer)', undefined],
    ['create table if not exists pg_temp.t (a integer)', undefined],
    ['create table s.t (a integer)', undefined],
    ['create table if not exists s.t (like s.u)', undefined],
    ['create table if not exists s.t as select 1', undefined],
    ['create table if not exists s.t (a integer identity(1, 1))', undefined],
    ['create table if not exists s.t (a timestamp default getdate())', undefined],
    ["create table if not exists s.t (a integer) distkey('x')", undefined],
    ['create schema if not exists s authorization u', undefined],
  ])('%s', (sql, makes) => expect(makesUnlessThere(sql)).toBe(makes));
});

describe('a question without what decides no type', () => {
  it.each([
    ["select a = 'x1' and b = 'y'", "select a = '..' and b = '.'"],
    ["select 1 where (a = 'x1')", "select 1 where (a = '..')"],
    ["select a where b <> 'x1'", "select a where b <> '..'"],
    ['insert into t select \'x1\' AS "a", c', 'insert into t select \'..\' AS "a", c'],
    ["select strptime(a, 'x1') = 'y'", "select strptime(a, 'x1') = '.'"],
    ["select f(a := 'x1')", "select f(a := 'x1')"],
    ["select a -> 'x1'", "select a -> 'x1'"],
    ["select a = 'x1' || b", "select a = 'x1' || b"],
    ["select a = 'x1'::date", "select a = 'x1'::date"],
    ["select a = 'it''s'", "select a = 'it''s'"],
    ["select a = 'ä'", "select a = 'ä'"],
    [`select "a = 'x'" from t`, `select "a = 'x'" from t`],
    ["select a = 'x' -- b = 'y'", "select a = 'x' -- b = 'y'"],
    ["select a = $$'x'$$ and b = 'x'", "select a = $$'x'$$ and b = 'x'"],
  ])('%s', (sql, alike) => expect(withoutContents(sql)).toBe(alike));
});
