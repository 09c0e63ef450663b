import { ProjectInvalid } from '../../../src/errors/errors.ts';
import { loadProject } from '../../../src/sql-project/load-project.ts';
import { projectFiles, transform } from './project-builder.ts';

function findingsOf(changes: Readonly<Record<string, string | undefined>>): string[] {
  try {
    loadProject('demo', projectFiles(changes));
  } catch (error) {
    if (error instanceof ProjectInvalid) return error.findings.map(({ path, what }) => `${path}: ${what}`);
    throw error;
  }
  return [];
}

test('a project is read with its parts, its statements and where they come from', () => {
  const project = loadProject('demo', projectFiles());
  expect(project).toMatchObject({ name: 'demo', title: 'A demonstration', result: 'demo' });
  expect(project.contracts).toMatchObject([
    {
      schema: 'staging',
      name: 'usage',
      grain: 'one row a use',
      columns: [
        { name: 'id', line: 3 },
        { name: 'amount', line: 4, type: { name: 'decimal' } },
      ],
    },
  ]);
  expect(project.transforms).toMatchObject([
    {
      name: 'total',
      file: 'sql/demo/transforms/total.sql',
      grain: 'one row a batch',
      depends: ['staging.usage'],
      creates: ['mart.total'],
      definitions: [{ line: 5 }, { line: 6 }],
      work: [
        { line: 8, purpose: 'forget the batch' },
        { line: 9, purpose: 'insert into mart.total' },
      ],
    },
  ]);
  expect(project.checks).toMatchObject([{ name: 'some', severity: 'stop', means: 'nothing came in' }]);
  expect(project.unload.query.sql).toBe('select total from mart.total where batch = :batch');
});

test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
  ['no project.json', { 'project.json': undefined }, 'sql/demo/project.json: the file is missing'],
  ['a project.json that is not JSON', { 'project.json': '{\n x' }, 'sql/demo/project.json:2: this is not JSON'],
  [
    'an unknown key in project.json',
    { 'project.json': '{"title":"t","result":"r","resutl":1}' },
    "sql/demo/project.json resutl: there is no key 'resutl' here",
  ],
  ['no unload.sql', { 'unload.sql': undefined }, 'sql/demo/unload.sql: the file is missing'],
  [
    'a file that has no place',
    { 'transform/x.sql': 'select 1' },
    'sql/demo/transform/x.sql: this file has no place in a SQL project',
  ],
  [
    'a header without grain',
    { 'transforms/total.sql': transform({ grain: undefined }) },
    "sql/demo/transforms/total.sql:1: the header has no 'grain'",
  ],
  [
    'an unknown header entry',
    { 'transforms/total.sql': transform({ dependes: 'x' }) },
    "sql/demo/transforms/total.sql:5: a header has no entry 'dependes' here",
  ],
  [
    'a table list that is none',
    { 'transforms/total.sql': transform({ depends: 'usage' }) },
    "sql/demo/transforms/total.sql:2: 'usage' is not a table",
  ],
  [
    'a table that does not exist',
    { 'transforms/total.sql': transform({ depends: 'staging.usage, staging.usgae' }) },
    'sql/demo/transforms/total.sql: it depends on staging.usgae, which does not exist',
  ],
  [
    'a table that is read without saying so',
    { 'transforms/total.sql': transform({ depends: 'none' }) },
    'sql/demo/transforms/total.sql:9: it reads staging.usage',
  ],
  [
    'a table that is written without saying so',
    { 'transforms/total.sql': transform({}, 'insert into mart.other select 1') },
    'sql/demo/transforms/total.sql:7: this writes mart.other',
  ],
  [
    'a table that is not defined',
    { 'transforms/total.sql': transform({ creates: 'mart.total, mart.more' }) },
    'sql/demo/transforms/total.sql:3: mart.more is not defined',
  ],
  [
    'an unknown parameter',
    { 'unload.sql': '-- grain: x\n-- depends: none\n-- rerun: x\nselect 1,\n :batchdate' },
    'sql/demo/unload.sql:5: there is no parameter :batchdate',
  ],
  [
    'a text that is never closed',
    { 'transforms/total.sql': transform({}, "insert into mart.total select 'x") },
    'sql/demo/transforms/total.sql:7: A text is opened here and never closed',
  ],
  [
    'two statements in a check',
    { 'checks/some.sql': '-- severity: stop\n-- depends: none\n-- means: x\nselect 1 as offending; select 2' },
    'sql/demo/checks/some.sql: the file has 2 statements',
  ],
  [
    'a check without offending',
    { 'checks/some.sql': '-- severity: stop\n-- depends: none\n-- means: x\nselect 1' },
    "sql/demo/checks/some.sql:4: the query has no column 'offending'",
  ],
  [
    'a severity that is none',
    { 'checks/some.sql': '-- severity: maybe\n-- depends: none\n-- means: x\nselect 1 as offending' },
    "sql/demo/checks/some.sql:1: 'maybe' is not a severity",
  ],
  [
    'an outer limit',
    { 'unload.sql': '-- grain: x\n-- depends: none\n-- rerun: x\nselect 1 from (select 1 limit 1) limit 5' },
    'sql/demo/unload.sql:4: an outer LIMIT stands here',
  ],
  [
    'a contract that is none',
    { 'staging/usage.sql': '-- grain: x\nselect 1' },
    'sql/demo/staging/usage.sql: this is not a contract',
  ],
  [
    'a contract with a type that is none',
    { 'staging/usage.sql': '-- grain: x\ncreate table staging.usage (\n id whole)' },
    "sql/demo/staging/usage.sql:3: 'whole' is not a type",
  ],
])('%s is refused with file and line', (_, changes, finding) => {
  expect(findingsOf(changes)).toContain(finding);
});

