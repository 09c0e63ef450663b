import { sizesOf } from '../../../local/redshift/dialect/macro-sizes.ts';
import { argumentsOnce } from '../../../local/redshift/dialect/nested-calls.ts';

const made = (sql: string): ReturnType<typeof argumentsOnce> => argumentsOnce({ sql, originalOffset: (at) => at });

/** `rs_upper` names its text three times. */
const upper = (depth: number, inner = 's'): string =>
  depth === 0 ? inner : `rs_upper(CAST(${upper(depth - 1, inner)} AS VARCHAR))`;

describe('how large a macro becomes', () => {
  const sizes = sizesOf([
    'CREATE MACRO rs.main.rs_twice(x) AS x + x',
    "CREATE MACRO rs.main.rs_more(x, y) AS rs.main.rs_twice(x || ')') + y, (x) AS rs.main.rs_twice(rs.main.rs_twice(x))",
    'CREATE MACRO rs.main.rs_total(x) AS sum(x)',
    'CREATE MACRO rs.main.rs_all(x) AS rs.main.rs_total(rs.main.rs_twice(x))',
  ]);

  it('counts what an argument is named, through the macros it is handed to', () => {
    expect(sizes('rs_twice', 1)?.uses).toEqual([2]);
    expect(sizes('rs_more', 2)?.uses).toEqual([2, 1]);
    expect(sizes('rs_more', 1)?.uses).toEqual([4]);
    expect(sizes('rs_more', 3)).toBeUndefined();
    expect(sizes('rs_twice', 1)?.plain).toBe(true);
  });

  it('knows those that aggregate, through others, too', () => {
    expect(sizes('rs_total', 1)?.plain).toBe(false);
    expect(sizes('rs_all', 1)?.plain).toBe(false);
  });
});

describe('calls in one another', () => {
  it('stay as they are where they become little', () => {
    for (const sql of [`SELECT ${upper(3)}`, 'SELECT rs_split_part(a, b, 1), lower(c)', "SELECT 'rs_upper(' || x"])
      expect(made(sql).step.sql).toBe(sql);
  });

  it('have their arguments made once where they would become much, and constants stay', () => {
    expect(made("SELECT rs_timestamp(rs_json_path(rs_json_text(j,false),['a'])), 1").step.sql).toBe(
      "SELECT list_transform([{a0:rs_json_path(rs_json_text(j,false),['a'])}],lambda rs_once:rs_timestamp(rs_once['a0']))[1], 1",
    );
    expect(made(`SELECT rs_lpad(${upper(5)},CAST(3 AS INTEGER),f)`).step.sql).toMatch(
      /^SELECT list_transform\(\[\{a0:.*,a2:f\}\],lambda rs_once:rs_lpad\(rs_once\['a0'\],CAST\(3 AS INTEGER\),rs_once\['a2'\]\)\)\[1\]$/,
    );
  });

  it('grow by what is written, not by what is named', () => {
    const lengths = [20, 40].map((depth) => made(`SELECT ${upper(depth)}`).step.sql.length);
    expect(lengths[1]).toBeLessThan((lengths[0] ?? 0) * 2.2);
  });

  it('are told from texts, names and comments that look like them', () => {
    const strange = `'rs_upper(' || "rs_lpad(" -- rs_upper(((\n /* rs_upper(' */ || x`;
    const { sql } = made(`SELECT ${upper(6, strange)}`).step;
    expect(sql).toContain(strange);
    expect(sql.startsWith('SELECT list_transform([{a0:')).toBe(true);
    expect(made(`SELECT ${upper(6, '/* /* */ */ x')}`).step.sql).not.toContain('rs_once');
  });

  it('keep the place of whatever is in them', () => {
    const given = `SELECT ${upper(6, 'here')}, there`;
    const { step, placeIn } = made(given);
    for (const word of ['here', 'there', 'SELECT']) {
      const now = step.sql.indexOf(word);
      expect(placeIn(given.indexOf(word))).toBe(now);
      expect(step.originalOffset(now)).toBe(given.indexOf(word));
    }
  });

  it('leave alone a constant whose place is asked for', () => {
    const given = 'SELECT rs_lpad(' + upper(5) + ",3,'x')";
    expect(made(given).step.sql).toContain('rs_once');
    const { step } = argumentsOnce({ sql: given, originalOffset: (at) => at }, [given.indexOf("'x'")]);
    expect(step.sql.startsWith('SELECT rs_lpad(')).toBe(true);
  });
});
