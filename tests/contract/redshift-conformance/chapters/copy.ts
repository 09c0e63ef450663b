import { Buffer } from 'node:buffer';
import { fails, gives, loads, rejects, type Chapter } from '../chapter.ts';

const COPY = "copy t from 's3://bucket/in/' iam_role default";

/** Its parameters: copy-parameters-data-format.html, copy-parameters-data-conversion.html, copy-parameters-column-mapping.html, … */
export const COPIES: Chapter = {
  title: 'COPY of text',
  page: 'r_COPY.html',
  setup: [
    'create table t (a int)',
    'create view seen as select 1 as a',
    'create view bound_late as select a from public.nowhere with no schema binding',
  ],
  cases: [
    // DELIMITER: several characters, octal codes of UTF-8, whatever the file's encoding.
    loads('a int, b varchar(5)', '1|x\n2|y', '', ['1', 'x'], ['2', 'y']),
    loads('a int, b varchar(5)', '1|~|x\n', "delimiter as '|~|'", ['1', 'x']),
    loads('a int, b varchar(5)', '1¦ìx\n', "delimiter '¦ì'", ['1', 'x']),
    loads(
      'a int, b varchar(5)',
      Buffer.from('1¦ìé\n', 'latin1'),
      String.raw`delimiter '\302\246\303\254' encoding iso88591`,
      ['1', 'é'],
    ),
    fails(`${COPY} delimiter '\\302'`, '22023', 'it must be UTF-8 and not NUL'),
    fails(`${COPY} delimiter '\\000'`, '22023', 'it must be UTF-8 and not NUL'),
    // CSV: white space around quotation marks; line ends and quotation marks inside.
    loads('a int, b varchar(20)', '1, "A ""quoted"" word" \n', 'csv', ['1', 'A "quoted" word']),
    loads('a int, b varchar(20)', '1\t "x" \n', String.raw`csv delimiter '\t'`, ['1', 'x']),
    loads('a int, b varchar(20)', '1,\'a,\r\n"b"\'\n', "csv quote as ''''", ['1', 'a,\r\n"b"']),
    loads('a int, b varchar(20)', '"a\nb",c\n1,x\n', 'csv ignoreheader 1', ['1', 'x']),
    loads(
      'a int, b varchar(20)',
      Buffer.from('\uFEFF"a\nb",c\n1,x\n', 'utf16le'),
      'csv ignoreheader 1 encoding utf16',
      ['1', 'x'],
    ),
    rejects('a int, b varchar(20)', '1,a\rb\n', 'csv', {
      line: 1,
      position: 4,
      code: 1216,
      reason: 'Missing newline: Unexpected character 0x62 found at location 4',
    }),
    rejects('a int, b int', '1|2\r3|4\r', '', {
      line: 1,
      code: 1216,
      reason: 'Missing newline: Unexpected character 0x33 found at location 4',
    }),
    // FIXEDWIDTH: the example of VENUE; widths count characters.
    loads(
      'venueid smallint, venuename varchar(100), venuecity varchar(30), venuestate char(2), venueseats int',
      '1  Toyota Park              Bridgeview  IL0\n4  CommunityAmerica BallparkKansas City KS0\n5  Gillette Stadium         Foxborough  MA68756\n',
      "fixedwidth 'venueid:3,venuename:25,venuecity:12,venuestate:2,venueseats:6' trimblanks",
      ['1', 'Toyota Park', 'Bridgeview', 'IL', '0'],
      ['4', 'CommunityAmerica Ballpark', 'Kansas City', 'KS', '0'],
      ['5', 'Gillette Stadium', 'Foxborough', 'MA', '68756'],
    ),
    loads('a varchar(9), b int', 'Zoë1\n', "fixedwidth '0:3,0:1'", ['Zoë', '1']),
    rejects('a varchar(9), b int', Buffer.from('Zo\xeb1\n', 'latin1'), "fixedwidth '0:3,0:1'", {
      line: 1,
      code: 1220,
      reason: 'String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: eb (error 4)',
    }),
    loads('a varchar(9), b int', Buffer.from('Zo\xeb1\n', 'latin1'), "fixedwidth '0:3,0:1' acceptinvchars", [
      'Zo?',
      '1',
    ]),
    // ESCAPE and REMOVEQUOTES: the tables of the page.
    loads(
      'a int, b varchar(60)',
      "1|The quick brown fox\\\njumped over the lazy dog.\n2| A\\\\B\\\\C\n3| A \\| B \\| C\n4|'A Midsummer Night\\'s Dream'\n",
      'escape removequotes',
      ['1', 'The quick brown fox\njumped over the lazy dog.'],
      ['2', ' A\\B\\C'],
      ['3', ' A | B | C'],
      ['4', "A Midsummer Night's Dream"],
    ),
    loads('a varchar(60)', '\\012\n', 'escape', ['012']),
    loads(
      'a varchar(60)',
      `"The delimiter is a pipe (|) character"\n'Black'\n"White"\nBlue'\n' 'Black' '\n' '\n`,
      'removequotes',
      ['The delimiter is a pipe (|) character'],
      ['Black'],
      ['White'],
      ["Blue'"],
      [" 'Black' "],
      [' '],
    ),
    rejects('a varchar(60)', `'Blue\n`, 'removequotes', { line: 1, code: 1214, reason: 'Delimiter not found' }),
    rejects('a varchar(60)', `"Blue\n`, 'removequotes', { line: 1, code: 1214, reason: 'Delimiter not found' }),
    // Blanks, empty fields and nulls.
    loads('a int, b varchar(9), c char(5)', '  | \t|  \n', 'blanksasnull', [null, null, null]),
    loads('a varchar(9), b char(5)', 'x \t |y \n', 'trimblanks', ['x', 'y']),
    loads('a varchar(9), b varchar(9)', '|x\n', "null as ''", [null, 'x']),
    loads('a varchar(9), b varchar(9)', '|x\n', 'emptyasnull', [null, 'x']),
    loads('a varchar(9), b int', '\0|1\n', String.raw`null as '\000'`, [null, '1']),
    loads('a varchar(9)', '1\u00002\n', '', ['1\u00002']),
    loads('a varchar(9), b char(9), c int', 'apple\n', 'fillrecord', ['apple', null, null]),
    fails(`${COPY} null as '\\n'`, '22023', "NULL argument cannot be '\\n'"),
    // Numbers.
    loads('a decimal(8,2)', '20.259\n', '', ['20.25']),
    loads('a decimal(8,2)', '20.259\n', 'roundec', ['20.26']),
    loads('a decimal(38,0)', '99999999999999999999999999999999999999\n', '', [
      '99999999999999999999999999999999999999',
    ]),
    rejects('a decimal(38,0)', '123456789012345678901234567890123456789\n', '', {
      line: 1,
      column: 'a',
      type: 'numeric',
      length: '38,0',
      code: 1209,
      reason: 'Overflow for NUMERIC(38,0)',
    }),
    rejects('a bigint, b int', '1|2\n9223372036854775808|2\n', '', {
      line: 2,
      column: 'a',
      type: 'int8',
      length: '-1',
      code: 1222,
      reason: 'Overflow, Column type: Long',
      rawLine: '9223372036854775808|2',
      rawField: '9223372036854775808',
    }),
    rejects('a int', 'é1\n', '', {
      line: 1,
      column: 'a',
      code: 1207,
      reason: "Invalid digit, Value 'é', Pos 0, Type: Integer",
      rawLine: '.1',
      rawField: 'é1',
    }),
    // Texts are counted in bytes.
    rejects('a varchar(3)', 'éé\n', '', {
      line: 1,
      column: 'a',
      type: 'varchar',
      length: '3',
      code: 1204,
      reason: 'String length exceeds DDL length',
      rawLine: '..',
      rawField: 'éé',
    }),
    loads('a varchar(3), b char(2)', 'éé|abc\n', 'truncatecolumns', ['é', 'ab']),
    loads('a varchar(65535)', `${'x'.repeat(65_535)}\n`, '', ['x'.repeat(65_535)]),
    rejects('a varchar(max)', `${'x'.repeat(65_536)}\n`, '', {
      line: 1,
      length: '65535',
      code: 1204,
      reason: 'String length exceeds DDL length',
    }),
    rejects('a int, b varchar(max)', `1|x\n2|${'x'.repeat(4 * 1024 * 1024)}\n3|x\n`, '', {
      line: 2,
      code: 1216,
      reason: 'Input line is longer than 4 MB',
    }),
    // VARBYTE, SUPER and INTERVAL.
    loads('a varbyte(3), b super', '616263|{"x":[1,"y"]}\n', '', ['abc', '{"x":[1,"y"]}']),
    rejects('a varbyte(2)', '616263\n', '', {
      line: 1,
      column: 'a',
      length: '2',
      code: 1204,
      reason: 'String length exceeds DDL length',
    }),
    rejects('a int, b super', '1|{bad\n', '', {
      line: 1,
      column: 'b',
      type: 'super',
      code: 1224,
      reason: 'Invalid JSON for the SUPER data type',
    }),
    loads(
      'a interval year to month, b interval day to second, c interval year',
      '3-4|5 06:07:08|1 year 2 mons\n1 year 2 mons|1 day 02:03:04.5|3\n|\\N|\n',
      '',
      ['3 years 4 months', '5 days 06:07:08', '1 year'],
      ['1 year 2 months', '1 day 02:03:04.5', '3 years'],
      [null, null, null],
    ),
    rejects('a interval year to month', 'soon\n', '', {
      line: 1,
      column: 'a',
      type: 'intervaly2m',
      code: 1223,
      reason: 'Invalid interval format or value',
    }),
    // Columns.
    loads("a int, b varchar(9) default 'd', c int", '1|2\n', "copy t (c, a) from 's3://bucket/in/' iam_role default", [
      '2',
      'd',
      '1',
    ]),
    rejects('a int, b int', '1|2|3\n', '', { line: 1, column: '', code: 1202, reason: 'Extra column(s) found' }),
    rejects('a int, b int', '1\n', '', { line: 1, column: 'b', code: 1214, reason: 'Delimiter not found' }),
    rejects('a int not null, b int', '|2\n', '', {
      line: 1,
      column: 'a',
      code: 1213,
      reason: 'Missing data for not-null field',
    }),
    // A load fails when its errors reach MAXERROR.
    rejects(
      'a int',
      'x\n1\ny\n',
      'maxerror 3',
      { line: 1, code: 1207, reason: "Invalid digit, Value 'x', Pos 0, Type: Integer" },
      { line: 3, code: 1207, reason: "Invalid digit, Value 'y', Pos 0, Type: Integer" },
    ),
    rejects(
      'a int',
      'x\n1\ny\n',
      'maxerror as 2',
      { line: 1, code: 1207, reason: "Invalid digit, Value 'x', Pos 0, Type: Integer" },
      { line: 3, code: 1207, reason: "Invalid digit, Value 'y', Pos 0, Type: Integer" },
    ),
    loads('a int', 'x\n1\ny\n', 'maxerror 3', ['1']),
    loads('a int', 'x\n1\ny\n', 'ignoreallerrors', ['1']),
    loads('a int', '1\n', 'noload'),
    rejects('a int', 'x\n', 'noload', {
      line: 1,
      column: 'a',
      code: 1207,
      reason: "Invalid digit, Value 'x', Pos 0, Type: Integer",
    }),
    // ACCEPTINVCHARS replaces byte by byte, and says where.
    loads(
      'a int, b varchar(9), c varchar(9)',
      Buffer.from('1|x\xff\xfe|y\xfe\n2|a|b\n', 'latin1'),
      "acceptinvchars as '^'",
      ['1', 'x^^', 'y^'],
      ['2', 'a', 'b'],
    ),
    gives(
      'select line_number, colname, raw_line from stl_replacements where query = (select max(query) from stl_replacements)',
      ['line_number int8', 'colname varchar', 'raw_line varchar'],
      ['1', 'b', '1|x..|y.'],
    ),
    gives(
      'select column_name, count(*) from sys_copy_replacements where query_id = (select max(query_id) from sys_copy_replacements) group by 1',
      ['column_name varchar', 'count int8'],
      ['b', '1'],
    ),
    // Files: empty, with a header only, with a byte order mark, by a prefix, a manifest.
    loads('a int', '', ''),
    loads('a int', 'a\n', 'ignoreheader 1'),
    loads('a int', '\uFEFF1\n', '', ['1']),
    loads('a int', { 'in/a%20b+c': '1\n', 'in/é 😀\n"': '2\n', other: 'x\n' }, '', ['1'], ['2']),
    loads(
      'a int',
      {
        'in/a': '1\n',
        m: '{"entries":[{"url":"s3://bucket/in/a"},{"url":"s3://bucket/in/a","mandatory":true},{"url":"s3://bucket/in/none"}]}',
      },
      "copy t from 's3://bucket/m' iam_role default manifest",
      ['1'],
      ['1'],
    ),
    fails(COPY, 'XX000', "The specified S3 prefix 'in/' does not exist"),
    fails(
      `copy t from 's3://bucket/' iam_role default manifest`,
      'XX000',
      'COPY with MANIFEST parameter requires full path of an S3 object.',
    ),
    // What is no table.
    fails(`copy seen from 's3://bucket/in/' iam_role default`, '42809', 'cannot copy to view "seen"'),
    fails(`copy bound_late from 's3://bucket/in/' iam_role default`, '42809', 'cannot copy to view "bound_late"'),
    fails(`copy nobody from 's3://bucket/in/' iam_role default`, '42P01', 'Cannot COPY into nonexistent table nobody'),
    fails(
      `copy elsewhere.public.t from 's3://bucket/in/' iam_role default`,
      '0A000',
      'COPY into a table of another database is not supported',
    ),
    loads('a int', '1\n', "copy dev.public.t from 's3://bucket/in/' iam_role default", ['1']),
    // Options.
    loads('a int', '1\n', "compupdate on, statupdate off, comprows 1000 region as 'us-east-1'", ['1']),
    ...[
      ['csv removequotes', 'CSV is not compatible with REMOVEQUOTES'],
      ["fixedwidth 'a:1' delimiter '|'", 'FIXEDWIDTH is not compatible with DELIMITER'],
      ["fixedwidth 'a:1' escape", 'FIXEDWIDTH is not compatible with ESCAPE'],
      ["quote '%'", 'QUOTE needs CSV'],
      ['maxerror 5 ignoreallerrors', 'IGNOREALLERRORS is not compatible with MAXERROR'],
      ['emptyasnull emptyasnull', 'conflicting or redundant options: EMPTYASNULL'],
      ['parquet ignoreallerrors', 'IGNOREALLERRORS argument is not supported for PARQUET based COPY'],
      ['header', 'COPY has no option HEADER'],
      ["timeformat 'YYYY-MM-DD HH:MI:SSOF'", 'TIMEFORMAT cannot include a time zone specifier'],
    ].map(([options = '', message = '']) => fails(`${COPY} ${options}`, '22023', message)),
    ...['lzop', 'orc', 'shapefile', 'ssh', 'readratio 50', 'encrypted'].map((option) =>
      fails(`${COPY} ${option}`, '0A000', `COPY's ${option.split(' ')[0]?.toUpperCase()} option is not supported`),
    ),
  ],
};
