import * as fc from 'fast-check';
import { FilesNotThere, ManifestInvalid, PlanImpossible } from '../../../src/errors/errors.ts';
import { finishedUnitsSql } from '../../../src/plan/ledger.ts';
import { nameProblem } from '../../../src/redshift-sql/identifier.ts';
import { tokens } from '../../../src/redshift-sql/lexer.ts';
import { loadProject } from '../../../src/sql-project/load-project.ts';
import { projectFiles, transform } from '../sql-project/project-builder.ts';
import { ANY_TABLES, column, DEMO, outline, planOf, SETTINGS, table, unitOf } from './plan-builder.ts';

const twoFiles = [
  { key: 'a.gz', rows: 1 },
  { key: 'b.gz', rows: 2 },
];

describe('every unit', () => {
  const project = DEMO;
  const plan = planOf(
    [table({ load: 'merge', key: ['id'], files: twoFiles }), table({ name: 'other', load: 'append' })],
    { project },
  );

  test('ends with its ledger row, and looks into the ledger before it changes anything', () => {
    for (const { id, statements } of plan.units) {
      expect(statements.filter(({ role }) => role === 'ledger')).toHaveLength(1);
      expect(statements.at(-1)?.role).toBe('ledger');
      if (id === 'ddl-ledger') continue;
      const firstWork = statements.findIndex(({ role }) => role === 'work');
      const guard = statements.findIndex(({ guards }) => guards === 'unit-not-done');
      expect(guard).toBeGreaterThanOrEqual(0);
      expect(guard).toBeLessThan(firstWork);
    }
  });

  test('that changes rows locks its own tables, and no other, before it looks', () => {
    for (const { kind, table: name, statements } of plan.units) {
      const locks = statements.filter(({ role }) => role === 'lock');
      if (kind !== 'copy' && kind !== 'transform') expect(locks).toEqual([]);
      else {
        expect(statements[0]?.role).toBe('lock');
        expect(locks.map(({ sql }) => sql)).toEqual([`lock table ${name?.schema}.${name?.table}`]);
      }
    }
  });

  test('never truncates, commits or vacuums, and has an id for names and paths', () => {
    for (const { id, statements } of plan.units) {
      expect(id).toMatch(/^[a-z0-9-]{1,64}$/);
      for (const { sql } of statements) expect(sql).not.toMatch(/^\s*(truncate|commit|begin|vacuum|end)\b/im);
    }
    expect(new Set(plan.units.map(({ id }) => id)).size).toBe(plan.units.length);
  });

  test('is in exactly one wave, after those it depends on', () => {
    const waves = Object.values(plan.waves).flat();
    expect(waves.flat().sort()).toEqual(plan.units.map(({ id }) => id).sort());
    for (const { id, dependsOn } of plan.units)
      for (const before of dependsOn)
        expect(waves.findIndex((wave) => wave.includes(before))).toBeLessThan(
          waves.findIndex((wave) => wave.includes(id)),
        );
  });
});

