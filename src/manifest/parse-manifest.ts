import type * as z from 'zod';
import type { Finding } from '../errors/finding.ts';
import { describeFinding } from '../errors/finding.ts';
import { ManifestInvalid, ManifestNotJson, ManifestTooLarge } from '../errors/errors.ts';
import { foldName } from '../redshift-sql/identifier.ts';
import { isColumnType, parseColumnType } from './column-type.ts';
import { type ManifestDocument, manifestDocument, type TableDocument } from './document.ts';
import { formatOf } from './format.ts';
import { scanJson } from './json-text.ts';
import { MANIFEST_LIMITS } from './limits.ts';
import type { Column, Manifest, ManifestFile, Table } from './manifest.ts';
import { columnTypeFindings, ruleFindings } from './rules.ts';
import { shapeFindings } from './shape-findings.ts';

export interface ParseOptions {
  /** Bytes in UTF-8; MANIFEST_LIMITS.bytes unless given. */
  readonly maxBytes?: number;
}

/**
 * Reads a manifest. Throws ManifestTooLarge, ManifestNotJson (with line and column), or ManifestInvalid with every finding at once.
 */
export function parseManifest(text: string, { maxBytes = MANIFEST_LIMITS.bytes }: ParseOptions = {}): Manifest {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new ManifestTooLarge(`The manifest has ${bytes} bytes; a manifest may have ${maxBytes}.`);
  const json = text.replace(/^\uFEFF/, '');
  const document = parsedJson(json);
  const { repeated } = scanJson(json);
  const shape = manifestDocument.safeParse(document);
  const findings = [
    ...repeated,
    ...(shape.success ? ruleFindings(shape.data) : unshapely(shape.error.issues, document)),
  ];
  if (!shape.success || findings.length > 0) throw invalid(findings);
  return manifestOf(shape.data);
}

/** What is wrong with the shape, and with the columns' types; if that is only keys too many, with the rest as well. */
function unshapely(issues: readonly z.core.$ZodIssue[], document: unknown): Finding[] {
  const findings = shapeFindings(issues.slice(0, MANIFEST_LIMITS.findings), manifestDocument, document);
  const rest = issues.every(({ code }) => code === 'unrecognized_keys')
    ? ruleFindings(document as ManifestDocument)
    : columnTypeFindings(document);
  return [...findings, ...rest];
}

/** What UTF-16, as PowerShell's `>` writes it, looks like when it is read as UTF-8: a byte order mark that is none, or a zero beside a letter. */
// oxlint-disable-next-line no-control-regex -- the zero bytes are what tells
const WIDE = /^(?:\uFFFD{2}|.?\0)/u;
const IN_UTF16 = 'the file is in UTF-16; save it as UTF-8';

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const { problem } = scanJson(text);
    if (problem === undefined) throw new ManifestNotJson(undefined, { cause: error });
    const { line, column, why } = WIDE.test(text) ? { ...problem, why: IN_UTF16 } : problem;
    // The cause would quote the text around the place, so it is left behind.
    throw new ManifestNotJson(`The manifest is not JSON: line ${line}, column ${column}: ${why}.`, {
      where: { line, column: String(column) },
    });
  }
}

function invalid(findings: readonly Finding[]): ManifestInvalid {
  const [first] = findings;
  const others = findings.length - 1;
  return new ManifestInvalid(
    `${first === undefined ? 'The manifest is invalid.' : describeFinding(first)}${others > 0 ? ` And ${others} more.` : ''}`,
    { findings: findings.slice(0, MANIFEST_LIMITS.findings), where: first === undefined ? {} : { path: first.path } },
  );
}

function manifestOf(document: ManifestDocument): Manifest {
  const { cluster, unload } = document;
  return {
    version: document.version,
    project: document.project,
    batch: document.batch,
    schemas: [...new Set(document.schemas.map(({ name }) => foldName(name)))],
    tables: document.schemas.flatMap((schema, at) =>
      schema.tables.map((table, position) =>
        tableOf(table, foldName(schema.name), `schemas[${at}].tables[${position}]`),
      ),
    ),
    cluster: {
      existing: cluster?.existing ?? 'reuse',
      afterRun: cluster?.afterRun ?? 'delete',
      ...(cluster?.nodeType === undefined ? {} : { nodeType: cluster.nodeType }),
      ...(cluster?.nodes === undefined ? {} : { nodes: cluster.nodes }),
    },
    unload: {
      parallel: unload?.parallel ?? false,
      header: unload?.header ?? true,
      delimiter: unload?.delimiter ?? ',',
      compression: unload?.compression ?? 'none',
      ...(unload?.name === undefined ? {} : { name: unload.name }),
      ...(unload?.maxFileSizeMb === undefined ? {} : { maxFileSizeMb: unload.maxFileSizeMb }),
    },
  };
}

function tableOf(table: TableDocument, schema: string, path: string): Table {
  const key = (table.key ?? []).map(foldName);
  const rows = promisedRows(table);
  return {
    schema,
    name: foldName(table.name),
    // A key that could be NULL would match nothing: a merge would add the row again each time.
    columns: table.columns.map((column) => columnOf(column, table.load === 'merge' ? key : [])),
    key,
    ...(table.distKey === undefined ? {} : { distKey: foldName(table.distKey) }),
    sortKey: (table.sortKey ?? []).map(foldName),
    load: table.load ?? 'replace',
    loadAgain: table.loadAgain ?? false,
    format: formatOf(table.format),
    files: table.files.map(fileOf),
    ...(rows === undefined ? {} : { rows }),
    path,
  };
}

function columnOf(column: TableDocument['columns'][number], never: readonly string[]): Column {
  const name = foldName(column.name);
  const type = parseColumnType(column.type);
  if (!isColumnType(type)) throw new ManifestInvalid(`'${column.type}' is not a type. ${type.why}.`);
  return {
    name,
    type,
    nullable: (column.nullable ?? true) && !never.includes(name),
    ...(column.encode === undefined ? {} : { encode: column.encode }),
  };
}

function fileOf(file: TableDocument['files'][number]): ManifestFile {
  return {
    key: file.key,
    ...(file.bytes === undefined ? {} : { bytes: file.bytes }),
    ...(file.rows === undefined ? {} : { rows: file.rows }),
  };
}

function promisedRows(table: TableDocument): number | undefined {
  if (table.rows !== undefined) return table.rows;
  let sum = 0;
  for (const { rows } of table.files) {
    if (rows === undefined) return undefined;
    sum += rows;
  }
  return sum;
}
