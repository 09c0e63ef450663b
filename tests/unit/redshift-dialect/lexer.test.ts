import * as fc from 'fast-check';
import { lex, literal, splitStatements, stringValue } from '../../../local/redshift/dialect/index.ts';

const SQL_PIECES = fc.array(
  fc.oneof(
    fc.constantFrom(
      'select',
      '--',
      '/*',
      '*/',
      "'",
      '"',
      '$$',
      '$a$',
      '::',
      '(',
      ')',
      '[',
      ';',
      '\n',
      '\\',
      '#t',
      ':p',
      '$1',
      '1.5e3',
      '.5',
      '||/',
      'é',
      '😀',
      "e'",
      '<>',
      '~*',
    ),
    fc.string({ maxLength: 4 }),
  ),
  { maxLength: 30 },
);

describe('the lexer', () => {
  test('gives back any text when its tokens are put together', () => {
    fc.assert(
      fc.property(SQL_PIECES, (pieces) => {
        const sql = pieces.join('');
        expect(
          lex(sql)
            .map(({ text }) => text)
            .join(''),
        ).toBe(sql);
      }),
      { numRuns: 2_000 },
    );
  });

  test('knows where every token stands', () => {
    fc.assert(
      fc.property(SQL_PIECES, (pieces) => {
        const sql = pieces.join('');
        for (const { text, at } of lex(sql)) expect(sql.startsWith(text, at) && text.length > 0).toBe(true);
      }),
    );
  });

  test.each([
    ["'it''s'", "it's"],
    ["'tab\\there'", 'tab\there'],
    ["'\\\\'", '\\'],
    ["'\\''", "'"],
    ["'\\101\\x42\\u0043'", 'ABC'],
    ["E'a\\nb'", 'a\nb'],
  ])('reads the literal %s with Redshift’s backslash escapes', (text, value) => {
    expect(lex(text)).toHaveLength(1);
    expect(stringValue(text)).toBe(value);
  });

  test('writes literals that read back as the same text in DuckDB', () => {
    expect(literal("it's \\ fine")).toBe("'it''s \\ fine'");
  });

  test('survives a literal as long as the longest statement', () => {
    const sql = `select '${'x'.repeat(100_000)}${"''".repeat(10_000)}' `;
    expect(
      lex(sql)
        .map(({ text }) => text)
        .join(''),
    ).toBe(sql);
  });
});

describe('splitting a script', () => {
  test('heeds literals, comments, quoted names and dollar quotes', () => {
    const script = `select ';' ; -- a ; b\nselect /* ; */ ";" from t;; \n create function f() as $$ a; b; $$ language sql; `;
    expect(splitStatements(script)).toEqual([
      "select ';'",
      '-- a ; b\nselect /* ; */ ";" from t',
      'create function f() as $$ a; b; $$ language sql',
    ]);
  });

  test('leaves out statements that are only comments', () => {
    expect(splitStatements('-- nothing\n; /* here */ ;')).toEqual([]);
  });
});
