import type { DuckDBResult } from '@duckdb/node-api';
import { redshiftDialect } from '../../local/redshift/engine/redshift-dialect.ts';
import type { Session } from '../../local/redshift/engine/session.ts';
import { engineSettings } from '../../local/redshift/engine/settings.ts';
import { Warehouse } from '../../local/redshift/engine/warehouse.ts';

/** Stored procedures as https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-overview.html has them, in a session of the engine. */
let warehouse: Warehouse;
let session: Session;
let queryId = 1;

const noFiles = () => Promise.reject(new Error('no files here'));

beforeAll(async () => {
  warehouse = await Warehouse.open('', 'dev', {
    dialect: redshiftDialect,
    settings: engineSettings({ storage: 'memory', threads: 1 }),
    pool: undefined,
    runCopy: noFiles,
    runUnload: noFiles,
    now: () => 1_700_000_000_000,
  });
  session = await warehouse.connect('dev', 'admin');
  await run('create table kept (v varchar(40))');
  await run('create table people (id int, name varchar(20))');
  await run("insert into people values (1, 'Ada'), (2, 'Grace'), (3, 'Edsger')");
});

afterAll(async () => {
  await session.close();
  await warehouse.close();
});

beforeEach(async () => {
  await run('truncate kept');
});

async function run(sql: string, signal: AbortSignal = new AbortController().signal) {
  let rows: readonly unknown[] = [];
  const read = async (result: DuckDBResult): Promise<number> => {
    rows = (await result.getRows()).map((row) => row.map((value) => (value === null ? null : String(value))));
    return rows.length;
  };
  const outcome = await session.execute(sql, { queryId: queryId++, signal, read });
  return { ...outcome, answer: rows };
}

const procedure = (head: string, body: string): Promise<unknown> =>
  run(`create or replace procedure ${head} as $$ ${body} $$ language plpgsql`);

const kept = async (): Promise<unknown> => (await run('select v from kept order by v')).answer;

test('output arguments are the row a CALL answers with, INOUT under its name', async () => {
  await procedure(
    'grown(times in int, word inout varchar(256), rows out varchar(256))',
    `declare step int;
     begin
       if times is null or word is null then raise exception 'input cannot be null'; end if;
       create temp table if not exists grown_log (a int, b varchar);
       for step in 1..times loop
         insert into grown_log values (step, word);
         word := word || '+' || word;
       end loop;
       select into rows count(*) from grown_log;
     end;`,
  );
  const called = await run("call grown(2, '2019')");
  expect(called).toMatchObject({ command: 'CALL', hasResultSet: true, answer: [['2019+2019+2019+2019', '2']] });
  await expect(run("call grown(null, '2019')")).rejects.toMatchObject({
    code: 'P0001',
    message: 'input cannot be null',
  });
  await expect(run('call grown(1)')).rejects.toMatchObject({
    code: '42883',
    message: 'procedure grown(integer) does not exist',
  });
});

test('loops, conditions, cursors and dynamic SQL follow the variables they name', async () => {
  await procedure(
    'told(n int, said out varchar)',
    `declare
       i integer := 0; r record; d date := '2020-01-31'; price constant numeric(10,2) := 1.5; one varchar(20);
       named cursor (key integer) for select name from people where id >= key order by id;
     begin
       said := '';
       <<around>> loop
         i := i + 1;
         exit around when (i >= n);
         continue when i = 2;
         said := said || i || ',';
       end loop;
       while i > 0 loop i := i - 1; end loop;
       for i in reverse 3..1 loop said := said || i; end loop;
       for r in execute 'select id, name from people order by id limit ' || n - 3 loop said := said || ' ' || r.name || r.id; end loop;
       for r in select dateadd(day, 1, d)::date as next, price * 2 as twice loop said := said || ' ' || r.next || ' ' || r.twice; end loop;
       open named(2);
       loop fetch named into one; exit when not found; said := said || '/' || one; end loop;
       close named;
       case n when 1, 2 then said := said || ' small'; when 5 then said := said || ' five'; else null; end case;
       update people set name = one where id = 99;
       get diagnostics i := row_count;
       if not found then said := said || ' none ' || i; elsif n > 1 then said := 'never'; end if;
       perform count(*) from people;
       select count(*), max(id) into i, one from people where id < n;
       said := said || ' ' || i || one;
     end;`,
  );
  expect((await run('call told(5)')).answer).toEqual([
    ['1,3,4,321 Ada1 Grace2 2020-02-01 3.00/Grace/Edsger five none 0 33'],
  ]);
});

