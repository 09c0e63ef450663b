import { openLoadSession, ROLE, type LoadSession } from '../support/load-session.ts';

let session: LoadSession;

beforeAll(async () => {
  session = await openLoadSession();
});

afterAll(() => session.close());

const errorRows = (): Promise<readonly unknown[]> =>
  session.rows(
    'SELECT line_number, colname, err_code, err_reason, raw_field_value FROM memory.log.load_error ORDER BY ALL',
  );

interface Case {
  readonly columns: string;
  readonly content: string | Buffer;
  readonly options?: string;
}

/** Loads one file into a new table, by DuckDB's reader where it can and by the record readers alone: both must agree. */
async function load({ columns, content, options = '' }: Case): Promise<readonly unknown[]> {
  session.put('in/file', content);
  const answers: unknown[] = [];
  for (const inTransaction of [false, true]) {
    await session.connection.run(`CREATE OR REPLACE TABLE t (${columns})`);
    await session.log.run('DELETE FROM memory.log.load_error');
    const sql = `COPY t FROM 's3://bucket/in/file' ${ROLE} ${options}`;
    try {
      // MAXERROR 2 inside a transaction makes the record readers decide about anything doubtful.
      if (inTransaction) await session.connection.run('BEGIN');
      await session.copy(sql, { inTransaction });
      if (inTransaction) await session.connection.run('COMMIT');
      answers.push(await session.rows('SELECT * FROM t'));
    } catch (error) {
      if (inTransaction) await session.connection.run('ROLLBACK');
      if (!String(error).includes('stl_load_errors')) throw error;
      answers.push(await errorRows());
    }
  }
  expect(answers[1]).toEqual(answers[0]);
  return answers[0] as readonly unknown[];
}

