import * as fc from 'fast-check';
import { parseCopy } from '../../../local/redshift/load/copy-statement.ts';
import { parsePath } from '../../../local/redshift/load/json-fields.ts';
import { parseUnload } from '../../../local/redshift/load/unload-statement.ts';

const ROLE = "iam_role 'arn:aws:iam::0123456789012:role/MyRedshiftRole'";

test('a COPY from the documentation is read whole', () => {
  const { table, columns, source, options } = parseCopy(`
    copy "public".Category (catid, "CatName") -- comment
    from 's3://mybucket/custdata/''quoted'''
    ${ROLE} /* more */ region as 'us-west-2' delimiter as '\\t' ignoreheader as 1 null as '\\000'
    maxerror 10 compupdate off statupdate on acceptinvchars as '^' timeformat 'auto' dateformat as 'auto' blanksasnull;`);
  expect(table).toEqual({ schema: 'public', name: 'category' });
  expect(columns).toEqual(['catid', 'catname']);
  expect(source).toBe("s3://mybucket/custdata/'quoted'");
  expect(options).toMatchObject({
    delimiter: '\t',
    ignoreHeader: 1,
    nullAs: '\0',
    maxError: 10,
    acceptInvalidChars: '^',
    timeFormat: 'auto',
    dateFormat: 'auto',
    blanksAsNull: true,
  });
});

test.each([
  "copy t from 's3://b/k' credentials 'aws_iam_role=arn:aws:iam::123456789012:role/r' csv quote as '%'",
  "copy t from 's3://b/k' with credentials as 'aws_access_key_id=a;aws_secret_access_key=b;token=c' gzip",
  "copy t from 's3://b/k' access_key_id 'a' secret_access_key 'b' session_token 'c' format as json 'auto'",
  "copy t from 's3://b/k' iam_role default format parquet",
  "copy t from 's3://b/k' iam_role 'default' json as 'auto ignorecase' timeformat as 'epochmillisecs'",
  "COPY t FROM 's3://b/k' IAM_ROLE 'arn:aws:iam::<account>:role/<name>' fixedwidth 'a:3, b:12' comprows 5000",
  "copy t from 's3://b/k' iam_role default csv delimiter '|' encoding as utf16 noload explicit_ids",
])('%s is accepted', (sql) => {
  expect(() => parseCopy(sql)).not.toThrow();
});

test('an UNLOAD query is read with its quotation marks and escapes', () => {
  const { query, target, options } = parseUnload(
    `unload ('select * from venue where city = ''New York'' and x = \\'y\\'') to 's3://b/p_' ${ROLE} manifest verbose
     partition by (a, "b") include maxfilesize as 6.2 gb parallel off extension 'csv' encrypted auto`,
  );
  expect(query).toBe("select * from venue where city = 'New York' and x = 'y'");
  expect(target).toEqual({ bucket: 'b', key: 'p_' });
  expect(options).toMatchObject({
    manifest: 'verbose',
    partitionBy: ['a', 'b'],
    includePartitions: true,
    parallel: false,
    extension: 'csv',
  });
  expect(parseUnload(`unload ($$select 'x'$$) to 's3://b/p' ${ROLE}`).query).toBe("select 'x'");
});

test('broken statements are errors with a position, never a crash', () => {
  const whole = `copy t (a, b) from 's3://b/k' ${ROLE} csv quote '%' null as 'x' maxerror 3`;
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string(), (from, to, noise) => {
      const broken = whole.slice(0, Math.min(from, to)) + noise + whole.slice(Math.max(from, to));
      try {
        parseCopy(broken);
      } catch (error) {
        expect(error).toMatchObject({ name: 'RedshiftError' });
      }
    }),
  );
});

test('JSONPaths are read in both notations', () => {
  expect(parsePath(`$['b c'][0]["d"]`)).toEqual(['b c', 0, 'd']);
  expect(parsePath('$.a.b[0].c')).toEqual(['a', 'b', 0, 'c']);
  expect(parsePath('$')).toEqual([]);
  for (const path of ['a', '$..a', '$.a[*]', '$.a[', `$.a['b']`])
    expect(() => parsePath(path)).toThrow('Invalid JSONPath format');
});