test('a variable stands for its value where a value may stand, and for nothing else', async () => {
  await procedure(
    'quoted(v varchar, id int)',
    `begin
       insert into kept (v) values (v);
       insert into kept select p.name || v as id from people p where p.id = id;
       update kept set v = v || '!' where kept.v like 'O%';
     end;`,
  );
  await run("call quoted('O''Brien \\\\ 💡 \"x\"', 1)");
  expect(await kept()).toEqual([['AdaO\'Brien \\ 💡 "x"'], ['O\'Brien \\ 💡 "x"!']]);
});

test('a procedure calls another: what INOUT arguments became is in the variables', async () => {
  await procedure('product(inout a int, b int, inout c int)', 'begin a := b * a; c := b * c; end;');
  await procedure(
    'outer_call(by int)',
    `declare x int := 3; y int := 4;
     begin call product(x, by, y); insert into kept values (x || ' ' || y); end;`,
  );
  await run('call outer_call(5)');
  expect(await kept()).toEqual([['15 20']]);
  await procedure('deeper(n int)', 'begin call deeper(n + 1); end;');
  await expect(run('call deeper(1)')).rejects.toMatchObject({ code: '54001' });
});

test('a CALL is one transaction; what fails in it is undone, a handler’s work stays, and the error is thrown again', async () => {
  await procedure(
    'fails()',
    `begin
       insert into kept values ('undone');
       execute 'select invalid';
     exception when others then
       insert into kept values ('stays ' || sqlstate);
     end;`,
  );
  await expect(run('call fails()')).rejects.toMatchObject({
    code: '42703',
    message: 'column "invalid" does not exist',
  });
  expect(await kept()).toEqual([['stays 42703']]);
});

// https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-trapping-errors.html
test('a CONTINUE_HANDLER goes on behind what failed, in a loop too, an EXIT_HANDLER behind its block; both belong to NONATOMIC procedures', async () => {
  const goesOn = (options: string): string => `create or replace procedure goes_on_behind() ${options} as $$
    declare each record;
    begin
      begin
        insert into kept values ('inner');
        execute 'select invalid';
        insert into kept values ('not done');
      exception exit_handler when others then insert into kept values ('left ' || sqlstate);
      end;
      for each in select 1 as n union all select 2 union all select 3 order by 1 loop
        if each.n = 2 then execute 'select wrong'; else insert into kept values (each.n); end if;
      end loop;
      insert into kept values ('end');
    exception continue_handler when others then insert into kept values (left(sqlerrm, 14));
    end; $$ language plpgsql`;
  await expect(run(goesOn(''))).rejects.toMatchObject({ message: 'syntax error at or near "exit_handler"' });
  await run(goesOn('nonatomic'));
  await run('call goes_on_behind()');
  expect(await kept()).toEqual([['1'], ['3'], ['column "wrong"'], ['end'], ['inner'], ['left 42703']]);
});

test('a NONATOMIC procedure commits each statement and throws nothing that it has handled', async () => {
  await run(`create or replace procedure goes_on() nonatomic as $$
    begin
      begin
        insert into kept values ('first');
        execute 'select invalid';
      exception when others then insert into kept values (left(sqlerrm, 16));
      end;
      start transaction;
      insert into kept values ('undone');
      rollback;
      raise exception 'to the end';
    end; $$ language plpgsql`);
  await expect(run('call goes_on()')).rejects.toMatchObject({ message: 'to the end' });
  expect(await kept()).toEqual([['column "invalid"'], ['first']]);
});

