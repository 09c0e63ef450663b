import { CHAPTERS } from './chapters/index.ts';
import { openRedshift, type RedshiftSession } from './redshift-session.ts';

describe.each(CHAPTERS.map((chapter) => [chapter.title, chapter] as const))('%s', (_title, chapter) => {
  let redshift: RedshiftSession;

  beforeAll(async () => {
    redshift = await openRedshift();
    for (const sql of chapter.setup) await redshift.run(sql);
  });

  afterAll(() => redshift.close());

  test.each(chapter.cases.map((expected) => [expected.sql, expected] as const))('%s', async (sql, expected) => {
    if ('error' in expected) {
      await expect(redshift.run(sql)).rejects.toMatchObject({
        name: 'RedshiftError',
        code: expected.error,
        message: expect.stringContaining(expected.message) as string,
      });
      return;
    }
    const { columns, rows } = await redshift.run(sql);
    expect({ columns, rows }).toEqual({ columns: expected.columns, rows: expected.rows });
  });
});