const LOADED: readonly (readonly [string, Case, readonly unknown[]])[] = [
  [
    'a tab as delimiter',
    { columns: 'a INTEGER, b VARCHAR', content: '1\tx\n', options: String.raw`DELIMITER '\t'` },
    [[1, 'x']],
  ],
  [
    'an octal delimiter',
    { columns: 'a INTEGER, b VARCHAR', content: '1\u0001x\n', options: String.raw`DELIMITER AS '\001'` },
    [[1, 'x']],
  ],
  [
    'a delimiter of several characters',
    { columns: 'a INTEGER, b VARCHAR', content: '1|~|x|y\n', options: `DELIMITER '|~|'` },
    [[1, 'x|y']],
  ],
  [
    'no line feed at the end',
    { columns: 'a INTEGER, b VARCHAR', content: '1|x\n2|y' },
    [
      [1, 'x'],
      [2, 'y'],
    ],
  ],
  [
    'lines that end in CRLF',
    { columns: 'a INTEGER, b VARCHAR', content: '1|x\r\n2|y\r\n' },
    [
      [1, 'x'],
      [2, 'y'],
    ],
  ],
  [
    'both line ends in one file',
    { columns: 'a INTEGER, b VARCHAR', content: '1|x\r\n2|y\n' },
    [
      [1, 'x'],
      [2, 'y'],
    ],
  ],
  [
    'a delimiter after the last field',
    { columns: 'a INTEGER, b VARCHAR', content: '1|x|\n2|y|\n' },
    [
      [1, 'x'],
      [2, 'y'],
    ],
  ],
  ['an empty file', { columns: 'a INTEGER', content: '' }, []],
  ['a byte order mark', { columns: 'a INTEGER', content: '\uFEFF1\n' }, [[1]]],
  [
    'nulls and empty text',
    { columns: 'a INTEGER, b VARCHAR, c VARCHAR', content: '||\\N\n\\N| |x\n' },
    [
      [null, '', null],
      [null, ' ', 'x'],
    ],
  ],
  [
    'EMPTYASNULL',
    { columns: 'a INTEGER, b VARCHAR, c VARCHAR', content: '||\\N\n\\N| |x\n', options: 'EMPTYASNULL' },
    [
      [null, null, null],
      [null, ' ', 'x'],
    ],
  ],
  [
    'BLANKSASNULL',
    { columns: 'a INTEGER, b VARCHAR', content: '1|  \n2|\n  |x\n', options: 'BLANKSASNULL' },
    [
      [1, null],
      [2, ''],
      [null, 'x'],
    ],
  ],
  [
    'NULL AS a text',
    { columns: 'a INTEGER, b VARCHAR', content: 'none|none\n1|\\N\n', options: `NULL AS 'none'` },
    [
      [null, null],
      [1, '\\N'],
    ],
  ],
  [
    'NULL AS the empty text',
    { columns: 'a INTEGER, b VARCHAR', content: '|\n', options: `NULL AS ''` },
    [[null, null]],
  ],
  [
    'NULL AS NUL',
    { columns: 'a VARCHAR, b VARCHAR', content: '\0|a\0b\n', options: String.raw`NULL AS '\0'` },
    [[null, 'a\0b']],
  ],
  ['TRIMBLANKS', { columns: 'a VARCHAR, b INTEGER', content: ' x  | 1 \n', options: 'TRIMBLANKS' }, [[' x', 1]]],
  [
    'blank lines with IGNOREBLANKLINES',
    { columns: 'a INTEGER, b VARCHAR', content: '\n1|x\n\n2|y\n\n', options: 'IGNOREBLANKLINES' },
    [
      [1, 'x'],
      [2, 'y'],
    ],
  ],
  ['blank lines of one column', { columns: 'a VARCHAR', content: 'x\n\ny\n' }, [['x'], [''], ['y']]],
  [
    'blank lines of one column with IGNOREBLANKLINES',
    { columns: 'a VARCHAR', content: 'x\n\ny\n', options: 'IGNOREBLANKLINES' },
    [['x'], ['y']],
  ],
  [
    'IGNOREHEADER',
    { columns: 'a INTEGER, b VARCHAR', content: 'a|b\nno|header|here\n1|x\n', options: 'IGNOREHEADER AS 2' },
    [[1, 'x']],
  ],
  [
    'FILLRECORD',
    { columns: 'a INTEGER, b VARCHAR, c INTEGER', content: '1\n2|x\n3|y|4\n', options: 'FILLRECORD' },
    [
      [1, '', null],
      [2, 'x', null],
      [3, 'y', 4],
    ],
  ],
  [
    'FILLRECORD of a CHAR',
    { columns: 'a INTEGER, b VARCHAR, c DATE', content: '1\n', options: 'FILLRECORD EMPTYASNULL' },
    [[1, null, null]],
  ],
  [
    'ESCAPE up to a NUL',
    { columns: 'a INTEGER, b VARCHAR', content: '1|x\0y\n2|z\n', options: 'ESCAPE' },
    [
      [1, 'x'],
      [2, 'z'],
    ],
  ],
  [
    'ESCAPE',
    { columns: 'a VARCHAR, b VARCHAR', content: 'a\\|b|c\\\nd\n\\\\|\\N\n', options: 'ESCAPE' },
    [
      ['a|b', 'c\nd'],
      ['\\', null],
    ],
  ],
  [
    'REMOVEQUOTES',
    { columns: 'a VARCHAR, b VARCHAR', content: `"a|b"|'c'\nd"|"\n`.replace('d"|"', 'd"|x'), options: 'REMOVEQUOTES' },
    [
      ['a|b', 'c'],
      ['d"', 'x'],
    ],
  ],
  [
    'REMOVEQUOTES around numbers and nothing',
    { columns: 'a INTEGER, b VARCHAR, c DATE', content: `"1"|""|"2020-01-02"\n`, options: 'REMOVEQUOTES EMPTYASNULL' },
    [[1, null, '2020-01-02']],
  ],
  [
    'the house default',
    {
      columns: 'a INTEGER, b VARCHAR, c VARCHAR',
      content: `h\n"1"|"x|y"|' '\n||z\n`,
      options: 'IGNOREHEADER 1 REMOVEQUOTES EMPTYASNULL BLANKSASNULL',
    },
    [
      [1, 'x|y', null],
      [null, null, 'z'],
    ],
  ],
  [
    'TRUNCATECOLUMNS at whole characters',
    { columns: 'a VARCHAR CHECK (strlen(a) <= 3)', content: 'abc\néé\nx\n', options: 'TRUNCATECOLUMNS' },
    [['abc'], ['é'], ['x']],
  ],
  [
    'integers of every form',
    { columns: 'a SMALLINT, b INTEGER, c BIGINT', content: '-32768|+007| 12 \n0|-0|9223372036854775807\n' },
    [
      [-32768, 7, '12'],
      [0, 0, '9223372036854775807'],
    ],
  ],
  [
    'decimals cut to their scale',
    { columns: 'a DECIMAL(6,2)', content: '1.239\n-1.239\n5\n.5\n1e2\n12.5e-1\n1234.56\n' },
    [['1.23'], ['-1.23'], ['5.00'], ['0.50'], ['100.00'], ['1.25'], ['1234.56']],
  ],
  [
    'decimals rounded with ROUNDEC',
    { columns: 'a DECIMAL(6,2)', content: '1.239\n-1.235\n1.234\n', options: 'ROUNDEC' },
    [['1.24'], ['-1.24'], ['1.23']],
  ],
  [
    'floats',
    { columns: 'a DOUBLE, b REAL', content: '1.5|-2\n1e10|.25\nNaN|\n' },
    [
      [1.5, -2],
      [1e10, 0.25],
      ['NaN', null],
    ],
  ],
  [
    'booleans of every form',
    { columns: 'a BOOLEAN', content: 't\nTRUE\ny\nYes\n1\non\nf\nfalse\nN\nno\n0\noff\n\\N\n' },
    [...Array.from({ length: 6 }, () => [true]), ...Array.from({ length: 6 }, () => [false]), [null]],
  ],
  [
    'dates with a time after them',
    { columns: 'a DATE', content: '2020-02-29\n2020-02-29 10:11:12\n' },
    [['2020-02-29'], ['2020-02-29']],
  ],
  [
    'DATEFORMAT',
    { columns: 'a DATE', content: '31/12/2020\n1/2/2021\n', options: `DATEFORMAT 'DD/MM/YYYY'` },
    [['2020-12-31'], ['2021-02-01']],
  ],
  [
    'DATEFORMAT with month names',
    { columns: 'a DATE', content: '31-Dec-20\n', options: `DATEFORMAT AS 'DD-MON-YY'` },
    [['2020-12-31']],
  ],
  [
    'DATEFORMAT auto',
    {
      columns: 'a DATE',
      content: '2020-01-02\n20200102\n1/2/2020\nJan-02-2020\n02-Jan-2020\n2020.002\nJ2458851\nJanuary 2, 2020\n',
      options: `DATEFORMAT 'auto'`,
    },
    Array.from({ length: 8 }, () => ['2020-01-02']),
  ],
  [
    'timestamps',
    {
      columns: 'a TIMESTAMP',
      content:
        '2020-01-02 03:04:05\n2020-01-02T03:04:05.123456\n2020-01-02 03:04\n2020-01-02\n2020-01-02 03:04:05.100\n',
    },
    [
      ['2020-01-02 03:04:05'],
      ['2020-01-02 03:04:05.123456'],
      ['2020-01-02 03:04:00'],
      ['2020-01-02 00:00:00'],
      ['2020-01-02 03:04:05.1'],
    ],
  ],
  [
    'timestamps with time zone',
    { columns: 'a TIMESTAMPTZ', content: '2020-01-02 03:04:05+02\n2020-01-02 03:04:05\n2020-01-02T03:04:05Z\n' },
    [['2020-01-02 01:04:05+00'], ['2020-01-02 03:04:05+00'], ['2020-01-02 03:04:05+00']],
  ],
  [
    'TIMEFORMAT',
    { columns: 'a TIMESTAMP', content: '02.01.2020 03:04:05 PM\n', options: `TIMEFORMAT 'DD.MM.YYYY HH12:MI:SS AM'` },
    [['2020-01-02 15:04:05']],
  ],
  [
    'TIMEFORMAT with a T between',
    { columns: 'a TIMESTAMP', content: '2020-01-02T03:04:05\n', options: `TIMEFORMAT 'YYYY-MM-DDTHH24:MI:SS'` },
    [['2020-01-02 03:04:05']],
  ],
  [
    'TIMEFORMAT epochsecs',
    { columns: 'a TIMESTAMP', content: '0\n1577934245\n1577934245.25\n', options: `TIMEFORMAT 'epochsecs'` },
    [['1970-01-01 00:00:00'], ['2020-01-02 03:04:05'], ['2020-01-02 03:04:05.25']],
  ],
  [
    'TIMEFORMAT epochmillisecs',
    { columns: 'a TIMESTAMP', content: '1577934245123\n-1\n', options: `TIMEFORMAT 'epochmillisecs'` },
    [['2020-01-02 03:04:05.123'], ['1969-12-31 23:59:59.999']],
  ],
  [
    'ACCEPTANYDATE',
    {
      columns: 'a DATE, b TIMESTAMP',
      content: '00/00/00|never\n2020-01-02|2020-01-02 00:00:00\n',
      options: 'ACCEPTANYDATE',
    },
    [
      [null, null],
      ['2020-01-02', '2020-01-02 00:00:00'],
    ],
  ],
  [
    'ACCEPTINVCHARS',
    { columns: 'a VARCHAR', content: Buffer.from([0x61, 0xff, 0xe9, 0x62, 0x0a]), options: `ACCEPTINVCHARS AS '^'` },
    [['a^^b']],
  ],
  [
    'UTF-16',
    { columns: 'a VARCHAR, b INTEGER', content: Buffer.from('\uFEFFZoë|1\n', 'utf16le'), options: 'ENCODING UTF16' },
    [['Zoë', 1]],
  ],
  [
    'ISO 8859-1',
    { columns: 'a VARCHAR', content: Buffer.from('Zo\u00eb\n', 'latin1'), options: 'ENCODING AS ISO88591' },
    [['Zoë']],
  ],
  [
    'FIXEDWIDTH',
    {
      columns: 'a INTEGER, b VARCHAR, c DATE',
      content: '1  Zoë  2020-01-02\n22 x    2020-01-03\n',
      options: `FIXEDWIDTH 'a:3,b:5,c:10'`,
    },
    [
      [1, 'Zoë  ', '2020-01-02'],
      [22, 'x    ', '2020-01-03'],
    ],
  ],
  [
    'CSV',
    { columns: 'a INTEGER, b VARCHAR', content: '1,"x, ""y""\nz"\n2,plain\n3,""\n4,\n', options: 'CSV' },
    [
      [1, 'x, "y"\nz'],
      [2, 'plain'],
      [3, ''],
      [4, ''],
    ],
  ],
  [
    'CSV with blanks around quotation marks',
    { columns: 'a INTEGER, b VARCHAR', content: '1, "x" \n', options: 'FORMAT CSV' },
    [[1, 'x']],
  ],
  [
    'CSV with another quotation mark and delimiter',
    { columns: 'a INTEGER, b VARCHAR', content: '1;%a;b%\n', options: `FORMAT AS CSV QUOTE '%' DELIMITER ';'` },
    [[1, 'a;b']],
  ],
  [
    'CSV with CRLF inside and outside',
    { columns: 'a INTEGER, b VARCHAR', content: '1,"x\r\ny"\r\n2,z\r\n', options: 'CSV' },
    [
      [1, 'x\r\ny'],
      [2, 'z'],
    ],
  ],
  [
    'CSV with a carriage return in its first text',
    { columns: 'a INTEGER, b VARCHAR', content: '1,"x\r\ny"\n2,"z\rz"\n', options: 'CSV' },
    [
      [1, 'x\r\ny'],
      [2, 'z\rz'],
    ],
  ],
  ['times of day', { columns: 'a TIME', content: '01:02:03\n23:59:59.5\n' }, [['01:02:03'], ['23:59:59.5']]],
];