test('COMMIT, ROLLBACK and TRUNCATE end the transaction, but not one that the caller began', async () => {
  await procedure(
    'ends()',
    `begin
       insert into kept values ('committed'); commit;
       insert into kept values ('rolled back'); rollback;
       insert into kept values ('last');
     end;`,
  );
  await run('call ends()');
  expect(await kept()).toEqual([['committed'], ['last']]);
  await procedure('cuts()', `begin truncate kept; insert into kept values ('after'); end;`);
  await run('begin');
  await expect(run('call cuts()')).rejects.toMatchObject({ code: '2D000' });
  await expect(run('select 1')).rejects.toMatchObject({ code: '25P02' });
  await run('rollback');
  await run('begin');
  await expect(run('call ends()')).rejects.toMatchObject({
    message: 'COMMIT cannot be invoked from a procedure that is executing in an atomic context.',
  });
  await run('rollback');
  expect(await kept()).toEqual([['committed'], ['last']]);
  await run('call cuts()');
  expect(await kept()).toEqual([['after']]);
});

test('a cursor outlives the CALL that opened it, until the transaction ends', async () => {
  await procedure(
    'opens(least int, result inout refcursor)',
    'begin open result for select name from people where id >= least order by id; end;',
  );
  await run('begin');
  expect((await run(`call opens(2, 'mine')`)).answer).toEqual([['mine']]);
  expect((await run('fetch all from mine')).answer).toEqual([['Grace'], ['Edsger']]);
  await run('commit');
  await expect(run('fetch all from mine')).rejects.toMatchObject({ code: '34000' });
});

test('one cursor is open at a time, and a FOR loop over rows is one', async () => {
  const second = {
    code: '24000',
    message: expect.stringContaining('opening multiple cursors from within the same client') as string,
  };
  const loop = (body: string): string =>
    `declare r record; q record; c refcursor; begin for r in select id from people loop ${body} end loop; end;`;
  await procedure('twice()', loop('for q in select name from people loop null; end loop;'));
  await expect(run('call twice()')).rejects.toMatchObject(second);
  await procedure('opening()', loop('open c for select 1;'));
  await expect(run('call opening()')).rejects.toMatchObject(second);
  await procedure('looping(n int)', 'begin for i in 1..n loop insert into kept values (i); end loop; end;');
  await procedure('calling()', loop('call looping(r.id);'));
  await run('call calling()');
  expect(await kept()).toHaveLength(6);
  await procedure('one_by_one()', 'declare r record; begin for r in select 1 loop null; end loop; end;');
  await procedure('around()', loop('call one_by_one();'));
  await expect(run('call around()')).rejects.toMatchObject(second);
  await run('begin');
  await run('declare open_one cursor for select 1');
  await expect(run('call one_by_one()')).rejects.toMatchObject(second);
  await run('rollback');
  await run('call one_by_one()');
});

test('what needs a transaction of its own is no statement of a procedure', async () => {
  for (const statement of ['vacuum people', 'alter table kept append from other_kept']) {
    await procedure('alone()', `begin ${statement}; end;`);
    await expect(run('call alone()')).rejects.toMatchObject({
      code: '25001',
      message: expect.stringContaining('cannot be executed from a procedure') as string,
    });
  }
});

test('what RAISE says, and that a procedure was called, is in the system views', async () => {
  await procedure('speaks(b boolean)', `begin raise notice 'told % and %% of %', b, null; end;`);
  await run('call speaks(true)');
  expect(
    (
      await run(
        `select loglevel, loglevel_text, message, linenum from svl_stored_proc_messages where message like 'told%'`,
      )
    ).answer,
  ).toEqual([['40', 'NOTICE', 'told t and % of <NULL>', '1']]);
  expect((await run(`select aborted from svl_stored_proc_call where querytxt like 'call speaks%'`)).answer).toEqual([
    ['0'],
  ]);
});