describe('loading', () => {
  test('replace deletes and copies in one transaction, and counts before it commits', () => {
    expect(outline(unitOf(planOf([table({ rows: 3 })]), 'copy-staging-usage'))).toEqual([
      'lock lock table staging.usage',
      'guard unit-not-done',
      'work delete from staging.usage',
      'work copy staging.usage id,',
      'count rows',
      'count file-rows',
      'guard row-count',
      'ledger insert into sluice.ledger',
    ]);
  });

  test('append lists its files, refuses those loaded before, and remembers them', () => {
    expect(outline(unitOf(planOf([table({ load: 'append', files: twoFiles })]), 'copy-staging-usage'))).toEqual([
      'lock lock table staging.usage',
      'guard unit-not-done',
      'work create temp table',
      'work insert into sluice_incoming_file',
      'guard files-not-loaded',
      'work create temp table',
      'work copy staging.usage id,',
      'count rows',
      'count file-rows',
      'guard row-count',
      'guard file-row-counts',
      'work insert into sluice.loaded_file',
      'ledger insert into sluice.ledger',
    ]);
  });

  test('append loads files again only when the manifest or whoever repeats the run says so, and still remembers them', () => {
    const guards = (unit: ReturnType<typeof unitOf>) => unit.statements.map((statement) => statement.guards);
    const told = [
      planOf([table({ load: 'append', loadAgain: true })]),
      planOf([table({ load: 'append' })], { settings: { ...SETTINGS, loadAgain: true } }),
    ];
    for (const plan of told) {
      expect(guards(unitOf(plan, 'copy-staging-usage'))).not.toContain('files-not-loaded');
      expect(outline(unitOf(plan, 'copy-staging-usage'))).toContain('work insert into sluice.loaded_file');
    }
  });

  test('merge loads beside the table, drops equal rows, refuses rows that share a key and differ, then replaces by key', () => {
    const unit = unitOf(planOf([table({ load: 'merge', key: ['id'] })]), 'copy-staging-usage');
    expect(outline(unit)).toEqual([
      'lock lock table staging.usage',
      'guard unit-not-done',
      'work create temp table',
      'work copy sluice_incoming id,',
      'count rows',
      'count file-rows',
      'work create temp table',
      'count repeated-keys',
      'guard keys-unique',
      'work delete from staging.usage',
      'work insert into staging.usage',
      'ledger insert into sluice.ledger',
    ]);
    expect(unit.statements.find(({ purpose }) => purpose.startsWith('delete'))?.sql).toBe(
      'delete from staging.usage\nusing sluice_incoming_distinct\nwhere staging.usage.id = sluice_incoming_distinct.id',
    );
  });

  test('promised rows are compared exactly, or within the rows that COPY may refuse', () => {
    const guard = (parts: Parameters<typeof table>[0]) =>
      unitOf(planOf([table({ rows: 100, ...parts })]), 'copy-staging-usage').statements.find(
        ({ guards }) => guards === 'row-count',
      )?.sql;
    expect(guard({})).toContain('count(*) = 100 then');
    expect(guard({ format: { type: 'csv', maxErrors: 5 } })).toContain('count(*) between 95 and 100 then');
    expect(guard({ load: 'append' })).toContain('count(*) - (select rows from sluice_rows_before) = 100 then');
    expect(guard({ rows: undefined })).toBeUndefined();
  });

  test('single files are compared where their lines are their rows', () => {
    const compares = (parts: Parameters<typeof table>[0]) =>
      unitOf(planOf([table({ files: twoFiles, ...parts })]), 'copy-staging-usage').statements.some(
        ({ guards }) => guards === 'file-row-counts',
      );
    expect(compares({})).toBe(true);
    expect(compares({ format: { type: 'parquet' } })).toBe(false);
    expect(compares({ format: { type: 'csv', ignoreBlankLines: true } })).toBe(false);
    expect(compares({ files: [{ key: 'a', rows: 1 }] })).toBe(false);
  });

  test('the COPY manifest makes every file mandatory and gives its exact size', () => {
    const unit = unitOf(planOf([table({ files: [{ key: 'ö "x".gz', bytes: 7 }] })]), 'copy-staging-usage');
    expect(unit.copyManifest?.key).toBe('runs/0123456789abcdef/copy/copy-staging-usage.manifest');
    expect(JSON.parse(unit.copyManifest?.body ?? '')).toEqual({
      entries: [{ url: 's3://inbox/drop/ö "x".gz', mandatory: true, meta: { content_length: 7 } }],
    });
  });

  test('a list of files too long for a statement is itself loaded from S3', () => {
    const files = Array.from({ length: 50_000 }, (_, at) => ({ key: `part's/${at}.gz`, rows: 1 }));
    const unit = unitOf(planOf([table({ load: 'append', files })]), 'copy-staging-usage');
    expect(Math.max(...unit.statements.map(({ sql }) => sql.length))).toBeLessThan(1_000);
    const lines = unit.fileList?.rows.body.trimEnd().split('\n') ?? [];
    expect(lines).toHaveLength(50_000);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      url: "s3://inbox/drop/part's/0.gz",
      version: "v-part's/0.gz",
      bytes: 10,
      arrived: '2026-11-22 06:00:00',
      promised_rows: 1,
    });
    expect(JSON.parse(unit.fileList?.manifest.body ?? '')).toMatchObject({
      entries: [{ url: `s3://work/${unit.fileList?.rows.key}`, mandatory: true }],
    });
  });

  test.each([
    [
      { type: 'csv', header: true, null: 'NA', compression: 'zstd' },
      `format as csv quote as '"'\ndelimiter as ','\nignoreheader as 1\nnull as 'NA'\nzstd\ncompupdate off`,
    ],
    [
      { type: 'delimited', delimiter: '\t', escape: true, dateFormat: 'auto', maxErrors: 3 },
      "delimiter as '\\t'\nescape\ndateformat as 'auto'\nmaxerror as 3\ncompupdate off",
    ],
    [
      { type: 'delimited', null: '\\N', timeFormat: "'x", acceptInvalidCharacters: '?' },
      "delimiter as '|'\nnull as '\\\\N'\ntimeformat as '''x'\nacceptinvchars as '?'\ncompupdate off",
    ],
    [
      { type: 'json', paths: 'auto ignorecase', compression: 'gzip' },
      "format as json 'auto ignorecase'\ngzip\ncompupdate off",
    ],
    [{ type: 'parquet' }, 'format as parquet'],
  ])('%j becomes the options of COPY', (format, options) => {
    const copy = unitOf(planOf([table({ format })]), 'copy-staging-usage').statements.find(({ sql }) =>
      sql.startsWith('copy'),
    )?.sql;
    expect(copy?.split('\nmanifest\n')[1]).toBe(options);
  });

  test('a file that was not found fails the compilation by name', () => {
    expect(() => planOf([table()], { files: new Map() })).toThrow(FilesNotThere);
  });
});

