import * as z from 'zod';
import { MANIFEST_LIMITS } from './limits.ts';

/**
 * The shape of a manifest as it is written: what keys there are and what kind of value each takes. The rules between values (a key must
 * name a column, no table twice) are in `rules.ts`. The JSON Schema in `schema/manifest.schema.json` is made from this.
 */
const compression = z.enum(['gzip', 'zstd', 'none']).describe('How the files are compressed.');
const rowCount = z.int().min(0);
const header = z
  .union([z.boolean(), z.int().min(0).max(1_000)])
  .describe('Whether each file starts with a header line, or how many lines to skip. IGNOREHEADER.');

const textOptions = {
  compression: compression.optional(),
  dateFormat: z.string().min(1).max(100).optional().describe("DATEFORMAT, for instance 'YYYY-MM-DD' or 'auto'."),
  timeFormat: z.string().min(1).max(100).optional().describe("TIMEFORMAT, for instance 'auto' or 'epochsecs'."),
  acceptInvalidCharacters: z
    .string()
    .length(1)
    .optional()
    .describe(
      'Character that replaces bytes which are not UTF-8. ACCEPTINVCHARS. Without it such bytes fail the load.',
    ),
  truncateColumns: z
    .boolean()
    .optional()
    .describe('TRUNCATECOLUMNS: shorten texts that are too long instead of failing.'),
  maxErrors: z
    .int()
    .min(0)
    .max(MANIFEST_LIMITS.maxErrors)
    .optional()
    .describe('Rows that COPY may refuse without failing. 0 unless given.'),
};

const delimiterOptions = {
  delimiter: z.string().min(1).max(8).optional().describe('What separates fields.'),
  header: header.optional(),
  null: z.string().max(100).optional().describe('The text that means NULL. NULL AS.'),
  emptyAsNull: z.boolean().optional().describe('EMPTYASNULL: an empty text field is NULL.'),
  blanksAsNull: z.boolean().optional().describe('BLANKSASNULL: a text field of blanks is NULL.'),
  trimBlanks: z.boolean().optional().describe('TRIMBLANKS: drop blanks at the end of text fields.'),
  ignoreBlankLines: z.boolean().optional().describe('IGNOREBLANKLINES.'),
  fillRecord: z.boolean().optional().describe('FILLRECORD: missing fields at the end of a line are NULL.'),
  ...textOptions,
};

const formatDocument = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('delimited'),
        removeQuotes: z.boolean().optional().describe('REMOVEQUOTES: drop quotation marks around a field.'),
        escape: z.boolean().optional().describe('ESCAPE: a backslash makes the next character ordinary.'),
        ...delimiterOptions,
      })
      .describe("COPY's default form: fields separated by a delimiter, a pipe unless given."),
    z
      .strictObject({
        type: z.literal('csv'),
        quote: z.string().length(1).optional().describe('The quotation mark, a double one unless given.'),
        ...delimiterOptions,
      })
      .describe('CSV, a comma unless a delimiter is given.'),
    z
      .strictObject({
        type: z.literal('json'),
        paths: z.enum(['auto', 'auto ignorecase']).optional().describe('How keys find their columns.'),
        ...textOptions,
      })
      .describe('JSON lines: one object a row.'),
    z.strictObject({ type: z.literal('parquet') }).describe('Parquet; columns are matched by position.'),
  ])
  .describe(
    'How the files are written. Without it: pipe-delimited, gzip, one header line, REMOVEQUOTES EMPTYASNULL BLANKSASNULL. ' +
      "With it, options that are not given have COPY's own defaults: no compression, no header, no conversions.",
  );

const name = z.string().min(1).describe('A name of Redshift: at most 127 bytes; upper case is folded to lower case.');

const columnDocument = z.strictObject({
  name,
  type: z.string().min(1).describe('A type of Redshift: integer, decimal(12,2), varchar(64), date, timestamp, …'),
  nullable: z.boolean().optional().describe('Whether NULL is allowed; true unless given.'),
  encode: z
    .enum([
      'raw',
      'az64',
      'bytedict',
      'delta',
      'delta32k',
      'lzo',
      'mostly8',
      'mostly16',
      'mostly32',
      'runlength',
      'text255',
      'text32k',
      'zstd',
    ])
    .optional()
    .describe('Compression encoding of the column; Redshift chooses unless given.'),
});

const fileDocument = z.strictObject({
  key: z.string().min(1).describe('Where the file is, relative to the folder of the manifest.'),
  bytes: z.int().min(0).optional().describe('Size of the file as it is stored. The run waits until it has this size.'),
  rows: rowCount.optional().describe('Rows in the file, without header lines.'),
});

const tableDocument = z.strictObject({
  name,
  columns: z.array(columnDocument).min(1).max(MANIFEST_LIMITS.columns).describe('In the order of the files.'),
  key: z.array(name).min(1).optional().describe('Columns that tell rows apart. Required to merge.'),
  distKey: name.optional().describe('Column that rows are distributed by.'),
  sortKey: z
    .array(name)
    .min(1)
    .max(MANIFEST_LIMITS.sortKeyColumns)
    .optional()
    .describe('Columns that rows are sorted by.'),
  load: z
    .enum(['replace', 'append', 'merge'])
    .optional()
    .describe(
      'replace (unless given): the batch takes the place of all rows; append: it is added; merge: rows with the same key are replaced.',
    ),
  loadAgain: z.boolean().optional().describe('append only: load files even if an earlier run has loaded them.'),
  format: formatDocument.optional(),
  files: z.array(fileDocument).min(1).max(MANIFEST_LIMITS.files).describe('The data files of the table.'),
  rows: rowCount.optional().describe('Rows of all files together. Anything else that is loaded fails the run.'),
});

export const manifestDocument = z
  .strictObject({
    $schema: z.string().optional().describe('Where an editor finds this schema.'),
    version: z.literal(1),
    project: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,62}$/)
      .describe('The SQL project to run: the name of a folder under sql/.'),
    batch: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
      .describe(
        "Name of the batch. Start it with its date (2026-11-22…) if the SQL project asks for the batch's date.",
      ),
    schemas: z
      .array(z.strictObject({ name, tables: z.array(tableDocument).min(1).max(MANIFEST_LIMITS.tables) }))
      .min(1)
      .describe('What the batch brings.'),
    cluster: z
      .strictObject({
        existing: z
          .enum(['reuse', 'replace'])
          .optional()
          .describe('What to do with a cluster that is there already. reuse unless given.'),
        afterRun: z
          .enum(['delete', 'pause', 'keep'])
          .optional()
          .describe('What becomes of the cluster. delete unless given.'),
        nodeType: z
          .string()
          .regex(/^[a-z]+\d*[a-z]*\.[a-z0-9]+$/)
          .optional()
          .describe('Node type, for instance ra3.xlplus.'),
        nodes: z.int().min(1).max(128).optional().describe('Number of nodes.'),
      })
      .optional(),
    unload: z
      .strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/)
          .optional()
          .describe("Name of the result without extension; the project's unless given."),
        parallel: z.boolean().optional().describe('Write several files at once instead of one.'),
        maxFileSizeMb: z.int().min(5).max(6_200).optional().describe('Start another file at this size.'),
        header: z.boolean().optional().describe('First line names the columns. true unless given.'),
        delimiter: z.string().length(1).optional().describe('What separates fields; a comma unless given.'),
        compression: compression.optional(),
      })
      .optional(),
  })
  .describe('A batch of files for Sluice.');

export type ManifestDocument = z.output<typeof manifestDocument>;
export type TableDocument = z.output<typeof tableDocument>;
export type FormatDocument = z.output<typeof formatDocument>;