test('the text of RAISE may stand between dollars', async () => {
  await procedure('told(n int)', 'begin raise info $log$n=%, to the end$log$, n; end;');
  await run('call told(3)');
  expect((await run("select message from svl_stored_proc_messages where message like 'n=%'")).answer).toEqual([
    ['n=3, to the end'],
  ]);
});

test('what cannot be had is refused when the procedure is made, by its name', async () => {
  await expect(procedure('strict()', 'declare n int; begin select id into strict n from people; end;')).rejects.toThrow(
    'SELECT … INTO STRICT is not supported',
  );
  await expect(procedure('placed(g geometry)', 'begin null; end;')).rejects.toThrow('type "geometry" is not supported');
  await run(
    'create procedure settings(n int) as $$ begin null; end; $$ language plpgsql set search_path = public, other',
  );
});

test('a text that is too long for its variable is refused, blanks behind it are cut, and a field keeps its type', async () => {
  const assigned = (declared: string, value: string): Promise<unknown> =>
    procedure(
      'assigned()',
      `declare v ${declared}; begin v := ${value}; insert into kept values (v || '|'); end;`,
    ).then(() => run('call assigned()'));
  for (const [declared, value] of [
    ['varchar(3)', '12345'],
    ['char(3)', "'abcd'"],
    ['char(3)', '12345'],
    ['char', "'ab'"],
    ["varchar(3) := date '2026-01-01'", "'x'"],
    ["char(3) := 'abcd'", "'x'"],
  ] as const)
    await expect(assigned(declared, value)).rejects.toMatchObject({ code: '22001' });
  await assigned('varchar(3)', "'abc   '");
  await procedure(
    'typed()',
    `
    declare r record; n int := 7; m n%type := 2.6;
    begin
      select into r 1 as a, 2 as a;
      insert into kept values (r.a);
      r.a := 4.6;
      insert into kept values (r.a);
      insert into kept values (m);
    end;`,
  );
  await run('call typed()');
  expect(await kept()).toEqual([['1'], ['3'], ['5'], ['abc|']]);
});

test('a row has a value for each variable, and a loop over no rows leaves none', async () => {
  for (const select of ['id into n, w', 'id, name into n'])
    await expect(
      procedure('uneven()', `declare n int; w varchar(20); begin select ${select} from people; end;`).then(() =>
        run('call uneven()'),
      ),
    ).rejects.toMatchObject({ code: '42804' });
  await procedure(
    'none()',
    `
    declare n int := 5; r record;
    begin
      for n in select id from people where id > 9 loop null; end loop;
      for r in select name from people where id > 9 loop null; end loop;
      insert into kept values (nvl(n, -1) || nvl(r.name, ' none'));
    end;`,
  );
  await run('call none()');
  expect(await kept()).toEqual([['-1 none']]);
});

test('ROW_COUNT is 1 for a SELECT INTO however many rows there are, and an EXECUTE leaves FOUND alone', async () => {
  await procedure(
    'counted()',
    `
    declare n int; who varchar(20);
    begin
      execute 'update people set name = name';
      get diagnostics n := row_count;
      insert into kept values (case when found then 'found ' else 'not found ' end || n);
      select into who name from people;
      get diagnostics n := row_count;
      insert into kept values ('row ' || n);
    end;`,
  );
  await run('call counted()');
  expect(await kept()).toEqual([['not found 3'], ['row 1']]);
});

test('a condition that is no BOOLEAN is read as one is written', async () => {
  const held = (condition: string): Promise<unknown> =>
    procedure('held()', `begin if ${condition} then insert into kept values ('held'); end if; end;`).then(() =>
      run('call held()'),
    );
  await held('1');
  await held("'yes'");
  await held('0');
  expect(await kept()).toEqual([['held'], ['held']]);
  for (const condition of ['2', "'maybe'"]) await expect(held(condition)).rejects.toMatchObject({ code: '22P02' });
});