describe('tables', () => {
  test('are created unless they are there, and must have the columns of the manifest', () => {
    const unit = unitOf(planOf([table({ distKey: 'id', sortKey: ['amount', 'id'] })]), 'ddl-tables-1');
    expect(outline(unit)).toEqual([
      'guard unit-not-done',
      'work create table if',
      'guard columns-as-planned',
      'ledger insert into sluice.ledger',
    ]);
    expect(unit.statements[1]?.sql).toBe(
      'create table if not exists staging.usage (\n  id integer,\n  amount decimal(12,2)\n)\ndiststyle key distkey (id)\ncompound sortkey (amount, id)',
    );
    expect(unit.statements[2]).toMatchObject({ table: { schema: 'staging', table: 'usage' } });
  });

  test('of 1,600 columns with the longest names are compared in statements that are short enough', () => {
    const columns = Array.from({ length: 500 }, (_, at) => column(`c${at}_${'x'.repeat(120)}`, 'varchar(65535)'));
    const { statements } = unitOf(planOf([table({ columns })]), 'ddl-tables-1');
    expect(statements.filter(({ guards }) => guards === 'columns-as-planned')).toHaveLength(4);
    for (const { sql } of statements) expect(Buffer.byteLength(sql)).toBeLessThan(100_000);
  });

  test('that no statement could create are refused with a limit, not sent', () => {
    const columns = Array.from({ length: 1_600 }, (_, at) => column(`c${at}_${'x'.repeat(120)}`, 'varchar(65535)'));
    expect(() => planOf([table({ columns })])).toThrow(PlanImpossible);
  });
});

