import type { Case, Load, LoadError, Row } from './chapter.ts';
import { CHAPTERS } from './chapters/index.ts';
import { openRedshift, type RedshiftSession } from './redshift-session.ts';

/** Characters of a file's text in the name of a test. */
const LONGEST_SHOWN = 60;

describe.each(CHAPTERS.map((chapter) => [chapter.title, chapter] as const))('%s', (_title, chapter) => {
  let redshift: RedshiftSession;

  beforeAll(async () => {
    redshift = await openRedshift();
    for (const sql of chapter.setup) await redshift.run(sql);
  });

  afterAll(() => redshift.close());

  test.each(chapter.cases.map((expected) => [titleOf(expected), expected] as const))('%s', async (_name, expected) => {
    const { sql } = expected;
    redshift.objects.clear();
    if ('error' in expected) {
      await expect(redshift.run(sql)).rejects.toMatchObject({
        name: 'RedshiftError',
        code: expected.error,
        message: expect.stringContaining(expected.message) as string,
      });
      return;
    }
    if ('table' in expected) {
      await expectLoad(redshift, expected);
      return;
    }
    if ('unloaded' in expected) {
      await redshift.run(sql);
      const keys = redshift.objects.keys();
      expect(Object.fromEntries(keys.map((key) => [key, redshift.objects.text(key)]))).toEqual(expected.unloaded);
      return;
    }
    const { columns, rows } = await redshift.run(sql);
    expect({ columns, rows }).toEqual({ columns: expected.columns, rows: expected.rows });
  });
});

function titleOf(expected: Case): string {
  if (!('table' in expected)) return expected.sql;
  const texts = Object.values(expected.objects).map((text) => JSON.stringify(String(text)).slice(0, LONGEST_SHOWN));
  return `${texts.join(' ')} ${expected.sql}`;
}

async function expectLoad(redshift: RedshiftSession, expected: Load): Promise<void> {
  const { objects } = redshift;
  const run: RedshiftSession['run'] = (sql) => redshift.run(sql);
  for (const [key, content] of Object.entries(expected.objects)) objects.put(key, content);
  await run('drop table if exists t');
  await run(`create table t (${expected.table})`);
  const failed = await run(expected.sql).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  if (expected.rows) {
    expect(failed).toBeUndefined();
    expect((await run('select * from t')).rows).toEqual(expected.rows);
    return;
  }
  const { rows } = await run(`select line_number, trim(colname), trim(type), trim(col_length), position, err_code,
    trim(err_reason), trim(raw_line), trim(raw_field_value)
    from stl_load_errors where query = (select max(query) from stl_load_errors) order by line_number`);
  const errors = rows.map(errorOf);
  // What a case does not speak of is not compared.
  expect(errors).toEqual(expected.errors?.map((error, at) => ({ ...errors[at], ...error })));
  const spared = /maxerror (\d+)/i.exec(expected.sql);
  if (spared && Number(spared[1]) > errors.length) expect(failed).toBeUndefined();
  else expect(failed).toContain("Load into table 't' failed.  Check 'stl_load_errors' system table for details.");
}

function errorOf([line, column, type, length, position, code, reason, rawLine, rawField]: Row): LoadError {
  return {
    line: Number(line),
    column: column ?? '',
    type: type ?? '',
    length: length ?? '',
    position: Number(position),
    code: Number(code),
    reason: reason ?? '',
    rawLine: rawLine ?? '',
    rawField: rawField ?? '',
  };
}