test('the variable of a loop over numbers is an integer', async () => {
  await procedure('whole()', 'begin for i in 1..2 loop i := i + 0.7; insert into kept values (i); end loop; end;');
  await run('call whole()');
  expect(await kept()).toEqual([['2'], ['3']]);
  await procedure('beyond()', 'begin for i in 2147483647..2147483648 loop null; end loop; end;');
  await expect(run('call beyond()')).rejects.toMatchObject({ code: '22003' });
});

test('RAISE has a value for each mark, and a variable is nothing that ORDER BY or GROUP BY goes by', async () => {
  for (const raise of ["raise info '% %', n", "raise info 'none', n"])
    await expect(
      procedure('marks()', `declare n int := 1; begin ${raise}; end;`).then(() => run('call marks()')),
    ).rejects.toMatchObject({ code: '42601', message: expect.stringContaining('parameters specified for RAISE') });
  for (const query of [
    'select name from people order by n',
    'select max(name) from people group by n, id',
    'select name from people where id in (select id from people order by name, n desc) order by 1',
  ])
    await expect(
      procedure('keys()', `declare n int := 1; begin insert into kept ${query}; end;`).then(() => run('call keys()')),
    ).rejects.toMatchObject({ code: '0A000', message: expect.stringContaining('ORDER BY or GROUP BY') });
  await procedure(
    'places()',
    `
    declare n int := 1;
    begin
      insert into kept select name || row_number() over (partition by n order by id, n) from people order by id + n limit n;
    end;`,
  );
  await run('call places()');
  expect(await kept()).toEqual([['Ada1']]);
});

test('a procedure made with SET ends no transaction, nor does what it calls', async () => {
  await procedure('ends()', 'begin commit; end;');
  await run('create procedure sets() as $$ begin call ends(); end; $$ language plpgsql set search_path = public');
  await run('create procedure cutting() as $$ begin truncate kept; end; $$ language plpgsql set search_path = public');
  await run('call ends()');
  for (const name of ['sets', 'cutting']) await expect(run(`call ${name}()`)).rejects.toMatchObject({ code: '2D000' });
});

test('a COMMIT of a NONATOMIC procedure commits the transaction that the caller has begun, and a new one follows', async () => {
  await run(
    `create or replace procedure commits(v varchar) nonatomic as $$ begin start transaction; insert into kept values (v); commit; end; $$ language plpgsql`,
  );
  await run('begin');
  await run("insert into kept values ('before')");
  await run("call commits('in')");
  await run("insert into kept values ('after')");
  await run('rollback');
  expect(await kept()).toEqual([['before'], ['in']]);
});

test('procedures that are nested have one mode, and a NONATOMIC one has neither SET nor SECURITY DEFINER', async () => {
  await procedure('atom()', 'begin null; end;');
  await run('create procedure loose() nonatomic as $$ begin call atom(); end; $$ language plpgsql');
  await procedure('tight()', 'begin call loose(); end;');
  for (const name of ['loose', 'tight'])
    await expect(run(`call ${name}()`)).rejects.toMatchObject({
      code: '0A000',
      message: expect.stringContaining('another transaction mode') as string,
    });
  for (const option of ['security definer', 'set search_path to public'])
    await expect(
      run(`create procedure never() nonatomic as $$ begin null; end; $$ language plpgsql ${option}`),
    ).rejects.toMatchObject({ code: '0A000' });
});

test('a procedure has 32 arguments in and 32 out', async () => {
  const named = (mode: string, count: number): string =>
    Array.from({ length: count }, (_each, at) => `${mode}${at} ${mode} int`).join(', ');
  await procedure(`wide(${named('in', 32)}, ${named('out', 32)})`, 'begin null; end;');
  for (const mode of ['in', 'out'])
    await expect(procedure(`wider(${named(mode, 33)})`, 'begin null; end;')).rejects.toMatchObject({ code: '54023' });
});

