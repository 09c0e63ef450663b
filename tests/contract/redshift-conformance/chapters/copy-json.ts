import { Buffer } from 'node:buffer';
import { loads, rejects, type Chapter } from '../chapter.ts';

const NO_OBJECT = { code: 1216, reason: 'Invalid JSONPath format: Member is not an object.' };
const PATHS = "json 's3://bucket/paths'";

/** The files of the page are in https://docs.aws.amazon.com/redshift/latest/dg/r_COPY_command_examples.html#r_COPY_command_examples-copy-from-json */
export const COPY_JSON: Chapter = {
  title: 'COPY of JSON',
  page: 'copy-usage_notes-copy-from-json.html',
  setup: [],
  cases: [
    loads(
      'backslash varchar(25), newline varchar(35), tab varchar(35)',
      String.raw`{
  "backslash": "This is a backslash: \\",
  "newline": "This sentence\n is on two lines.",
  "tab": "This sentence \t contains a tab."
}`,
      "format as json 'auto'",
      ['This is a backslash: \\', 'This sentence\n is on two lines.', 'This sentence \t contains a tab.'],
    ),
    loads(
      'id int, title varchar(60)',
      '{"id": 1, "Title": "a"}{"TITLE": "b"}',
      "json 'auto ignorecase'",
      ['1', 'a'],
      [null, 'b'],
    ),
    loads('id int, title varchar(60)', '{"id": 1, "Title": "a"}', 'json', ['1', null]),
    loads('id int, doc super', '{"id": 1, "doc": {"b": [1, "x"]}}', "json 'auto'", ['1', '{"b":[1,"x"]}']),
    loads('doc super', '{"id": 1}\n[2]\n', "json 'noshred'", ['{"id": 1}'], ['[2]']),
    // Arrays have no names: https://github.com/awslabs/aws-lambda-redshift-loader/issues/113
    rejects('id int', '[{"id": 1},\n{"id": 2}]\n', "json 'auto'", { line: 2, column: '', ...NO_OBJECT }),
    rejects('id int', '[{"id": 1}]\n', "json 'auto ignorecase'", { line: 1, ...NO_OBJECT }),
    loads(
      'id int, title varchar(60)',
      { 'in/a': '[1006410, "Guide"]\n[100540, "Service"]', paths: '{"jsonpaths": ["$[0]", "$[1]"]}' },
      PATHS,
      ['1006410', 'Guide'],
      ['100540', 'Service'],
    ),
    // A member that is not there is null, one of what is no object an error.
    loads(
      'a int, b int',
      { 'in/a': '{"x": {"y": 1}}{"x": null}{}', paths: `{"jsonpaths": ["$['x']['y']", "$['z']"]}` },
      PATHS,
      ['1', null],
      [null, null],
      [null, null],
    ),
    rejects(
      'a int',
      { 'in/a': '{"x": 5}\n{"x": [1]}\n', paths: '{"jsonpaths": ["$.x.y"]}' },
      `${PATHS} maxerror 3`,
      { line: 1, ...NO_OBJECT },
      { line: 2, ...NO_OBJECT },
    ),
    rejects('a int', { 'in/a': '{"x": [1]}\n', paths: '{"jsonpaths": ["$.x[1]"]}' }, PATHS, {
      line: 1,
      code: 1216,
      reason: 'Invalid JSONPath format: Not an array or index out of range.',
    }),
    loads(
      'tags varchar(99), friend varchar(99)',
      {
        'in/a': '{"tags": ["nisi","culpa"], "friends": [{"id": 0}, {"id": 1,"name": "Renaldo"}]}',
        paths: `{"jsonpaths": ["$['tags']", "$['friends'][1]"]}`,
      },
      PATHS,
      ['["nisi","culpa"]', '{"id":1,"name":"Renaldo"}'],
    ),
    // Empty texts are null for numbers; EMPTYASNULL says so for texts.
    loads('a int, b varchar(5)', '{"a": "", "b": ""}', "json 'auto'", [null, '']),
    loads('a int, b varchar(5)', '{"a": "", "b": ""}', "json 'auto' emptyasnull", [null, null]),
    loads('a int', 'not JSON\n{"a": 1}\n', "json 'auto' ignoreheader 1", ['1']),
    // What stands between objects is an error each.
    rejects('a int', '{"a": 1},\n{"a": 2}\n', "json 'auto' maxerror 5", {
      line: 1,
      code: 1216,
      reason: 'Invalid value.',
    }),
    rejects('a int not null', '{"b": 1}\n', "json 'auto'", {
      line: 1,
      column: 'a',
      code: 1213,
      reason: 'Missing data for not-null field',
    }),
    // UTF-8.
    rejects('a varchar(9)', Buffer.from('{"a": "x\xff"}\n', 'latin1'), "json 'auto'", {
      line: 1,
      code: 1220,
      reason: 'String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: ff (error 3)',
    }),
    rejects('a varchar(9)', String.raw`{"a": "\ud83d"}`, "json 'auto'", {
      line: 1,
      column: 'a',
      code: 1220,
      reason: 'String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: ed a0 bd (error 5)',
    }),
    loads(
      'a varchar(9), b varchar(9)',
      String.raw`{"a": "\ud83d", "b": "\ud83d\ude00"}`,
      "json 'auto' acceptinvchars",
      ['???', '😀'],
    ),
    loads('a varchar(9)', Buffer.from('{"a": "x\xff"}\n', 'latin1'), "json 'auto' acceptinvchars as '_'", ['x_']),
  ],
};