describe('the SQL project', () => {
  test('gets its parameters as literals, whatever they hold, and only where they are parameters', () => {
    const work = "insert into mart.total select :batch, 1 where ':batch' = :project -- :batch";
    const project = loadProject('demo', projectFiles({ 'transforms/total.sql': transform({}, work) }));
    const sql = unitOf(planOf([table()], { project }), 'transform-total').statements.find(
      ({ role }) => role === 'work',
    )?.sql;
    expect(sql).toBe("insert into mart.total select '2026-11-22', 1 where ':batch' = 'demo'");
  });

  test('gets the date a batch starts with, and refuses a batch without one only if it asks', () => {
    const project = loadProject(
      'demo',
      projectFiles({ 'transforms/total.sql': transform({}, 'insert into mart.total select :batch, :batch_date') }),
    );
    const sqlOf = (batch: string) =>
      unitOf(planOf([table()], { project }, { batch }), 'transform-total').statements.find(
        ({ role }) => role === 'work',
      )?.sql;
    expect(sqlOf('2026-11-22-again')).toBe("insert into mart.total select '2026-11-22-again', date '2026-11-22'");
    expect(() => sqlOf('2026-02-30')).toThrow(ManifestInvalid);
    expect(() => sqlOf('november')).toThrow(/does not start with a date/);
    expect(planOf([table()], { project: DEMO }, { batch: 'november' }).batch).toBe('november');
  });

  test('runs in waves by what it depends on', () => {
    const project = loadProject(
      'demo',
      projectFiles({
        'transforms/a_last.sql': transform(
          { depends: 'mart.total, mart.side', creates: 'mart.last' },
          'delete from mart.last',
        ).replace('exists mart.total', 'exists mart.last'),
        'transforms/side.sql': transform({ creates: 'mart.side' }, 'delete from mart.side').replace(
          'exists mart.total',
          'exists mart.side',
        ),
      }),
    );
    expect(planOf([table()], { project }).waves.transforms).toEqual([
      ['transform-total', 'transform-side'],
      ['transform-a-last'],
    ]);
  });

  test('has its tables created before anything is loaded', () => {
    const plan = planOf([table()], { project: DEMO });
    expect(plan.waves.tables).toEqual([['ddl-ledger'], ['ddl-tables-1', 'ddl-project-1']]);
    expect(unitOf(plan, 'ddl-ledger').statements.map(({ sql }) => sql)).toEqual(
      expect.arrayContaining(['create schema if not exists staging', 'create schema if not exists mart']),
    );
  });

  test('has checks that commit what they found and say what it means', () => {
    const unit = unitOf(planOf([table()], { project: DEMO }), 'check-some');
    expect(unit.check).toEqual({ severity: 'stop', means: 'nothing came in' });
    expect(outline(unit)).toEqual([
      'guard unit-not-done',
      'work create temp table',
      'count offending',
      'ledger insert into sluice.ledger',
    ]);
  });

  test('must be given the tables and columns it reads', () => {
    const findings = (tables: Parameters<typeof planOf>[0]) => {
      try {
        planOf(tables, { project: DEMO });
      } catch (error) {
        if (error instanceof ManifestInvalid) return error.findings.map(({ path, what }) => `${path}: ${what}`);
        throw error;
      }
      return [];
    };
    expect(findings([table({ name: 'usages' })])).toEqual(['schemas: the manifest does not bring staging.usage']);
    expect(findings([table({ columns: [column('id'), column('amounts', 'text')] })])).toEqual([
      "schemas[0].tables[0].columns: staging.usage has no column 'amount'",
    ]);
    expect(findings([table({ columns: [column('id', 'bigint'), column('amount', 'decimal(20,5)')] })])).toEqual([
      'schemas[0].tables[0].columns[0].type: staging.usage.id is bigint',
    ]);
  });

  test('unloads to a place of the run’s own, with its quotation marks doubled', () => {
    const unit = unitOf(
      planOf(
        [table()],
        {},
        { unload: { name: 'answer', compression: 'gzip', delimiter: ';', parallel: true, maxFileSizeMb: 100 } },
      ),
      'unload',
    );
    expect(unit.unloadTo).toBe('s3://results/results/any/0123456789abcdef/answer');
    expect(unit.statements[1]?.sql).toBe(
      "unload ('select ''it''''s'' as one order by 1')\nto 's3://results/results/any/0123456789abcdef/answer'\n" +
        "iam_role 'arn:aws:iam::123456789012:role/redshift'\nformat as csv\ndelimiter as ';'\nheader\ngzip\nextension 'csv.gz'\nparallel on\nmaxfilesize 100 mb\nallowoverwrite\nmanifest verbose",
    );
  });
});