test('an endless loop ends with its statement', async () => {
  await procedure('turns()', 'begin loop null; end loop; end;');
  const cancel = new AbortController();
  const called = run('call turns()', cancel.signal);
  setImmediate(() => cancel.abort(new Error('cancelled')));
  await expect(called).rejects.toThrow('cancelled');
  await run('select 1');
});

test('procedures are shown, renamed and dropped by their names and types', async () => {
  await run(
    `create procedure one(a int, out b varchar(5)) as $$ begin b := 'x'; end; $$ language plpgsql security definer`,
  );
  await expect(run(`create procedure one(z int) as $$ begin null; end; $$ language plpgsql`)).rejects.toMatchObject({
    code: '42723',
  });
  expect((await run('show procedure one(int)')).answer).toEqual([
    [
      "CREATE OR REPLACE PROCEDURE public.one(a integer, OUT b character varying)\nLANGUAGE plpgsql\nAS $_$ begin b := 'x'; end; $_$\nSECURITY DEFINER",
    ],
  ]);
  await run('alter procedure one(int) rename to other');
  expect((await run('call other(1)')).answer).toEqual([['x']]);
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_PROCEDURE.html: the list of arguments is needed
  await expect(run('drop procedure other')).rejects.toMatchObject({ code: '42601' });
  await expect(run('alter procedure other owner to nobody')).rejects.toMatchObject({ code: '42704' });
  await run('alter procedure other(int) owner to current_user');
  await run('drop procedure other(int)');
  await expect(run('call other(1)')).rejects.toMatchObject({ code: '42883' });
  await expect(run('drop procedure other(int)')).rejects.toMatchObject({
    message: 'procedure other(integer) does not exist',
  });
});

test.each([
  ['begin if x then null; end;', '42601', 'syntax error at or near ";"'],
  ['begin x := ; end;', '42601', 'syntax error at or near ";"'],
  ["begin raise exception 'bad %', 5 using hint = 'h'; end;", '42601', 'syntax error at or near "using"'],
  ['begin return 1; end;', '0A000', 'RETURN of a value'],
  ['begin exit; end;', '42601', 'EXIT cannot be used outside a loop'],
  ['begin begin continue when true; end; end;', '42601', 'CONTINUE cannot be used outside a loop'],
  ['begin loop exit away; end loop; end;', '42601', 'there is no label "away"'],
  ['<<b>> begin loop continue b; end loop; end;', '42601', 'block label "b" cannot be used in CONTINUE'],
  ['begin <<a>> loop exit a; end loop b; end;', '42601', 'end label "b" differs'],
  ['declare a int; a int; begin null; end;', '42601', 'duplicate declaration of "a"'],
])('a body that is not valid is refused when the procedure is made: %s', async (body, code, message) => {
  await expect(procedure('wrong()', body)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  });
});

test.each([
  ['begin select 1; end;', '42601', 'query has no destination for result data'],
  ['begin nowhere := 1; end;', '42601', '"nowhere" is not a known variable'],
  ['declare c constant int := 1; begin c := 2; end;', '22005', '"c" is declared CONSTANT'],
  [`declare v varchar(3); begin v := 'four'; end;`, '22001', 'value too long for type character varying(3)'],
  ["declare r record; begin raise info '%', r.x; end;", '55000', 'record "r" is not assigned yet'],
  ['begin case 1 when 2 then null; end case; end;', '20000', 'case not found'],
  ['begin execute null; end;', '22004', 'cannot EXECUTE a null query string'],
  [`begin execute 'commit'; end;`, '0A000', 'COMMIT and ROLLBACK in dynamic SQL'],
])('what goes wrong in a call says what: %s', async (body, code, message) => {
  await procedure('wrong()', body);
  await expect(run('call wrong()')).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  });
  await run('select 1');
});