test.each([
  'TRUNCATE mart.total',
  'vacuum mart.total',
  'begin',
  'commit',
  'END',
  'rollback',
  'abort',
  'copy mart.total from x',
  'unload (x) to y',
  'call p()',
  'grant select on x to y',
  'lock mart.total',
  'set x to y',
  'alter table mart.total append from x',
  'select 1',
  '/* a */ -- b\n Truncate mart.total',
])('%s has no place in a unit and is refused by name', (statement) => {
  const word = /[a-z]+(?![^*]*\*\/)/i.exec(statement.replace(/^.*\n/, ''))?.[0].toUpperCase();
  expect(
    findingsOf({ 'transforms/total.sql': transform({}, `delete from mart.total; ${statement}`) }).join(),
  ).toContain(`${word} cannot stand in a unit`);
});

test('a word in a text, a name or a comment is not a statement', () => {
  expect(
    findingsOf({
      'transforms/total.sql': transform(
        {},
        `delete from mart.total where batch = 'x; truncate y' -- ; commit\n or batch = "; vacuum"`,
      ),
    }),
  ).toEqual([]);
});

test('a circle of transforms is told with the files on it', () => {
  const changes = {
    'transforms/total.sql': transform({ depends: 'mart.other' }, 'insert into mart.total select * from mart.other'),
    'transforms/other.sql': transform(
      { depends: 'mart.total' },
      'insert into mart.total select * from mart.total',
    ).replaceAll(/(creates: |exists |into )mart\.total/g, '$1mart.other'),
  };
  expect(findingsOf(changes)).toEqual(['sql/demo/transforms/other.sql: it depends on itself']);
  expect(() => loadProject('demo', projectFiles(changes))).toThrow(
    /other\.sql -> sql\/demo\/transforms\/total\.sql -> sql\/demo\/transforms\/other\.sql/,
  );
});

test('two files cannot create one table', () => {
  expect(findingsOf({ 'transforms/again.sql': transform() })).toContain(
    'sql/demo/transforms/total.sql: mart.total is created twice',
  );
});

test('a file with more statements than a batch has room for is refused', () => {
  expect(findingsOf({ 'transforms/total.sql': transform({}, 'delete from mart.total;'.repeat(35)) })).toEqual([
    'sql/demo/transforms/total.sql: the file has 35 statements',
  ]);
});

test('Windows line ends and a byte order mark change nothing', () => {
  expect(findingsOf({ 'transforms/total.sql': `\uFEFF${transform().replaceAll('\n', '\r\n')}` })).toEqual([]);
});
