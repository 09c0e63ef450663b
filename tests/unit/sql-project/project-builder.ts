/** The text of a transform that fills mart.total; header entries can be changed, removed or added, and its work replaced. */
export function transform(
  header: Readonly<Record<string, string | undefined>> = {},
  work = '-- forget the batch\ndelete from mart.total where batch = :batch;\ninsert into mart.total select :batch, sum(amount) from staging.usage',
): string {
  const entries = {
    grain: 'one row a batch',
    depends: 'staging.usage',
    creates: 'mart.total',
    rerun: 'replaces the batch',
    ...header,
  };
  const lines = Object.entries(entries).flatMap(([key, text]) => (text === undefined ? [] : [`-- ${key}: ${text}`]));
  return `${lines.join('\n')}\ncreate schema if not exists mart;\ncreate table if not exists mart.total (batch varchar(64), total decimal(38,2));\n${work};\n`;
}

/** The files of a small project that is right, with some replaced, added or, when undefined, left out. */
export function projectFiles(changes: Readonly<Record<string, string | undefined>> = {}): Map<string, string> {
  const files: Record<string, string | undefined> = {
    'project.json': '{"title":"A demonstration","result":"demo"}',
    'staging/usage.sql':
      '-- grain: one row a use\ncreate table staging.usage (\n  id integer not null,\n  amount decimal(12,2)\n);\n',
    'transforms/total.sql': transform(),
    'checks/some.sql':
      "-- severity: stop\n-- depends: staging.usage\n-- means: nothing came in\nselect 'no usage' as offending from staging.usage having count(*) = 0;\n",
    'unload.sql':
      '-- grain: one row a batch\n-- depends: mart.total\n-- rerun: writes the same rows\nselect total from mart.total where batch = :batch;\n',
    ...changes,
  };
  return new Map(Object.entries(files).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));
}