describe('hostile names', () => {
  test('reach SQL as one token wherever they stand', () => {
    const hostile = [
      '"; drop schema sluice cascade; --',
      "a'b",
      'a\\',
      '$$',
      'select',
      '😀',
      '/*',
      '--',
      'ä'.repeat(63),
      "');--",
    ];
    const columns = hostile.map((name) => column(name, 'varchar(10)'));
    const tables = hostile.map((name, at) =>
      table({
        name,
        columns,
        load: (['replace', 'append', 'merge'] as const)[at % 3],
        key: hostile,
        sortKey: hostile,
        distKey: name,
        files: [
          { key: `${name.replaceAll('/', '_')}.gz`, rows: 1 },
          { key: `x/${at}`, rows: 2 },
        ],
      }),
    );
    const plan = planOf(tables, {}, { schemas: [{ name: 'st\'a"g;e', tables }] });
    for (const { statements } of plan.units)
      for (const { sql } of statements) {
        const found = tokens(sql);
        expect(found.some(({ text, kind }) => kind === 'punctuation' && text === ';')).toBe(false);
        expect(found.filter(({ kind }) => kind === 'comment')).toEqual([]);
        expect(found.filter(({ kind, text }) => kind === 'word' && /^(drop|cascade)$/i.test(text))).toEqual([]);
      }
  });

  test('any names give distinct ids that are safe in paths, the same in any order', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((text) => nameProblem(text) === undefined && !/^sluice_/i.test(text));
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 8, selector: (text) => text.toLowerCase() }),
        (names) => {
          fc.pre(
            new Set(names.map((each) => each.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))).size ===
              names.length,
          );
          const idsOf = (order: readonly string[]) =>
            new Map(
              planOf(order.map((each) => table({ name: each })))
                .units.filter(({ kind }) => kind === 'copy')
                .map(({ id, table: of }) => [of?.table, id]),
            );
          const ids = idsOf(names);
          expect(new Set(ids.values()).size).toBe(names.length);
          for (const id of ids.values()) expect(id).toMatch(/^copy-[a-z0-9-]{1,59}$/);
          expect(new Map([...idsOf(names.toReversed())].toReversed())).toEqual(ids);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('scale', () => {
  test('2,000 tables and 50,000 files compile within every limit of a batch', () => {
    const tables = Array.from({ length: 2_000 }, (_, at) =>
      table({
        name: `table_${at}`,
        columns: Array.from({ length: 20 }, (__, of) => column(`column_${of}`)),
        key: ['column_0'],
        load: ['replace', 'append', 'merge'][at % 3],
        files: Array.from({ length: 25 }, (__, file) => ({ key: `${at}/${file}.gz`, rows: 1 })),
      }),
    );
    const plan = planOf(tables);
    expect(plan.units.length).toBeLessThan(2_200);
    for (const { statements } of plan.units) {
      expect(statements.length).toBeLessThanOrEqual(40);
      expect(Math.max(...statements.map(({ sql }) => Buffer.byteLength(sql)))).toBeLessThanOrEqual(100_000);
    }
    expect(planOf(tables.slice(0, 50))).toEqual(planOf(tables.slice(0, 50)));
  });

  test('many schemas are created in several units', () => {
    const schemas = Array.from({ length: 100 }, (_, at) => ({ name: `s${at}`, tables: [table()] }));
    const plan = planOf([], {}, { schemas });
    expect(plan.waves.tables[0]).toEqual(['ddl-ledger']);
    expect(plan.waves.tables[1]).toEqual(['ddl-schemas-2', 'ddl-schemas-3']);
  });
});

test('a run’s id must be one', () => {
  for (const runId of ['', "x'", 'a/b', 'x'.repeat(65)])
    expect(() => planOf([table()], { runId })).toThrow(PlanImpossible);
});

test('the ledger is asked by run and, if wanted, by unit', () => {
  expect(finishedUnitsSql("x'y", 'u')).toContain("run_id = 'x''y' and unit_id = 'u'");
  expect(finishedUnitsSql('r')).not.toContain('and unit_id');
});

test('a project without transforms or checks has no waves of them', () => {
  expect(planOf([table()], { project: ANY_TABLES }).waves).toMatchObject({
    transforms: [],
    checks: [],
    unload: [['unload']],
  });
});
