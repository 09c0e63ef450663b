import * as fc from 'fast-check';
import { PlanImpossible } from '../../../src/errors/errors.ts';
import { foldName, identifier, identifiers, nameProblem, qualified } from '../../../src/redshift-sql/identifier.ts';
import { meaningful, tokens, Unclosed } from '../../../src/redshift-sql/lexer.ts';
import { dateLiteral, integer, isDate, literal, roleLiteral, s3Literal } from '../../../src/redshift-sql/literal.ts';

/** What Redshift reads a plain literal as: '' is a quotation mark, a backslash makes the next character ordinary or an escape. */
function readLiteral(sql: string): string {
  return sql.slice(1, -1).replaceAll(/''|\\([\s\S])/g, (_, escaped: string | undefined) => escaped ?? "'");
}

const HOSTILE = [
  "'",
  "''",
  "'; drop table ledger; --",
  '\\',
  "\\'",
  "\\'; drop table ledger; --",
  '"',
  '$$',
  "$$'$$",
  '--',
  '/*',
  '*/',
  'a\nb',
  'a\r\nb',
  '\t',
  '😀',
  'é',
  '\u2028',
  ':run_id',
  ';',
  '%',
  '?',
  '{{x}}',
] as const;

describe('a literal', () => {
  test.each(HOSTILE)('%j is one token that reads back the same', (text) => {
    const sql = literal(text);
    expect(tokens(sql)).toEqual([{ kind: 'text', text: sql, offset: 0 }]);
    expect(readLiteral(sql)).toBe(text);
  });

  test.each(['a\0b', '\ud83d', '\udc00x'])('%j cannot be written', (text) => {
    expect(() => literal(text)).toThrow(PlanImpossible);
  });

  test('any text is one token, alone and in the midst of SQL, and reads back the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        fc.pre(!one.includes('\0') && !other.includes('\0'));
        const found = meaningful(tokens(`select ${literal(one)} || ${literal(other)} -- end`)).filter(
          ({ kind }) => kind === 'text',
        );
        expect(found.map(({ text }) => readLiteral(text))).toEqual([one, other]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a name', () => {
  test.each([
    ['usage', 'usage'],
    ['Usage', 'usage'],
    ['select', '"select"'],
    ['Oid', '"oid"'],
    ['two words', '"two words"'],
    ['9lives', '"9lives"'],
    ['größe', '"größe"'],
    ['Ä', '"Ä"'],
    ['a"b', '"a""b"'],
    ['"; drop table x; --', '"""; drop table x; --"'],
    ['a;b', '"a;b"'],
    ["o'brien", `"o'brien"`],
    ['a\\b', '"a\\b"'],
    ['$$', '"$$"'],
    ['--', '"--"'],
    ['😀', '"😀"'],
    ['a.b', '"a.b"'],
  ])('%j is written %s', (name, sql) => {
    expect(identifier(name)).toBe(sql);
    expect(meaningful(tokens(sql))).toHaveLength(1);
  });

  test('of 127 bytes is a name, of 128 is not', () => {
    expect(identifier('a'.repeat(127))).toHaveLength(127);
    expect(identifier(`${'é'.repeat(63)}a`)).toBe(`"${'é'.repeat(63)}a"`);
    expect(nameProblem('é'.repeat(64))?.why).toMatch(/127 bytes/);
  });

  test.each(['', ' a', 'a ', 'a\nb', 'a\0', '\u200b', '\u202e', '\ud800', '#temp', 'x'.repeat(128)])(
    '%j is refused',
    (name) => {
      expect(nameProblem(name)).toBeDefined();
      expect(() => identifier(name)).toThrow(PlanImpossible);
    },
  );

  test('any name that is allowed is one token, which reads back as the folded name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 127 }), (name) => {
        fc.pre(nameProblem(name) === undefined);
        const [token, ...more] = tokens(identifier(name));
        expect(more).toEqual([]);
        const read = token?.kind === 'quoted name' ? token.text.slice(1, -1).replaceAll('""', '"') : token?.text;
        expect(read).toBe(foldName(name));
      }),
      { numRuns: 500 },
    );
  });

  test('lists and qualified names are made of names', () => {
    expect(identifiers(['a', 'Order', 'b c'])).toBe('a, "order", "b c"');
    expect(qualified({ schema: 'x"y', name: 'user' })).toBe('"x""y"."user"');
  });
});

describe('other values', () => {
  test('whole numbers only', () => {
    expect(integer(-3)).toBe('-3');
    for (const value of [1.5, Number.NaN, Infinity, 2 ** 60]) expect(() => integer(value)).toThrow(PlanImpossible);
  });

  test('dates that exist only', () => {
    expect(dateLiteral('2024-02-29')).toBe("date '2024-02-29'");
    for (const text of ['2023-02-29', '2024-13-01', "2024-01-01'", '24-01-01', '0000-00-00', 'today'])
      expect(isDate(text)).toBe(false);
    expect(() => dateLiteral("2024-01-01' or 1=1")).toThrow(PlanImpossible);
  });

  test('buckets and roles are checked, keys are quoted', () => {
    expect(s3Literal('inbox-1', "a'b\\c")).toBe(String.raw`'s3://inbox-1/a''b\\c'`);
    for (const bucket of ["a'b", 'A', 'a/b', '', 'x'.repeat(64)])
      expect(() => s3Literal(bucket, 'k')).toThrow(PlanImpossible);
    expect(roleLiteral('arn:aws:iam::123456789012:role/service/redshift')).toMatch(/^'arn/);
    for (const arn of ["arn:aws:iam::123456789012:role/x' y", 'arn:aws:iam::1:role/x', 'default', ''])
      expect(() => roleLiteral(arn)).toThrow(PlanImpossible);
  });
});

describe('the lexer', () => {
  test('loses no character of any text it can read', () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\n',
      '\\',
      'select',
      ' ',
      ':x',
      '::',
      '1.5e3',
      ';',
      'é',
      '😀',
      '#t',
      '.',
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (sql) => {
          try {
            expect(
              tokens(sql)
                .map(({ text }) => text)
                .join(''),
            ).toBe(sql);
          } catch (error) {
            expect(error).toBeInstanceOf(Unclosed);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('finds no parameter in texts, names, comments and casts', () => {
    const sql = `select ':a', ":b", $$:c$$, 1::d /* :e /* :f */ :g */ -- :h\n, :i`;
    expect(
      tokens(sql)
        .filter(({ kind }) => kind === 'parameter')
        .map(({ text }) => text),
    ).toEqual([':i']);
  });
});