test.each(LOADED)('%s loads as Redshift loads it', async (_name, input, expected) => {
  expect(await load(input)).toEqual(expected);
});

const REFUSED: readonly (readonly [string, Case, readonly unknown[]])[] = [
  [
    'a fraction in an integer',
    { columns: 'a INTEGER', content: '1\n1.5\n' },
    ['2', 'a', 1207, "Invalid digit, Value '.', Pos 1, Type: Integer", '1.5'],
  ],
  [
    'an exponent in an integer',
    { columns: 'a INTEGER', content: '1e2\n' },
    ['1', 'a', 1207, "Invalid digit, Value 'e', Pos 1, Type: Integer", '1e2'],
  ],
  [
    'an integer that is too large',
    { columns: 'a INTEGER', content: '3000000000\n' },
    ['1', 'a', 1222, 'Overflow, Column type: Integer', '3000000000'],
  ],
  [
    'a letter in a decimal',
    { columns: 'a DECIMAL(5,2)', content: '1.x\n' },
    ['1', 'a', 1207, "Invalid digit, Value 'x', Pos 2, Type: Decimal", '1.x'],
  ],
  [
    'a decimal that is too large',
    { columns: 'a DECIMAL(5,2)', content: '1000\n' },
    ['1', 'a', 1209, 'Overflow for NUMERIC(5,2)', '1000'],
  ],
  [
    'a boolean that is none',
    { columns: 'a BOOLEAN', content: 'maybe\n' },
    ['1', 'a', 1210, 'Unknown boolean format', 'maybe'],
  ],
  [
    'a date that is none',
    { columns: 'a DATE', content: '2020-02-30\n' },
    ['1', 'a', 1205, 'Invalid date format or value [YYYY-MM-DD]', '2020-02-30'],
  ],
  [
    'a short date',
    { columns: 'a DATE', content: '2020-1-2\n' },
    ['1', 'a', 1205, 'Invalid Date Format - length must be 10 or more', '2020-1-2'],
  ],
  [
    'a date of another format',
    { columns: 'a DATE', content: '01/02/2020\n' },
    ['1', 'a', 1205, 'Invalid date format or value [YYYY-MM-DD]', '01/02/2020'],
  ],
  [
    'a timestamp that is none',
    { columns: 'a TIMESTAMP', content: '2020-01-02 25:00:00\n' },
    ['1', 'a', 1206, 'Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]', '2020-01-02 25:00:00'],
  ],
  [
    'too few columns',
    { columns: 'a INTEGER, b INTEGER', content: '1|2\n3\n' },
    ['2', 'b', 1214, 'Delimiter not found', ''],
  ],
  [
    'too many columns',
    { columns: 'a INTEGER, b INTEGER', content: '1|2\n3|4|5\n' },
    ['2', '', 1202, 'Extra column(s) found', ''],
  ],
  [
    'an empty line',
    { columns: 'a INTEGER, b INTEGER', content: '1|2\n\n3|4\n' },
    ['2', 'b', 1214, 'Delimiter not found', ''],
  ],
  [
    'a missing value',
    { columns: 'a INTEGER NOT NULL, b VARCHAR', content: '1|x\n|y\n' },
    ['2', 'a', 1213, 'Missing data for not-null field', ''],
  ],
  [
    'a quotation mark that never closes',
    { columns: 'a INTEGER, b VARCHAR', content: '1,x\n2,"y\n3,z\n', options: 'CSV' },
    ['2', '', 1214, 'Invalid quote formatting for CSV', ''],
  ],
  [
    'text after a closing quotation mark',
    { columns: 'a INTEGER, b VARCHAR', content: '2,"y"z\n', options: 'CSV' },
    ['1', '', 1214, 'Invalid quote formatting for CSV', ''],
  ],
  [
    'an error after quoted line feeds',
    { columns: 'a INTEGER, b VARCHAR', content: '1,"x\ny\nz"\nq,w\n', options: 'CSV' },
    ['4', 'a', 1207, "Invalid digit, Value 'q', Pos 0, Type: Integer", 'q'],
  ],
  [
    'a quotation mark REMOVEQUOTES finds no partner for',
    { columns: 'a VARCHAR, b VARCHAR', content: `"a|b\n`, options: 'REMOVEQUOTES' },
    ['1', '', 1214, 'Delimiter not found', ''],
  ],
  [
    'a carriage return in a field',
    { columns: 'a VARCHAR, b VARCHAR', content: 'x|yy\rOz\nq|r\n' },
    ['1', '', 1216, 'Missing newline: Unexpected character 0x4f found at location 5', ''],
  ],
  [
    'bytes that are no UTF-8',
    { columns: 'a VARCHAR', content: Buffer.from([0x61, 0xa4, 0x0a]) },
    [
      '1',
      'a',
      1220,
      'String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: a4 (error 3)',
      'a\uFFFD',
    ],
  ],
  ...(
    [
      ['five bytes', 'f888808080', 1, 'f8'],
      ['a character cut short', 'e282', 2, 'e2 82'],
      ['a continuation alone', '80', 3, '80'],
      ['a letter in a character', 'e24183', 4, 'e2'],
      ['a surrogate', 'eda080', 5, 'ed a0 80'],
      ['a code point beyond the last', 'f4908080', 8, 'f4 90 80 80'],
    ] as const
  ).map(
    ([what, bytes, error, shown]) =>
      [
        `UTF-8 with ${what}`,
        { columns: 'a VARCHAR', content: Buffer.from(`${bytes}0a`, 'hex') },
        [
          '1',
          'a',
          1220,
          `String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: ${shown} (error ${error})`.slice(
            0,
            100,
          ),
          Buffer.from(bytes, 'hex').toString(),
        ],
      ] as const,
  ),
  [
    'UTF-16 without its mark',
    { columns: 'a VARCHAR', content: Buffer.from('x\n', 'utf16le'), options: 'ENCODING UTF16' },
    ['1', '', 1221, 'The encoding of the file is not the one given in ENCODING', ''],
  ],
  [
    'a date where the format is none',
    { columns: 'a DATE', content: '2020-01-02\n', options: `DATEFORMAT 'AUTO'` },
    ['1', 'a', 1205, 'Invalid date format or value [AUTO]', '2020-01-02'],
  ],
  [
    'an error beyond a header',
    { columns: 'a INTEGER', content: 'a\nx\n', options: 'IGNOREHEADER 1' },
    ['2', 'a', 1207, "Invalid digit, Value 'x', Pos 0, Type: Integer", 'x'],
  ],
];

