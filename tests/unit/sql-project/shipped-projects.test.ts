import { readdirSync, readFileSync } from 'node:fs';
import { loadProject } from '../../../src/sql-project/load-project.ts';

const root = new URL('../../../sql/', import.meta.url);

function filesOf(project: string): Map<string, string> {
  const folder = new URL(`${project}/`, root);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  return new Map(
    paths.filter((path) => /\.\w+$/.test(path)).map((path) => [path, readFileSync(new URL(path, folder), 'utf8')]),
  );
}

test.each(['recommendations', 'flights'])('%s keeps the rules of a SQL project', (name) => {
  const project = loadProject(name, filesOf(name));
  expect(project.transforms.length).toBeGreaterThan(2);
  expect(project.checks.map(({ severity }) => severity)).toEqual(expect.arrayContaining(['stop', 'warn']));
});

test('no result depends on the clock, on chance or on the order rows come in', () => {
  for (const name of ['recommendations', 'flights']) {
    const { transforms, unload } = loadProject(name, filesOf(name));
    for (const { sql, file, line } of [...transforms.flatMap(({ work }) => work), unload.query])
      expect([
        `${file}:${line}`,
        /\b(getdate|sysdate|current_date|current_timestamp|now|random)\b/i.exec(sql)?.[0],
      ]).toEqual([`${file}:${line}`, undefined]);
    expect(unload.query.sql).toMatch(/\norder by \S/);
  }
});