test.each(REFUSED)('%s fails the load with its place and reason', async (_name, input, expected) => {
  expect(await load(input)).toEqual([expected]);
});

test('MAXERROR loads the rest and records every rejected line', async () => {
  const content = Array.from({ length: 1000 }, (_, index) => (index % 100 === 7 ? `x${index}|a` : `${index}|a`)).join(
    '\n',
  );
  session.put('in/file', content);
  await session.log.run('DELETE FROM memory.log.load_error');
  await session.connection.run('CREATE OR REPLACE TABLE t (a INTEGER, b VARCHAR)');
  // What is loaded record by record has to fit a small memory, too.
  await session.log.run("SET memory_limit='200MB'");
  expect(await session.copy(`COPY t FROM 's3://bucket/in/file' ${ROLE} MAXERROR 11`)).toBe(990);
  await session.log.run('RESET memory_limit');
  expect((await errorRows()).length).toBe(10);
  expect(await session.rows('SELECT count(*), min(a), max(a) FROM t')).toEqual([['990', 0, 999]]);
  await expect(session.copy(`COPY t FROM 's3://bucket/in/file' ${ROLE} MAXERROR 10`)).rejects.toThrow(
    'stl_load_errors',
  );
});

test('NOLOAD checks the files and loads nothing', async () => {
  session.put('in/file', '1\n2\n');
  session.put('bad/file', '1\nx\n');
  await session.connection.run('CREATE OR REPLACE TABLE t (a INTEGER)');
  expect(await session.copy(`COPY t FROM 's3://bucket/in/' ${ROLE} NOLOAD`)).toBe(0);
  await expect(session.copy(`COPY t FROM 's3://bucket/bad/' ${ROLE} NOLOAD`)).rejects.toThrow('stl_load_errors');
  expect(await session.rows('SELECT count(*) FROM t')).toEqual([['0']]);
});
